"""Stored answers: one pseudonymous wide CSV file per source, and back."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.errors import InputError, Problem
from rds.ratings.frames import NO_ANSWER, NOT_APPLICABLE, NOT_SHOWN, Codes
from rds.ratings.mapping import some
from rds.ratings.ratings import RESPONDENT_COLUMNS, Ratings
from rds.scales import HIGHEST_POINT, Scale

_FIXED_COLUMNS = ["respondent_id", *RESPONDENT_COLUMNS]
_BLOCK_ROWS = 20_000
_STORED_NOT_APPLICABLE = 99
_NO_CODE = 127

# Indexed by code: points count from the front, “not shown” (-3) to “no answer” (-1) from the end.
_CELL_TEXTS = np.array(
    [*map(str, range(HIGHEST_POINT + 1)), "-3", str(_STORED_NOT_APPLICABLE), ""], dtype=object
)
_SHARE_TEXTS = np.array([*map(str, range(101)), "-3", "-2", ""], dtype=object)


def responses_csv(ratings: Ratings) -> bytes:
    """Return ratings as the content of a stored file.

    UTF-8 without byte-order mark, lines end in LF. Columns: ``respondent_id``, ``group``,
    ``wave``, ``nature``, the demographic questions, then ``T01_importance`` and so on, scale by
    scale. A blank is no answer, 99 not applicable, -3 not shown. Respondents are sorted by
    identifier, so that the order in which they answered is lost. Texts are data and stored as
    they are, also those that a spreadsheet program would take for formulas.

    Examples
    --------
    >>> frame = pd.DataFrame({"T01": [4, None]}, index=["R2", "R1"])
    >>> print(responses_csv(Ratings.from_frames(importance=frame)).decode(), end="")
    respondent_id,group,wave,nature,T01_importance
    R1,,,answers,
    R2,,,answers,4
    """
    order = np.argsort(ratings.respondents.index.to_numpy(dtype=object), kind="stable")
    people = ratings.respondents.iloc[order].reset_index(names="respondent_id")
    texts = {name: list(map(_quoted, column)) for name, column in people.items()}
    rated = {
        f"{statement}_{scale.name}": _texts_of(scale)[codes[order]].tolist()
        for scale in ratings.scales
        for statement, codes in zip(
            ratings.statements[scale.name], ratings.codes[scale.name], strict=True
        )
    }
    columns = texts | rated
    lines = [tuple(map(_quoted, columns)), *zip(*columns.values(), strict=True)]
    return "".join(",".join(line) + "\n" for line in lines).encode()


def _texts_of(scale: Scale) -> NDArray[np.object_]:
    """Return the text of every code; points shared out of 100 leave no number for a state."""
    return _SHARE_TEXTS if scale.is_allocation else _CELL_TEXTS


def _quoted(value: object) -> str:
    """Return a text as a CSV cell."""
    text = str(value)
    special = any(character in text for character in ',"\r\n')
    return '"' + text.replace('"', '""') + '"' if special else text


def read_responses(
    content: bytes,
    *,
    name: str,
    scales: Sequence[Scale],
    statements_by_scale: Mapping[str, tuple[str, ...]],
) -> Ratings:
    """Read a stored file: the inverse of `responses_csv`.

    Statements that the file does not have are not shown; statements that it has and that are
    rated no more are left out.

    Parameters
    ----------
    content
        The file's bytes.
    name
        The file's name, for messages.
    scales
        The rating scales as they are now.
    statements_by_scale
        Identifiers of the statements rated on each scale, by scale name.

    Raises
    ------
    InputError
        When the file is not as rds writes it, or the scales have changed since: ratings on a
        scale that is gone, or answers that are no points of their scale any more.

    Examples
    --------
    >>> frame = pd.DataFrame({"T01": [4, None]}, index=["R1", "R2"])
    >>> ratings = Ratings.from_frames(importance=frame)
    >>> again = read_responses(
    ...     responses_csv(ratings), name="responses/survey.csv",
    ...     scales=ratings.scales, statements_by_scale=ratings.statements,
    ... )
    >>> again.codes["importance"].tolist()
    [[4, -1]]
    """
    headers = _headers(content, name)
    problems = _gone_scales(name, headers, scales, statements_by_scale)
    statements = {scale.name: statements_by_scale.get(scale.name, ()) for scale in scales}
    wanted = {
        scale: [f"{statement}_{scale}" for statement in statements[scale]] for scale in statements
    }
    texts = [header for header in headers if header.partition("_")[2] not in wanted]
    shared = {name for scale in scales if scale.is_allocation for name in wanted[scale.name]}
    people, stored = _read_table(content, name, texts, sorted({*headers} - {*texts}), shared)
    codes = {scale: _aligned(stored, names, len(people)) for scale, names in wanted.items()}
    problems += [problem for scale in scales for problem in _off_scale(name, scale, codes)]
    if problems:
        raise InputError(problems)
    return Ratings(tuple(scales), statements, codes, people)


def _headers(content: bytes, name: str) -> list[str]:
    """Return the headers of a stored file."""
    if content and not content.endswith(b"\n"):
        raise _not_ours(name, "a file that is cut off")
    try:
        headers = next(csv.reader(io.StringIO(content.decode(), newline="")), [])
    except UnicodeDecodeError:
        headers = []
    if headers[: len(_FIXED_COLUMNS)] != _FIXED_COLUMNS or len(set(headers)) < len(headers):
        raise _not_ours(name, "headers that rds does not write")
    return headers


def _not_ours(name: str, found: str) -> InputError:
    """Return the error for a file that is not as rds writes it."""
    mend = "restore the file from a backup, or receive the answers again"
    return InputError([Problem(name, "", found, "a file of answers as rds stores it", mend)])


def _gone_scales(
    name: str,
    headers: Sequence[str],
    scales: Sequence[Scale],
    statements_by_scale: Mapping[str, tuple[str, ...]],
) -> list[Problem]:
    """Report ratings of our statements on scales that there are no more."""
    known = {statement for statements in statements_by_scale.values() for statement in statements}
    present = [scale.name for scale in scales]
    pairs = [header.partition("_")[::2] for header in headers[len(_FIXED_COLUMNS) :]]
    gone = dict.fromkeys(scale for statement, scale in pairs if statement in known and scale)
    return [
        Problem(
            name,
            "",
            f"ratings on a scale “{scale}”",
            f"ratings on the scales of the study: {', '.join(present)}",
            "give the scale back the name that it had when the answers came, or receive them again",
        )
        for scale in gone
        if scale not in present
    ]


def _read_table(
    content: bytes, name: str, texts: Sequence[str], rated: Sequence[str], shared: Collection[str]
) -> tuple[pd.DataFrame, dict[str, Codes]]:
    """Return the table of respondents, and codes by header; `shared` are points out of 100."""
    is_share = np.isin(list(rated), list(shared))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            blocks = pd.read_csv(
                io.BytesIO(content),
                dtype=dict.fromkeys(texts, str) | dict.fromkeys(rated, float),
                na_values={header: [""] for header in rated},
                keep_default_na=False,
                index_col=False,
                chunksize=_BLOCK_ROWS,
            )
            parts = [
                (block[list(texts)], _block_codes(block[list(rated)], is_share)) for block in blocks
            ]
    except (pd.errors.ParserError, pd.errors.ParserWarning, ValueError):
        raise _not_ours(name, "rows that rds does not write") from None
    people = pd.concat([part for part, _ in parts]).set_index("respondent_id")
    if people.index.has_duplicates:
        raise _not_ours(name, "respondents who stand there more than once")
    codes = np.hstack([part for _, part in parts])
    return people, dict(zip(rated, codes, strict=True))


def _block_codes(block: pd.DataFrame, is_share: NDArray[np.bool_]) -> Codes:
    """Return the codes of a block, statements × respondents; `_NO_CODE` for what is none."""
    values = block.to_numpy(dtype=float)
    values = np.where(np.isnan(values), NO_ANSWER, values)
    values = np.where((values == _STORED_NOT_APPLICABLE) & ~is_share, NOT_APPLICABLE, values)
    highest = np.where(is_share, 100, HIGHEST_POINT)
    sound = (values == np.round(values)) & (values >= NOT_SHOWN) & (values <= highest)
    return np.where(sound, values, _NO_CODE).astype(np.int8).T


def _aligned(stored: Mapping[str, Codes], headers: Sequence[str], n: int) -> Codes:
    """Return the codes of some columns, “not shown” for those the file does not have."""
    aligned = np.full((len(headers), n), NOT_SHOWN, dtype=np.int8)
    for row, header in enumerate(headers):
        if header in stored:
            aligned[row] = stored[header]
    return aligned


def _off_scale(name: str, scale: Scale, by_scale: Mapping[str, Codes]) -> list[Problem]:
    """Report answers that are no points of their scale."""
    codes = by_scale[scale.name]
    points = [point.value for point in scale.points]
    off = codes[~np.isin(codes, [*points, NO_ANSWER, NOT_APPLICABLE, NOT_SHOWN])]
    if not off.size:
        return []
    found = ["something else" if code == _NO_CODE else str(code) for code in np.unique(off)]
    return [
        Problem(
            name,
            f"scale “{scale.name}”",
            f"{off.size} answers that are no points of the scale: {some(found)}",
            f"its points {', '.join(map(str, points))}",
            "give the scale back the points that it had when the answers came, or receive them "
            "again",
        )
    ]
