"""Everything that has to be settled before anybody may sign, all at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from rds.analysis.retention import open_reviews
from rds.blueprint.plan import Blueprint
from rds.errors import InfeasibleError, InputError, Problem
from rds.files import canonical_json, sha256, sha256_of_file
from rds.study.building import build_blueprints
from rds.study.codings import open_write_ins
from rds.study.judging_status import open_findings
from rds.study.outputs import MANIFEST, OUT
from rds.study.panel import open_panel_differences
from rds.study.review_state import MEETING, open_review
from rds.study.revisions import unexplained
from rds.study.status import outputs_are_current
from rds.study.study import Study

_RUN = "run: rds run FOLDER, and look at what changed"


def build_if_possible(study: Study) -> tuple[dict[str, Blueprint], list[Problem]]:
    """Return the blueprints of a study, or every problem that keeps them from being built."""
    found = [problem for problem in study.problems if problem.severity == "error"]
    if found:
        return {}, found
    try:
        return build_blueprints(study), []
    except InputError as error:
        return {}, list(error.problems)
    except InfeasibleError as error:
        mend = "change the bounds or the exam length"
        return {}, [Problem("study", "Domains", str(error), "bounds that can be met", mend)]


def open_matters(
    study: Study, built: Mapping[str, Blueprint], outputs: Mapping[str, bytes]
) -> list[Problem]:
    """Return all that is open in a study without problems.

    Parameters
    ----------
    study
        The study, opened.
    built, outputs
        Its blueprints by credential and its outputs, as they are now.
    """
    return [
        *_outputs(study, outputs),
        *(problem for blueprint in built.values() for problem in _totals(blueprint)),
        *(problem for blueprint in built.values() for problem in _reviews(study, blueprint)),
        *_differences(study),
        *(
            Problem("study.xlsx", "", str(one), "a reason", "give one: rds lock FOLDER …")
            for one in unexplained(study)
        ),
        *(
            Problem("record.jsonl", "", text, "a decision", "settle it: rds decide FOLDER …")
            for text in (*open_write_ins(study), *open_findings(study))
        ),
        *(
            Problem(MEETING, "", text, "accepted or refused", "decide it: rds receive FOLDER …")
            for text in open_review(study)
        ),
    ]


def tables_digest(outputs: Mapping[str, bytes]) -> str:
    """Return one hash of all tables among the outputs: what a signature stands for."""
    hashes = {name: sha256(content) for name, content in _tables(outputs).items()}
    return sha256(canonical_json(hashes).encode())


def _tables(outputs: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return those outputs that hold nothing but numbers: no stamp, no date."""
    return {name: content for name, content in outputs.items() if name.startswith("tables/")}


def edited_outputs(study: Study) -> list[str]:
    """Return the outputs that are missing or not as they were written, from ``out/``."""
    listed = json.loads((study.folder.out / MANIFEST).read_bytes())["outputs"]
    return [
        name
        for name, hash_ in listed.items()
        if not (study.folder.out / name).is_file()
        or sha256_of_file(study.folder.out / name) != hash_
    ]


def _outputs(study: Study, outputs: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield what is wrong with the outputs that people have before them."""
    current = outputs_are_current(study)
    if not current:
        found = "no outputs" if current is None else "outputs older than their inputs"
        yield Problem(OUT, "", found, "outputs of the study as it is now", _RUN)
        return
    for name in edited_outputs(study):
        mend = "put it back or move it away, then " + _RUN
        yield Problem(f"{OUT}/{name}", "", "a file changed by hand, or missing", "as written", mend)
    listed: Mapping[str, str] = json.loads((study.folder.out / MANIFEST).read_bytes())["outputs"]
    made = _tables(outputs)
    other = [name for name, content in made.items() if listed.get(name) != sha256(content)]
    if other:
        found = f"other tables than this version of rds makes: {', '.join(other)}"
        yield Problem(OUT, "", found, "outputs made by the software that is approved with", _RUN)


def _totals(blueprint: Blueprint) -> Iterator[Problem]:
    """Yield totals that are not the exam length."""
    length = blueprint.settings.blueprint.items
    form = blueprint.cells[blueprint.cells["set"] == "form"]
    totals = {"domains": int(blueprint.domain_weights["items"].sum())}
    if form["unit"].nunique() == 1:  # stations and items do not add up
        totals["cells"] = int(form["items"].sum())
    for what, total in totals.items():
        if total != length:
            mend = "look at the minima, maxima and parts; then rds run FOLDER"
            yield Problem(OUT, what, f"{total} items in all", f"{length}, the exam length", mend)


def _reviews(study: Study, blueprint: Blueprint) -> Iterator[Problem]:
    """Yield the tasks under review that nobody has decided."""
    known = set(study.outline.task_domains)
    for task in open_reviews(blueprint.analysis.retention):
        if task in known:
            mend = f"decide: rds decide FOLDER {task} keep --role … --reason …, or drop"
            yield Problem("retention", task, "the verdict review", "keep or drop, decided", mend)


def _differences(study: Study) -> Iterator[Problem]:
    """Yield the statements on which panel and field differ and nobody has decided."""
    if not study.settings.respondents.panel:
        return
    for statement, finding in open_panel_differences(study).items():
        mend = f"decide: rds decide FOLDER {statement} keep --role … --reason …, or drop"
        yield Problem("panel_vs_field", statement, finding, "a decision with a reason", mend)
