"""What people said and decided: statement, ratings, retention, screening, files, record."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pandas as pd

from rds.blueprint.plan import Blueprint
from rds.documents.trace_step import LineFact, Provenance, Step, digits
from rds.scales import find_scale

_SETTINGS = (
    "weights.model", "weights.scales", "weights.domain_rule", "weights.panel_share_percent",
    "respondents.weight_from", "retention.rule", "retention.cut", "weighting.method",
    "blueprint.items", "blueprint.rounding", "blueprint.cell_rounding",
)  # fmt: skip
TOGETHER = "all rules together"
_NOT_RATED = ("n_not_performed", "n_not_applicable", "n_no_answer", "n_not_shown")


def statement_steps(blueprint: Blueprint, name: str, known: Provenance) -> Iterator[Step]:
    """Yield the words of a task or KSA, where it comes from, and what became of it."""
    outline = blueprint.outline
    tasks = {task.task_id: task for task in outline.tasks}
    ksas = {ksa.ksa_id: ksa for ksa in outline.ksas}
    own = tasks.get(name) or ksas[name]
    sheet = "sheet Tasks" if name in tasks else "sheet KSAs"
    yield Step("Statement", name, own.statement, sheet)
    yield Step("Statement", "status", str(own.status), sheet)
    if name in tasks:
        yield Step("Statement", "domain", tasks[name].domain_id, sheet)
    cited = known.citations.get(own.source.casefold(), "")
    for what, text in (
        ("source", f"{own.source}: {cited}" if cited else own.source),
        ("accepted by", own.accepted_by),
        ("note", own.note),
    ):
        if text:
            yield Step("Statement", what, text, sheet)


def rating_steps(blueprint: Blueprint, name: str) -> Iterator[Step]:
    """Yield mean, spread and counts on every scale that the model takes, by group."""
    table = blueprint.analysis.statement_ratings
    wanted = {scale.casefold() for scale in blueprint.settings.weights.scales}
    for row in table[table["statement_id"] == name].to_dict("records"):
        scale = find_scale(blueprint.scales, str(row["scale"]))
        base = "all" if scale is not None and scale.role == "frequency" else "performers"
        if str(row["scale"]).casefold() not in wanted or row["base"] not in (base, "rated", ""):
            continue
        group = " ".join(str(row[key]) for key in ("group", "wave") if row[key])
        counts = [
            f"{int(row[key])} {key.removeprefix('n_').replace('_', ' ')}"
            for key in _NOT_RATED
            if not pd.isna(row[key]) and row[key]
        ]
        mean = "withheld" if pd.isna(row["mean"]) else digits(row["mean"])
        sd = "" if pd.isna(row["sd"]) else f", sd {digits(row['sd'])}"
        others = f" ({', '.join(counts)})" if counts else ""
        weighted = ", by survey weights" if row["weighted"] is True else ""
        what = f"{row['scale']}, {group or 'everybody'}, {row['base']}{weighted}"
        text = f"mean {mean}{sd}, n {int(row['n'])}{others}"
        yield Step("Ratings", what, text, "tables/statement_ratings.csv")


def retention_steps(blueprint: Blueprint, task: str) -> Iterator[Step]:
    """Yield what each rule said of a task, and what holds."""
    table = blueprint.analysis.retention
    where = "tables/retention.csv"
    for row in table[table["task_id"] == task].to_dict("records"):
        if row["rule"] == "declared":
            text = f"verdict {row['verdict']}; retained: {row['retained']}"
            yield Step("Retention", TOGETHER, text, where)
        elif not pd.isna(row["value"]):
            text = f"{digits(row['value'])} against {digits(row['cut'])}: {row['verdict']}"
            yield Step("Retention", f"{row['rule']} {row['scale']}".strip(), text, where)


def respondent_steps(blueprint: Blueprint, known: Provenance) -> Iterator[Step]:
    """Yield which files were received, who was left out, and whose ratings set the weights."""
    for source in known.sources:
        text = f"{source.file}, {source.respondents}, {source.nature}, received {source.received}; "
        text += f"SHA-256 {source.sha256}"
        yield Step("Answers", f"file “{source.name}”", text, "responses/ingest.toml")
    analysis = blueprint.analysis
    if analysis.screening is not None:
        for row in analysis.screening.exclusions.to_dict("records"):
            text = f"{row['n_excluded']} left out, {row['n_remaining']} remain"
            yield Step("Answers", str(row["reason"]), text, "tables/exclusions.csv")
    for row in analysis.respondents.to_dict("records"):
        who = " ".join(str(row[key]) for key in ("group", "wave") if row[key]) or "everybody"
        yield Step("Answers", f"counted of {who}", f"{row['n']} ({row['nature']})")
    chosen = ", ".join(blueprint.settings.respondents.weight_from)
    yield Step(
        "Answers", "whose ratings set the weights", chosen, "setting respondents.weight_from"
    )


def decision_steps(
    blueprint: Blueprint, names: Collection[str], known: Provenance
) -> Iterator[Step]:
    """Yield the settings that matter with where they stand, and the lines of the record."""
    settings = blueprint.settings.model_dump(mode="json")
    for key in _SETTINGS:
        section, _, name = key.partition(".")
        value = settings.get(section, {}).get(name)
        if value in (None, "", [], 0):
            continue
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        yield Step("Rules", key, text, known.places.get(key, "not stated: the default"))
    subjects = {name.casefold() for name in (*names, *_SETTINGS)}
    for line in known.lines:
        subject = line.subject.casefold()
        concerns = subject in subjects or subject.partition(".")[0] in subjects
        if concerns or line.kind in ("sign-off", "approved", "amendment"):
            yield Step("Decisions", _title(line), _words(line), f"record.jsonl, line {line.line}")


def _title(line: LineFact) -> str:
    """Return what a line of the record is about."""
    return f"{line.kind} on {line.subject}"


def _words(line: LineFact) -> str:
    """Return what a line of the record says."""
    void = "" if line.holds else " (holds no longer)"
    return f"{line.value}, by {line.role}, {line.date}: {line.reason}{void}"
