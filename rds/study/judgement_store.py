"""Judgements as stored: one file for each person and round, and what they say now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from rds.analysis.panel import links_of
from rds.files import write_atomically
from rds.outline.judgements import Judged, still_holds
from rds.study.folder import Folder
from rds.study.judging_rounds import Who, asked_now, read_rounds
from rds.study.study import Study

STORED = ("part", "statement_id", "aspect", "value")
"""Columns of a stored file; ``aspect`` is the KSA of a link, the scale of a rating."""

JUDGEMENT_COLUMNS = ("round", "sme_id", *STORED)
"""Columns of `read_judgements`."""

COMMENT, FINDING, SUGGESTION = "comment", "finding", "suggestion"
"""What stands in stored files beside judgements, as further parts."""

Stored = dict[Judged, str]


def store_judgements(
    folder: Folder,
    who: Who,
    number: int,
    holder: str,
    judgements: Mapping[Judged, str],
    *,
    receipt: Mapping[str, Any] | None = None,
) -> Path:
    """Store what one person said in one round, and where it comes from.

    Parameters
    ----------
    folder
        The study folder.
    who, number, holder
        Whose round, which, and whose judgements.
    judgements
        Value by place.
    receipt
        ``files`` received, ``remarks``, and the ``nature``, ``"simulated"`` where nobody judged.
    """
    place = judgement_file(folder, who, number, holder)
    rows = [(*key, value) for key, value in judgements.items()]
    table = pd.DataFrame(rows, columns=list(STORED))
    place.parent.mkdir(parents=True, exist_ok=True)
    said = {"files": [], "remarks": [], "nature": "answers", **(receipt or {})}
    write_atomically(place.with_suffix(".json"), (json.dumps(said, indent=1) + "\n").encode())
    write_atomically(place, table.to_csv(index=False, lineterminator="\n").encode())
    return place


def read_judgements(folder: Folder, who: Who = "judgements") -> pd.DataFrame:
    """Return all that was received, round by round (columns `JUDGEMENT_COLUMNS`)."""
    parts = [
        pd.read_csv(path, dtype=str, keep_default_na=False).assign(
            round=int(path.parent.name.rpartition("-")[2]), sme_id=path.stem
        )
        for path in judgement_files(folder)
        if path.suffix == ".csv" and path.parent.name.startswith(_PREFIX[who])
    ]
    empty = pd.DataFrame(columns=list(JUDGEMENT_COLUMNS))
    return pd.concat(parts, ignore_index=True)[list(JUDGEMENT_COLUMNS)] if parts else empty


def current_judgements(study: Study) -> tuple[pd.DataFrame, int]:
    """Return the panel's judgements that still hold, and how many do not.

    Those of the newest round count, part by part. A judgement holds no more where the statement
    was reworded or removed since.
    """
    table = read_judgements(study.folder)
    rounds = {one.number: one for one in read_rounds(study.folder)}
    table = table[table["round"].isin(list(rounds)) & (table["part"] != COMMENT)]
    if not len(table):
        return table, 0
    newest = table.groupby("part")["round"].transform("max")
    table = table[table["round"] == newest]
    now = {number: asked_now(study, one.ask.parts) for number, one in rounds.items()}
    holds = [
        still_holds(place, value, old=rounds[number].ask, new=now[number])
        for number, place, value in _places(table)
    ]
    return table[holds].reset_index(drop=True), len(table) - sum(holds)


def judgement_files(folder: Folder) -> list[Path]:
    """Return the stored files of judgements, and what they come from, in order."""
    return sorted((folder.root / "judgements").glob("*-*/*.*"))


def who_answered(folder: Folder, who: Who, number: int) -> set[str]:
    """Return whose forms of a round came back."""
    return {path.stem for path in judgement_file(folder, who, number, "x").parent.glob("*.csv")}


def first_judged(folder: Folder) -> dict[str, date]:
    """Return when the first form of each SME came back."""
    found: dict[str, date] = {}
    for path in judgement_files(folder):
        if path.suffix == ".json" and path.parent.name.startswith(_PREFIX["judgements"]):
            times = [str(file["received"]) for file in json.loads(path.read_bytes())["files"]]
            days = [datetime.fromisoformat(time).date() for time in times]
            if days:
                found[path.stem] = min([*days, *([found[path.stem]] if path.stem in found else [])])
    return found


def judgement_days(folder: Folder) -> list[date]:
    """Return the days on which forms of judgements came back."""
    times = [
        str(file["received"])
        for path in judgement_files(folder)
        if path.suffix == ".json"
        for file in json.loads(path.read_bytes())["files"]
    ]
    return [datetime.fromisoformat(time).date() for time in times]


def simulated_judges(folder: Folder) -> list[str]:
    """Return the SMEs whose judgements were simulated."""
    return sorted(
        {
            path.stem
            for path in judgement_files(folder)
            if path.suffix == ".json" and json.loads(path.read_bytes()).get("nature") == "simulated"
        }
    )


def link_judgements(study: Study) -> pd.DataFrame:
    """Return the levels of links that SMEs gave: ``sme_id``, ``task_id``, ``ksa_id``, ``level``."""
    return links_of(current_judgements(study)[0])


def judged_links(study: Study) -> pd.DataFrame | None:
    """Return `link_judgements` if there are any, and they go before the sheet Linkage."""
    if study.settings.linkage.links_from == "sheet":
        return None
    links = link_judgements(study)
    return links if len(links) else None


def _places(table: pd.DataFrame) -> list[tuple[int, Judged, str]]:
    """Return round, place and value of each judgement."""
    columns = [table[name].tolist() for name in ("round", *STORED)]
    return [(int(n), (part, s, a), value) for n, part, s, a, value in zip(*columns, strict=True)]


_PREFIX: Mapping[Who, str] = {"judgements": "round-", "independent": "independent-"}


def judgement_file(folder: Folder, who: Who, number: int, holder: str) -> Path:
    """Return where one person's judgements of a round are stored."""
    return folder.root / "judgements" / f"{_PREFIX[who]}{number}" / f"{holder}.csv"


def stored_judgements(place: Path) -> Stored:
    """Return what was stored of one person and round before."""
    if not place.exists():
        return {}
    table = pd.read_csv(place, dtype=str, keep_default_na=False)
    return {(a, b, c): value for a, b, c, value in table[list(STORED)].itertuples(index=False)}


def receipt_of(place: Path) -> dict[str, Any]:
    """Return what is known of the files received before."""
    path = place.with_suffix(".json")
    told: dict[str, Any] = {"files": [], "remarks": [], "nature": "answers"}
    return {**told, **json.loads(path.read_bytes())} if path.exists() else told
