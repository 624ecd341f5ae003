"""The command line: a thin layer that reads arguments, calls the library and says what it did.

Exit codes: 0 success (advice included), 1 problems (all listed), 2 wrong usage.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from rds.errors import InputError, Problem, RdsError

if TYPE_CHECKING:
    from rds.study.codings import CodingsReceived
    from rds.study.receive import Received
    from rds.study.status import Status

app = typer.Typer(
    help="Role delineation studies and exam blueprints, from ratings to whole items.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

StudyFolder = Annotated[Path, typer.Argument(help="The study folder.", show_default=False)]
Nature = Literal["answers", "reconstructed", "simulated"]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result for machines.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen; store nothing.")]
RoleName = Annotated[
    str, typer.Option(help="Who decides, as a role (never a name).", show_default=False)
]
Reason = Annotated[str, typer.Option(help="Why.", show_default=False)]


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="A new folder.")] = Path("demo-study"),
    simulated: Annotated[
        bool, typer.Option("--simulated", help="The simulated study instead: two scales, gaps.")
    ] = False,
) -> None:
    """Write the demonstration study and run it from end to end."""
    with _problems_to_exit():
        from rds.demo.write import write_demonstration

        with _progress("Running the demonstration study …"):
            made = write_demonstration(folder, simulated=simulated, tell=print)
        print(made.blueprint)
        print(f"\nThe committee's workbook: {folder / 'out' / 'restricted' / 'blueprint.xlsx'}")
        _next(f"rds status {_quoted(folder)}")


@app.command()
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
) -> None:
    """Start a study: study.xlsx with examples to replace."""
    answers = {
        "study.title": title,
        "study.credential": credential,
        "study.sponsor": sponsor,
        "study.practitioner": practitioner,
        "sampling.incumbents": incumbents,
        "blueprint.items": items,
    }
    with _problems_to_exit():
        from datetime import date

        from rds.study.create import create_study

        if sys.stdin.isatty() and not any(answers.values()):
            answers = _ask(answers)
        for path in create_study(folder, answers, today=date.today(), as_text=text):
            print(f"Wrote {path}")
        print("Replace the example rows of Domains and Tasks with your own.")
        _next(f"rds check {_quoted(folder)}")


@app.command()
def check(folder: StudyFolder, as_json: AsJson = False) -> None:
    """List every problem, with sheet and cell; nothing is changed."""
    with _problems_to_exit():
        from rds.study.study import Study

        study = Study.open(folder, strict=False)
        if as_json:
            _print_json({"problems": [vars(problem) for problem in study.problems]})
        else:
            for line in [*study.assumed, *(f"ignored: {name}" for name in study.ignored)]:
                print(line)
            _list(study.problems)
        if any(problem.severity == "error" for problem in study.problems):
            raise typer.Exit(1)
        if not as_json:
            print("No problems.")
            _next(f"rds status {_quoted(folder)}")


@app.command()
def status(folder: StudyFolder, as_json: AsJson = False) -> None:
    """Say where the study stands and what to do next."""
    with _problems_to_exit():
        from rds.study.status import status as status_of
        from rds.study.study import Study

        now = status_of(Study.open(folder, strict=False))
        if as_json:
            _print_json(now.as_dict())
        else:
            _say_status(now)


@app.command()
def plan(folder: StudyFolder, as_json: AsJson = False) -> None:
    """Say how many respondents and invitations the survey needs."""
    with _problems_to_exit():
        from rds.study.plan import blueprint_record, respondents_for_study
        from rds.study.study import Study
        from rds.survey.sample_plan import plan_lines, plan_view

        study = Study.open(folder, strict=False)
        sampling = study.settings.sampling
        view = plan_view(sampling, study.scales)
        with _progress("Simulating surveys …"):
            found, reason = respondents_for_study(study)
        if as_json:
            own = [blueprint_record(found, sampling)] if found else []
            _print_json([*view.as_frame().to_dict("records"), *own])
        else:
            _list(plan_lines(view, sampling))
            print(f"\n{found}" if found else "\nRespondents needed for the blueprint to hold:")
            if reason:
                print(f"Not from answers: {reason}." if found else f"not known, {reason}.")
            _next(f"rds receive {_quoted(folder)} ANSWERS.csv")


@app.command()
def form(
    kind: Annotated[
        Literal["survey", "code"], typer.Argument(help="survey or code", show_default=False)
    ],
    folder: StudyFolder,
    to: Annotated[
        list[str] | None, typer.Option("--to", help="Survey platform; may be given several times.")
    ] = None,
) -> None:
    """Write a form: the survey for the platform that the board uses, or for coding write-ins."""
    if kind == "code":
        _form_code(folder)
        return
    with _problems_to_exit():
        from rds.study.forms import issue_survey
        from rds.study.study import Study
        from rds.survey.platforms.registry import find_platform, platforms

        if not to:
            names = ", ".join(one.name for one in platforms() if one.write is not None)
            wanted = "the platform that the survey goes to"
            raise InputError([Problem("--to", "", "nothing", wanted, f"choose of {names}")])
        for platform in [find_platform(name) for name in to]:
            issued = issue_survey(Study.open(folder), platform)
            for path in issued.written:
                print(f"Wrote {folder / path}")
        print("Answer the survey once yourself on the platform and export that one answer. Then:")
        _next(f"rds receive {_quoted(folder)} EXPORT --dry-run")


def _form_code(folder: Path) -> None:
    """Write the forms on which two coders code what respondents found missing."""
    with _problems_to_exit():
        from rds.study.codings import issue_coding_forms
        from rds.study.study import Study

        for path in issue_coding_forms(Study.open(folder)):
            print(f"Wrote {folder / path}")
        print("Each coder fills in one form alone. What they wrote may be personal: keep it so.")
        _next(f"rds receive {_quoted(folder)} FORM.xlsx")


@app.command()
def receive(
    folder: StudyFolder,
    files: Annotated[list[Path], typer.Argument(help="CSV or XLSX files.", show_default=False)],
    source: Annotated[str | None, typer.Option(help="Name of the source; replaces it.")] = None,
    group: Annotated[str, typer.Option(help="Group of all respondents in the file.")] = "",
    wave: Annotated[str, typer.Option(help="Wave of all respondents in the file.")] = "",
    nature: Annotated[
        Nature, typer.Option(help="What the file holds, if not people's answers.")
    ] = "answers",
    columns: Annotated[
        Path | None, typer.Option(help="Column map: a file with columns “column”, “meaning”.")
    ] = None,
    suggest: Annotated[
        Path | None, typer.Option(help="Write a column map to complete, if columns are unknown.")
    ] = None,
    platform: Annotated[
        str | None, typer.Option(help="Survey platform, if not recognised; plain for none.")
    ] = None,
    codebook: Annotated[
        Path | None, typer.Option(help="The platform's file that describes the survey (QSF …).")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet, when several hold data.")] = None,
    key: Annotated[Path | None, typer.Option(help="Key file for the pseudonyms.")] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the file as it came, personal data included.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Read survey answers in, or a report's means: recognised, mapped, made pseudonymous."""
    with _problems_to_exit():
        from rds.documents.coding_form import is_coding_form
        from rds.study.codings import receive_codings
        from rds.study.read_file import Told
        from rds.study.receive import receive as receive_file
        from rds.study.study import Study

        told = Told(
            group=group,
            wave=wave,
            nature=nature,
            column_map=columns,
            sheet=sheet,
            platform=platform,
            codebook=codebook,
            suggest=suggest,
            key=key,
        )
        for path in files:
            study = Study.open(folder)
            done: Received | CodingsReceived
            if is_coding_form(path):
                done = receive_codings(study, path, dry_run=dry_run)
            else:
                done = receive_file(study, path, name=source, told=told, keep=keep, dry_run=dry_run)
            if as_json:
                _print_json(done.as_dict())
            else:
                _list(done.as_lines())
        if not as_json:
            command = "status" if dry_run else "run"
            _next(f"rds {command} {_quoted(folder)}")


@app.command()
def run(
    folder: StudyFolder,
    force: Annotated[
        bool, typer.Option("--force", help="Keep edited outputs under another name and go on.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Analyse the answers and write everything in out/."""
    with _problems_to_exit():
        from rds.study.run import run as run_study
        from rds.study.study import Study

        with _progress("Analysing the answers …"):
            done = run_study(Study.open(folder), force=force, dry_run=dry_run)
        if as_json:
            table = done.blueprint.domain_weights[["domain_id", "weight", "items"]]
            _print_json({"domains": table.to_dict("records")})
            return
        print(done.blueprint)
        if done.published is None:
            print("\nNothing was written (dry run).")
            return
        made = done.published
        print(f"\nWrote {len(made.written)} files to {folder / 'out'}; ", end="")
        print(f"{len(made.unchanged)} were the same as before.")
        for name in made.kept:
            print(f"Kept what somebody had edited as {name}")
        print(f"The committee's workbook: {folder / 'out' / 'restricted' / 'blueprint.xlsx'}")
        _next(f"rds status {_quoted(folder)}")


@app.command()
def export(
    folder: Annotated[str, typer.Argument(help="The study folder.", show_default=False)],
    kind: Annotated[str, typer.Argument(help="data, item-bank or assembly.", show_default=False)],
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="Of data: csv or spss; may be given several times."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder to write to; without it, in export/.")
    ] = None,
) -> None:
    """Write for other programs: pseudonymous data, an item bank's outline, assembly constraints."""
    with _problems_to_exit():
        from rds.study.export import export as export_from
        from rds.study.export import folder_and_kind
        from rds.study.study import Study

        root, what = folder_and_kind(folder, kind)
        for path in export_from(Study.open(root), what, to=to, formats=formats or []):
            print(f"Wrote {path}")
        if what == "data":
            print(
                "One row is one person: keep these files where only those in charge can read them."
            )
        _next(f"rds status {_quoted(root)}")


@app.command()
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
    with _problems_to_exit():
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
        _next(f"rds run {_quoted(folder)}")


@app.command()
def compare(
    folder: StudyFolder,
    old: Annotated[
        Path | None,
        typer.Argument(help="The earlier blueprint or study; kept in previous/."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare the blueprint with the one it replaces; write the crosswalk to confirm."""
    with _problems_to_exit():
        from rds.study.compare import compare as compare_with
        from rds.study.run import build_blueprint
        from rds.study.study import Study

        study = Study.open(folder)
        done = compare_with(study, build_blueprint(study), old=old)
        if as_json:
            _print_json(done.table.to_dict("records"))
            return
        print(done)
        if done.written is not None:
            print(f"\nWrote {done.written}: fill in the column “relation”, then compare again.")
        _next(f"rds run {_quoted(folder)}")


@contextmanager
def _problems_to_exit() -> Iterator[None]:
    """Turn problems into plain lines on standard error and exit code 1."""
    try:
        yield
    except InputError as error:
        _list(error.problems, to_error=True)
        raise typer.Exit(1) from None
    except (RdsError, OSError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None


@contextmanager
def _progress(text: str) -> Iterator[None]:
    """Show on a terminal that work goes on; nothing in a pipe."""
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


def _list(lines: Any, *, to_error: bool = False) -> None:
    """Print lines or problems; say how many problems there are."""
    stream = sys.stderr if to_error else sys.stdout
    for line in lines:
        print(line, file=stream)
    problems = [line for line in lines if isinstance(line, Problem)]
    if len(problems) > 1:
        print(f"{len(problems)} problems; nothing was changed.", file=stream)


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
    print(f"  II  Validation survey: {now.survey}")
    print(f"  III Blueprint: {now.blueprint}")
    print(f"  Problems: {now.problems or 'none'}")
    for line in now.decisions:
        print(f"  Decision {line}")
    for line in now.open_matters:
        print(f"  Open: {line}")
    if now.due:
        print(f"  To be redone by {now.due}")
    print(f"Next: {now.next_step}\n  {now.next_command}")


def _print_json(result: Any) -> None:
    """Print a result for machines."""
    print(json.dumps(result, indent=2, ensure_ascii=False, default=str))


def _next(command: str) -> None:
    """Print the next step, ready to paste."""
    print(f"Next: {command}")


def _quoted(path: Path) -> str:
    """Return a path as it must be typed."""
    import shlex

    return shlex.quote(str(path))
