"""Excel: a form to fill in, out and back in."""

from __future__ import annotations

from rds.survey.platforms.excel_read import read, recognise
from rds.survey.platforms.excel_write import column_name, write
from rds.survey.platforms.platform import Platform

PLATFORM = Platform(
    name="excel",
    title="Excel form",
    recognise=recognise,
    read=read,
    write=write,
    column_name=column_name,
)
