"""Alchemer, once SurveyGizmo: exports are read, and a paste sheet is written."""

from __future__ import annotations

from collections.abc import Mapping

from rds.survey.instrument import Instrument
from rds.survey.platforms.alchemer_read import read, recognise
from rds.survey.platforms.paste_sheet import ALCHEMER, paste_sheet
from rds.survey.platforms.platform import Platform


def write(instrument: Instrument) -> Mapping[str, bytes]:
    """Return a workbook to copy and paste from."""
    return {f"{instrument.name}-alchemer.xlsx": paste_sheet(instrument, ALCHEMER)}


PLATFORM = Platform(name="alchemer", title="Alchemer", recognise=recognise, read=read, write=write)
