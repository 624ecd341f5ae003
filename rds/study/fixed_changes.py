"""What changed of the state of a study that a lock fixed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rds.outline.changes import Change, compare_outlines
from rds.outline.word_changes import word_changes
from rds.scales import Scale
from rds.settings import Settings
from rds.study.fixed import Fixed, fixed_settings

_SCALE_FIELDS = ("question", "role", "applies_to", "kind", "use")


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was fixed.

    Parameters
    ----------
    change
        What happened, in words: ``"task reworded"``, ``"setting changed"``.
    subject
        What it happened to: an identifier, a setting, a scale and its point.
    before, after
        What stood there, and what stands there now.
    decides
        The subject that a recorded decision on the same matter has; empty where there is none.
    is_words
        Whether the words of statements changed.
    """

    change: str
    subject: str
    before: str = ""
    after: str = ""
    decides: str = ""
    is_words: bool = False

    def __str__(self) -> str:
        if self.is_words:
            return f"{self.change}, {self.subject}: {word_changes(self.before, self.after)}"
        values = [f"“{value}”" for value in (self.before, self.after) if value]
        if self.before and not self.after and "removed" not in self.change:
            values.append("nothing")
        between = f": {' → '.join(values)}" if values else ""
        return f"{self.change}, {self.subject}{between}"


def compare_fixed(old: Fixed, new: Fixed) -> tuple[Difference, ...]:
    """Return everything in which two states differ: outline, scales, questions, shares, settings.

    A setting that the old state does not know, because an older version of rds fixed it, counts as
    having had its default.
    """
    outline = compare_outlines(
        old.outline,
        new.outline,
        old_requirements=old.requirements,
        new_requirements=new.requirements,
    )
    return (
        *map(_of_outline, outline),
        *_scale_differences(old.scales, new.scales),
        *(
            difference
            for name in new.tables
            for difference in _table_differences(name, old.tables.get(name, {}), new.tables[name])
        ),
        *_setting_differences(old.settings, new.settings),
    )


def _of_outline(change: Change) -> Difference:
    """Return a change of the outline."""
    field = f" ({change.field})" if change.field else ""
    decides = ""
    if change.kind == "changed" and change.unit == "domain":
        decides = f"{change.new_ids[0]}.{change.field}"
    elif change.kind == "status changed":
        decides = change.new_ids[0]
    return Difference(
        f"{change.unit} {change.kind}{field}",
        change.subject,
        change.before,
        change.after,
        decides=decides,
        is_words=bool(change.words),
    )


def _scale_differences(old: Sequence[Scale], new: Sequence[Scale]) -> Iterator[Difference]:
    """Yield scales added and removed, and what is said of them and of their points."""
    before = {scale.name: scale for scale in old}
    after = {scale.name: scale for scale in new}
    for name in [*before, *(name for name in after if name not in before)]:
        if name in before and name in after:
            yield from _cells(
                "scale changed", name, _described(before[name]), _described(after[name])
            )
        else:
            yield Difference("scale added" if name in after else "scale removed", name)


def _described(scale: Scale) -> dict[str, str]:
    """Return what is said of a scale and of each of its points, as text."""
    said = {name: _text(getattr(scale, name)) for name in _SCALE_FIELDS}
    points = {} if scale.is_allocation else {
        str(point.value): point.label if point.meaning == "rated"
        else f"{point.label} ({point.meaning})"
        for point in scale.points
    }  # fmt: skip
    return said | points


def _table_differences(
    name: str, old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]
) -> Iterator[Difference]:
    """Yield rows added and removed, and cells that changed."""
    for key in [*old, *(key for key in new if key not in old)]:
        if key in old and key in new:
            yield from _cells(f"{name} changed", key, old[key], new[key])
        else:
            yield Difference(f"{name} added" if key in new else f"{name} removed", key)


def _cells(
    change: str, subject: str, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[Difference]:
    """Yield the values in which two rows differ."""
    for name in dict.fromkeys([*old, *new]):
        values = old.get(name, ""), new.get(name, "")
        if values[0] != values[1]:
            yield Difference(change, f"{subject} {name}", *values)


def _setting_differences(
    old: Mapping[str, object], new: Mapping[str, object]
) -> Iterator[Difference]:
    """Yield settings with another value."""
    defaults = fixed_settings(Settings())
    for key in dict.fromkeys([*new, *old]):
        values = _text(old.get(key, defaults.get(key))), _text(new.get(key))
        if values[0] != values[1]:
            yield Difference("setting changed", key, *values, decides=key)


def _text(value: object) -> str:
    """Return a value as text."""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_text, value))
    return f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)
