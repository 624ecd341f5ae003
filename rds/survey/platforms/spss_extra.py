"""Libraries that are installed only on demand."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from rds.survey.platforms.opening import file_problem


def library(name: str, *, extra: str, file: str) -> ModuleType:
    """Return a library that an extra of this package brings.

    Raises
    ------
    InputError
        When it is not installed, with the command that installs it.

    Examples
    --------
    >>> library("json", extra="spss", file="answers.sav").__name__
    'json'
    """
    try:
        return import_module(name)
    except ImportError:
        package = name.partition(".")[0]
        raise file_problem(
            file,
            f"a file that needs {package}, which is not installed",
            f"{package} beside rds",
            f"run: pip install 'role-delineation[{extra}]'",
        ) from None
