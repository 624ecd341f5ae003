"""The commands of ``rds``, in the order of a study.

Exit codes: 0 success (advice included), 1 problems (all listed), 2 wrong usage.
"""

from __future__ import annotations

import typer

from rds.cli import approval, bank, forms, results, start, versions

app = typer.Typer(
    help="Role delineation studies and exam blueprints, from ratings to whole items.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for command in (
    start.demo,
    start.new,
    start.outline,
    start.status,
    start.check,
    start.plan,
    forms.form,
    versions.lock,
    forms.receive,
    results.run,
    results.decide,
    versions.compare,
    results.export,
    approval.approve,
    approval.amend,
    approval.verify,
    approval.trace,
    bank.bank,
):
    app.command()(command)
