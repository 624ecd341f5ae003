"""What rds knows of a survey platform: how to write a survey for it, how to read its exports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rds.survey.export import Export
from rds.survey.instrument import Instrument
from rds.survey.platforms.files import ReceivedFile

Names = Callable[[str, str, int, str], str]
"""The name of an export's column, from question code, row code, row position (from 1; 0 for none)
and option code; empty codes for none."""


@dataclass(frozen=True)
class Platform:
    """A survey platform.

    Parameters
    ----------
    name
        What people type: ``"limesurvey"``.
    title
        How it is called: “LimeSurvey”.
    recognise
        Tells from its content whether a file is an export of this platform.
    read
        Makes an Export of such a file.
    write
        Returns the content of the files to hand over, by file name; None when the platform takes
        none.
    column_name
        How an export names the column of an answer; None when it has no codes.
    """

    name: str
    title: str
    recognise: Callable[[ReceivedFile], bool] | None = None
    read: Callable[[ReceivedFile], Export] | None = None
    write: Callable[[Instrument], Mapping[str, bytes]] | None = None
    column_name: Names | None = None
