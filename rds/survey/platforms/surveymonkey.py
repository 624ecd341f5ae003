"""SurveyMonkey: exports are read, and a paste sheet is written, since it imports no survey."""

from __future__ import annotations

from collections.abc import Mapping

from rds.survey.instrument import Instrument
from rds.survey.platforms.paste_sheet import SURVEYMONKEY, paste_sheet
from rds.survey.platforms.platform import Platform
from rds.survey.platforms.surveymonkey_read import read, recognise


def write(instrument: Instrument) -> Mapping[str, bytes]:
    """Return a workbook to copy and paste from."""
    return {f"{instrument.name}-surveymonkey.xlsx": paste_sheet(instrument, SURVEYMONKEY)}


PLATFORM = Platform(
    name="surveymonkey", title="SurveyMonkey", recognise=recognise, read=read, write=write
)
