"""Commands that begin and look after a study: demo, new, check, status, plan."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rds.cli.options import AsJson, DryRun, StudyFolder
from rds.cli.saying import print_json, problems_to_exit, progress, quoted, say_all, say_next
from rds.cli.saying_advice import say_advice
from rds.errors import InputError, Problem

if TYPE_CHECKING:
    from rds.study.status import Status


def demo(
    folder: Annotated[Path, typer.Argument(help="A new folder.")] = Path("demo-study"),
    simulated: Annotated[
        bool, typer.Option("--simulated", help="The simulated study instead: two scales, gaps.")
    ] = False,
) -> None:
    """Write the demonstration study and run it from end to end."""
    with problems_to_exit():
        from rds.demo.write import write_demonstration

        with progress("Running the demonstration study …"):
            made = write_demonstration(folder, simulated=simulated, tell=print)
        print(made.blueprint)
        print(f"\nThe committee's workbook: {folder / 'out' / 'restricted' / 'blueprint.xlsx'}")
        say_next(f"rds status {quoted(folder)}")


def new(
    folder: Annotated[Path, typer.Argument(help="A new folder.", show_default=False)],
    title: Annotated[str, typer.Option(help="Title of the study.")] = "",
    credential: Annotated[str, typer.Option(help="The credential the exam is for.")] = "",
    sponsor: Annotated[str, typer.Option(help="The organisation responsible.")] = "",
    practitioner: Annotated[str, typer.Option(help="Who holds the credential.")] = "",
    incumbents: Annotated[str, typer.Option(help="Estimated number of practitioners.")] = "",
    items: Annotated[str, typer.Option(help="Scored items on a form.")] = "",
    text: Annotated[
        bool, typer.Option("--text", help="Settings in study.toml instead of the workbook.")
    ] = False,
    old: Annotated[
        Path | None, typer.Option("--from", help="An earlier study to take over from.")
    ] = None,
) -> None:
    """Start a study: study.xlsx with examples to replace, or with all of an earlier study."""
    answers = {
        "study.title": title,
        "study.credential": credential,
        "study.sponsor": sponsor,
        "study.practitioner": practitioner,
        "sampling.incumbents": incumbents,
        "blueprint.items": items,
    }
    with problems_to_exit():
        from datetime import date

        from rds.study.create import create_study

        if old is not None and text:
            mend = "leave out one of the two"
            found, wanted = "--from and --text", "settings in the workbook, taken over with it"
            raise InputError([Problem("rds new", "", found, wanted, mend)])
        if old is not None:
            _new_from(folder, old, answers)
            return
        if sys.stdin.isatty() and not any(answers.values()):
            answers = _ask(answers)
        for path in create_study(folder, answers, today=date.today(), as_text=text):
            print(f"Wrote {path}")
        print("Replace the example rows of Domains and Tasks with your own.")
        say_next(f"rds check {quoted(folder)}")


def outline(
    folder: Annotated[Path, typer.Argument(help="A study, or a new folder.", show_default=False)],
    source: Annotated[
        Path,
        typer.Argument(
            help="A list (CSV, XLSX), or the folder of O*NET's text files.", show_default=False
        ),
    ],
    columns: Annotated[
        Path | None, typer.Option(help="What the list's columns are: column, meaning.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of the list's workbook.")] = None,
    occupation: Annotated[str, typer.Option(help="O*NET: code or title of the occupation.")] = "",
    release: Annotated[str, typer.Option(help="O*NET: release of the files, such as 29.3.")] = "",
    dry_run: DryRun = False,
) -> None:
    """Take domains, tasks and KSAs from a list or from O*NET, as proposals."""
    with problems_to_exit():
        from datetime import date

        from rds.study.start_list import add_start_list, read_onet, read_start_list

        if occupation:
            found = read_onet(source, occupation, release=release)
        else:
            found = read_start_list(source, columns=columns, sheet=sheet)
        is_new = not (folder / "study.xlsx").exists()
        added = add_start_list(folder, found, today=date.today(), dry_run=dry_run)
        counts = ", ".join(f"{sheet}: {number}" for sheet, number in added.counts.items())
        say_all(added.remarks)
        print(f"Proposed {counts}.")
        if added.written is None:
            print("Nothing was stored.")
            return
        print(f"Wrote {added.written}")
        if not is_new:
            print("study.xlsx is as it was. Look at the new rows, then put this file in its place.")
        print("Make active what the panel accepts (column status).")
        say_next(f"rds check {quoted(folder)}")


def check(folder: StudyFolder, as_json: AsJson = False) -> None:
    """List every problem with its cell, then advice on statements; nothing is changed."""
    with problems_to_exit():
        from rds.study.advice import study_advice
        from rds.study.study import Study

        study = Study.open(folder, strict=False)
        advice = study_advice(study)
        if as_json:
            problems = [vars(problem) for problem in study.problems]
            print_json({"problems": problems, **advice.as_dict()})
        else:
            for line in [*study.assumed, *(f"ignored: {name}" for name in study.ignored)]:
                print(line)
            say_all(study.problems)
            if not study.problems:
                print("No problems.")
            say_advice(advice, folder)
        if any(problem.severity == "error" for problem in study.problems):
            raise typer.Exit(1)
        if not as_json:
            say_next(f"rds status {quoted(folder)}")


def status(folder: StudyFolder, as_json: AsJson = False) -> None:
    """Say where the study stands and what to do next."""
    with problems_to_exit():
        from rds.study.status import status as status_of
        from rds.study.study import Study

        now = status_of(Study.open(folder, strict=False))
        if as_json:
            print_json(now.as_dict())
        else:
            _say_status(now)


def plan(folder: StudyFolder, as_json: AsJson = False) -> None:
    """Say how many respondents and invitations the survey needs."""
    with problems_to_exit():
        from rds.study.plan import blueprint_record, respondents_for_study
        from rds.study.study import Study
        from rds.survey.sample_plan import plan_lines, plan_view

        study = Study.open(folder, strict=False)
        sampling = study.settings.sampling
        view = plan_view(sampling, study.scales)
        with progress("Simulating surveys …"):
            found, reason = respondents_for_study(study)
        if as_json:
            own = [blueprint_record(found, sampling)] if found else []
            print_json([*view.as_frame().to_dict("records"), *own])
        else:
            say_all(plan_lines(view, sampling))
            print(f"\n{found}" if found else "\nRespondents needed for the blueprint to hold:")
            if reason:
                print(f"Not from answers: {reason}." if found else f"not known, {reason}.")
            say_next(f"rds receive {quoted(folder)} ANSWERS.csv")


def _new_from(folder: Path, old: Path, answers: dict[str, str]) -> None:
    """Start a study from an earlier one, and say what it takes over."""
    from datetime import date

    from rds.study.carry import create_from

    made = create_from(folder, old, answers, today=date.today())
    for path in made.written:
        print(f"Wrote {path}")
    say_all(made.lines)
    say_next(f"rds check {quoted(folder)}")


def _ask(answers: dict[str, str]) -> dict[str, str]:
    """Ask for each setting; an empty answer leaves it for later."""
    from rds.settings import setting_keys

    print("A few questions; press Enter to answer later in study.xlsx.")
    keys = setting_keys()
    return {key: input(f"{keys[key][1]} ").strip() for key in answers}


def _say_status(now: Status) -> None:
    """Print where the study stands."""
    print(f"{now.title or 'Untitled study'} ({now.study_id or 'no identifier'})")
    print(f"  I   Scope of service: {now.scope}")
    if now.panel:
        print(f"      {now.panel}")
    print(f"      Outline and settings: {now.fixed}")
    print(f"  II  Validation survey: {now.survey}")
    print(f"  III Blueprint: {now.blueprint}")
    for line in now.approval:
        print(f"      {line}")
    print(f"  Problems: {now.problems or 'none'}")
    for line in now.decisions:
        print(f"  Decision {line}")
    for line in now.changes:
        print(f"  Changed, no reason recorded: {line}")
    for line in now.open_matters:
        print(f"  Open: {line}")
    if now.due:
        print(f"  To be redone by {now.due}")
    print(f"Next: {now.next_step}\n  {now.next_command}")
