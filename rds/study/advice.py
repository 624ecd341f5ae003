"""Advice on a study's statements: what the rules find, cell by cell, and what was waived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rds.outline.outline_rules import DomainSize, domain_sizes, outline_findings
from rds.outline.statement_rules import WHY, Finding
from rds.study.study import Study
from rds.survey.build_instrument import build_instrument, form_letters
from rds.survey.minutes import survey_minutes

WAIVE = "waive"
LONGEST_SURVEY = 30
"""Minutes from which a survey is long."""

_TOLD_AND_EXPECTED = 1.5
_SHEETS = {"Tasks": "task_id", "KSAs": "ksa_id", "Domains": "domain_id"}
_CELLS = {"Tasks": "statement", "KSAs": "statement", "Domains": "title"}


@dataclass(frozen=True)
class Advice:
    """A finding with its cell, and why it was waived, if it was.

    Parameters
    ----------
    place
        File, sheet and cell.
    finding
        What the rule found.
    waived
        Role and reason of the decision that waives it; empty when it stands.
    """

    place: str
    finding: Finding
    waived: str = ""

    @property
    def subject(self) -> str:
        """What a decision to waive it is about, such as ``T07.one-idea``."""
        return f"{self.finding.subject}.{self.finding.rule}"

    def as_dict(self) -> dict[str, str]:
        """Return everything for machines."""
        own = self.finding
        return {"place": self.place, **asdict(own), "why": own.why, "waived": self.waived}


@dataclass(frozen=True)
class StudyAdvice:
    """What can be said of an outline besides its problems.

    Parameters
    ----------
    advice
        Findings in outline order, waived ones included.
    domains
        How much each domain holds.
    minutes
        Minutes that the survey will take, the longest of its forms; None when it cannot be built.
    remark
        What was not looked at, and why; empty when all was.
    """

    advice: tuple[Advice, ...] = ()
    domains: tuple[DomainSize, ...] = ()
    minutes: float | None = None
    remark: str = ""

    @property
    def open(self) -> tuple[Advice, ...]:
        """The advice that nobody has waived."""
        return tuple(one for one in self.advice if not one.waived)

    def as_dict(self) -> dict[str, Any]:
        """Return everything for machines."""
        return {
            "advice": [one.as_dict() for one in self.advice],
            "domains": [asdict(size) for size in self.domains],
            "survey_minutes": None if self.minutes is None else round(self.minutes, 1),
            "remark": self.remark,
        }


def study_advice(study: Study) -> StudyAdvice:
    """Return advice on the statements of a study; none while its outline cannot be read.

    The rules are written for English: where the outline's language (the first of
    ``survey.languages``) is another one, only what does not depend on it is looked at.
    """
    outline, settings = study.outline_or_none, study.settings_or_none
    if outline is None or settings is None:
        return StudyAdvice(remark="follows when the outline can be read")
    language = settings.survey.languages[0] if settings.survey.languages else "en"
    english = language.casefold().split("-")[0] == "en"
    findings = outline_findings(
        outline,
        jargon=_listed(settings.outline.jargon),
        abbreviations=settings.outline.abbreviations,
        english=english,
    )
    minutes = _minutes(study)
    places, waivers = _places(study), _waivers(study)
    advice = tuple(
        Advice(
            places.get(one.subject.casefold(), "study.xlsx"),
            one,
            waivers.get(f"{one.subject}.{one.rule}", ""),
        )
        for one in (*findings, *_on_length(minutes, settings.survey.minutes))
    )
    remark = f"the rules for wording were not applied: they are for English, not “{language}”"
    return StudyAdvice(advice, domain_sizes(outline, english=english), minutes,
                       "" if english else remark)  # fmt: skip


def waivable(study: Study) -> dict[str, str]:
    """Return what can be waived, each finding's subject by its folded form."""
    return {one.subject.casefold(): one.subject for one in study_advice(study).advice}


def looks_like_advice(subject: str) -> bool:
    """Tell whether a subject names a rule, such as ``T07.one-idea``."""
    return subject.rpartition(".")[2].casefold() in WHY


def _listed(jargon: tuple[str, ...]) -> dict[str, str]:
    """Return the study's own jargon: what to write instead, by what to avoid."""
    parts = (line.partition("=") for line in jargon)
    return {phrase.strip(): plain.strip() for phrase, _, plain in parts if phrase.strip()}


def _places(study: Study) -> dict[str, str]:
    """Return file, sheet and cell by the folded identifier of a statement or domain."""
    return {
        row.text(key).casefold(): f"{row.file}, {row.places.get(_CELLS[sheet], sheet)}"
        for sheet, key in _SHEETS.items()
        for row in study.rows.get(sheet, ())
    }


def _waivers(study: Study) -> Mapping[str, str]:
    """Return role and reason of what was waived, by subject."""
    return {
        name: f"{entry.role}: {entry.reason}"
        for name, entry in study.decisions.items()
        if entry.value == WAIVE
    }


def _minutes(study: Study) -> float | None:
    """Return the minutes of the longest form of the survey; None when none can be built."""
    if not study.scales or any(one.severity == "error" for one in study.problems):
        return None
    forms = (
        build_instrument(study.outline, study.scales, study.settings, study.rows, form=letter)
        for letter in form_letters(study.settings)
    )
    return max(survey_minutes(form) for form, _ in forms)


def _on_length(minutes: float | None, told: int | None) -> Iterator[Finding]:
    """Yield that a survey is long, or longer than respondents are told."""
    if minutes is None:
        return
    if minutes > LONGEST_SURVEY:
        mend = "ask on fewer scales, drop statements, or split the survey into forms (survey.forms)"
        yield Finding("survey", "survey-length", f"about {minutes:.0f} minutes", mend)
    elif told is not None and minutes > _TOLD_AND_EXPECTED * told:
        found = f"about {minutes:.0f} minutes, where respondents are told {told}"
        yield Finding("survey", "survey-length", found, "time a pilot, and correct survey.minutes")
