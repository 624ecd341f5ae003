"""Rating scales: their points, what each point means, and what a scale is used for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from rds.errors import Problem
from rds.sheets import Row

Role = Literal["importance", "frequency", "criticality", "other"]
Meaning = Literal["rated", "not performed", "not applicable", "unable to rate"]
Use = Literal["weights", "describe", "filter"]

HIGHEST_POINT = 98
"""The highest point a scale may have: 99 means “not applicable” on every survey platform."""

ALLOCATION = "allocation of 100"
"""The kind of a scale on which 100 points are shared between the statements."""

_SAID_ONCE = ("question", "role", "applies_to", "kind", "use")
_NEEDED = ("scale", "point", "label")


@dataclass(frozen=True)
class Point:
    """One point of a scale: the whole number stored, the words people see, and its meaning."""

    value: int
    label: str
    meaning: Meaning = "rated"


@dataclass(frozen=True)
class Scale:
    """An ordered rating scale.

    Parameters
    ----------
    name
        Short name, used in column names such as ``T01_importance``.
    question
        What respondents are asked.
    role
        What the scale measures; weight models look scales up by role.
    points
        Its points in ascending order.
    applies_to
        Which statements it is asked about: ``"tasks"``, ``"KSAs"``, ``"domains"``.
    use
        Whether it sets weights, only describes, or filters.
    """

    name: str
    question: str
    role: Role
    points: tuple[Point, ...]
    applies_to: tuple[str, ...] = ("tasks",)
    kind: str = "ordinal"
    use: Use = "weights"

    @property
    def is_allocation(self) -> bool:
        """Whether 100 points are shared between the statements."""
        return self.kind == ALLOCATION

    @property
    def rated_values(self) -> tuple[int, ...]:
        """The values of the points that are ratings."""
        return tuple(point.value for point in self.points if point.meaning == "rated")

    @property
    def not_performed(self) -> int | None:
        """The value that says “I do not do this”, if the scale has one."""
        return self._value_meaning("not performed")

    @property
    def midpoint(self) -> float:
        """Half-way between the lowest and the highest rated point."""
        return (min(self.rated_values) + max(self.rated_values)) / 2

    def _value_meaning(self, meaning: Meaning) -> int | None:
        return next((point.value for point in self.points if point.meaning == meaning), None)


def ordinal(
    name: str,
    labels: Mapping[int, str],
    *,
    role: Role = "other",
    not_performed: int | None = None,
    question: str = "",
) -> Scale:
    """Return an ordinal scale from its labels by value.

    Parameters
    ----------
    labels
        Label by point value.
    not_performed
        The value that means “not performed”, if any.

    Examples
    --------
    >>> frequency = ordinal("frequency", {0: "Never", 1: "Yearly", 2: "Daily"}, not_performed=0)
    >>> frequency.rated_values, frequency.midpoint
    ((1, 2), 1.5)
    """
    points = tuple(
        Point(value, labels[value], "not performed" if value == not_performed else "rated")
        for value in sorted(labels)
    )
    return Scale(name=name, question=question, role=role, points=points)


PROPOSED_SCALES: tuple[Scale, ...] = (
    ordinal(
        "importance",
        {1: "Not important", 2: "Somewhat important", 3: "Important", 4: "Very important"},
        role="importance",
        question="How important is doing this task well for safe and effective practice?",
    ),
    ordinal(
        "frequency",
        {
            0: "Never; I do not do this",
            1: "About once a year",
            2: "About once every three months",
            3: "About once a month",
            4: "About once a week",
            5: "Daily or almost daily",
        },
        role="frequency",
        not_performed=0,
        question="How often do you do this task?",
    ),
)
"""What a new study starts with; the points of frequency mean the same to everybody."""


def build_scales(rows: Sequence[Row]) -> tuple[tuple[Scale, ...], list[Problem]]:
    """Build the scales from the rows of the Scales sheet, one row a point.

    What describes the scale as a whole (question, role, …) is read from the first of its rows that
    says it; others may repeat it or leave it empty, but not contradict it.

    Returns
    -------
    scales, problems
        The scales in order of first appearance, and all that is wrong with them. A scale with a
        cell that could not be read is left out; whoever read the cell has reported it.
    """
    problems: list[Problem] = []
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        by_name.setdefault(row.text("scale").casefold(), []).append(row)
    scales = [_build_scale(group, problems) for group in by_name.values()]
    return tuple(scale for scale in scales if scale is not None), problems


def scale_rows(scales: Iterable[Scale]) -> list[dict[str, object]]:
    """Return scales as the rows that `build_scales` builds them from.

    Examples
    --------
    >>> scale_rows([ordinal("risk", {1: "Low", 2: "High"})])[1]["label"]
    'High'
    """
    return [
        {
            "scale": scale.name,
            "point": None if scale.is_allocation else point.value,
            "label": point.label,
            "meaning": point.meaning,
            **(_whole_scale(scale) if position == 0 else {}),
        }
        for scale in scales
        for position, point in enumerate(scale.points[:1] if scale.is_allocation else scale.points)
    ]


def _whole_scale(scale: Scale) -> dict[str, object]:
    """Return what is said of a scale as a whole."""
    return {name: getattr(scale, name) for name in _SAID_ONCE}


def find_scale(scales: Iterable[Scale], name: str) -> Scale | None:
    """Return the scale of that name, without regard to case."""
    return next((scale for scale in scales if scale.name.casefold() == name.casefold()), None)


def named_scale(scales: Sequence[Scale], name: str) -> Scale:
    """Return the scale of that name, without regard to case.

    Raises
    ------
    ValueError
        When there is none, with the names there are.
    """
    scale = find_scale(scales, name)
    if scale is None:
        names = ", ".join(scale.name for scale in scales)
        raise ValueError(f"there is no scale “{name}”; the scales are {names}")
    return scale


def _build_scale(rows: Sequence[Row], problems: list[Problem]) -> Scale | None:
    """Build one scale from its rows, adding what is wrong to `problems`."""
    said = {name: _first_said(rows, name) for name in _SAID_ONCE}
    if said["kind"] == ALLOCATION:
        return _build_allocation(rows, said, problems)
    wrong = [
        *_empty_cells(rows),
        *_contradictions(rows, said),
        *_unfit_points(rows),
        *_doubled(rows, "label", "each label once in a scale", "reword it"),
        *_doubled_meanings(rows),
        *_too_few_points(rows),
    ]
    problems += wrong
    if wrong or any(row.values.get(name) is None for row in rows for name in _NEEDED):
        return None
    points = tuple(sorted(map(_point, rows), key=lambda point: point.value))
    return _scale(rows[0].text("scale"), said, points)


def _build_allocation(
    rows: Sequence[Row], said: Mapping[str, object], problems: list[Problem]
) -> Scale | None:
    """Build a scale on which 100 points are shared; it takes one row and no points of its own."""
    wrong = [
        *_contradictions(rows, said),
        *(
            row.problem(name, "an empty cell", "people type any number of points; remove this one")
            for row in rows
            for name in ("point", "label")
            if row.text(name)
        ),
    ]
    problems += wrong
    if wrong:
        return None
    points = tuple(Point(value, "") for value in range(101))
    return _scale(rows[0].text("scale"), said, points)


def _scale(name: str, said: Mapping[str, object], points: tuple[Point, ...]) -> Scale:
    """Return a scale of that name, with what is said of it as a whole."""
    return Scale(
        name=name,
        question=str(said["question"] or ""),
        role=cast(Role, said["role"] or "other"),
        points=points,
        applies_to=cast(tuple[str, ...], said["applies_to"] or ("tasks",)),
        kind=str(said["kind"] or "ordinal"),
        use=cast(Use, said["use"] or "weights"),
    )


def _empty_cells(rows: Sequence[Row]) -> list[Problem]:
    """Report points without a number or without words."""
    return [
        row.problem(name, wanted, "fill it in")
        for row in rows
        for name, wanted in (("point", "the whole number that is stored"), ("label", "words"))
        if row.values.get(name) is None and not row.found.get(name)
    ]


def _point(row: Row) -> Point:
    """Read one point."""
    return Point(cast(int, row.values["point"]), row.text("label"), _meaning(row))


def _meaning(row: Row) -> Meaning:
    """Return the meaning of a row's point."""
    return cast(Meaning, row.text("meaning") or "rated")


def _first_said(rows: Sequence[Row], column: str) -> object:
    """Return the first value of a column that is filled in."""
    return next((row.values[column] for row in rows if row.values.get(column)), None)


def _contradictions(rows: Sequence[Row], said: Mapping[str, object]) -> list[Problem]:
    """Report rows that contradict an earlier row of their scale."""
    return [
        row.problem(
            name,
            "the same as in the scale's other rows",
            "repeat what the first row says, or leave the cell empty",
        )
        for row in rows
        for name in _SAID_ONCE
        if row.values.get(name) and row.values[name] != said[name]
    ]


def _unfit_points(rows: Sequence[Row]) -> list[Problem]:
    """Report points that are doubled or too high."""
    wanted = f"a whole number from 0 to {HIGHEST_POINT}"
    too_high = [
        row.problem("point", wanted, "number the points from 0 or 1 upwards")
        for row in rows
        if isinstance(value := row.values.get("point"), int) and not 0 <= value <= HIGHEST_POINT
    ]
    return too_high + _doubled(rows, "point", "each point once in a scale", "renumber it")


def _doubled(rows: Sequence[Row], column: str, wanted: str, mend: str) -> list[Problem]:
    """Report values of a column that stand in more than one row."""
    texts = [row.text(column).casefold() for row in rows]
    return [
        row.problem(column, wanted, mend)
        for position, row in enumerate(rows)
        if texts[position] and texts[position] in texts[:position]
    ]


def _doubled_meanings(rows: Sequence[Row]) -> list[Problem]:
    """Report a meaning other than “rated” that two points have."""
    wanted = "one point in a scale that means this"
    special = [row for row in rows if _meaning(row) != "rated"]
    return _doubled(special, "meaning", wanted, "keep the one point and remove the other")


def _too_few_points(rows: Sequence[Row]) -> list[Problem]:
    """Report a scale on which nothing can be rated higher than anything else."""
    if sum(_meaning(row) == "rated" for row in rows) >= 2:
        return []
    wanted, mend = "at least two rated points", "add a row for each point of the scale"
    return [rows[0].problem("scale", wanted, mend)]
