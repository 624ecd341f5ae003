"""Commands that close a study: approve, amend, verify, trace."""

from __future__ import annotations

import datetime
import shlex
from pathlib import Path
from typing import Annotated

import typer

from rds.cli.options import AsJson, DryRun, Reason, RoleName, StudyFolder
from rds.cli.saying import print_json, problems_to_exit, progress, quoted, say_all, say_next


def approve(
    folder: StudyFolder,
    role: RoleName = "",
    date: Annotated[
        str, typer.Option(help="Day of the signature, such as 2026-11-21; without it, today.")
    ] = "",
    signature: Annotated[
        Path | None, typer.Option(help="A scanned signature; kept in documents/ and hashed.")
    ] = None,
    reason: Annotated[str, typer.Option(help="What the record says of it.")] = "",
    voters: Annotated[
        int | None,
        typer.Option(help="Panel members who voted, where there is a quorum.", show_default=False),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Sign the blueprint for a role; with the last signature it is approved."""
    with problems_to_exit():
        from rds.study.approve import AS_SHOWN, Signature
        from rds.study.approve import approve as sign
        from rds.study.study import Study

        today = datetime.date.today()
        own = Signature(role, _day(date, today), reason or AS_SHOWN, signature, voters)
        with progress("Looking for what is still open …"):
            study = Study.open(folder, strict=False)
            done = sign(study, own, today=today, dry_run=dry_run)
        if done.line is None:
            print("Nothing is open: the signature is possible. Nothing was recorded (dry run).")
        elif done.again:
            print(f"{role} has signed this state before (line {done.line} of record.jsonl).")
        else:
            print(f"Signed as {role}: line {done.line} of record.jsonl.")
        if done.approval is not None:
            _say_approved(folder, done.approval.version, done.approval.folder)
            say_next(f"rds verify {quoted(folder)}")
        elif done.missing:
            print(f"Version {done.version} has still to be signed by {', '.join(done.missing)}.")
            say_next(f"rds approve {quoted(folder)} --role {shlex.quote(done.missing[0])}")
        else:
            say_next(f"rds status {quoted(folder)}")


def amend(folder: StudyFolder, role: RoleName = "", reason: Reason = "") -> None:
    """Open the next version of an approved blueprint; what was approved stays as it is."""
    with problems_to_exit():
        from rds.study.approve import amend as open_next
        from rds.study.study import Study

        number = open_next(Study.open(folder, strict=False), role=role, reason=reason)
        print(f"Version {number} is open; the copies of version {number - 1} stay in approved/.")
        say_next(f"rds run {quoted(folder)}")


def verify(folder: StudyFolder, as_json: AsJson = False) -> None:
    """Say whether approved files, record, inputs and numbers are still what they were."""
    with problems_to_exit():
        from rds.study.verify import verify as look

        with progress("Computing everything again …"):
            found = look(folder)
        if as_json:
            print_json(found.as_dict())
        else:
            for answer in found.answers:
                say_all(answer.as_lines())
            say_next(f"rds status {quoted(folder)}")
        if not found.is_sound:
            raise typer.Exit(1)


def trace(
    folder: StudyFolder,
    subject: Annotated[
        str, typer.Argument(help="D1, 'D1 | application', T07 or K3.", show_default=False)
    ],
    as_json: AsJson = False,
) -> None:
    """Follow a number of the blueprint back to answers, rules, decisions and roles."""
    with problems_to_exit():
        from rds.study.study import Study
        from rds.study.trace import trace as trace_in

        with progress("Following the number back …"):
            found = trace_in(Study.open(folder), subject)
        if as_json:
            steps = found.table.drop(columns="subject").to_dict("records")
            print_json({"subject": found.subject, "steps": steps})
            return
        print(found.as_text())
        say_next(f"rds status {quoted(folder)}")


def _say_approved(folder: Path, version: int, copies: str) -> None:
    """Say that a version is approved, and what to keep elsewhere."""
    from rds.study.study import Study

    record = Study.open(folder).record
    print(f"Version {version} is APPROVED. Exact copies: {folder / copies}")
    print(f"The record has {record.length} lines; its head is {record.head}")
    print("Write the head into the minutes: it proves later that nothing was rewritten.")


def _day(text: str, today: datetime.date) -> datetime.date:
    """Read a date as people type it; today where there is none."""
    from rds.errors import InputError, Problem
    from rds.values import read_date

    try:
        return read_date(text) if text else today
    except ValueError as error:
        mend = "write year, month and day, such as 2026-11-21"
        problem = Problem("rds approve", "--date", f"“{text}”", str(error), mend)
        raise InputError([problem]) from None
