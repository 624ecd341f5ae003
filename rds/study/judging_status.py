"""What of a panel's judgements is missing, and which findings of reviewers wait."""

from __future__ import annotations

from collections.abc import Iterator

from rds.outline.judgements import gaps
from rds.study.folder import Folder
from rds.study.judgement_store import (
    FINDING,
    judgement_file,
    read_judgements,
    stored_judgements,
    who_answered,
)
from rds.study.judgements import some
from rds.study.judging_rounds import Round, Who, read_rounds
from rds.study.study import Study

FINDING_VALUES = ("resolve", "reject")
"""What may be decided about a finding."""


def panel_progress(folder: Folder) -> str:
    """Say how many forms of the newest round came back; empty where none was issued."""
    rounds = read_rounds(folder)
    if not rounds:
        return ""
    one = rounds[-1]
    n = len(who_answered(folder, one.who, one.number) & one.tasks.keys())
    return f"round {one.number} of judgements: {n} of {len(one.tasks)} forms came back"


def missing_forms(folder: Folder) -> tuple[str, ...]:
    """Return a sentence on those whose form of the newest round has not come back, if any."""
    found: list[str] = []
    whose: dict[Who, str] = {"judgements": "judgements", "independent": "the independent review"}
    for who, words in whose.items():
        for one in read_rounds(folder, who)[-1:]:
            answered = who_answered(folder, who, one.number)
            missing = [name for name in one.tasks if name not in answered]
            if missing:
                found.append(f"round {one.number} of {words}: no form of {', '.join(missing)} yet")
    return tuple(found)


def open_judgements(study: Study) -> tuple[str, ...]:
    """Return a sentence for each thing that judgements wait for: forms, gaps, findings."""
    folder = study.folder
    left = [sentence for one in read_rounds(folder)[-1:] for sentence in _gaps(folder, one)]
    return (*missing_forms(folder), *left, *open_findings(study))


def open_findings(study: Study) -> tuple[str, ...]:
    """Return a sentence for each finding of an outside reviewer that nobody has decided."""
    texts = findings(study.folder)
    waiting = [name for name in texts if name not in study.decisions]
    return tuple(f"{name} of {texts[name]}: decide resolve or reject" for name in waiting)


def findings(folder: Folder) -> dict[str, str]:
    """Return reviewers' findings by identifier: whose, about what, in their words."""
    table = read_judgements(folder, "independent")
    own = table[table["part"] == FINDING]
    return {
        str(name): f"{who}{f' on {about}' if about else ''} ({text})"
        for name, who, about, text in zip(
            own["statement_id"], own["sme_id"], own["aspect"], own["value"], strict=True
        )
    }


def _gaps(folder: Folder, one: Round) -> Iterator[str]:
    """Yield what people left open in a round, one sentence for each of them."""
    for name in sorted(who_answered(folder, one.who, one.number) & one.tasks.keys()):
        judged = stored_judgements(judgement_file(folder, one.who, one.number, name))
        left = gaps(one.ask, judged.keys(), tasks=one.tasks[name])
        if left:
            told = "; ".join(f"{len(own)} of {part}{some(own)}" for part, own in left.items())
            yield f"{name} left open in round {one.number}: {told}"
