"""Where the templates are that are shipped with rds."""

from __future__ import annotations

from pathlib import Path

from rds.errors import FolderError, nearest

_PACKAGE = Path(__file__).resolve().parent


def template(name: str) -> Path:
    """Return a shipped template, whether rds is installed or run from its source.

    Parameters
    ----------
    name
        Name of the file, such as ``"study.xlsx"``.

    Raises
    ------
    FolderError
        If there is no template of that name.

    Examples
    --------
    >>> template("study.xlsx").name
    'study.xlsx'
    """
    shipped = {path.name: path for path in sorted(_folder().iterdir()) if path.is_file()}
    if name not in shipped:
        meant = nearest(name, shipped)
        hint = f"did you mean “{meant}”?" if meant else f"there are {', '.join(shipped)}."
        raise FolderError(f"rds has no template “{name}”; {hint}")
    return shipped[name]


def _folder() -> Path:
    """Return the folder of templates: in the package where it is installed, else in its source."""
    source = _PACKAGE.parent
    places = [_PACKAGE / "_templates"]
    if (source / "pyproject.toml").is_file():
        places.append(source / "templates")
    for place in places:
        if place.is_dir():
            return place
    raise FolderError("The templates of rds are missing; install rds again.")
