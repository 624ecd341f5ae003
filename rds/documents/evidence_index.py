"""The first page of an evidence bundle: what is in it, and how to compute everything again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rds.documents.version import Version

_CONTENTS = (
    ("manifest.json", "settings, hashes of all inputs, head and length of the record, versions of "
     "the software"),
    ("record.jsonl", "every decision, signature and approval with role and reason; each line "
     "carries the SHA-256 of the line before"),
    ("approved/", "the list of approved files with their hashes, of every version"),
    ("outline/", "domains, tasks, KSAs and links as they were used"),
    ("tables/", "every table of the study"),
    ("public/", "the content outline as candidates see it"),
    ("methods.csv", "every method that was used, with its source"),
    ("sources.csv", "the files that were received: hash, day, respondents"),
    ("trace.csv", "every domain and task followed back to answers, rules and decisions"),
    ("hashes.csv", "SHA-256 of every other file in this bundle"),
)  # fmt: skip


def evidence_index(
    about: Mapping[str, Any],
    version: Version,
    *,
    title: str,
    withheld: Sequence[int] = (),
    restricted: bool = False,
) -> bytes:
    """Return README.txt of a bundle.

    Parameters
    ----------
    about
        The manifest of the study.
    version
        The version that the bundle is evidence of.
    title
        The study's.
    withheld
        Lines of the record whose words are left out, since they hold a person's address.
    restricted
        Whether the bundle holds the inputs, answers included.
    """
    lines = [f"{title}: evidence", f"{version.name}. {version.status}.", ""]
    lines += [f"Fingerprint of the study: {version.fingerprint}"]
    record = about["record"]
    lines += [f"Record: {record['length']} lines, head {record['head']}", ""]
    lines += _whom(restricted=restricted)
    lines += ["", "What is in it", *(f"  {name}: {text}" for name, text in _CONTENTS)]
    if restricted:
        lines.append("  study/: the study folder without its outputs")
    if withheld:
        lines += ["", "Some words hold a person's address. They are left out of the record (lines"]
        lines += [f"{', '.join(map(str, withheld))}) and the address out of every table."]
    lines += ["", "How to compute it again", *_again(about, restricted=restricted)]
    return ("\n".join(lines) + "\n").encode()


def _whom(*, restricted: bool) -> list[str]:
    """Say who may have the bundle."""
    if restricted:
        return [
            "RESTRICTED: it holds the answers of respondents, under pseudonyms, and what staff",
            "wrote into study.xlsx. For auditors under an agreement only.",
        ]
    return [
        "It holds no answers of single respondents and no restricted table. Reasons in the record",
        "stand as people wrote them. How single tasks weigh is in the tables.",
    ]


def _again(about: Mapping[str, Any], *, restricted: bool) -> list[str]:
    """Say how to compute everything again."""
    versions = ", ".join(f"{name} {number}" for name, number in about["versions"].items())
    steps = [f"  1. Install the same software: {versions}."]
    if restricted:
        return [
            *steps,
            "  2. rds run study",
            "  3. Compare study/out/tables with tables: the same bytes on the same system,",
            "     elsewhere the same numbers within 1e-9. rds verify study does that, too.",
        ]
    return [
        *steps,
        "  2. trace.csv gives for each number its formula and what stands in it; a calculator",
        "     is enough. Items: rds.allocate(weights, items=…, method=…).",
        "  3. Whoever holds the study folder compares with: rds verify FOLDER. The same hashes",
        "     of inputs, the same head of the record and the same tables must come out.",
    ]
