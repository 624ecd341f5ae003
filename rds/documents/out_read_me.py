"""The page in ``out/`` that says which file is for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rds.documents.version import Version

FOR_WHOM: Mapping[str, str] = {
    "public": "For everybody once it is approved: the content outline for candidates, and how it "
    "was made. No weights of single tasks, no group smaller than five.",
    "restricted": "For the committee and staff only: the workbook with item counts, and tables "
    "with a row for each respondent. Never pass these on.",
    "tables": "For auditors and other programs: every number of the study, no row about a person. "
    "How single tasks weigh is in here: for use within the programme.",
    "figures": "Figures of the tables.",
}


def out_read_me(paths: Iterable[str], version: Version, *, title: str) -> bytes:
    """Return README.txt: what the folders hold, who may see them, and the files of each.

    Parameters
    ----------
    paths
        All outputs, by their path below ``out/``.
    version
        The version they show.
    title
        The study's.
    """
    folders: dict[str, list[str]] = {}
    for path in sorted(paths):
        folder, _, name = path.rpartition("/")
        folders.setdefault(folder.partition("/")[0], []).append(name)
    lines = [f"{title}: outputs", f"{version.name}. {version.status}.", ""]
    lines += ["Everything here follows from the rest of the study folder; rds run makes it anew."]
    for folder, names in folders.items():
        lines += ["", f"{folder}/", FOR_WHOM.get(folder, ""), *(f"  {name}" for name in names)]
    lines += ["", "manifest.json", "The hash of every file here, and what it was made from."]
    return ("\n".join(lines) + "\n").encode()
