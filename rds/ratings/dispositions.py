"""How those who were invited ended: dispositions, and fielding by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.notes import Note
from rds.ratings.frames import NOT_SHOWN
from rds.ratings.ratings import Ratings
from rds.ratings.response_rates import RESPONSE_RATES, code_counts, response_rates
from rds.settings import SamplingSection
from rds.sheets import Row

DISPOSITIONS = ("source", "stratum", "wave", "disposition", "code", "n")
RATES = ("stratum", "wave", *RESPONSE_RATES)
FIELDING_BY_DAY = (
    "day", "event", "sent", "bounced", "answers", "complete", "complete_so_far",
)  # fmt: skip

COMPLETE_SHARE = 0.8
"""Share of the ratings shown from which an answer counts as complete where no platform says so."""

INVITED = "invitations"
"""The source of those who were invited and of whom nothing came back."""

_REFUSED = {
    "did not agree to take part": "refused",
    "left before agreeing to take part": "break-off",
}
"""Dispositions of rows left out when answers were received; previews and tests were no people."""


@dataclass(frozen=True)
class Mailing:
    """Messages of one day: an invitation, a reminder, or the end of the survey."""

    day: date
    event: str
    sent: int
    bounced: int
    stratum: str = ""
    wave: str = ""


def mailings(rows: Sequence[Row]) -> list[Mailing]:
    """Return the rows of the sheet Fielding, by day."""
    found = []
    for row in rows:
        day = row.values.get("date")
        if isinstance(day, date):
            messages = int(row.text("sent") or 0), int(row.text("bounced") or 0)
            group, wave = row.text("group"), row.text("wave")
            found.append(Mailing(day, row.text("event"), *messages, group, wave))
    return sorted(found, key=lambda mailing: mailing.day)


def answered_share(ratings: Ratings) -> NDArray[np.float64]:
    """Return the share of the ratings shown to them that each respondent gave; NaN if none were."""
    codes = np.vstack([ratings.codes[scale.name] for scale in ratings.scales])
    shown = (codes != NOT_SHOWN).sum(axis=0)
    given = ((codes >= 0) | (codes == -2)).sum(axis=0)
    return np.where(shown > 0, given / np.maximum(shown, 1), np.nan)


def respondent_dispositions(ratings: Ratings, *, fewest_percent: float) -> pd.Series[str]:
    """Return each respondent's disposition.

    Who gave less than `fewest_percent` of the ratings shown broke off, whatever the platform says.
    Of the others, the platform says who is complete, partial or screened out (not eligible); where
    it says nothing, `COMPLETE_SHARE` of the ratings make an answer complete.
    """
    share = np.nan_to_num(answered_share(ratings))
    people = ratings.respondents
    status = people["status"] if "status" in people else pd.Series("", index=people.index)
    said = status.fillna("").to_numpy(dtype=object)
    by_share = np.where(share >= COMPLETE_SHARE, "complete", "partial")
    found = np.where(np.isin(said, ["complete", "partial"]), said, by_share)
    found = np.where(share < fewest_percent / 100, "break-off", found)
    found = np.where(said == "screened out", "not eligible", found)
    return pd.Series(found, index=people.index, name="disposition", dtype=object)


def disposition_table(
    ratings: Ratings,
    sources: Mapping[tuple[str, str], str],
    left_out: Mapping[str, Mapping[str, int]],
    sent: Sequence[Mailing],
    *,
    sampling: SamplingSection,
    fewest_percent: float,
) -> pd.DataFrame:
    """Return how many ended how.

    Parameters
    ----------
    ratings
        Everybody's answers.
    sources
        Name of the source by respondent and wave.
    left_out
        By source, the number of rows left out by reason when they were received.
    sent
        The messages sent.
    sampling
        What a returned message and silence stand for.
    fewest_percent
        Percent of the ratings shown below which somebody broke off.

    Returns
    -------
    DataFrame
        Columns `DISPOSITIONS`. The source `INVITED` holds those of whom nothing came back; without
        invitations there are none of it.
    """
    people = ratings.respondents
    answered = pd.DataFrame(
        {
            "source": [
                sources.get(key, "") for key in zip(people.index, people["wave"], strict=True)
            ],
            "stratum": people["group"].to_numpy(),
            "wave": people["wave"].to_numpy(),
            "disposition": respondent_dispositions(
                ratings, fewest_percent=fewest_percent
            ).to_numpy(),
        }
    )
    rows = answered.groupby(list(answered), sort=True).size().rename("n").reset_index()
    places = answered.drop_duplicates("source").set_index("source")[["stratum", "wave"]]
    refusals = [
        (source, *_place(places, source), _REFUSED[why], int(n))
        for source, reasons in left_out.items()
        for why, n in reasons.items()
        if why in _REFUSED
    ]
    own = ["source", "stratum", "wave", "disposition", "n"]
    table = pd.DataFrame([*rows.itertuples(index=False, name=None), *refusals], columns=own)
    silent = _silent(table, sent, sampling)
    table = pd.DataFrame([*table.itertuples(index=False, name=None), *silent], columns=own)
    codes = [_code(name, sampling) for name in table["disposition"]]
    return table.assign(code=codes).reindex(columns=list(DISPOSITIONS))


def rates_table(
    dispositions: pd.DataFrame, sent: Sequence[Mailing], sampling: SamplingSection
) -> tuple[pd.DataFrame, list[Note]]:
    """Return the outcome rates overall, and by stratum and wave where invitations name them.

    Returns
    -------
    table, notes
        Columns `RATES`. For an open link, or where nobody is known to have been invited, only the
        completion rate, and a note that says why.
    """
    if not len(dispositions):
        reason = "no dispositions: neither answers nor invitations are known"
        return pd.DataFrame(columns=list(RATES)), [_withheld("", reason)]
    parts, notes = [], []
    for stratum, wave in [("", ""), *_strata(sent)]:
        own = dispositions
        if stratum or wave:
            own = own[(own["stratum"] == stratum) & (own["wave"] == wave)]
        counts = own.groupby("code")["n"].sum()
        n_invited = _invited(sent, stratum, wave)
        reason = _no_base(own, n_invited, sampling)
        if reason:
            notes.append(_withheld(stratum, reason))
        if counts.sum():
            rates = response_rates(counts, invited=not reason)
            parts.append(rates.assign(stratum=stratum, wave=wave))
    return pd.concat(parts, ignore_index=True).reindex(columns=list(RATES)), notes


def fielding_table(
    ratings: Ratings, sent: Sequence[Mailing], *, fewest_percent: float
) -> tuple[pd.DataFrame, list[Note]]:
    """Return what was sent and what came back on each day.

    Returns
    -------
    table, notes
        Columns `FIELDING_BY_DAY`: days with a message or an answer; answers are counted on the
        day on which they were submitted (or, where only that is known, begun).
    """
    people = ratings.respondents
    days = people["date"].fillna("") if "date" in people else pd.Series("", index=people.index)
    ended = respondent_dispositions(ratings, fewest_percent=fewest_percent)
    known = days != ""
    notes = []
    if not known.all() and len(people):
        reason = f"the day is not known of {int((~known).sum())} of {len(people)} answers"
        notes.append(Note("fielding", "", "answers", "withheld", reason))
    came = pd.DataFrame({"day": days[known], "complete": (ended == "complete")[known]})
    counts = came.groupby("day")["complete"].agg(["size", "sum"])
    rows = []
    for day in sorted({*counts.index, *(mailing.day.isoformat() for mailing in sent)}):
        own = [mailing for mailing in sent if mailing.day.isoformat() == day]
        answers, complete = counts.loc[day] if day in counts.index else (0, 0)
        event = ", ".join(dict.fromkeys(mailing.event for mailing in own))
        totals = [sum(m.sent for m in own), sum(m.bounced for m in own)]
        rows.append((day, event, *totals, int(answers), int(complete)))
    table = pd.DataFrame(rows, columns=list(FIELDING_BY_DAY[:-1]))
    return table.assign(complete_so_far=table["complete"].cumsum().astype(int)), notes


def _place(places: pd.DataFrame, source: str) -> tuple[str, str]:
    """Return group and wave of a source's respondents."""
    if source not in places.index:
        return "", ""
    return str(places.loc[source, "stratum"]), str(places.loc[source, "wave"])


def _strata(sent: Sequence[Mailing]) -> list[tuple[str, str]]:
    """Return the groups and waves that invitations name; none unless all of them do."""
    named = {(m.stratum, m.wave) for m in sent if m.event == "invitation"}
    return [] if ("", "") in named else sorted(named)


def _invited(sent: Sequence[Mailing], stratum: str, wave: str) -> int:
    """Return how many were invited, overall or of a stratum and wave."""
    chosen = [m for m in sent if m.event == "invitation"]
    if stratum or wave:
        chosen = [m for m in chosen if (m.stratum, m.wave) == (stratum, wave)]
    return sum(mailing.sent for mailing in chosen)


def _silent(
    table: pd.DataFrame, sent: Sequence[Mailing], sampling: SamplingSection
) -> Iterator[tuple[str, str, str, str, int]]:
    """Yield those who were invited and of whom nothing came back."""
    strata = _strata(sent)
    for stratum, wave in strata or [("", "")]:
        own = table
        if strata:
            own = own[(own["stratum"] == stratum) & (own["wave"] == wave)]
        invited = [m for m in sent if m.event == "invitation"]
        if strata:
            invited = [m for m in invited if (m.stratum, m.wave) == (stratum, wave)]
        bounced = sum(mailing.bounced for mailing in invited)
        silent = sum(mailing.sent for mailing in invited) - bounced - int(own["n"].sum())
        if bounced:
            yield INVITED, stratum, wave, "bounced", bounced
        if silent > 0:
            yield INVITED, stratum, wave, sampling.silent_counts_as, silent


def _code(disposition: str, sampling: SamplingSection) -> str:
    """Return AAPOR's letter for a disposition, by the declared rule for returned messages."""
    counts_as = sampling.bounced_counts_as if disposition == "bounced" else disposition
    return next(code for code, n in code_counts({counts_as: 1}).items() if n)


def _no_base(own: pd.DataFrame, n_invited: int, sampling: SamplingSection) -> str:
    """Say why response rates have no base; empty when they have one."""
    if sampling.design == "open link":
        return "an open link: nobody knows how many people it reached"
    if not n_invited:
        return "no number of people invited stands in the sheet Fielding"
    n = int(own.loc[own["source"] != INVITED, "n"].sum())
    if n > n_invited:
        return f"{n} answers or refusals, and only {n_invited} people invited"
    return ""


def _withheld(stratum: str, reason: str) -> Note:
    """Return the note of rates without a base."""
    return Note("response_rates", stratum, "value", "withheld", reason)
