"""What copies of the committee's workbook change: compared with what was issued, and what holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rds.blueprint.decided_cells import BETWEEN, CELL
from rds.documents.blueprint_workbook.inputs import (
    BLUEPRINT,
    COMMENTS,
    DIFFERENCES,
    EXAM,
    SIGN_OFF,
    TASKS,
)
from rds.documents.review_copy import CommitteeCopy, Place
from rds.errors import Problem
from rds.study.review_issue import IssuedReview

Value = str | int | None
VALUE_FIELDS = {BLUEPRINT: "items", TASKS: "decision", DIFFERENCES: "resolution"}
"""The field of each sheet that something is decided by; its reason stands beside it."""

_WORDS = {"keep": "kept", "drop": "dropped"}
_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip


@dataclass(frozen=True)
class ReadCopy:
    """A copy with the version that it is a copy of."""

    name: str
    version: IssuedReview
    copy: CommitteeCopy


@dataclass(frozen=True)
class Edit:
    """One input that a copy changed."""

    sheet: str
    key: str
    field: str
    issued: Value
    found: Value
    cell: str


@dataclass(frozen=True)
class Proposal:
    """What one copy wants instead of what was issued."""

    copy: str
    value: Value
    reason: str
    issued: Value
    review: int
    cell: str


@dataclass(frozen=True)
class Line:
    """One thing that copies want otherwise.

    Parameters
    ----------
    sheet, key
        What it is about.
    issued, present
        What the newest version said, and what holds now.
    proposals
        What copies want instead.
    keeping
        The copies that left it as it was issued.
    rule
        What holds of a task that nobody decided: keep or drop; empty where nothing does.
    """

    sheet: str
    key: str
    issued: Value
    present: Value
    proposals: tuple[Proposal, ...]
    keeping: tuple[str, ...]
    rule: str = ""

    @property
    def about(self) -> str:
        """What it is about, in words."""
        return f"{self.sheet}, {self.key}"

    @property
    def subject(self) -> str:
        """The subject under which a decision about it is recorded."""
        if self.sheet == BLUEPRINT:
            return "blueprint.items" if self.key == EXAM else CELL + self.key
        return self.key.split(BETWEEN)[0]

    @property
    def wanted(self) -> tuple[Value, ...]:
        """The different values that copies want."""
        return tuple(dict.fromkeys(one.value for one in self.proposals))

    @property
    def asked(self) -> list[str]:
        """What copies want, whoever asks for it: the question that is decided."""
        return sorted(map(str, self.wanted))

    @property
    def reasons(self) -> tuple[str, ...]:
        """The different reasons that copies give."""
        return tuple(dict.fromkeys(one.reason for one in self.proposals if one.reason))

    @property
    def is_conflict(self) -> bool:
        """Whether copies want different things."""
        return len(self.wanted) > 1

    @property
    def marks(self) -> str:
        """What to heed, in words: conflict, changed since it was issued, holds already."""
        said = ["CONFLICT: copies differ"] if self.is_conflict else []
        if self.present != self.issued:
            said.append("changed since it was issued")
        if self.wanted == (self.present,):
            said.append("holds already")
        return "; ".join(said)

    @property
    def proposed(self) -> str:
        """What copies want, and why, one line for each."""
        return "\n".join(self._wanted(one) for one in self.proposals)

    def said(self, value: Value) -> str:
        """Return a value in words; of a task that nobody decided, what the rule says."""
        if value is None and self.rule:
            return f"{in_words(self.rule)} by the rule"
        return in_words(value)

    def _wanted(self, one: Proposal) -> str:
        """Return what a copy wants, and why."""
        why = f", because {one.reason}" if one.reason else ""
        older = f" (review {one.review} issued {self.said(one.issued)})"
        older = "" if one.issued == self.issued else older
        return f"{in_words(one.value)}{older}: {one.copy}{why}"

    def __str__(self) -> str:
        said = [
            f"{in_words(one.value)} instead of {self.said(one.issued)}"
            f"{f', because {one.reason}' if one.reason else ''}, by copy {one.copy}"
            for one in self.proposals
        ]
        text = f"{self.about}: {'; '.join(said)}; {counted(len(self.keeping))} it"
        if self.present != self.issued:
            text += f"; now it is {self.said(self.present)}"
        return f"{text}.{' CONFLICT.' if self.is_conflict else ''}"


def in_words(value: Value) -> str:
    """Return a value in words.

    Examples
    --------
    >>> in_words("drop"), in_words(12), in_words(None)
    ('dropped', '12', 'undecided')
    """
    return "undecided" if value is None else _WORDS.get(str(value), str(value))


def counted(n_copies: int) -> str:
    """Say how many copies keep something.

    Examples
    --------
    >>> counted(2), counted(1)
    ('two copies keep', 'one copy keeps')
    """
    number = _NUMBERS[n_copies] if n_copies < len(_NUMBERS) else str(n_copies)
    return f"{number} copy keeps" if n_copies == 1 else f"{number} copies keep"


def edits(issued: Mapping[Place, Value], copy: CommitteeCopy) -> tuple[Edit, ...]:
    """Return every input that a copy changed, in the order of what was issued."""
    return tuple(
        Edit(*place, value, copy.values.get(place), copy.places.get(place, ""))
        for place, value in issued.items()
        if not _equal(value, copy.values.get(place))
    )


def review_lines(
    copies: Sequence[ReadCopy], newest: IssuedReview, present: Mapping[Place, Value]
) -> tuple[Line, ...]:
    """Compare copies with what was issued to each, and with what holds now.

    Parameters
    ----------
    copies
        The copies; each may be of another version.
    newest
        The newest version.
    present
        What the inputs would be if the workbook was issued now.

    Returns
    -------
    tuple of Line
        One for each thing that any copy wants otherwise, in the order of the workbook.
    """
    proposals: dict[tuple[str, str], list[Proposal]] = {}
    for own in copies:
        for edit in edits(own.version.values, own.copy):
            if VALUE_FIELDS.get(edit.sheet) == edit.field:
                one = Proposal(
                    own.name,
                    edit.found,
                    reason_of(own.copy, edit.sheet, edit.key),
                    edit.issued,
                    own.version.number,
                    edit.cell,
                )
                proposals.setdefault((edit.sheet, edit.key), []).append(one)
    issued, names = newest.values, [own.name for own in copies]
    return tuple(
        Line(
            sheet,
            key,
            issued.get((sheet, key, VALUE_FIELDS[sheet])),
            present.get((sheet, key, VALUE_FIELDS[sheet])),
            tuple(own),
            tuple(name for name in names if name not in {one.copy for one in own}),
            newest.rule.get(key, "") if sheet == TASKS else "",
        )
        for (sheet, key), own in sorted(
            proposals.items(), key=lambda item: _position(item[0], list(issued))
        )
    )


def reason_of(copy: CommitteeCopy, sheet: str, key: str) -> str:
    """Return the reason that a copy gives beside a value."""
    row = key
    if sheet == BLUEPRINT and key != EXAM:
        row = key.rpartition(BETWEEN)[0]
    return str(copy.values.get((sheet, row, "reason")) or "")


def unfit_edits(own: ReadCopy) -> Iterator[Problem]:
    """Yield what a copy may not want: changes without a reason, and cells that miss the total."""
    issued = own.version.values
    changed = [one for one in edits(issued, own.copy) if VALUE_FIELDS.get(one.sheet) == one.field]
    for one in changed:
        by_rule = one.sheet == TASKS and own.version.rule.get(one.key) == one.found
        if not reason_of(own.copy, one.sheet, one.key) and not by_rule and one.found is not None:
            found = f"{in_words(one.found)} instead of {in_words(one.issued)} without a reason"
            mend = "write why beside it"
            yield Problem(own.name, one.cell, f"{one.key} {found}", "a reason", mend)
    cells = [one for one in changed if one.sheet == BLUEPRINT and one.key != EXAM]
    if cells:
        yield from _totals(own, cells)


def _totals(own: ReadCopy, changed: Sequence[Edit]) -> Iterator[Problem]:
    """Yield totals that changed cells miss: of the exam, or of each of its parts."""
    values, issued = own.copy.values, own.version.values
    cells = [p for p in issued if p[0] == BLUEPRINT and p[2] == "items" and p[1] != EXAM]
    parts = {
        place: place[1].split(BETWEEN)[0] if place[1].count(BETWEEN) > 1 else "" for place in cells
    }
    for part in dict.fromkeys(parts.values()):
        own_cells = [place for place in cells if parts[place] == part]
        total = sum(int(values[place] or 0) for place in own_cells)
        wanted = int(values[BLUEPRINT, EXAM, "items"] or 0)
        if part:
            wanted = sum(int(issued[place] or 0) for place in own_cells)
        if total != wanted:
            missed = f"{wanted - total} short" if total < wanted else f"{total - wanted} over"
            places = ", ".join(one.cell.rpartition("!")[2] for one in changed)
            what = f"the {wanted} items of {part}" if part else f"the exam length of {wanted}"
            found = f"changed cells ({places}) with which all add up to {total} items, {missed}"
            mend = "change cells until the check on the sheet says OK"
            yield Problem(own.name, BLUEPRINT, found, what, mend)


def comment_rows(copies: Sequence[ReadCopy]) -> list[dict[str, object]]:
    """Return the points, motions and votes of all copies, and what they noted elsewhere."""
    rows: list[dict[str, object]] = []
    for own in copies:
        rows += [{"copy": own.name, **one} for one in _filled(own, COMMENTS)]
        for place, text in own.copy.notes:
            rows.append({"copy": own.name, "row": "note", "about": place, "point": text})
        for edit in _reasons_alone(own):
            about = f"{edit.sheet}, {edit.key}"
            point = f"a reason beside something unchanged: {edit.found}"
            rows.append({"copy": own.name, "row": "reason", "about": about, "point": point})
    return rows


def sign_off_rows(copies: Sequence[ReadCopy]) -> list[dict[str, object]]:
    """Return what roles wrote on the sheets “Sign-off” of all copies, without names."""
    return [
        {"copy": own.name, "review": own.version.number, **one}
        for own in copies
        for one in _filled(own, SIGN_OFF)
    ]


def _filled(own: ReadCopy, sheet: str) -> Iterator[dict[str, object]]:
    """Yield the rows of a sheet in which a copy filled in anything, by field."""
    found: dict[str, dict[str, object]] = {}
    for edit in edits(own.version.values, own.copy):
        if edit.sheet == sheet and edit.field != "name":
            found.setdefault(edit.key, {"row": edit.key})[edit.field] = edit.found
    yield from found.values()


def _reasons_alone(own: ReadCopy) -> Iterator[Edit]:
    """Yield changed reasons beside which nothing was changed."""
    changed = edits(own.version.values, own.copy)
    beside = {
        (one.sheet, key)
        for one in changed
        if VALUE_FIELDS.get(one.sheet) == one.field
        for key in (one.key, one.key.rpartition(BETWEEN)[0])
    }
    for one in changed:
        is_reason = one.sheet in VALUE_FIELDS and one.field == "reason"
        if is_reason and (one.sheet, one.key) not in beside and one.found is not None:
            yield one


def _position(line: tuple[str, str], order: Sequence[Place]) -> int:
    """Return where a line stands in the workbook."""
    place = (*line, VALUE_FIELDS[line[0]])
    return order.index(place) if place in order else len(order)


def _equal(first: Value, second: Value) -> bool:
    """Tell whether two values are the same; texts whatever their spaces and quotation marks."""
    from rds.values import read_text

    if isinstance(first, str) and isinstance(second, str):
        return " ".join(read_text(first).split()) == " ".join(read_text(second).split())
    return first == second
