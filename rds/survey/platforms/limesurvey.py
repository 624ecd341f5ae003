"""LimeSurvey: its structure file (.txt) is written, its exports are read."""

from __future__ import annotations

from rds.survey.platforms.limesurvey_read import read
from rds.survey.platforms.limesurvey_table import recognise
from rds.survey.platforms.limesurvey_write import column_name, write
from rds.survey.platforms.platform import Platform

PLATFORM = Platform(
    name="limesurvey",
    title="LimeSurvey",
    recognise=recognise,
    read=read,
    write=write,
    column_name=column_name,
)
