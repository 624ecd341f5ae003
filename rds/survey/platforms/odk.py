"""ODK Central: answers as CSV."""

from __future__ import annotations

from rds.survey.export import ColumnRole, Export
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.platform import Platform
from rds.survey.platforms.xlsform_columns import Flavour
from rds.survey.platforms.xlsform_read import headers_of, read_export
from rds.survey.platforms.xlsform_write import column_name, write

_ROLES: dict[str, ColumnRole] = {
    "KEY": "respondent",
    "SubmissionDate": "submitted",
    "start": "started",
    "end": "technical",
    "today": "technical",
    "meta-instanceID": "technical",
    "instanceID": "technical",
    "meta-instanceName": "personal",
    "instanceName": "personal",
    "meta-audit": "personal",
    "audit": "personal",
    "SubmitterID": "personal",
    "SubmitterName": "personal",
    "DeviceID": "personal",
    "deviceid": "personal",
    "AttachmentsPresent": "technical",
    "AttachmentsExpected": "technical",
    "Status": "technical",
    "ReviewState": "technical",
    "Edits": "technical",
    "FormVersion": "technical",
    "isValidated": "technical",
}
_CENTRAL = frozenset({"meta-instanceID", "instanceID", "SubmitterID", "FormVersion", "isValidated"})


def recognise(file: ReceivedFile) -> bool:
    """Tell from its headers whether a table is an export of ODK."""
    headers = set(headers_of(file))
    return {"SubmissionDate", "KEY"} <= headers and not _CENTRAL.isdisjoint(headers)


def read(file: ReceivedFile) -> Export:
    """Return an export of ODK Central.

    Raises
    ------
    InputError
        In one problem, why the file cannot be used.
    """
    return read_export(file, "odk", Flavour("-", _ROLES), _reason)


def _reason(row: dict[str, str]) -> str:
    """Return why a row is no answer of a respondent."""
    if row.get("Status", "").strip() == "not decrypted":
        return "not decrypted"
    return "rejected in review" if row.get("ReviewState", "").strip() == "rejected" else ""


PLATFORM = Platform(
    name="odk",
    title="ODK Central",
    recognise=recognise,
    read=read,
    write=write,
    column_name=column_name,
)
