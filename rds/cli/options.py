"""Arguments and options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

StudyFolder = Annotated[Path, typer.Argument(help="The study folder.", show_default=False)]
Nature = Literal["answers", "reconstructed", "simulated"]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result for machines.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen; store nothing.")]
RoleName = Annotated[
    str, typer.Option(help="Who decides, as a role (never a name).", show_default=False)
]
Reason = Annotated[str, typer.Option(help="Why.", show_default=False)]
