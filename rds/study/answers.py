"""The ratings of a study, from its stored files: answers, and means known from a report."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from rds.errors import InputError, Problem
from rds.ratings.combine import combine, newest
from rds.ratings.published import Published
from rds.ratings.published_reader import read_published
from rds.ratings.ratings import PILOT, Ratings
from rds.ratings.screening import everyone_excluded
from rds.ratings.store import read_responses
from rds.settings import Settings
from rds.study.panel_ratings import panel_ratings
from rds.study.sources import PUBLISHED, Source
from rds.survey.platforms.plain import read_plain

if TYPE_CHECKING:
    from rds.study.study import Study

Part = TypeVar("Part", Ratings, Published)


def read_answers(study: Study) -> Ratings:
    """Return the answers of all sources together.

    Raises
    ------
    InputError
        When no answers were received, or a stored file does not fit the outline and the scales.
    """
    sources = [source for source in study.sources if source.nature != PUBLISHED]
    if not sources:
        mend = f"run: rds receive {study.folder.root} FILE"
        problem = Problem("responses", "", "no answers", "at least one file received", mend)
        raise InputError([problem])

    def read(source: Source) -> Ratings:
        return read_responses(
            (study.folder.responses / source.stored_name).read_bytes(),
            name=f"responses/{source.stored_name}",
            scales=study.scales,
            statements_by_scale=study.statements_by_scale,
        )

    return combine(newest(_read_all(sources, read)))


def read_means(study: Study) -> Published | None:
    """Return the means received from reports; None when there are none.

    Raises
    ------
    InputError
        When a stored file does not fit the outline and the scales.
    """
    sources = [source for source in study.sources if source.nature == PUBLISHED]
    if not sources:
        return None

    def read(source: Source) -> Published:
        export = read_plain(study.folder.responses / source.stored_name)
        return read_published(export, scales=study.scales, expected=study.statements_by_scale)[0]

    parts = _read_all(sources, read)
    return Published(study.scales, pd.concat([part.table for part in parts], ignore_index=True))


def received_answers(study: Study) -> Ratings | None:
    """Return the answers of all but the panel; None where only a report's means are known."""
    return _without(study.ratings, study.settings) if answered(study) else None


def field_answers(study: Study) -> Ratings | None:
    """Return the answers of `received_answers` that count, since no screening rule excludes them.

    Raises
    ------
    InputError
        When screening would leave nobody.
    """
    return study.usable if answered(study) else None


def field_means(study: Study) -> Published | None:
    """Return the means received from reports, without the panel's."""
    published = study.published
    return None if published is None else _without(published, study.settings)


def panel_answers(study: Study) -> Ratings | None:
    """Return the panel's answers on the survey's scales, from the survey and from its own forms.

    None where no group is the panel's, and no SME has rated.
    """
    name = study.settings.respondents.panel
    parts = [judged] if (judged := panel_ratings(study)) is not None else []
    if name and answered(study):
        in_survey = study.ratings.of_groups([name])
        parts += [in_survey] if len(in_survey) or not parts else []
    return combine(parts) if parts else None


def weighting_ratings(study: Study) -> Ratings | Published:
    """Return the ratings of those whose ratings set the weights: answers, or published means.

    Raises
    ------
    InputError
        When nothing was received, a group or wave that the settings name has no ratings, the
        groups that set the weights are partly answers and partly published means, somebody would
        count twice, or screening leaves nobody.
    """
    if not study.sources:
        return study.ratings
    _refuse_unknown_groups(study)
    answers, means = field_answers(study), field_means(study)
    wanted = study.settings.respondents.weight_from
    in_answers, in_report = _groups(received_answers(study)), _groups(means)
    named = in_answers | in_report if "all" in wanted else set(wanted)
    if named & in_answers and named & in_report:
        found = "groups known by their answers and groups known by published means"
        mend = "name groups of one kind in respondents.weight_from"
        raise _refused("respondents.weight_from", found, "one kind", mend)
    if answers is not None and named & in_answers:
        chosen = answers.of_groups(wanted)
        if not len(chosen):
            where = f"the groups {', '.join(wanted)}"
            raise InputError([everyone_excluded(study.screening, where)])
        return _once(chosen, study)
    if means is not None and named & in_report:
        return means.of_groups(wanted)
    mend = "receive the field's answers too; the panel's never set the weights"
    raise _refused("respondents.panel", "answers of the panel alone", "answers of the field", mend)


def answered(study: Study) -> bool:
    """Tell whether anybody's answers were received, or nothing at all, which is an error."""
    return not study.sources or any(source.nature != PUBLISHED for source in study.sources)


def _without(ratings: Part, settings: Settings) -> Part:
    """Leave the panel out."""
    panel = settings.respondents.panel
    others = sorted(_groups(ratings) - {panel})
    return ratings.of_groups(others) if panel else ratings


def _groups(ratings: Ratings | Published | None) -> set[str]:
    """Return the names of the groups in answers or means."""
    if ratings is None:
        return set()
    table = ratings.respondents if isinstance(ratings, Ratings) else ratings.table
    return set(table["group"])


def _once(ratings: Ratings, study: Study) -> Ratings:
    """Return the ratings of the waves that set the weights; refuse respondents who stand twice."""
    section, waves = study.settings.respondents, sorted(set(ratings.respondents["wave"]))
    key = "respondents.weight_waves"
    unknown = [name for name in section.weight_waves if name not in ("all", *waves)]
    if unknown:
        names = ", ".join(f"“{name}”" for name in ["all", *waves] if name)
        found = f"nobody in the wave “{unknown[0]}”"
        raise _refused(key, found, f"one of {names}", "name the waves as they were received")
    if PILOT in section.weight_waves:
        mend = "name other waves, or all; the pilot is described, and compared with them"
        raise _refused(key, "the pilot", "waves that count; a pilot never does", mend)
    chosen = ratings.of_waves(section.weight_waves)
    if not len(chosen):
        mend = "receive the survey's answers under another wave, or none"
        raise _refused(key, "answers of the pilot alone", "answers that count", mend)
    doubled = int(chosen.respondents.index.duplicated().sum())
    if doubled:
        found = f"{doubled} respondents who answered in more than one wave"
        mend = "name one wave in respondents.weight_waves; the others are compared with it"
        raise _refused(key, found, "each respondent once", mend)
    return chosen


def _refused(place: str, found: str, wanted: str, mend: str) -> InputError:
    """Return the error for one problem of what was received."""
    return InputError([Problem("responses", place, found, wanted, mend)])


def _read_all(sources: list[Source], read: Callable[[Source], Part]) -> list[Part]:
    """Read every source; raise the problems of all."""
    parts: list[Part] = []
    problems: list[Problem] = []
    for source in sources:
        try:
            parts.append(read(source))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return parts


def _refuse_unknown_groups(study: Study) -> None:
    """Refuse groups in the settings that nobody belongs to."""
    in_answers = _groups(study.ratings) if answered(study) else set()
    present = sorted(in_answers | _groups(study.published))
    section = study.settings.respondents
    names = ", ".join(f"“{group}”" for group in ["all", *present] if group)
    named = {
        "weight_from": section.weight_from,
        "compare": section.compare,
        "panel": (section.panel,) if section.panel and panel_ratings(study) is None else (),
    }
    problems = [
        Problem(
            "responses",
            f"respondents.{key}",
            f"nobody in the group “{name}”",
            f"one of {names}",
            "name the groups as they were received",
        )
        for key, wanted in named.items()
        for name in wanted
        if name != "all" and name not in present
    ]
    if problems:
        raise InputError(problems)
