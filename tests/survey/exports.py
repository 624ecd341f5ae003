"""Exports as a platform could write them, made of an instrument and of answers."""

from collections.abc import Mapping, Sequence

import pandas as pd

from rds.survey.asked import asked_by
from rds.survey.export import Export, ExportColumn
from rds.survey.instrument import Instrument


def described(instrument: Instrument, *, by: str = "code") -> list[ExportColumn]:
    """Return a column for every answer, known by its code, its words or its position."""
    questions = {q.code: q for q in instrument.questions}
    titles = {q.code: page.words["en"] for page in instrument.pages for q in page.questions}
    columns = []
    for number, one in enumerate(asked_by(instrument), 1):
        question = questions[one.question]
        if one.joined or (one.option and question.kind == "choice"):
            continue
        rows = {row.code: row.words[instrument.language] for row in question.rows}
        labels = {str(o.code): o.words[instrument.language] for o in question.options}
        codes = {
            "question": one.question,
            "row": one.row,
            "option": one.option,
        }
        words = {
            "question_text": question.words[instrument.language],
            "row_text": rows.get(one.row, ""),
            "option_text": labels.get(one.option, ""),
        }
        if by == "code":
            columns.append(ExportColumn(f"{one.question}|{one.row}|{one.option}", **codes))
        elif by == "words":
            columns.append(ExportColumn(f"column {number}", **words))
        elif by == "position":
            columns.append(
                ExportColumn(
                    f"column {number}",
                    question=f"Q{question.code}x",
                    question_text=f"{titles[one.question]}: {words['question_text']}",
                    option_text=words["option_text"],
                    position=one.position,
                )
            )
    return columns


def export(
    columns: Sequence[ExportColumn],
    rows: Sequence[Mapping[str, str]] = (),
    *,
    platform: str = "example",
    codes_are_ours: bool = True,
) -> Export:
    """Return an export with these columns and rows; cells that are not named are empty."""
    names = [column.name for column in columns]
    table = pd.DataFrame(
        [[row.get(name, "") for name in names] for row in rows],
        columns=names,
        index=range(2, 2 + len(rows)),
        dtype=str,
    )
    return Export(
        "answers.csv",
        "0" * 64,
        "wide",
        tuple(names),
        lambda: iter([table]),
        platform=platform,
        described=tuple(columns),
        codes_are_ours=codes_are_ours,
    )
