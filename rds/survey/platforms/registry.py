"""The survey platforms that rds knows, and those that installed packages add."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from rds.errors import InputError, Problem, nearest
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.platform import Platform

ENTRY_POINTS = "rds.platforms"
"""Installed packages name further platforms under this group of entry points."""

_MODULES = (
    "qualtrics",
    "limesurvey",
    "surveymonkey",
    "redcap",
    "alchemer",
    "microsoft_forms",
    "google_forms",
    "surveyjs",
    "xlsform",
    "kobo",
    "odk",
    "spss",
    "stata",
    "parquet",
    "excel",
    "word",
    "codebook",
)


@cache
def platforms() -> tuple[Platform, ...]:
    """Return every platform, in the order in which files are recognised."""
    own = [import_module(f"rds.survey.platforms.{name}").PLATFORM for name in _MODULES]
    return (*own, *(point.load() for point in entry_points(group=ENTRY_POINTS)))


def find_platform(name: str) -> Platform:
    """Return the platform of that name.

    Raises
    ------
    InputError
        When there is none, with the names there are.
    """
    known = {platform.name: platform for platform in platforms()}
    found = known.get(name.casefold().replace(" ", "_").replace("-", "_"))
    if found is None:
        meant = nearest(name, known)
        mend = f"write “{meant}”" if meant else "choose one of them"
        raise InputError([Problem("--platform", "", f"“{name}”", ", ".join(known), mend)])
    return found


def recognise(file: ReceivedFile) -> Platform | None:
    """Return the platform that wrote a file, by its content; None for any other table."""
    return next((p for p in platforms() if p.recognise is not None and p.recognise(file)), None)
