"""REDCap: data dictionaries out, raw and label exports in."""

from __future__ import annotations

from rds.survey.platforms.platform import Platform
from rds.survey.platforms.redcap_read import read, recognise
from rds.survey.platforms.redcap_write import column_name, write

PLATFORM = Platform(
    name="redcap",
    title="REDCap",
    recognise=recognise,
    read=read,
    write=write,
    column_name=column_name,
)
