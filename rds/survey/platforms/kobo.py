"""KoboToolbox: answers as CSV or XLSX."""

from __future__ import annotations

from rds.survey.export import ColumnRole, Export
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.platform import Platform
from rds.survey.platforms.xlsform_columns import Flavour
from rds.survey.platforms.xlsform_read import headers_of, read_export
from rds.survey.platforms.xlsform_write import column_name, write

_ROLES: dict[str, ColumnRole] = {
    "_id": "respondent",
    "_uuid": "personal",
    "_submission_time": "submitted",
    "start": "started",
    "end": "technical",
    "today": "technical",
    "deviceid": "personal",
    "username": "personal",
    "phonenumber": "personal",
    "simserial": "personal",
    "subscriberid": "personal",
    "audit": "personal",
    "_submitted_by": "personal",
    "_validation_status": "technical",
    "_notes": "technical",
    "_status": "technical",
    "_tags": "technical",
    "_index": "technical",
    "_parent_table_name": "technical",
    "_parent_index": "technical",
    "__version__": "technical",
    "_version_": "technical",
    "formhub/uuid": "technical",
    "meta/instanceID": "technical",
    "meta/instanceName": "personal",
    "meta/rootUuid": "technical",
    "meta/deprecatedID": "technical",
    "_attachments": "personal",
    "_geolocation": "personal",
}
_NOT_APPROVED = ("not approved", "validation_status_not_approved")


def recognise(file: ReceivedFile) -> bool:
    """Tell from its headers whether a table is an export of KoboToolbox."""
    headers = set(headers_of(file))
    return "_uuid" in headers and not {"_id", "_submission_time"}.isdisjoint(headers)


def read(file: ReceivedFile) -> Export:
    """Return an export of KoboToolbox, with names or labels as headers.

    Raises
    ------
    InputError
        In one problem, why the file cannot be used.
    """
    by_number = "_id" in headers_of(file)
    roles = _ROLES if by_number else _ROLES | {"_uuid": "respondent"}
    return read_export(file, "kobo", Flavour("/", roles), _reason)


def _reason(row: dict[str, str]) -> str:
    """Return why a row is no answer of a respondent."""
    cells = [cell.strip() for cell in row.values()]
    if any(cell.startswith("#") for cell in cells) and all(c[:1] in ("", "#") for c in cells):
        return "tags below the headers"
    status = row.get("_validation_status", "").strip().casefold()
    return "not approved in review" if status in _NOT_APPROVED else ""


PLATFORM = Platform(
    name="kobo",
    title="KoboToolbox",
    recognise=recognise,
    read=read,
    write=write,
    column_name=column_name,
)
