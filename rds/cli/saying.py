"""What every command says in the same way: problems, progress, results, the next step."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from rds.errors import InputError, Problem, RdsError


@contextmanager
def problems_to_exit() -> Iterator[None]:
    """Turn problems into plain lines on standard error and exit code 1."""
    try:
        yield
    except InputError as error:
        say_all(error.problems, to_error=True)
        raise typer.Exit(1) from None
    except (RdsError, OSError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None


@contextmanager
def progress(text: str) -> Iterator[None]:
    """Show on a terminal that work goes on; nothing in a pipe."""
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


def say_all(lines: Any, *, to_error: bool = False) -> None:
    """Print lines or problems; say how many problems and pieces of advice there are."""
    stream = sys.stderr if to_error else sys.stdout
    for line in lines:
        print(line, file=stream)
    severities = [line.severity for line in lines if isinstance(line, Problem)]
    errors, advice = severities.count("error"), severities.count("advice")
    if advice > 1:
        print(f"{advice} pieces of advice, which stop nothing.", file=stream)
    if errors > 1:
        print(f"{errors} problems; nothing was changed.", file=stream)


def print_json(result: Any) -> None:
    """Print a result for machines."""
    print(json.dumps(result, indent=2, ensure_ascii=False, default=str))


def say_next(command: str) -> None:
    """Print the next step, ready to paste."""
    print(f"Next: {command}")


def quoted(path: Path) -> str:
    """Return a path as it must be typed."""
    import shlex

    return shlex.quote(str(path))
