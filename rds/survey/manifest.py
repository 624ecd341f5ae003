"""An issued instrument as text: everything that is needed to know its answers again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rds.survey.instrument import Instrument, Option, Page, Question, Row

MANIFEST_FORMAT = 1


def manifest_json(instrument: Instrument, names: Mapping[str, object] | None = None) -> bytes:
    """Return an instrument as JSON.

    Parameters
    ----------
    instrument
        The instrument.
    names
        What every platform calls its columns, kept for people who look a column up.
    """
    data = {
        "format": MANIFEST_FORMAT,
        "kind": "instrument",
        "instrument": asdict(instrument),
        "columns": dict(names or {}),
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def read_manifest(content: bytes) -> Instrument:
    """Return the instrument of a manifest: the inverse of `manifest_json`.

    Raises
    ------
    ValueError
        When the text is no manifest, or of a newer version of rds.

    Examples
    --------
    >>> instrument = Instrument("cps", 1, "", ("en",), {"en": "Survey"}, ())
    >>> read_manifest(manifest_json(instrument)) == instrument
    True
    """
    try:
        data = json.loads(content)
        if data["format"] > MANIFEST_FORMAT:
            raise ValueError(f"format {data['format']}; this version reads {MANIFEST_FORMAT}")
        return _instrument(data["instrument"])
    except (KeyError, TypeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"no instrument as rds writes it ({error})") from None


def _instrument(data: dict[str, Any]) -> Instrument:
    """Build an instrument of plain values."""
    pages = tuple(
        Page(page["code"], page["words"], tuple(map(_question, page["questions"])))
        for page in data.pop("pages")
    )
    return Instrument(**{**data, "languages": tuple(data["languages"])}, pages=pages)


def _question(data: dict[str, Any]) -> Question:
    """Build a question of plain values."""
    return Question(
        **{
            **data,
            "options": tuple(Option(**option) for option in data["options"]),
            "rows": tuple(Row(**row) for row in data["rows"]),
            "eligible": tuple(data["eligible"]),
        }
    )
