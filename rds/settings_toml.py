"""The writer of study.toml: settings, scales and population as text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from rds.columns import POPULATION
from rds.scales import PROPOSED_SCALES, Point, Scale
from rds.settings import Setting, list_settings, section_models

_HEAD = """\
# Settings, scales and population of a role delineation study, as text.
#
# This file lies in the study folder beside study.xlsx and takes the place of the sheets Settings,
# Scales and Population there: remove those, since having both is refused. Lines that begin with #
# are comments. A setting that is left out takes the value it has here in a new study; but a study
# has to name itself (study.id) and its model, and to say why (weights.model, weights.rationale).
"""


def settings_toml(
    values: Mapping[str, object],
    *,
    scales: Sequence[Scale] = PROPOSED_SCALES,
    population: Sequence[Mapping[str, object]] = (),
) -> str:
    """Write study.toml: every setting with its meaning, then scales and population.

    Parameters
    ----------
    values
        What the study says, by dotted key; all other settings stand there with their defaults.
    scales
        The rating scales.
    population
        Rows of the sheet Population; without any, an example stands there as a comment.

    Returns
    -------
    str
        Text that `rds.settings_reader.settings_from_toml` reads as the same values.

    Raises
    ------
    ValueError
        If a key is no setting.

    Examples
    --------
    >>> "items = 120" in settings_toml({"blueprint.items": 120}).splitlines()
    True
    """
    sections = groupby(list_settings(values), key=lambda setting: setting.key.partition(".")[0])
    parts = [
        _HEAD,
        *(_section(name, list(settings)) for name, settings in sections),
        *map(_scale, scales),
        "\n".join(map(_population, population)) or _population_example(),
    ]
    return "\n".join(parts)


def _section(name: str, settings: Sequence[Setting]) -> str:
    """Write one section; what is a table of its own comes last."""
    plain = [setting for setting in settings if setting.key.count(".") == 1]
    levels = [setting for setting in settings if setting.key.count(".") > 1]
    lines = [f"# {section_models()[name].__doc__}", f"[{name}]"]
    for setting in plain:
        lines += _setting(setting)
    if levels:
        first = levels[0]
        table, level = ".".join(first.key.split(".")[:2]), first.key.split(".", 2)[2]
        lines += ["", f"# {first.column.meaning.removesuffix(f': {level}.')}.", f"[{table}]"]
        lines += [f"{_key(s.key.split('.', 2)[2])} = {_typed(s)}" for s in levels]
    return "\n".join(lines) + "\n"


def _setting(setting: Setting) -> Iterator[str]:
    """Write the meaning of a setting and its value; one that is not set stays a comment."""
    choices = f" One of: {', '.join(setting.column.choices)}." if setting.column.choices else ""
    yield f"# {setting.column.meaning}{choices}"
    name = setting.key.partition(".")[2]
    value = _typed(setting)
    yield f"{name} = {value}" if value else f"# {name} ="


def _typed(setting: Setting) -> str:
    """Return what holds for a setting as TOML; nothing where nothing holds."""
    value = setting.default if setting.value is None else setting.value
    return "" if value is None else _toml(value)


def _scale(scale: Scale) -> str:
    """Write one scale."""
    once = ("name", "question", "role", "applies_to", "kind", "use")
    lines = ["[[scales]]", *(f"{name} = {_toml(getattr(scale, name))}" for name in once)]
    if scale.is_allocation:
        return "\n".join(lines) + "\n"
    points = [f"  {_point(point)}," for point in scale.points]
    return "\n".join([*lines, "points = [", *points, "]"]) + "\n"


def _point(point: Point) -> str:
    """Write one point of a scale."""
    meaning = "" if point.meaning == "rated" else f", meaning = {_toml(point.meaning)}"
    return f"{{ value = {point.value}, label = {_toml(point.label)}{meaning} }}"


def _population(row: Mapping[str, object]) -> str:
    """Write one known share of the population."""
    names = [column.name for column in POPULATION.columns]
    return "\n".join(["[[population]]", *(f"{name} = {_toml(row[name])}" for name in names)]) + "\n"


def _population_example() -> str:
    """Write an example of a known share of the population, as a comment."""
    example = {column.name: column.example for column in POPULATION.columns}
    lines = _population(example).splitlines()
    return "\n".join(f"# {line}" for line in [POPULATION.purpose, *lines]) + "\n"


def _key(name: str) -> str:
    """Return a key, in quotation marks where TOML demands them."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _toml(name)


def _toml(value: object) -> str:
    """Return a value as TOML."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, date):
        return value.isoformat()
    plain = value if isinstance(value, (bool, int, float)) else str(value)
    return json.dumps(plain, ensure_ascii=False, allow_nan=False).replace("\x7f", "\\u007f")
