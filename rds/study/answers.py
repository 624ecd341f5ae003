"""The ratings of a study, from its stored files: answers, and means known from a report."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from rds.errors import InputError, Problem
from rds.ratings.combine import combine, newest
from rds.ratings.published import Published
from rds.ratings.published_reader import read_published
from rds.ratings.ratings import Ratings
from rds.ratings.store import read_responses
from rds.study.screen import everyone_excluded
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


def weighting_ratings(study: Study) -> Ratings | Published:
    """Return the ratings of those whose ratings set the weights: answers, or published means.

    Raises
    ------
    InputError
        When nothing was received, a group that the settings name has no ratings, the groups that
        set the weights are partly answers and partly published means, or screening leaves nobody
        in them.
    """
    published = study.published
    answered = any(source.nature != PUBLISHED for source in study.sources)
    ratings = study.usable if answered or published is None else None
    received = None if ratings is None else study.ratings
    in_answers = set() if received is None else set(received.respondents["group"])
    in_report = set() if published is None else set(published.table["group"])
    _refuse_unknown_groups(study, sorted(in_answers | in_report))
    wanted = study.settings.respondents.weight_from
    named = in_answers | in_report if "all" in wanted else set(wanted)
    if named & in_answers and named & in_report:
        found = "groups known by their answers and groups known by published means"
        mend = "name groups of one kind in respondents.weight_from"
        problem = Problem("responses", "respondents.weight_from", found, "one kind", mend)
        raise InputError([problem])
    chosen = ratings if published is None or named & in_answers else published
    weighting = study.usable if chosen is None else chosen.of_groups(wanted)
    if isinstance(weighting, Ratings) and not len(weighting):
        raise InputError([everyone_excluded(study.screening, f"the groups {', '.join(wanted)}")])
    return weighting


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


def _refuse_unknown_groups(study: Study, present: list[str]) -> None:
    """Refuse groups in the settings that nobody belongs to."""
    section = study.settings.respondents
    names = ", ".join(f"“{group}”" for group in ["all", *present] if group)
    problems = [
        Problem(
            "responses",
            f"respondents.{key}",
            f"nobody in the group “{name}”",
            f"one of {names}",
            "name the groups as they were received",
        )
        for key, wanted in (("weight_from", section.weight_from), ("compare", section.compare))
        for name in wanted
        if name != "all" and name not in present
    ]
    if problems:
        raise InputError(problems)
