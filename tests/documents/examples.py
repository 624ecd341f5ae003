"""Small blueprints made by hand, for tests of documents.

Items are apportioned here by a few lines of Hamilton's method of their own, in exact fractions, so
that what the documents say can be compared with something they did not compute.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd

from rds.analysis.analysis import Analysis, analyze_ratings
from rds.analysis.panel_vs_field import PANEL_VS_FIELD
from rds.analysis.retention import RETENTION
from rds.blueprint.build import build
from rds.blueprint.consequences import SUBGROUP_BLUEPRINTS
from rds.blueprint.plan import Blueprint
from rds.blueprint.plan_errors import ITEM_DISTRIBUTION
from rds.blueprint.plan_halves import PLAN_HALVES
from rds.blueprint.precision import PRECISION
from rds.notes import Note
from rds.outline.outline import Domain, Outline, Task
from rds.ratings.ratings import Ratings
from rds.scales import ordinal
from rds.settings import Settings

TITLES = (
    "Providing peer support",
    "Acting as a change agent in services and in the community",
    "Being “in” but not “of” the system",
)
STATEMENTS = (
    "Listen to a person without judgement so that they feel heard",
    "Share parts of one’s own recovery story when it helps the person",
    "Help a person write down goals in their own words and review progress with them, so that the "
    "plan stays theirs and not that of the services around them",
    "Support a person in finding housing, benefits and other resources of the community",
    "Facilitate groups so that every member can speak",
    "Explain rights and grievance procedures to people who use services",
    "Challenge language and practices that stigmatise, in meetings and in records",
    "Train colleagues in what recovery means",
    "Contribute a peer’s view to the work of a treatment team",
    "Keep boundaries between support and friendship",
    "Recognise signs of one’s own strain and ask for help in time",
    "Document contacts briefly, truthfully and in plain words",
)
DOMAIN_OF_TASK = ["D1", "D1", "D1", "D1", "D1", "D2", "D2", "D2", "D3", "D3", "D3", "D3"]
RATING_SCALES = (
    ordinal("importance", {1: "Low", 2: "Some", 3: "High", 4: "Top"}, role="importance"),
    ordinal("frequency", {0: "Never", 1: "Monthly", 2: "Daily"}, role="frequency"),
)
DAY_OPENED = datetime.date(2026, 3, 1)
LEVELS = {"recall": 30.0, "application": 50.0, "analysis": 20.0}
SIMULATED = Note("statement_ratings", "", "", "simulated", "ratings drawn at random")
RECONSTRUCTED = Note("statement_ratings", "all", "sd", "reconstructed", "made from published means")


def hamilton(weights: Mapping[str, Fraction], items: int) -> dict[str, int]:
    """Largest remainders; ties by larger weight, then by name."""
    total = sum(weights.values())
    exact = {name: items * weight / total if total else 0 for name, weight in weights.items()}
    given = {name: math.floor(share) for name, share in exact.items()}
    by_claim = sorted(weights, key=lambda name: (given[name] - exact[name], -weights[name], name))
    for name in by_claim[: items - sum(given.values()) if total else 0]:
        given[name] += 1
    return given


def task_items(weights: pd.Series, task_domains: pd.Series, plan: Mapping[str, int]) -> list[int]:
    """Share each domain's items among its tasks."""
    found: dict[str, int] = {}
    for domain, own in weights.groupby(task_domains):
        exact = {name: Fraction(repr(float(weight))) for name, weight in own.items() if weight > 0}
        found |= hamilton(exact, plan[domain]) if exact else {}
    return [found.get(name, 0) for name in weights.index]


def example_blueprint(
    *,
    items: int = 100,
    domains: Sequence[Domain] | None = None,
    tasks: Sequence[Task] | None = None,
    dropped: Sequence[str] = (),
    levels: Mapping[str, float] = LEVELS,
    domain_items: Mapping[str, int] | None = None,
    rounding: str = "hamilton",
    pretest_items: int = 0,
    notes: Sequence[Note] = (),
    ties: Sequence[tuple[str, str, str]] = (),
    means: pd.DataFrame | None = None,
    equal_items: Mapping[str, int] | None = None,
    study: Mapping[str, object] | None = None,
) -> Blueprint:
    """Return a blueprint of 3 domains and 12 tasks, rated for importance and frequency."""
    outline = Outline(tuple(domains or example_domains()), tuple(tasks or example_tasks()))
    settings = Settings.model_validate(
        {
            "study": {
                "title": "Role delineation study of certified peer specialists",
                "credential": "Certified Peer Specialist",
                "sponsor": "Board of Peer Certification (an example)",
                "purpose": "Test specifications of the written examination.",
                **(study or {}),
            },
            "weights": {
                "model": "product_of_means",
                "rationale": "Both scales matter, and no scale may outweigh the other.",
            },
            "blueprint": {
                "items": items,
                "rounding": rounding,
                "pretest_items": pretest_items,
                "cognitive_levels": dict(levels),
            },
        }
    )
    means = example_means(outline) if means is None else means
    combined = means["importance"] * means["frequency"]
    kept = ~means.index.isin(list(dropped))
    weights = (combined[kept] / combined[kept].sum()).reindex(means.index, fill_value=0.0)
    task_domains = pd.Series({task.task_id: task.domain_id for task in outline.tasks})
    order = [domain.domain_id for domain in outline.domains]
    shares = weights.groupby(task_domains).sum().reindex(order)
    exact = {name: Fraction(repr(float(share))) for name, share in shares.items()}
    plan = dict(domain_items or hamilton(exact, items))
    equal = {
        name: Fraction(int((task_domains[kept] == name).sum()), int(kept.sum())) for name in order
    }
    plan_if_equal = equal_items or hamilton(equal, items)
    return Blueprint(
        outline=outline,
        scales=RATING_SCALES,
        settings=settings,
        analysis=example_analysis(means),
        task_weights=pd.DataFrame(
            {
                "task_id": means.index,
                "domain_id": task_domains.to_numpy(),
                "retained": kept,
                "model": settings.weights.model,
                "combined": combined.where(kept).to_numpy(),
                "weight": weights.to_numpy(),
                "percent_of_exam": 100 * weights.to_numpy(),
                "quota": items * weights.to_numpy(),
                "items": task_items(weights, task_domains, plan),
            }
        ),
        domain_weights=pd.DataFrame(
            {
                "domain_id": order,
                "model": settings.weights.model,
                "domain_rule": "sum",
                "weight": shares.to_numpy(),
                "adopted_weight": shares.to_numpy(),
                "quota": items * shares.to_numpy(),
                "minimum": [domain.minimum_items or 0 for domain in outline.domains],
                "maximum": [domain.maximum_items for domain in outline.domains],
                "items": [plan[name] for name in order],
                "items_by_ratings": [plan[name] for name in order],
            }
        ),
        precision=pd.DataFrame(
            {
                "unit": "domain",
                "id": order,
                "weight": shares.to_numpy(),
                "verdict": "unknown",
                "reason": "this example has no answers of single respondents",
            }
        ).reindex(columns=list(PRECISION)),
        cells=example_cells(shares, plan, levels, items, exact, pretest_items),
        effective_weights=pd.DataFrame(
            {
                "model": settings.weights.model,
                "component": ["importance", "frequency"],
                "exponent": [1.0, 1.0],
                "nominal": [0.5, 0.5],
                "effective": [0.4, 0.6],
                "sd": [0.1, 0.15],
                "correlation": [0.7, float("nan")],
            }
        ),
        item_distribution=pd.DataFrame(columns=list(ITEM_DISTRIBUTION)),
        sensitivity=pd.DataFrame(
            {
                "dimension": "baseline",
                "variant": "all ratings equal",
                "status": "what if",
                "domain_id": order,
                "weight": [float(equal[name]) for name in order],
                "items": [plan_if_equal[name] for name in order],
                "items_moved": [plan_if_equal[name] - plan[name] for name in order],
                "within_range": None,
            }
        ),
        plan_halves=pd.DataFrame(columns=list(PLAN_HALVES)),
        subgroup_blueprints=pd.DataFrame(columns=list(SUBGROUP_BLUEPRINTS)),
        ties=pd.DataFrame(list(ties), columns=["where", "identifiers", "rule"]),
        notes=tuple(notes),
    )


def example_domains() -> list[Domain]:
    return [Domain(f"D{i}", title) for i, title in enumerate(TITLES, start=1)]


def example_tasks() -> list[Task]:
    pairs = enumerate(zip(DOMAIN_OF_TASK, STATEMENTS, strict=True), start=1)
    return [Task(f"T{i:02}", domain, statement) for i, (domain, statement) in pairs]


def many_tasks(n: int = 60) -> list[Task]:
    """Return tasks with long and short statements, in turn of the domains."""
    return [
        Task(f"T{i:02}", f"D{1 + i * 3 // (n + 1)}", f"{STATEMENTS[i % 12]} (case {i})")
        for i in range(1, n + 1)
    ]


def example_means(outline: Outline) -> pd.DataFrame:
    """Return mean importance (1 to 5) and frequency (0 to 5) by task, nearly all different."""
    names = [task.task_id for task in outline.tasks]
    return pd.DataFrame(
        {
            "importance": [2.8 + (7 * i % 13) / 6 for i in range(len(names))],
            "frequency": [1.5 + (5 * i % 11) / 4 for i in range(len(names))],
        },
        index=names,
    )


def example_cells(
    shares: pd.Series[float],
    plan: Mapping[str, int],
    levels: Mapping[str, float],
    items: int,
    exact: Mapping[str, Fraction],
    pretest_items: int,
) -> pd.DataFrame:
    """Split each domain's items over the levels."""
    percents = {level: Fraction(repr(percent)) for level, percent in levels.items()}
    total = sum(percents.values())
    rows = []
    for kind, length, plan_of_kind in (
        ("form", items, plan),
        ("pretest", pretest_items, hamilton(exact, pretest_items)),
    ):
        for name, share in shares.items() if length else ():
            cells = hamilton(percents, plan_of_kind[name])
            rows += [
                ("", "", kind, name, level, length * share * float(percent / total), cells[level])
                for level, percent in percents.items()
            ]
    columns = ["credential", "part", "set", "domain_id", "cognitive_level", "target", "items"]
    return pd.DataFrame(rows, columns=columns).assign(
        unit="items", items_by_ratings=lambda table: table["items"], decided_by=""
    )


def example_analysis(means: pd.DataFrame) -> Analysis:
    """Return n and means of 64 respondents; three do not perform the last task."""
    rows = [
        {
            "statement_id": name,
            "kind": "task",
            "scale": scale,
            "base": base,
            "group_variable": "group",
            "group": "all",
            "wave": "",
            "weighted": False,
            "n": 64 if base == "all" else 61,
            "mean": mean if (base == "all") == (scale == "frequency") else mean + 0.1,
            "percent_performing": 100 * 61 / 64,
        }
        for base in ("all", "performers")
        for scale in ("importance", "frequency")
        for name, mean in means[scale].items()
    ]
    people = pd.DataFrame({"group": ["all"], "wave": [""], "nature": ["answers"], "n": [64]})
    empty, retention = pd.DataFrame(), pd.DataFrame(columns=list(RETENTION))
    return Analysis(pd.DataFrame(rows), empty, empty, retention, people, notes=())


def bounded_blueprint() -> Blueprint:
    """Return a blueprint in which a maximum binds; without it D1 would get 42 items."""
    first, second, third = TITLES
    return example_blueprint(
        domains=[
            Domain("D1", first, minimum_items=10, maximum_items=35),
            Domain("D2", second, minimum_items=20),
            Domain("D3", third),
        ],
        domain_items={"D1": 35, "D2": 29, "D3": 36},
        equal_items={"D1": 35, "D2": 28, "D3": 37},
        notes=[Note("domain_weights", "D1", "items", "assumed", "the maximum of 35 items holds")],
    )


def tied_blueprint(items: int = 101) -> Blueprint:
    """Return a blueprint in which all weights, and two of three levels, are equal."""
    names = ("D10", "D2", "D1")
    tasks = [Task(f"T{i}", names[i % 3], STATEMENTS[i]) for i in range(6)]
    ratings = pd.DataFrame(
        3.0, index=[task.task_id for task in tasks], columns=["importance", "frequency"]
    )
    plan = dict(zip(names, split_in_three(items), strict=True))
    return example_blueprint(
        items=items,
        domains=[Domain(name, title) for name, title in zip(names, TITLES, strict=True)],
        tasks=tasks,
        means=ratings,
        levels={"recall": 40.0, "application": 40.0, "analysis": 20.0},
        domain_items=plan,
        equal_items=plan,
        ties=[("domains", "D1, D2, D10", "identifier")],
    )


def split_in_three(items: int) -> tuple[int, int, int]:
    """Split items evenly over D10, D2 and D1; D1 gets the first one over, then D2."""
    return items // 3, (items + 1) // 3, (items + 2) // 3


@cache
def built_blueprint(items: int = 120, *, is_decided: bool = False) -> Blueprint:
    """Return the blueprint that rds builds from 60 respondents drawn at random; not to change."""
    decisions = {"T05": ("drop", "too rare", "panel chair")} if is_decided else None
    names = [task.task_id for task in example_tasks()]
    random = np.random.default_rng(20260301)
    ratings = Ratings.from_frames(
        importance=pd.DataFrame(random.integers(1, 6, (60, 12)), columns=names),
        frequency=pd.DataFrame(random.integers(0, 6, (60, 12)), columns=names),
        not_performed={"frequency": 0},
        nature="simulated",
    )
    outline = Outline(tuple(example_domains()), tuple(example_tasks()))
    settings = Settings.model_validate(
        {
            "study": {"credential": "Certified Peer Specialist"},
            "weights": {"model": "kane", "rationale": "Both scales matter."},
            "blueprint": {"items": items, "pretest_items": 15},
        }
    )
    analysis = analyze_ratings(ratings, outline, settings, decisions=decisions)
    return build(outline, ratings, settings, analysis, task_decisions={"T05": "drop"})


def decided_blueprint() -> Blueprint:
    """Return the blueprint in which the panel dropped T05, and left other reviews open."""
    return built_blueprint(is_decided=True)


def differing_blueprint() -> Blueprint:
    """Return a blueprint with a panel that differs from the field on two statements."""
    blueprint = example_blueprint()
    higher = "the panel rates it 1.7 points higher than the field"
    lower = "the field rates it 1.0 points higher than the panel"
    table = pd.DataFrame(
        {
            "statement_id": ["T01", "T02", "T04"],
            "scale": ["importance", "importance", "frequency"],
            "panel_mean": [3.0, 3.8, 1.0],
            "field_mean": [3.1, 2.1, 2.0],
            "flagged": ["no", "yes", "yes"],
            "finding": ["", higher, lower],
            "resolution": ["", "open", "keep: rare with “us” (panel chair)"],
        }
    ).reindex(columns=list(PANEL_VS_FIELD))
    comparisons = replace(blueprint.analysis.comparisons, panel_vs_field=table)
    return replace(blueprint, analysis=replace(blueprint.analysis, comparisons=comparisons))


def parts_blueprint() -> Blueprint:
    """Return a blueprint whose exam has a written and a practical part."""
    blueprint = example_blueprint()
    written, practical = blueprint.cells.assign(part="written"), blueprint.cells.copy()
    practical["part"], practical["items"] = "practical", practical["items"] // 4
    written["items"] -= practical["items"]
    return replace(blueprint, cells=pd.concat([written, practical], ignore_index=True))
