"""Judgements of a panel that nobody sat on: from a random-number generator with a fixed seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from rds.outline.judgements import LINK_LEVELS, NO_DOMAIN, Ask, Judged
from rds.study.judgement_store import store_judgements
from rds.study.judging import issue_judgement_forms
from rds.study.judging_rounds import Round, read_rounds
from rds.study.study import Study

Drawn = dict[Judged, str]

REMARK = "simulated: drawn by a random-number generator, judged by nobody"

_AGREED = (0.0, 0.06, 0.24, 0.7)
_CONTESTED = (0.2, 0.3, 0.3, 0.2)
"""How often statements are called 1 to 4 relevant."""

_RIGHT = 0.88
"""How often a level or a domain is the expected one."""

_LINK_NOISE = 0.16
_STRAY_LINK = 0.05
"""How often a link's level is one off, and how often a pair without a link gets one."""

_PERCENT_STEP = 5
_RATING_SPREAD = 0.6


@dataclass(frozen=True)
class Expected:
    """What the members of a simulated panel lean towards, and where it is planted that they differ.

    Parameters
    ----------
    links
        Levels by task and KSA; all other pairs are at 0.
    levels
        Cognitive level by task.
    domains
        Domain by task.
    percents
        Percent by domain.
    ratings
        Mean rating by statement and scale.
    contested
        Statements about whose relevance members differ.
    torn
        Tasks about whose level they differ, and another level that comes into question.
    strayed
        Tasks that half of them sort into another domain: that domain.
    """

    links: Mapping[tuple[str, str], int]
    levels: Mapping[str, str]
    domains: Mapping[str, str]
    percents: Mapping[str, float]
    ratings: Mapping[tuple[str, str], float] = field(default_factory=dict)
    contested: Sequence[str] = ()
    torn: Mapping[str, str] = field(default_factory=dict)
    strayed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PanelPlan:
    """What a simulated panel is asked, what it leans towards, and which gaps are planted.

    Parameters
    ----------
    parts
        What is asked.
    expected
        What members lean towards.
    absent
        Members whose form never came back.
    unfinished
        Members who judged only the first tasks of those whose links they were asked for: how many.
    left_out
        Members who left a part out: the part.
    seed
        Of the random-number generator.
    """

    parts: tuple[str, ...]
    expected: Expected
    absent: tuple[str, ...]
    unfinished: Mapping[str, int]
    left_out: Mapping[str, str]
    seed: int


def judge_outline(folder: Path, plan: PanelPlan) -> int:
    """Issue a round of judgements and store what is simulated; return how many members judged."""
    study = Study.open(folder)
    issue_judgement_forms(study, parts=plan.parts)
    (one,) = read_rounds(study.folder)
    drawn = simulate_judgements(one, plan)
    for member, judged in drawn.items():
        receipt = {"nature": "simulated", "remarks": [REMARK]}
        store_judgements(study.folder, one.who, one.number, member, judged, receipt=receipt)
    return len(drawn)


def simulate_judgements(one: Round, plan: PanelPlan) -> dict[str, Drawn]:
    """Return what each member judges in a round, those left out who never answered.

    Parameters
    ----------
    one
        The round, as issued.
    plan
        What members lean towards, and the gaps.
    """
    found: dict[str, Drawn] = {}
    for number, member in enumerate(sorted(one.tasks)):
        rng = np.random.default_rng([plan.seed, number])
        tasks = one.tasks[member][: plan.unfinished.get(member, len(one.tasks[member]))]
        judged = {
            place: value
            for part in one.ask.parts
            for place, value in _PARTS[part](one.ask, plan.expected, rng, tasks)
            if plan.left_out.get(member) != part
        }
        if member not in plan.absent:
            found[member] = judged
    return found


Part = Iterator[tuple[Judged, str]]


def _sorting(ask: Ask, expected: Expected, rng: np.random.Generator, tasks: Sequence[str]) -> Part:
    """Sort tasks into domains: mostly their own."""
    for task in ask.tasks:
        home, other = expected.domains[task], expected.strayed.get(task, "")
        others = [name for name in (*ask.domains, NO_DOMAIN) if name != home]
        stray = other or str(rng.choice(others))
        yield ("sorting", task, ""), home if rng.random() < (0.5 if other else _RIGHT) else stray


def _relevance(
    ask: Ask, expected: Expected, rng: np.random.Generator, tasks: Sequence[str]
) -> Part:
    """Say how relevant statements are: nearly all of them are."""
    for name in ask.statements("relevance"):
        shares = _CONTESTED if name in expected.contested else _AGREED
        yield ("relevance", name, ""), str(rng.choice([1, 2, 3, 4], p=shares))


def _levels(ask: Ask, expected: Expected, rng: np.random.Generator, tasks: Sequence[str]) -> Part:
    """Give tasks a cognitive level: mostly the expected one, else one beside it."""
    for task in ask.tasks:
        at = ask.levels.index(expected.levels[task])
        beside = [ask.levels[n] for n in (at - 1, at + 1) if 0 <= n < len(ask.levels)]
        torn = expected.torn.get(task, "")
        other = torn or str(rng.choice(beside))
        right = rng.random() < (0.5 if torn else _RIGHT)
        yield ("levels", task, ""), ask.levels[at] if right else other


def _links(ask: Ask, expected: Expected, rng: np.random.Generator, tasks: Sequence[str]) -> Part:
    """Give links a level: mostly the expected one, else one off."""
    for task in tasks:
        for ksa in ask.ksas:
            level = expected.links.get((task, ksa), 0)
            chance = _LINK_NOISE if level else _STRAY_LINK
            moved = level + (rng.choice([-1, 1]) if level else 1)
            drawn = moved if rng.random() < chance else level
            yield ("links", task, ksa), str(int(np.clip(drawn, 0, max(LINK_LEVELS))))


def _percents(ask: Ask, expected: Expected, rng: np.random.Generator, tasks: Sequence[str]) -> Part:
    """Share 100 percent out over the domains in steps of five."""
    means = np.array([expected.percents[name] for name in ask.domains])
    steps = np.rint(rng.normal(means, _PERCENT_STEP) / _PERCENT_STEP).clip(1)
    steps[-1] = 100 / _PERCENT_STEP - steps[:-1].sum()
    for name, step in zip(ask.domains, steps, strict=True):
        yield ("percents", name, ""), str(int(step * _PERCENT_STEP))


def _ratings(ask: Ask, expected: Expected, rng: np.random.Generator, tasks: Sequence[str]) -> Part:
    """Rate statements on the survey's scales, around the expected mean."""
    for scale in ask.scales:
        points = sorted(point.value for point in scale.points)
        for name in ask.rated_on(scale):
            mean = expected.ratings[name, scale.name]
            drawn = rng.normal(mean, _RATING_SPREAD)
            nearest = min(points, key=lambda point: abs(point - drawn))
            yield ("ratings", name, scale.name), str(nearest)


_PARTS: Mapping[str, Callable[[Ask, Expected, np.random.Generator, Sequence[str]], Part]] = {
    "sorting": _sorting,
    "relevance": _relevance,
    "levels": _levels,
    "links": _links,
    "percents": _percents,
    "ratings": _ratings,
}
