"""Commands that turn what was received into results: run, decide, compare, export."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rds.cli.options import AsJson, DryRun, Reason, RoleName, StudyFolder
from rds.cli.saying import (
    print_json,
    problems_to_exit,
    progress,
    quoted,
    say_all,
    say_next,
)

if TYPE_CHECKING:
    from rds.blueprint.plan import Blueprint
    from rds.study.outputs import Published
    from rds.study.panel_run import PanelRun


def run(
    folder: StudyFolder,
    force: Annotated[
        bool, typer.Option("--force", help="Keep edited outputs under another name and go on.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Analyse the answers and write everything in out/."""
    with problems_to_exit():
        from rds.study.panel_run import panel_only, run_panel
        from rds.study.run import run as run_study
        from rds.study.study import Study

        study = Study.open(folder)
        if panel_only(study):
            _say_panel(folder, run_panel(study, force=force, dry_run=dry_run), as_json=as_json)
            return
        with progress("Analysing the answers …"):
            done = run_study(study, force=force, dry_run=dry_run)
        if as_json:
            others = {name: _domain_records(other) for name, other in done.others.items()}
            more = {"other_credentials": others} if others else {}
            print_json({"domains": _domain_records(done.blueprint), **more})
            return
        print(done.blueprint)
        for name, other in done.others.items():
            print(f"\n{name}\n{other}")
        if done.published is None:
            print("\nNothing was written (dry run).")
            return
        _say_published(folder, done.published)
        print(f"The committee's workbook: {folder / 'out' / 'restricted' / 'blueprint.xlsx'}")
        say_next(f"rds status {quoted(folder)}")


def _domain_records(blueprint: Blueprint) -> list[dict[Hashable, Any]]:
    """Return weight and items of the domains of a blueprint."""
    return blueprint.domain_weights[["domain_id", "weight", "items"]].to_dict("records")


def _say_panel(folder: Path, done: PanelRun, *, as_json: bool) -> None:
    """Say what the panel's judgements come to, before the survey."""
    if as_json:
        print_json({"sentences": list(done.panel.sentences)})
        return
    n = len(done.panel.judgements)
    print(f"The panel's judgements of {n} matters; the survey has not come back yet.")
    say_all(done.panel.sentences or ("The panel agrees on all that it judged.",))
    if done.published is None:
        print("\nNothing was written (dry run).")
        return
    _say_published(folder, done.published)
    say_next(f"rds status {quoted(folder)}")


def _say_published(folder: Path, made: Published) -> None:
    """Say what became of the files in out/."""
    print(f"\nWrote {len(made.written)} files to {folder / 'out'}; ", end="")
    print(f"{len(made.unchanged)} were the same as before.")
    for name in made.kept:
        print(f"Kept what somebody had edited as {name}")
    if (folder / "out" / "restricted" / "study-proposed.xlsx").exists():
        print("What the panel agrees on stands in out/restricted/study-proposed.xlsx: read it, and")
        print("save it as study.xlsx to take it up.")


def decide(
    folder: StudyFolder,
    subject: Annotated[
        str, typer.Argument(help="A task (T07), a setting, or D1.minimum_items.")
    ] = "",
    value: Annotated[str, typer.Argument(help="keep or drop; or the setting's value.")] = "",
    role: RoleName = "",
    reason: Reason = "",
    withdraw: Annotated[
        int | None, typer.Option(help="Number of a decision to withdraw.", show_default=False)
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Record a decision with role and reason, or withdraw one."""
    with problems_to_exit():
        from rds.study.decide import decide as decide_in
        from rds.study.decide import withdraw_decision
        from rds.study.study import Study

        study = Study.open(folder)
        if withdraw is not None:
            entry = withdraw_decision(study, withdraw, role=role, reason=reason)
            print(f"Withdrew decision {withdraw} (line {entry.sequence} of record.jsonl).")
        else:
            made = decide_in(study, subject, value, role=role, reason=reason, dry_run=dry_run)
            if made is None:
                print("The decision is possible; nothing was recorded (dry run).")
            else:
                print(f"Recorded as line {made.sequence}: {made.subject} = {made.value}.")
        say_next(f"rds run {quoted(folder)}")


def export(
    folder: Annotated[str, typer.Argument(help="The study folder.", show_default=False)],
    kind: Annotated[
        str, typer.Argument(help="data, item-bank, assembly or evidence.", show_default=False)
    ],
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="Of data: csv or spss; may be given several times."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder to write to; without it, in export/.")
    ] = None,
    with_inputs: Annotated[
        bool, typer.Option("--with-inputs", help="Evidence with the answers: restricted.")
    ] = False,
) -> None:
    """Write for others: pseudonymous data, item bank, assembly constraints, evidence."""
    with problems_to_exit():
        from rds.study.export import export as export_from
        from rds.study.export import folder_and_kind
        from rds.study.study import Study

        root, what = folder_and_kind(folder, kind)
        made = export_from(
            Study.open(root), what, to=to, formats=formats or [], with_inputs=with_inputs
        )
        for path in made:
            print(f"Wrote {path}")
        if what == "data":
            print(
                "One row is one person: keep these files where only those in charge can read them."
            )
        say_next(f"rds status {quoted(root)}")
