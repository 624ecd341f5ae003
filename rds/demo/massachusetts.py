"""The demonstration study: Massachusetts Certified Peer Specialists, from published means."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

import pandas as pd

from rds.demo.phase_one import DATA, PANEL_IS_SIMULATED, sheet_rows
from rds.ratings.frames import NOT_SHOWN
from rds.ratings.summaries import reconstruct_answers

SheetRows = dict[str, list[dict[str, object]]]

POINTS = {1: "Not at all important", 2: "Somewhat important", 3: "Important", 4: "Very important"}
"""The importance scale as published."""

DOMAINS = {
    "D1": "Providing peer support",
    "D2": "Acting as a change agent",
    "D3": "Functioning as someone who is “in” but not “of” the system",
}
"""The published competency areas."""

TASK_ITEMS = {
    "D1": (1, 7, 8, 9, 10, 17, 20, 23, 24),
    "D2": (2, 3, 6, 12, 13, 14, 16, 21),
    "D3": (4, 11, 18, 22, 25),
}
"""The source's item numbers by domain; the assignment is ours."""

KSA_ITEMS = {5: "attitude", 15: "attitude", 19: "knowledge"}
"""The source's items that say what people know or feel instead of what they do."""

RESPONDENTS = {"practitioners": 28, "supervisors": 15}
"""The most answers that any item has, by group: as many rows are reconstructed."""

ROTATION = {"practitioners": 11, "supervisors": 13}
"""By how many rows each column is turned further than the one before it.

Prime to the number of rows, and chosen among such steps for the mean correlation between columns
that is nearest to zero.
"""

N_PRINTED_WRONG = {20: 14, 23: 14}
"""Supervisors' n where the footnote of Appendix G (15) cannot hold; Table 7 prints these."""

SETTINGS: dict[str, object] = {
    "study.id": "demo-ma-cps-2011",
    "study.title": "Massachusetts Certified Peer Specialist competencies: a demonstration, "
    "answers reconstructed from published means",
    "study.credential": "Certified Peer Specialist (Massachusetts), demonstration",
    "study.sponsor": "none: a demonstration that nobody commissioned",
    "study.purpose": "To show what rds makes of published numbers; not for use in any exam.",
    "study.practitioner": "A certified peer specialist has lived experience of a mental-health "
    "condition and of recovery, and uses it to support peers, colleagues and programmes.",
    "study.opened": "2026-03-01",
    "study.effective": "2027-01-01",
    "sampling.incumbents": 350,
    "respondents.weight_from": "practitioners",
    "respondents.compare": "supervisors",
    "weights.model": "importance_only",
    "weights.rationale": "The source prints importance and no frequency, so importance alone can "
    "set the weights. How often a task is done stays out of account.",
    "weights.scales": "importance",
    "sensitivity.models": "importance_only",
    "blueprint.items": 100,
    "blueprint.cognitive_source": "prescribed",
}
"""What the study sets; all other settings take their defaults."""

_SOURCES = {
    "S1": (
        "evaluation report",
        "Center for Health Policy and Research, UMass Medical School (2011). Evaluation of the "
        "Massachusetts Peer Specialist Training and Certification Program, Phase Two. "
        "Appendices F and G, Table 7.",
    ),
    "S2": (
        "workforce report",
        "Transcom (2012). 2012 Update: Status of the Developing Mental Health Peer Workforce in "
        "Massachusetts. The three competency areas; about 350 people certified.",
    ),
    "S3": (
        "toolkit",
        "ACMHA Peer Leaders Interest Group with Optum (about 2014). Peer Services Toolkit. "
        "Appendix A: core competencies.",
    ),
    "S4": (
        "toolkit",
        "Peers for Progress. Planning and Advocating for a Mental Health Peer Support Program.",
    ),
    "S5": (
        "listening groups",
        "Peer Support Integration Project, Massachusetts. Four listening groups of certified peer "
        "specialists.",
    ),
    "S6": (
        "code of ethics",
        "Code of ethics for certified peer specialists, as revised in 2008; in the appendices of "
        "Transcom (2012).",
    ),
    "S7": (
        "language model",
        "Drafts by a language model, made for this demonstration.",
    ),
}

_NARRATIVE = {
    "Purpose": "This study shows rds at work on numbers that were really published. It is no role "
    "delineation study of the credential, and its blueprint must not be used for an exam.",
    "Target audience": "People who have lived with a mental-health condition, stand firmly in a "
    "recovery of their own, and use both openly to support others: one to one, in groups, and in "
    "the teams and programmes they work in. They enter the role after a training course; most have "
    "worked in it before. They neither diagnose, prescribe nor manage cases, make nobody do "
    "anything, and do not do for people what these can do themselves. The exam is for those who "
    "enter the role, not for those who train or supervise others in it.",
    "Published": "The labels of the 25 statements as they were rated (sheets Tasks and KSAs, "
    "column source), the labels of the scale, the number of answers and the mean of every "
    "statement, for practitioners six months after training (Appendix F, Time 3) and for "
    "supervisors (Appendix G), and the three competency areas.",
    "Reconstructed": "The single answers. Their number and their mean, rounded, equal the "
    "published ones; nothing else about them is real. Rows are no persons, the spread is the "
    "smallest that the means allow, and correlations, intervals, reliabilities and tests say "
    "nothing about the people who answered.",
    "Our own": "The wording of tasks with their purposes, which nobody rated in these words; which "
    "statement belongs to which competency area; taking statements 5, 15 and 19 "
    "as attitudes and knowledge instead of tasks; the KSAs from K26 on, which nobody rated, their "
    "links and the requirements, written after the sources; the examples of themes; the length of "
    "the exam and its cognitive levels.",
    "Simulated": f"{PANEL_IS_SIMULATED} No rating in this study is simulated.",
}


def study_rows() -> SheetRows:
    """Return what stands in the study's workbook: rows by sheet, values by column, as typed.

    Sheets that are not named are empty.

    Examples
    --------
    >>> rows = study_rows()
    >>> rows["Tasks"][0]["task_id"], len(rows["Tasks"]), len(rows["KSAs"])
    ('T01', 22, 38)
    """
    return {
        "Settings": [{"setting": key, "value": value} for key, value in SETTINGS.items()],
        "Scales": _scale_rows(),
        "Domains": [{"domain_id": key, "title": title} for key, title in DOMAINS.items()],
        "Tasks": _task_rows(),
        "KSAs": [*_ksa_rows(), *_unrated_ksas()],
        "Linkage": sheet_rows("massachusetts_linkage"),
        "Panel": sheet_rows("panel"),
        "Requirements": sheet_rows("massachusetts_requirements"),
        "Sources": [
            {"source_id": key, "kind": kind, "citation": citation}
            for key, (kind, citation) in _SOURCES.items()
        ],
        "Themes": sheet_rows("massachusetts_themes"),
        "Meetings": sheet_rows("massachusetts_meetings"),
        "Narrative": [{"section": key, "text": text} for key, text in _NARRATIVE.items()],
    }


def published_means() -> pd.DataFrame:
    """Return the published numbers the study rests on.

    Returns
    -------
    DataFrame
        One row per group and statement: ``group``, ``statement_id``, ``scale``, ``n``, ``mean``
        (text, with the decimals as printed).

    Examples
    --------
    >>> published_means().head(2)
               group statement_id       scale   n  mean
    0  practitioners          T01  importance  28  3.61
    1  practitioners          T02  importance  27  3.04
    """
    columns = ["group", "statement_id", "scale", "n", "mean"]
    return pd.DataFrame([*_practitioners(), *_supervisors()], columns=columns)


def responses() -> dict[str, pd.DataFrame]:
    """Return reconstructed answers by group: one row per reconstructed respondent.

    Each column is reconstructed by itself, with the published n and mean, and then turned by a
    fixed number of rows against the column before it. So a row is no person: which answers stand
    in one row is our arrangement, and nothing that compares columns by rows means anything.

    Returns
    -------
    dict of DataFrame
        ``respondent``, then one column a statement (``T01_importance``); missing where fewer
        people answered.

    Examples
    --------
    >>> responses()["supervisors"]["T20_importance"].agg(["count", "mean"]).round(2).tolist()
    [14.0, 3.79]
    """
    published = published_means()
    return {
        str(group): _arranged(str(group), means)
        for group, means in published.groupby("group", sort=False)
    }


def readme() -> str:
    """Return the text of the study folder's README."""
    return (DATA / "massachusetts_readme.md").read_text(encoding="utf-8")


def statement_id(item: int) -> str:
    """Return our identifier of an item of the source, which keeps its number.

    Examples
    --------
    >>> statement_id(1), statement_id(19)
    ('T01', 'K19')
    """
    return f"{'K' if item in KSA_ITEMS else 'T'}{item:02d}"


def _scale_rows() -> list[dict[str, object]]:
    """Return the rows of the importance scale; the first describes it."""
    rows: list[dict[str, object]] = [
        {"scale": "importance", "point": point, "label": label, "meaning": "rated"}
        for point, label in POINTS.items()
    ]
    rows[0] |= {
        "question": "How important is this for the work of a peer specialist?",
        "role": "importance",
        "applies_to": "tasks, KSAs",
        "kind": "ordinal",
        "use": "weights",
    }
    return rows


def _task_rows() -> list[dict[str, object]]:
    """Return the tasks, domain by domain."""
    return [
        {"task_id": statement_id(item), "domain_id": domain, **_statement(item)}
        for domain, items in TASK_ITEMS.items()
        for item in items
    ]


def _ksa_rows() -> list[dict[str, object]]:
    """Return the statements that are knowledge or attitudes."""
    return [
        {"ksa_id": statement_id(item), "kind": kind, **_statement(item)}
        for item, kind in KSA_ITEMS.items()
    ]


def _statement(item: int) -> dict[str, object]:
    """Return what tasks and KSAs have in common; what was rated is kept as their source."""
    labels = {int(row["item"]): row["text"] for row in _appendix("f_importance_participants")}
    wordings = {row["item"]: row["statement"] for row in sheet_rows("massachusetts_statements")}
    note = "Appendix G prints: “helpful and not helpful”." if item == 21 else ""
    statement: dict[str, object] = {
        "statement": wordings[str(item)],
        "status": "active",
        "source": f"S1, item {item}: “{labels[item]}”",
        "accepted_by": "panel",
    }
    return {**statement, "note": note} if note else statement


def _practitioners() -> Iterator[tuple[str, str, str, int, str]]:
    """Read the means of practitioners six months after training."""
    for row in _appendix("f_importance_participants"):
        name = statement_id(int(row["item"]))
        yield "practitioners", name, "importance", int(row["n_t3"]), row["mean_t3"]


def _supervisors() -> Iterator[tuple[str, str, str, int, str]]:
    """Read the means of supervisors, with n corrected where the printed one cannot hold."""
    for row in _appendix("g_importance_supervisors"):
        item = int(row["item"])
        n = N_PRINTED_WRONG.get(item, int(row["n_as_printed_in_footnote"]))
        yield "supervisors", statement_id(item), "importance", n, row["mean"]


def _appendix(name: str) -> list[dict[str, str]]:
    """Read one of the source's appendices, every cell as printed."""
    with (DATA / f"appendix_{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _arranged(group: str, means: pd.DataFrame) -> pd.DataFrame:
    """Reconstruct a group's columns and turn each against the one before it."""
    rows, step = RESPONDENTS[group], ROTATION[group]
    frame = pd.DataFrame({"respondent": [f"{group}-row-{row:02d}" for row in range(1, rows + 1)]})
    for position, (statement, n, mean) in enumerate(
        zip(means["statement_id"], means["n"], means["mean"], strict=True)
    ):
        answers = reconstruct_answers(mean, n, points=tuple(POINTS))
        turned = _turned([*answers, *[pd.NA] * (rows - n)], step * position)
        frame[f"{statement}_importance"] = pd.Series(turned, dtype="Int64")
    return frame.assign(**{f"{row['ksa_id']}_importance": NOT_SHOWN for row in _unrated_ksas()})


def _unrated_ksas() -> list[dict[str, object]]:
    """Return the KSAs that the panel added, which nobody was asked about."""
    return sheet_rows("massachusetts_ksas")


def _turned(values: Sequence[object], places: int) -> list[object]:
    """Move values down by some places; what falls off the end comes in at the top."""
    start = -places % len(values)
    return [*values[start:], *values[:start]]
