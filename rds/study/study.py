"""A study: what its folder says, validated, with decisions applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rds.blueprint.decided_cells import CELL
from rds.errors import InputError, Problem, nearest
from rds.outline.build import build_outline
from rds.outline.exam import with_exam
from rds.outline.outline import Outline
from rds.outline.statement_rules import WHY
from rds.record import Entry, Record, Value, read_record, standing_decisions
from rds.scales import Scale, build_scales, find_scale
from rds.settings import Settings
from rds.settings_reader import (
    Given,
    settings_from_rows,
    settings_from_toml,
    settings_read_as_shares,
    validate_settings,
)
from rds.sheets import Row, Tables, read_tables
from rds.study.accepted import with_accepted
from rds.study.compared import compared_questions, comparison_problems
from rds.study.exam import exam_problems
from rds.study.folder import STUDY_TEXT, STUDY_WORKBOOK, Folder, copy_problems, study_folder
from rds.study.phase_one import phase_one_problems
from rds.study.sources import Source, changed_sources, read_sources
from rds.values import read_text

if TYPE_CHECKING:
    from rds.blueprint.plan import Blueprint
    from rds.ratings.published import Published
    from rds.ratings.ratings import Ratings
    from rds.ratings.screening import Screening

DOMAIN_BOUNDS = ("minimum_items", "maximum_items")


@dataclass(frozen=True, eq=False)
class Study:
    """A study folder, opened.

    Parameters
    ----------
    folder
        Its places.
    problems
        All that is wrong with it; empty unless opened with ``strict=False``.
    assumed, ignored
        What was read in one of two ways; what in the workbook is not ours.
    rows
        Rows of the workbook by sheet.
    record
        The decisions so far.
    sources
        What was received.
    """

    folder: Folder
    problems: tuple[Problem, ...]
    assumed: tuple[str, ...]
    ignored: tuple[str, ...]
    rows: Mapping[str, Sequence[Row]]
    record: Record
    sources: tuple[Source, ...]
    given: Given
    settings_or_none: Settings | None = field(repr=False)
    outline_or_none: Outline | None = field(repr=False)
    scales: tuple[Scale, ...] = ()

    @classmethod
    def open(cls, path: Path | str, *, strict: bool = True) -> Study:
        """Open a study folder.

        Parameters
        ----------
        path
            The folder.
        strict
            Refuse a folder with problems; otherwise list them in `problems`.

        Raises
        ------
        InputError
            With every problem at once.
        RecordError
            When the record of decisions was altered.
        """
        study = _read(study_folder(path))
        errors = [problem for problem in study.problems if problem.severity == "error"]
        if strict and errors:
            raise InputError(errors)
        return study

    @property
    def settings(self) -> Settings:
        """The settings, decisions applied."""
        if self.settings_or_none is None:
            raise InputError(self.problems)
        return self.settings_or_none

    @property
    def outline(self) -> Outline:
        """Domains, tasks, KSAs and linkage, decisions applied."""
        if self.outline_or_none is None:
            raise InputError(self.problems)
        return self.outline_or_none

    @property
    def decisions(self) -> dict[str, Entry]:
        """The decisions that hold now, by subject."""
        return standing_decisions(self.record)

    @property
    def task_decisions(self) -> dict[str, tuple[str, str, str]]:
        """``"keep"`` or ``"drop"``, the reason, and the role that decided, by task."""
        tasks = {task.task_id for task in self.outline.tasks}
        return {name: own for name, own in self.statement_decisions.items() if name in tasks}

    @property
    def cell_decisions(self) -> dict[str, int]:
        """Items that were decided for single cells, such as ``"D1 | application"``."""
        return {
            subject.removeprefix(CELL): int(str(entry.value))
            for subject, entry in self.decisions.items()
            if subject.startswith(CELL)
        }

    @property
    def statement_decisions(self) -> dict[str, tuple[str, str, str]]:
        """What was decided about tasks and KSAs: value, reason and role by identifier."""
        known = {task.task_id for task in self.outline.tasks}
        known |= {ksa.ksa_id for ksa in self.outline.ksas}
        return {
            name: (str(entry.value), entry.reason, entry.role)
            for name, entry in self.decisions.items()
            if name in known
        }

    @property
    def compared_questions(self) -> dict[str, tuple[str, ...]]:
        """The demographic questions by which respondents are compared, with their options."""
        return compared_questions(self.rows.get("Demographics", ()))

    @property
    def statements_by_scale(self) -> dict[str, tuple[str, ...]]:
        """The statements each scale asks about, in outline order."""
        return {s.name: self.outline.statements_rated_on(s.applies_to) for s in self.scales}

    @property
    def question_ids(self) -> tuple[str, ...]:
        """Identifiers of the demographic questions."""
        return tuple(row.text("question_id") for row in self.rows.get("Demographics", ()))

    def what_if(
        self,
        *,
        model: str | None = None,
        scales: Sequence[str] | None = None,
        items: int | None = None,
        drop: Sequence[str] = (),
        keep: Sequence[str] = (),
        settings: Mapping[str, object] | None = None,
    ) -> Blueprint:
        """Return the blueprint that other choices would give; nothing is saved.

        Parameters
        ----------
        model, scales, items
            Another weight model, its scales, another exam length.
        drop, keep
            Tasks that would be dropped or kept, whatever was decided about them.
        settings
            Any other settings by dotted key, such as ``{"blueprint.rounding": "webster"}``.

        Returns
        -------
        Blueprint
            Its title and a note say what was changed.

        Raises
        ------
        InputError
            When a choice is no valid setting or a task is not in the outline, or no blueprint can
            be built with it.
        """
        from rds.study.building import build_what_if

        named = {"weights.model": model, "weights.scales": scales, "blueprint.items": items}
        given = {key: value for key, value in named.items() if value is not None}
        return build_what_if(self, {**given, **(settings or {})}, drop=drop, keep=keep)

    @cached_property
    def ratings(self) -> Ratings:
        """The answers received.

        Raises
        ------
        InputError
            When nothing was received, or a stored file was changed or no longer fits the scales.
        """
        from rds.study.answers import read_answers

        return read_answers(self)

    @cached_property
    def screening(self) -> Screening:
        """What screening found, and whom it leaves out.

        Raises
        ------
        InputError
            As `ratings`; and when a rule that should exclude does not exist, or everybody would be
            left out.
        """
        from rds.study.screen import screen_study

        return screen_study(self)

    @cached_property
    def usable(self) -> Ratings:
        """The answers that count: those of all but the panel whom no screening rule leaves out."""
        from rds.study.answers import received_answers

        received = received_answers(self)
        return (self.ratings if received is None else received).select(self.screening.usable)

    @cached_property
    def published(self) -> Published | None:
        """The means received from reports; None when there are none."""
        from rds.study.answers import read_means

        return read_means(self)


def with_decided_entries(study: Study, decided: Mapping[str, Value]) -> Study:
    """Return a study as it would be had some things been decided; nothing is recorded.

    Raises
    ------
    InputError
        When a setting would not be valid.
    """
    record = study.record
    made = tuple(
        Entry(record.length + n, "", "", "", "decision", subject, value, "", "", "", {})
        for n, (subject, value) in enumerate(decided.items(), start=1)
    )
    after = replace(record, entries=(*record.entries, *made))
    standing = standing_decisions(after)
    settings, problems = validate_settings(_with_decisions(study.given, standing), file="decision")
    if problems:
        raise InputError(problems)
    outline = _with_bounds(study.outline, standing)
    return replace(study, record=after, settings_or_none=settings, outline_or_none=outline)


def _read(folder: Folder) -> Study:
    """Read everything a folder holds, gathering problems."""
    tables = read_tables(folder.workbook)
    given, rows, found = _settings_and_rows(folder, tables)
    study_id = read_text(given.get("study.id", ("", ""))[0])
    record = read_record(folder.record, study=study_id)
    decided = standing_decisions(record)
    rows, accepted_differ = with_accepted(rows, record)
    file = STUDY_TEXT if folder.text.exists() else STUDY_WORKBOOK
    settings, setting_problems = validate_settings(_with_decisions(given, decided), file=file)
    scales, scale_problems = build_scales(rows.get("Scales", ()))
    outline, outline_problems = build_outline(rows)
    if outline is not None and settings is not None:
        outline, outline_problems = with_exam(outline, rows, settings.blueprint.cognitive_levels)
    sources = read_sources(folder)
    problems = (
        *tables.problems,
        *found,
        *accepted_differ,
        *setting_problems,
        *scale_problems,
        *outline_problems,
        *(_check_together(settings, scales, given, file) if settings else ()),
        *(_population_problems(rows, settings) if settings else ()),
        *_screening_problems(settings, rows, given, file),
        *phase_one_problems(rows, outline, settings, ignored=tables.ignored, folder=folder.root),
        *(
            comparison_problems(
                settings, outline, scales, rows.get("Demographics", ()), given=given, file=file
            )
            if settings and outline
            else ()
        ),
        *copy_problems(folder),
        *changed_sources(folder, sources),
    )
    study = Study(
        folder=folder,
        problems=problems,
        assumed=(*tables.assumed, *settings_read_as_shares(given), *_torn(record)),
        ignored=tables.ignored,
        rows=rows,
        record=record,
        sources=sources,
        given=given,
        settings_or_none=settings,
        outline_or_none=None if outline is None else _with_bounds(outline, decided),
        scales=scales,
    )
    return replace(study, problems=(*problems, *exam_problems(study), *_version_problems(study)))


def _version_problems(study: Study) -> list[Problem]:
    """Return what changed since outline and settings were fixed, as advice."""
    from rds.study.revisions import version_problems

    return version_problems(study)


def _population_problems(
    rows: Mapping[str, Sequence[Row]], settings: Settings
) -> Iterator[Problem]:
    """Yield what is wrong with the known shares of the population."""
    from rds.ratings.population import population_problems

    population, questions = rows.get("Population", ()), rows.get("Demographics", ())
    if population or settings.weighting.method != "none":
        yield from population_problems(population, questions, settings.weighting)


def _screening_problems(
    settings: Settings | None, rows: Mapping[str, Sequence[Row]], given: Given, file: str
) -> Iterator[Problem]:
    """Yield what is wrong with excluding rules and with conditions on answers."""
    from rds.study.screen import unknown_answers, unknown_rules

    if settings is not None:
        yield from unknown_rules(settings, given, file)
    yield from unknown_answers(rows.get("Demographics", ()))


def _torn(record: Record) -> Iterator[str]:
    """Say that a command was stopped while it wrote to the record."""
    if record.torn is not None:
        yield "record.jsonl: the last line is incomplete; it is set aside with the next decision"


def _settings_and_rows(
    folder: Folder, tables: Tables
) -> tuple[Given, dict[str, Sequence[Row]], list[Problem]]:
    """Return settings as typed and rows by sheet, from the workbook or the text beside it."""
    rows: dict[str, Sequence[Row]] = dict(tables.rows)
    given, problems = settings_from_rows(rows.get("Settings", ()))
    if not folder.text.exists():
        return given, rows, problems
    text, text_tables = settings_from_toml(folder.text)
    in_text = {name: own for name, own in text_tables.rows.items() if own}
    doubled = ["Settings"] if given and text else []
    doubled += [name for name in in_text if rows.get(name)]
    problems += [*text_tables.problems, *(_doubled(name) for name in doubled)]
    return text or given, {**rows, **in_text}, problems


def _doubled(name: str) -> Problem:
    """Return the problem of a table that stands in the workbook and in the text."""
    found = f"{name} here and in {STUDY_WORKBOOK}"
    mend = f"empty the sheet {name}, or remove it from {STUDY_TEXT}"
    return Problem(STUDY_TEXT, "", found, "one of the two", mend)


def _with_decisions(given: Given, decided: Mapping[str, Entry]) -> Given:
    """Let decisions on settings win over what the workbook says."""
    settings = {
        subject: (entry.value, f"record.jsonl, line {entry.sequence}")
        for subject, entry in decided.items()
        if "." in subject
        and not subject.startswith(CELL)
        and subject.rpartition(".")[2] not in (*DOMAIN_BOUNDS, *WHY)
    }
    return {**given, **settings}


def _with_bounds(outline: Outline, decided: Mapping[str, Entry]) -> Outline:
    """Let decisions on domains' minima and maxima win over the sheet."""
    domains = []
    for domain in outline.domains:
        bounds: dict[str, Any] = {
            name: decided[f"{domain.domain_id}.{name}"].value
            for name in DOMAIN_BOUNDS
            if f"{domain.domain_id}.{name}" in decided
        }
        domains.append(replace(domain, **bounds))
    return replace(outline, domains=tuple(domains))


def _check_together(
    settings: Settings, scales: Sequence[Scale], given: Given, file: str
) -> list[Problem]:
    """Check settings against the scales they name."""
    problems = []
    names = [scale.name for scale in scales]
    wanted = [("weights.scales", name) for name in settings.weights.scales]
    wanted += [("weights.domain_scale", name) for name in [settings.weights.domain_scale] if name]
    for key, name in [*wanted, ("retention.scale", settings.retention.scale)]:
        if names and find_scale(scales, name) is None:
            place = given.get(key, ("", key))[1]
            close = nearest(name, names) or names[0]
            choices = f"one of the scales {', '.join(names)}"
            problems.append(
                Problem(file, place, f"“{name}” for {key}", choices, f"write “{close}”")
            )
    if not settings.study.id:
        mend = "write a short name for the study that never changes, such as cps-2026"
        place = given.get("study.id", ("", "study.id"))[1]
        problems.append(Problem(file, place, "no study.id", "an identifier", mend))
    if not names:
        mend = "fill in the sheet Scales"
        problems.append(Problem(file, "Scales", "no scales", "at least one rating scale", mend))
    return problems
