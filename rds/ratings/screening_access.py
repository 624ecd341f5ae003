"""Screening rules about who answered: eligibility, doubled answers, the panel's own members."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rds.ratings.screening_rules import (
    Answers,
    Finding,
    Flags,
    Floats,
    Material,
    not_assessed,
    own_rule,
)

NOT_COUNTED = "not counted in weights"
SCREENED_OUT = "screened out"
_SEPARATOR = ";"


@own_rule(
    "ineligible",
    description="Answered a question of eligibility otherwise than wanted, or was screened out.",
    source="AAPOR Standard Definitions (2023)",
    value="unmet conditions",
    threshold=lambda _: "1 or more",
)
def _ineligible(material: Material) -> Finding:
    """Compare answers with the column eligible_if, and look at the platform's status."""
    status = material.texts("status")
    found = _unmet(material, material.eligible_if)
    if status is None:
        return found or not_assessed(material, "no question decides who is eligible")
    out = (status.str.casefold() == SCREENED_OUT).to_numpy()
    known = found or Finding(np.full(len(material), np.nan), np.zeros(len(material), dtype=bool))
    values = np.where(np.isnan(known.values) & (status != "").to_numpy(), 0.0, known.values)
    return Finding(np.where(out, np.fmax(values, 1.0), values), known.flagged | out, known.reason)


@own_rule(
    "repeated token",
    description="The same invitation or address answered more than once in a wave; the most "
    "complete answer is kept.",
    source="Teitcher et al. (2015)",
    value="answers from the same contact",
    threshold=lambda _: "2 or more, all but the most complete",
)
def _repeated_token(material: Material) -> Finding:
    """Keep of each contact the answer that is most complete, then finished, then earliest."""
    contact = material.texts("contact")
    if contact is None:
        return not_assessed(material, "no contact (token or address) is known of the respondents")
    people = material.ratings.respondents
    table = pd.DataFrame(
        {
            "contact": contact + "|" + people["wave"].astype(str),
            "answered": -material.answered,
            "finished": _finished(material),
            "date": _dates(material),
            "identifier": people.index.astype(str),
        }
    ).reset_index(drop=True)
    table = table[contact.to_numpy() != ""]
    order = table.sort_values(["answered", "finished", "date", "identifier"], kind="stable")
    again = order.duplicated("contact").sort_index()
    size = table.groupby("contact")["contact"].transform("size")
    values, flagged = np.full(len(material), np.nan), np.zeros(len(material), dtype=bool)
    values[table.index], flagged[again.index] = size, again
    return Finding(values, flagged)


def _finished(material: Material) -> Flags:
    """Return False, which sorts first, for those who came to the end of the survey."""
    status = material.texts("status")
    if status is None:
        return np.ones(len(material), dtype=bool)
    return np.asarray(status.str.casefold() != "complete", dtype=bool)


def _dates(material: Material) -> list[str]:
    """Return the days of answering, unknown ones last."""
    dates = material.texts("date")
    return ["9999"] * len(material) if dates is None else [day or "9999" for day in dates]


@own_rule(
    "panel member",
    description="Is a member of the panel, whose judgement is not independent of the survey's.",
    source="Raymond and Luecht (2013)",
    value="1 for a member",
    threshold=lambda _: "1",
)
def _panel_member(material: Material) -> Finding:
    """Compare contacts with those of the panel."""
    contact = material.texts("contact")
    if material.panel is None or contact is None:
        whose = "the panel" if material.panel is None else "the respondents"
        return not_assessed(material, f"no contacts of {whose} are known")
    member = contact.isin(material.panel).to_numpy(dtype=bool)
    return Finding(np.where((contact != "").to_numpy(), member.astype(float), np.nan), member)


@own_rule(
    NOT_COUNTED,
    description="Gave an answer whose ratings the study does not let count in the weights.",
    source="the study's own rule",
    value="unmet conditions",
    threshold=lambda _: "1 or more",
)
def _not_counted(material: Material) -> Finding:
    """Compare answers with the column counts_in_weights_if."""
    found = _unmet(material, material.counts_if)
    return found or not_assessed(material, "no question decides whose ratings count")


def _unmet(material: Material, wanted: Answers) -> Finding | None:
    """Count the conditions that each respondent's answers do not meet; None without conditions."""
    if not wanted:
        return None
    n = len(material)
    unmet, known, silent = np.zeros(n), np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    for question, options in wanted.items():
        texts = material.texts(question)
        said = np.zeros(n, dtype=bool) if texts is None else (texts != "").to_numpy(dtype=bool)
        if texts is not None:
            unmet += said & ~_among(texts, options)
        known |= said
        silent |= ~said
    values: Floats = np.where(known, unmet, np.nan)
    reason = f"{silent.sum()} respondents did not answer {', '.join(wanted)}"
    return Finding(values, unmet > 0, reason if silent.any() else "")


def _among(texts: pd.Series[str], options: Sequence[str]) -> Flags:
    """Tell whose answer, or one of whose several answers, is among the options."""
    accepted = {option.strip().casefold() for option in options}
    told = {
        text: any(part.strip().casefold() in accepted for part in text.split(_SEPARATOR))
        for text in texts.unique()
    }
    return texts.map(told).to_numpy(dtype=bool)
