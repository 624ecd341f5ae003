"""Tracing a number of a study's blueprint back to files, rules, decisions and roles."""

from __future__ import annotations

from rds.blueprint.plan import Blueprint
from rds.documents.trace import Trace, trace_blueprint
from rds.documents.trace_step import LineFact, Provenance, SourceFact
from rds.errors import InputError, Problem
from rds.record import standing_decisions
from rds.study.building import build_blueprint
from rds.study.signing import changing_entries
from rds.study.study import Study


def trace(study: Study, subject: str) -> Trace:
    """Trace a domain, a cell, a task or a KSA of a study.

    Parameters
    ----------
    study
        The study, opened.
    subject
        As for `trace_blueprint`.

    Raises
    ------
    InputError
        When nothing has that name, or no blueprint can be built.
    """
    blueprint = build_blueprint(study)
    return trace_in(study, blueprint, subject)


def trace_in(study: Study, blueprint: Blueprint, subject: str) -> Trace:
    """Trace a subject in a blueprint that is built already."""
    try:
        return trace_blueprint(blueprint, subject, provenance=provenance(study))
    except ValueError as error:
        wanted = "a domain (D1), a cell (D1 | application), a task (T07) or a KSA (K3)"
        problem = Problem("rds trace", "", str(error), wanted, "write one of them")
        raise InputError([problem]) from None


def provenance(study: Study, *, signatures: bool = True) -> Provenance:
    """Return what is known of a study's files and record, with or without who signed it."""
    entries = study.record.entries if signatures else changing_entries(study.record)
    standing = {entry.sequence for entry in standing_decisions(study.record).values()}
    return Provenance(
        sources=tuple(
            SourceFact(
                source.name,
                source.file,
                source.sha256,
                source.received[:10],
                source.nature,
                _size(source.report),
            )
            for source in study.sources
        ),
        lines=tuple(
            LineFact(
                line=entry.sequence,
                date=entry.time[:10],
                kind=entry.kind,
                role=entry.role,
                subject=entry.subject,
                value=str(entry.value),
                reason=entry.reason,
                holds=entry.kind != "decision" or entry.sequence in standing,
            )
            for entry in entries
        ),
        places={key: _place(study, key) for key in [*study.given, *study.decisions]},
        citations={
            row.text("source_id").casefold(): row.text("citation")
            for row in study.rows.get("Sources", ())
        },
    )


def _size(report: object) -> str:
    """Say how much a source holds."""
    known = report if isinstance(report, dict) else {}
    if "n_means" in known:
        return f"{known['n_means']} published means"
    return f"{known.get('n_respondents', '?')} respondents"


def _place(study: Study, key: str) -> str:
    """Return where a setting stands: the record wins over the sheet."""
    if key in study.decisions:
        return f"record.jsonl, line {study.decisions[key].sequence}"
    return study.given[key][1]
