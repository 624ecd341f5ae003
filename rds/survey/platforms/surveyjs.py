"""SurveyJS: surveys as JSON out, results as JSON or a table in."""

from __future__ import annotations

from rds.survey.platforms.platform import Platform
from rds.survey.platforms.surveyjs_read import read, recognise
from rds.survey.platforms.surveyjs_write import column_name, write

PLATFORM = Platform(
    name="surveyjs",
    title="SurveyJS",
    recognise=recognise,
    read=read,
    write=write,
    column_name=column_name,
)
