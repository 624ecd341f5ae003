"""Screening: flags by rules declared in advance, and who is left out because of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from rds.errors import Problem, nearest
from rds.notes import Note
from rds.ratings.ratings import RESPONDENT_COLUMNS, Ratings
from rds.ratings.screening_access import NOT_COUNTED
from rds.ratings.screening_rules import (
    Answers,
    Finding,
    Flags,
    Material,
    Rule,
    screening_rules,
)
from rds.settings import ScreeningSection
from rds.show import Shown, View

SCREENING = ("respondent_id", "rule", "value", "flagged", "excluded")
EXCLUSIONS = ("step", "reason", "n_excluded", "n_remaining")
SCREENING_RULES = (
    "rule", "description", "source", "version", "value_is", "flagged_if", "excludes", "n_assessed",
    "n_flagged",
)  # fmt: skip

RESPONDENTS = ("respondent_id", *RESPONDENT_COLUMNS, "excluded_as", "survey_weight")

_HIDDEN = re.compile(r"contact|missing|check\d+|again\d+ .*|.* \(other\)")

NOBODY = "none"
"""What stands in the setting ``screening.exclude`` where no rule excludes."""

RECEIVED = "received"
SUSPECT_FLAGS = 2
"""Flags from which a respondent is suspect; no rule excludes for being suspect."""

_RECONSTRUCTED = "answers reconstructed from published figures are nobody's: they are not screened"


@dataclass(frozen=True, eq=False, repr=False)
class Screening(Shown):
    """What screening found, and whom it leaves out.

    Parameters
    ----------
    table
        One row per respondent and rule that could say something: ``value``, ``flagged``, and
        ``excluded`` where this rule is why the respondent is left out (columns `SCREENING`).
    exclusions
        Steps from all who were received to those who count (columns `EXCLUSIONS`).
    rules
        Every rule, what it looks at, where it comes from, and how many it flagged (columns
        `SCREENING_RULES`).
    usable
        Whose ratings count: boolean, one per respondent received.
    suspect
        Who has two flags or more, excluded or not: boolean, for a look at what would change.
    respondents
        Everybody received, and with ``excluded_as`` the rule for which they are left out, empty for
        those who count.
    notes
        Who was left out, and what could not be assessed and why.
    """

    table: pd.DataFrame
    exclusions: pd.DataFrame
    rules: pd.DataFrame
    usable: Flags
    suspect: Flags
    respondents: pd.DataFrame
    notes: tuple[Note, ...]

    @property
    def n_received(self) -> int:
        """How many respondents there were before anybody was left out."""
        return len(self.usable)

    def view(self) -> View:
        """Return who was left out, step by step."""
        flagged = self.rules[self.rules["n_flagged"] > 0]
        said = [f"{row.rule}: {row.n_flagged} of {row.n_assessed}" for row in flagged.itertuples()]
        notes = (f"Flags: {'; '.join(said)}.",) if said else ("No flags.",)
        suspect = int(self.suspect.sum())
        return View(
            "Respondents who count", self.exclusions, (*notes, f"Two flags or more: {suspect}.")
        )


def respondents_table(
    screening: Screening, *, survey_weight: NDArray[np.floating[Any]] | None = None
) -> pd.DataFrame:
    """Return the table ``respondents``: who answered, as far as groups and questions tell.

    Contacts, write-ins and checks stay out.

    Parameters
    ----------
    screening
        With everybody received.
    survey_weight
        One per respondent received; none where respondents are not weighted.
    """
    people = screening.respondents
    hidden = [name for name in people if _HIDDEN.fullmatch(str(name))]
    about = people.drop(columns=[*RESPONDENT_COLUMNS, "excluded_as", *hidden])
    fixed = people[[*RESPONDENT_COLUMNS, "excluded_as"]].assign(
        survey_weight=np.nan if survey_weight is None else survey_weight
    )
    return pd.concat([fixed, about], axis=1).reset_index(names="respondent_id")


def everyone_excluded(screening: Screening, where: str) -> Problem:
    """Return the problem that nobody is left."""
    people = screening.respondents
    counts = people.loc[people["excluded_as"] != "", "excluded_as"].value_counts()
    reasons = ", ".join(f"{n} as {name}" for name, n in counts.items())
    return Problem(
        "responses",
        "screening.exclude",
        f"nobody left in {where} of {len(people)} respondents received ({reasons})",
        "respondents whose ratings count",
        "look at the columns eligible_if and counts_in_weights_if of Demographics, and at the "
        "settings under screening",
    )


def screen_ratings(
    ratings: Ratings,
    limits: ScreeningSection,
    *,
    scales: Sequence[str] | None = None,
    pages: Mapping[str, str] | None = None,
    eligible_if: Answers | None = None,
    counts_if: Answers | None = None,
    panel: frozenset[str] | None = None,
) -> Screening:
    """Screen respondents by every rule; exclude by those that the settings name.

    Answers reconstructed from published figures are not screened: nobody gave them.

    Parameters
    ----------
    ratings
        Everybody's answers.
    limits
        Thresholds, and the rules that exclude, in order.
    scales
        Scales on which statements have to be answered; all by default.
    pages
        Domain of each statement.
    eligible_if, counts_if
        By question, the answers that make eligible, and that let ratings count in the weights.
    panel
        Pseudonyms of the panel's contacts.

    Raises
    ------
    ValueError
        When a rule that should exclude does not exist.
    """
    rules = screening_rules()
    order = _exclusion_order(limits.exclude, rules, bool(counts_if))
    assessed = (ratings.respondents["nature"] != "reconstructed").to_numpy()
    names = [ratings.scale(name).name for name in scales or [s.name for s in ratings.scales]]
    material = Material(
        ratings if assessed.all() else ratings.select(assessed),
        tuple(names),
        pages or {},
        limits,
        eligible_if or {},
        counts_if or {},
        panel,
    )
    if not counts_if:
        rules = {name: rule for name, rule in rules.items() if name != NOT_COUNTED}
    with threadpool_limits(1):
        found = {name: _spread(rule.assess(material), assessed) for name, rule in rules.items()}
    reason = _reasons(found, order, len(ratings))
    return Screening(
        table=_table(found, reason, ratings.respondents.index),
        exclusions=_exclusions(reason, order),
        rules=_rules_table(found, rules, order, limits),
        usable=reason == "",
        suspect=np.sum([one.flagged for one in found.values()], axis=0) >= SUSPECT_FLAGS,
        respondents=ratings.respondents.assign(excluded_as=reason),
        notes=tuple(_notes(found, reason, order, assessed)),
    )


def screen(
    answers: Ratings | pd.DataFrame,
    *,
    respondents: pd.DataFrame | None = None,
    domains: Mapping[str, str] | None = None,
    not_performed: Mapping[str, int] | None = None,
    eligible_if: Answers | None = None,
    counts_in_weights_if: Answers | None = None,
    panel_contacts: Sequence[str] | None = None,
    **limits: object,
) -> Screening:
    """Screen respondents: a value and perhaps a flag by every rule, exclusions by those named.

    Parameters
    ----------
    answers
        Ratings, or one row per respondent with columns such as ``T01_importance``; further columns
        of such a table are taken for what is known of the respondents.
    respondents
        What is known of the respondents, in the same order, where known: ``status`` (``complete``,
        ``partial``, ``screened out``), ``seconds`` taken, ``contact`` (the same for the same
        person), ``check1`` … (``passed``, ``failed``), ``again1 T01_importance`` (the point chosen
        the second time), answers to questions.
    domains
        Domain by statement: runs and consistency are looked for within domains.
    not_performed
        By scale name, the value that means “not performed”.
    eligible_if, counts_in_weights_if
        By question (a column of `respondents`), the answers that make a respondent eligible, and
        that let ratings count.
    panel_contacts
        Contacts of the panel's members.
    **limits
        Thresholds and ``exclude``, named as the settings under ``screening``.

    Returns
    -------
    Screening
        Values and flags, exclusions step by step, and the masks `usable` and `suspect`.

    Raises
    ------
    ValueError
        For limits that are none, or an excluding rule that does not exist.

    Examples
    --------
    >>> answers = pd.DataFrame({f"T{k:02d}_importance": [1 + k % 4, 3, None] for k in range(12)})
    >>> found = screen(answers, respondents=pd.DataFrame({"seconds": [90, 12, 30]}))
    >>> found.usable.tolist()
    [True, True, False]
    >>> found.table.loc[found.table["flagged"], ["respondent_id", "rule"]].values.tolist()
    [[1, 'too fast'], [1, 'long string'], [1, 'no variability'], [2, 'incomplete']]
    """
    ratings = answers
    known = respondents
    if not isinstance(ratings, Ratings):
        ratings = Ratings.from_wide(ratings, not_performed=not_performed)
        rated = {f"{name}_{s}" for s, names in ratings.statements.items() for name in names}
        rest = answers[[c for c in answers if c not in rated]]  # type: ignore[index,union-attr]
        known = rest if known is None else known
    if known is not None:
        ratings = _with_respondents(ratings, known)
    return screen_ratings(
        ratings,
        ScreeningSection(**limits),  # type: ignore[arg-type]
        pages=domains,
        eligible_if=eligible_if,
        counts_if=counts_in_weights_if,
        panel=None if panel_contacts is None else frozenset(panel_contacts),
    )


def _with_respondents(ratings: Ratings, known: pd.DataFrame) -> Ratings:
    """Return ratings that carry what is known of the respondents, as text."""
    if len(known) != len(ratings):
        raise ValueError(f"{len(known)} respondents are described, {len(ratings)} answered")
    own = ratings.respondents
    texts = {
        str(name): ["" if pd.isna(cell) else str(cell) for cell in column]
        for name, column in known.items()
        if name not in own
    }
    return replace(ratings, respondents=own.assign(**texts))


def _exclusion_order(
    exclude: Sequence[str], rules: Mapping[str, Rule], counts: bool
) -> tuple[str, ...]:
    """Return the rules that exclude, in order; whose ratings do not count goes last."""
    wanted = [name.casefold() for name in exclude if name.casefold() != NOBODY]
    for name in wanted:
        if name not in rules:
            meant = nearest(name, rules)
            hint = f"; did you mean “{meant}”?" if meant else ""
            raise ValueError(f"there is no rule “{name}” (rules: {', '.join(rules)}){hint}")
    if counts and NOT_COUNTED not in wanted:
        wanted.append(NOT_COUNTED)
    return tuple(dict.fromkeys(wanted))


def _spread(found: Finding, assessed: Flags) -> Finding:
    """Return a finding over all respondents, of those who were screened."""
    if assessed.all():
        return found
    values = np.full(len(assessed), np.nan)
    flagged = np.zeros(len(assessed), dtype=bool)
    values[assessed], flagged[assessed] = found.values, found.flagged
    return replace(found, values=values, flagged=flagged)


def _reasons(found: Mapping[str, Finding], order: Sequence[str], n: int) -> NDArray[np.object_]:
    """Return the first rule in order that flagged each respondent; empty when none did."""
    reason = np.full(n, "", dtype=object)
    for name in order:
        if name in found:
            reason[(reason == "") & found[name].flagged] = name
    return reason


def _table(
    found: Mapping[str, Finding], reason: NDArray[np.object_], identifiers: pd.Index[str]
) -> pd.DataFrame:
    """Return one row per respondent and rule that could say something."""
    names = np.array(list(found), dtype=object)
    values = np.array([one.values for one in found.values()])
    flagged = np.array([one.flagged for one in found.values()])
    person, rule = np.nonzero((~np.isnan(values) | flagged).T)
    return pd.DataFrame(
        {
            "respondent_id": identifiers.to_numpy()[person],
            "rule": names[rule],
            "value": values[rule, person],
            "flagged": flagged[rule, person],
            "excluded": names[rule] == reason[person],
        },
        columns=list(SCREENING),
    )


def _exclusions(reason: NDArray[np.object_], order: Sequence[str]) -> pd.DataFrame:
    """Return the steps from all who were received to those who count."""
    counts = [0, *(int((reason == name).sum()) for name in order)]
    table = pd.DataFrame({"reason": [RECEIVED, *order], "n_excluded": counts})
    table.insert(0, "step", range(len(table)))
    return table.assign(n_remaining=len(reason) - table["n_excluded"].cumsum())


def _rules_table(
    found: Mapping[str, Finding],
    rules: Mapping[str, Rule],
    order: Sequence[str],
    limits: ScreeningSection,
) -> pd.DataFrame:
    """Return every rule with its source and how many it flagged."""
    rows = [
        (
            name,
            rule.description,
            rule.source,
            rule.version,
            rule.value,
            rule.threshold(limits),
            name in order,
            int((~np.isnan(found[name].values) | found[name].flagged).sum()),
            int(found[name].flagged.sum()),
        )
        for name, rule in rules.items()
    ]
    return pd.DataFrame(rows, columns=list(SCREENING_RULES))


def _notes(
    found: Mapping[str, Finding],
    reason: NDArray[np.object_],
    order: Sequence[str],
    assessed: Flags,
) -> Iterator[Note]:
    """Say who was left out, and what could not be assessed."""
    if not assessed.any():
        yield Note("screening_rules", "", "", "withheld", _RECONSTRUCTED)
        return
    counts = [f"{n} as {name}" for name in order if (n := int((reason == name).sum()))]
    left_out = int((reason != "").sum())
    declared = f"rules that exclude: {', '.join(order) or 'none'}"
    if left_out:
        why = f"{left_out} of {len(reason)} respondents are left out ({', '.join(counts)})"
        yield Note("exclusions", "", "", "dropped", f"{why}; {declared}")
    else:
        why = f"no respondent of {len(reason)} is left out"
        yield Note("exclusions", "", "", "assumed", f"{why}; {declared}")
    if not assessed.all():
        n = int((~assessed).sum())
        yield Note("screening_rules", f"{n} respondents", "", "withheld", _RECONSTRUCTED)
    for name, one in found.items():
        if one.reason:
            nothing = np.isnan(one.values).all() and not one.flagged.any()
            why = f"not assessed: {one.reason}" if nothing else one.reason
            yield Note("screening_rules", name, "n_assessed", "withheld", why)
