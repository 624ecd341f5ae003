"""What the simulated panels of the two demonstration studies lean towards, and their gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rds.demo import massachusetts, simulated
from rds.demo.judging import Expected, PanelPlan
from rds.demo.phase_one import SheetRow, sheet_rows

SEED = 20260418

ABSENT = "SME10"
UNFINISHED = "SME06"
WITHOUT_PERCENTS = "SME11"
"""Where gaps are planted: a form that never came back, links that stop, a part left out."""

_LINKS_DONE = 7

_RECALL = ("T11", "T16")
_ANALYSIS = ("T02", "T03", "T14", "T18", "T23")
"""Tasks of the Massachusetts study that are no plain application."""

_BEYOND_THE_SHEET: Mapping[tuple[str, str], int] = {
    ("T10", "K61"): 3,
    ("T08", "K62"): 2,
    ("T23", "K62"): 2,
}
"""Links of the KSAs that came from drafts, which the sheet Linkage does not hold."""

_FASHIONABLE: Mapping[str, float] = {"T18": 1.2, "T13": 1.0, "T36": -1.2}
"""Tasks of the simulated study that its panel rates that many points unlike the field."""


def massachusetts_panel() -> PanelPlan:
    """Return the panel of the Massachusetts demonstration.

    It is not asked for ratings: beside means that are published, those of nobody would be no
    comparison.

    Examples
    --------
    >>> massachusetts_panel().parts
    ('sorting', 'relevance', 'levels', 'links', 'percents')
    """
    rows = massachusetts.study_rows()
    names = [str(row["task_id"]) for row in rows["Tasks"]]
    unlike = {**dict.fromkeys(_RECALL, "recall"), **dict.fromkeys(_ANALYSIS, "analysis")}
    expected = Expected(
        links={**_links(sheet_rows("massachusetts_linkage")), **_BEYOND_THE_SHEET},
        levels={**dict.fromkeys(names, "application"), **unlike},
        domains=_domains(rows["Tasks"]),
        percents={"D1": 45, "D2": 32, "D3": 23},
        contested=("T04", "T14", "K30"),
        torn={"T06": "recall", "T13": "analysis"},
        strayed={"T13": "D3", "T25": "D1"},
    )
    return _plan(("sorting", "relevance", "levels", "links", "percents"), expected)


def simulated_panel() -> PanelPlan:
    """Return the panel of the simulated study; it also rates on the survey's scales.

    Examples
    --------
    >>> simulated_panel().parts[-1]
    'ratings'
    """
    rows = simulated.study_rows()
    expected = Expected(
        links=_links(rows["Linkage"]),
        levels={str(row["task_id"]): str(row["cognitive_level"]) for row in rows["Tasks"]},
        domains=_domains(rows["Tasks"]),
        percents={"D1": 30, "D2": 25, "D3": 25, "D4": 20},
        ratings=_ratings(),
        contested=("T18", "T36"),
        torn={"T10": "application", "T24": "application"},
        strayed={"T19": "D3", "T26": "D4"},
    )
    parts = ("sorting", "relevance", "levels", "links", "percents", "ratings")
    return _plan(parts, expected)


def _plan(parts: tuple[str, ...], expected: Expected) -> PanelPlan:
    """Return a panel with the gaps that both studies have."""
    return PanelPlan(
        parts,
        expected,
        absent=(ABSENT,),
        unfinished={UNFINISHED: _LINKS_DONE},
        left_out={WITHOUT_PERCENTS: "percents"},
        seed=SEED,
    )


def _links(rows: Sequence[SheetRow]) -> dict[tuple[str, str], int]:
    """Return levels by task and KSA."""
    return {(str(row["task_id"]), str(row["ksa_id"])): int(str(row["level"])) for row in rows}


def _domains(rows: Sequence[SheetRow]) -> dict[str, str]:
    """Return domains by task."""
    return {str(row["task_id"]): str(row["domain_id"]) for row in rows}


def _ratings() -> dict[tuple[str, str], float]:
    """Return what the field's answers of the simulated study average, moved for some tasks."""
    ratings = simulated.simulated_ratings()
    wide = ratings.to_wide()
    means = {
        (task, scale.name): float(wide[f"{task}_{scale.name}"].replace(-3, None).mean())
        for scale in ratings.scales
        for task in ratings.statements[scale.name]
    }
    return {
        (task, scale): mean + (_FASHIONABLE.get(task, 0) if scale == "importance" else 0)
        for (task, scale), mean in means.items()
    }
