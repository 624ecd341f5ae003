"""A simulated study of ordinary size: it exercises what published means alone cannot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from rds.demo.phase_one import DATA, PANEL_IS_SIMULATED, sheet_rows
from rds.ratings.ratings import RESPONDENT_COLUMNS, Ratings
from rds.ratings.simulate import simulate_ratings
from rds.scales import Scale, ordinal

SheetRows = dict[str, list[dict[str, object]]]

SEED = 20260301
N_RESPONDENTS = 400
GROUPS = {"practitioners": 0.85, "supervisors": 0.15}
"""Share of the respondents by group."""

SETTINGS_OF_WORK = {"Community": 0.5, "Hospital": 0.2, "Peer-run organisation": 0.2, "Other": 0.1}
"""Share of the respondents by answer to question Q1."""

SCALES = (
    replace(
        ordinal(
            "importance",
            {
                1: "Not important",
                2: "Somewhat important",
                3: "Important",
                4: "Very important",
            },
            role="importance",
        ),
        question="How important is doing this task well for the people you support?",
    ),
    replace(
        ordinal(
            "frequency",
            {
                0: "I do not do this",
                1: "Once a year or less",
                2: "A few times a year",
                3: "Every month",
                4: "Every week",
                5: "Every day",
            },
            role="frequency",
            not_performed=0,
        ),
        question="How often do you do this in your present work?",
    ),
)

SETTINGS: dict[str, object] = {
    "study.id": "demo-simulated",
    "study.title": "SIMULATED study of peer support: nobody answered this survey",
    "study.credential": "Peer support (SIMULATED)",
    "study.sponsor": "none: a demonstration that nobody commissioned",
    "study.purpose": "To show rds at work on a study of ordinary size; the numbers mean nothing.",
    "study.practitioner": "A peer supporter has lived experience of a mental-health condition and "
    "of recovery, and uses it to support others.",
    "study.opened": "2026-03-01",
    "study.effective": "2027-01-01",
    "sampling.incumbents": 1200,
    "respondents.weight_from": "practitioners",
    "respondents.compare": "supervisors",
    "weights.model": "kane",
    "weights.rationale": "Importance and frequency were both asked, and both should count. "
    "Frequency varies far more between tasks than importance does; the adjusted exponents keep it "
    "from deciding the weights alone.",
    "weights.scales": "importance, frequency",
    "sensitivity.models": "product, additive, importance_only",
    "blueprint.items": 120,
    "blueprint.pretest_items": 10,
    "blueprint.cognitive_source": "tasks",
}
"""What the study sets; all other settings take their defaults."""

DOMAINS: tuple[dict[str, object], ...] = (
    {
        "domain_id": "D1",
        "title": "Providing peer support",
        "description": "Being with people, one to one and in groups.",
    },
    {
        "domain_id": "D2",
        "title": "Acting as a change agent",
        "description": "Helping colleagues, services and the public to build on recovery.",
    },
    {
        "domain_id": "D3",
        "title": "Keeping the peer role within services",
        "description": "Working in the system without becoming a clinician.",
    },
    {
        "domain_id": "D4",
        "title": "Working ethically and staying well",
        "description": "Privacy, boundaries, fairness and care for oneself.",
        "minimum_items": 15,
        "maximum_items": 25,
    },
)

_SOURCES = {
    "S1": (
        "evaluation report",
        "Center for Health Policy and Research, UMass Medical School (2011). Evaluation of the "
        "Massachusetts Peer Specialist Training and Certification Program, Phase Two.",
    ),
    "S2": (
        "code of ethics",
        "Transcom (2012). 2012 Update: Status of the Developing Mental Health Peer Workforce in "
        "Massachusetts; code of ethics in its appendices.",
    ),
    "S3": (
        "toolkit",
        "ACMHA Peer Leaders Interest Group with Optum (about 2014). Peer Services Toolkit.",
    ),
    "S4": (
        "listening groups",
        "Peer Support Integration Project, Massachusetts: listening groups of certified peer "
        "specialists.",
    ),
}

_NARRATIVE = {
    "Purpose": "This study shows rds at work on a study of ordinary size. Its numbers mean nothing "
    "and must not be used for an exam.",
    "Simulated": "All respondents, their groups and what they say about themselves, and all "
    "ratings come from a random-number generator with a fixed seed. Nobody answered. "
    f"{PANEL_IS_SIMULATED}",
    "Our own": "Domains, tasks and KSAs are written in our own words after the documents on the "
    "sheet Sources; settings and limits on items were chosen for the demonstration.",
    "Published": "No published or reconstructed number enters this study.",
}


def study_rows() -> SheetRows:
    """Return what stands in the study's workbook: rows by sheet, values by column, as typed.

    Sheets that are not named are empty.

    Examples
    --------
    >>> rows = study_rows()
    >>> {sheet: len(rows[sheet]) for sheet in ("Domains", "Tasks", "KSAs", "Demographics")}
    {'Domains': 4, 'Tasks': 36, 'KSAs': 8, 'Demographics': 2}
    """
    return {
        "Settings": [{"setting": key, "value": value} for key, value in SETTINGS.items()],
        "Scales": [row for scale in SCALES for row in _scale_rows(scale)],
        "Domains": [dict(domain) for domain in DOMAINS],
        "Tasks": [{**row, "status": "active"} for row in _data("tasks")],
        "KSAs": [{**row, "status": "active"} for row in _data("ksas")],
        "Linkage": sheet_rows("simulated_linkage"),
        "Panel": sheet_rows("panel"),
        "Requirements": sheet_rows("simulated_requirements"),
        "Demographics": _demographics_rows(),
        "Sources": [
            {"source_id": key, "kind": kind, "citation": citation}
            for key, (kind, citation) in _SOURCES.items()
        ],
        "Narrative": [{"section": key, "text": text} for key, text in _NARRATIVE.items()],
    }


def simulated_ratings() -> Ratings:
    """Return the simulated answers of all groups.

    Examples
    --------
    >>> simulated_ratings()
    Ratings: 400 respondents, ... answers; statements by scale: importance (36), frequency (36)
    """
    return simulate_ratings(
        tasks={row["task_id"]: row["domain_id"] for row in _data("tasks")},
        scales=SCALES,
        n_respondents=N_RESPONDENTS,
        seed=SEED,
        groups=GROUPS,
    )


def responses() -> dict[str, pd.DataFrame]:
    """Return the simulated answers by group, as a survey platform would export them.

    Returns
    -------
    dict of DataFrame
        ``respondent``, ``Q1``, ``Q2``, then one column a task and scale (``T01_importance``);
        missing where there is no answer, -3 where a task's importance was not asked.

    Examples
    --------
    >>> {group: len(frame) for group, frame in responses().items()}
    {'practitioners': 340, 'supervisors': 60}
    """
    ratings = simulated_ratings()
    answers = ratings.to_wide().drop(columns=list(RESPONDENT_COLUMNS))
    frame = pd.concat([_about_respondents(ratings.respondents.index), answers], axis=1)
    frame = frame.rename_axis("respondent").reset_index()
    group = ratings.respondents["group"].to_numpy()
    return {name: frame[group == name].reset_index(drop=True) for name in GROUPS}


def readme() -> str:
    """Return the text of the study folder's README."""
    return (DATA / "simulated_readme.md").read_text(encoding="utf-8")


def _scale_rows(scale: Scale) -> list[dict[str, object]]:
    """Return the rows of a scale; the first describes it."""
    rows: list[dict[str, object]] = [
        {"scale": scale.name, "point": point.value, "label": point.label, "meaning": point.meaning}
        for point in scale.points
    ]
    rows[0] |= {
        "question": scale.question,
        "role": scale.role,
        "applies_to": ", ".join(scale.applies_to),
        "kind": scale.kind,
        "use": scale.use,
    }
    return rows


def _demographics_rows() -> list[dict[str, object]]:
    """Return the questions about the respondents."""
    return [
        {
            "question_id": "Q1",
            "question": "Where do you work most of the time?",
            "kind": "choice",
            "options": "; ".join(SETTINGS_OF_WORK),
            "describe": "yes",
            "compare": "yes",
        },
        {
            "question_id": "Q2",
            "question": "For how many years have you worked in peer support?",
            "kind": "number",
            "describe": "yes",
            "compare": "no",
        },
    ]


def _about_respondents(respondents: pd.Index[str]) -> pd.DataFrame:
    """Simulate where respondents work and for how long, with a stream of its own."""
    rng = np.random.default_rng([SEED, 1])
    shares = list(SETTINGS_OF_WORK.values())
    setting = rng.choice(list(SETTINGS_OF_WORK), size=len(respondents), p=shares)
    years = np.minimum(rng.exponential(6, len(respondents)), 40).astype(int)
    return pd.DataFrame({"Q1": setting, "Q2": years}, index=respondents)


def _data(name: str) -> list[dict[str, str]]:
    """Read the study's own statements."""
    table = pd.read_csv(DATA / f"simulated_{name}.csv", dtype=str)
    return [
        {str(key): str(value) for key, value in row.items()} for row in table.to_dict("records")
    ]
