"""Who answered a study's survey: what its sheets, sources and codings say, put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from rds.analysis.analysis import Analysis
from rds.analysis.participation import Fieldwork, Participation, participation
from rds.analysis.write_ins import write_in_agreement, write_in_texts, write_ins_table
from rds.errors import WithheldError
from rds.notes import Note
from rds.ratings.demographics import DescribedQuestion, QuestionKind
from rds.ratings.dispositions import mailings
from rds.ratings.population import options_of, population_margins
from rds.ratings.published import Published
from rds.ratings.raking import SurveyWeights
from rds.ratings.ratings import Ratings
from rds.sheets import Row
from rds.study.accounts import source_notes, who_counts
from rds.study.answers import received_answers
from rds.study.codings import read_codings, write_in_decisions
from rds.study.sources import PUBLISHED
from rds.study.study import Study
from rds.survey.wording import coverage_options

_KINDS: dict[str, QuestionKind] = {
    "choice": "choice",
    "several": "several",
    "number": "number",
    "text": "text",
}


def with_participation(
    study: Study, analysis: Analysis, chosen: Ratings | Published, weights: SurveyWeights | None
) -> Analysis:
    """Return an analysis with who answered; unchanged where only published means are known."""
    if isinstance(chosen, Published):
        return analysis
    received = received_answers(study)
    everybody = _people(chosen if received is None else _not_eligible(study, received))
    chosen = _people(chosen)
    if not len(everybody):
        reason = "answers reconstructed from published figures are no people who were asked"
        note = Note("dispositions", "", "", "withheld", reason)
        return replace(analysis, notes=(*analysis.notes, note))
    found = participation(everybody, chosen, fieldwork(study), study.settings, weights=weights)
    found = _with_write_ins(study, found)
    return replace(
        analysis,
        participation=found,
        sentences=(*analysis.sentences, *who_counts(study, found)),
        notes=(*analysis.notes, *found.notes, *source_notes(study)),
    )


def _not_eligible(study: Study, ratings: Ratings) -> Ratings:
    """Mark as screened out whoever is not eligible by the answers given."""
    table = study.screening.table
    wrong = table.loc[(table["rule"] == "ineligible") & table["flagged"], "respondent_id"]
    people = ratings.respondents
    status = people["status"] if "status" in people else pd.Series("", index=people.index)
    status = status.mask(people.index.isin(wrong), "screened out")
    return replace(ratings, respondents=people.assign(status=status))


def _people(ratings: Ratings) -> Ratings:
    """Leave out respondents who were reconstructed from published figures."""
    return ratings.select((ratings.respondents["nature"] != "reconstructed").to_numpy())


def fieldwork(study: Study) -> Fieldwork:
    """Return what the sheets and sources of a study say of its survey."""
    rows = study.rows.get("Demographics", ())
    return Fieldwork(
        sources=_sources(study),
        left_out={source.name: source.report.get("left_out", {}) for source in study.sources},
        mailings=mailings(study.rows.get("Fielding", ())),
        questions=described_questions(rows, study.rows.get("Narrative", ())),
        represented=[
            row.text("question_id") for row in rows if row.values.get("represent") is True
        ],
        margins=population_margins(study.rows.get("Population", ())),
    )


def described_questions(rows: Sequence[Row], narrative: Sequence[Row]) -> list[DescribedQuestion]:
    """Return the questions to describe: all that do not say “no” under describe, and coverage.

    Parameters
    ----------
    rows, narrative
        Rows of the sheets Demographics and Narrative.
    """
    questions = []
    for row in rows:
        if row.values.get("describe") is not False:
            options = options_of(row)
            kind = _KINDS.get(row.text("kind"), "choice" if options else "text")
            questions.append(DescribedQuestion(row.text("question_id"), kind, options))
    return [*questions, DescribedQuestion("coverage", "choice", coverage_options(narrative))]


def _sources(study: Study) -> dict[tuple[str, str], str]:
    """Return the name of the source by respondent and wave."""
    found: dict[tuple[str, str], str] = {}
    for source in study.sources:
        if source.nature != PUBLISHED:
            path = study.folder.responses / source.stored_name
            columns = ["respondent_id", "wave"]
            table = pd.read_csv(path, usecols=columns, dtype=str, keep_default_na=False)
            people = table[columns].itertuples(index=False, name=None)
            found |= dict.fromkeys(people, source.name)
    return found


def _with_write_ins(study: Study, found: Participation) -> Participation:
    """Add what became of the write-ins."""
    codings = read_codings(study.folder)
    n = len(write_in_texts(study.ratings.respondents))
    table = write_ins_table(codings, write_in_decisions(study))
    notes = list(_write_in_notes(n, len(table)))
    agreement = found.write_in_agreement
    if len(codings):
        try:
            agreement = write_in_agreement(codings)
        except WithheldError as error:
            notes.append(Note("write_in_agreement", "", "value", "withheld", str(error)))
    return replace(
        found,
        write_ins=table,
        write_in_agreement=agreement,
        notes=(*found.notes, *notes),
    )


def _write_in_notes(n: int, n_coded: int) -> Iterator[Note]:
    """Say how many write-ins nobody has coded yet."""
    if n > n_coded:
        reason = f"{n - n_coded} of {n} write-ins are not coded yet (rds form code)"
        yield Note("write_ins", "", "disposition", "withheld", reason)
