"""XLSForm: forms for ODK and KoboToolbox."""

from __future__ import annotations

from rds.survey.platforms.platform import Platform
from rds.survey.platforms.xlsform_write import column_name, write

PLATFORM = Platform(
    name="xlsform", title="XLSForm (ODK, KoboToolbox)", write=write, column_name=column_name
)
