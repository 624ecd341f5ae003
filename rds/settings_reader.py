"""The two readers of settings: from the sheet of study.xlsx, and from study.toml.

Each section is checked by itself, so that one wrong value hides no other; what concerns several
values is checked by plain functions on whatever validated.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rds.cells import Cell
from rds.columns import POPULATION, SCALES, Sheet
from rds.errors import InputError, Problem, nearest
from rds.scales import ALLOCATION
from rds.settings import (
    FORMAT_VERSION,
    Settings,
    is_setting,
    list_settings,
    nearest_setting,
    section_models,
    setting_keys,
)
from rds.sheets import Findings, Row, Tables, how_to_mend, read_row
from rds.values import is_read_as_share, read_percent, read_text

Given = Mapping[str, tuple[object, str]]
"""What was typed and where, by dotted key: ``{"blueprint.items": (120, "Settings!B41")}``."""


def settings_from_rows(rows: Iterable[Row]) -> tuple[Given, list[Problem]]:
    """Return what the Settings sheet says, by dotted key; an empty value takes the default.

    Nothing is said where no value is filled in. Where any is, the cognitive levels are those that
    the sheet has rows for.
    """
    said: dict[str, tuple[object, str]] = {}
    problems: list[Problem] = []
    seen: set[str] = set()
    is_empty = True
    for row in rows:
        key, value = row.text("setting"), row.values.get("value")
        if not key:
            continue
        if key in seen:
            problems.append(row.problem("setting", "each setting once", "remove one of the rows"))
        elif not is_setting(key):
            said[key] = (value, row.places.get("setting", ""))
        elif value is not None:
            said[key] = (value, row.places.get("value", ""))
        elif key.count(".") > 1:
            said[key] = (setting_keys().get(key, ("", ""))[0], row.places.get("value", ""))
        is_empty = is_empty and (value is None and is_setting(key))
        seen.add(key)
    return ({} if is_empty else said), problems


def settings_from_toml(path: Path) -> tuple[Given, Tables]:
    """Read study.toml: settings by dotted key, and the tables it carries.

    Returns
    -------
    given, tables
        Settings as typed; Scales (a row for each point) and Population in the form of their
        sheets, each with no rows where the file does not have it.

    Raises
    ------
    InputError
        For a syntax error, with its line; for a file in another encoding.
    """
    data = _parsed(path)
    findings = Findings(path.name)
    rows = {
        SCALES.name: tuple(_scale_rows(data.pop("scales", []), findings)),
        POPULATION.name: tuple(_population_rows(data.pop("population", []), findings)),
    }
    return dict(_flatten(data)), Tables(
        rows,
        assumed=tuple(findings.assumed),
        problems=tuple(dict.fromkeys(findings.problems)),
    )


def _parsed(path: Path) -> dict[str, Any]:
    """Parse a TOML file; a byte-order mark is no part of it."""
    content = path.read_bytes()
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        mend = "save the file as UTF-8"
        problem = Problem(path.name, f"line {line}", "another encoding", "UTF-8", mend)
    except tomllib.TOMLDecodeError as error:
        message, _, where = str(error).partition(" (at ")
        place = where.rstrip(")").replace("end of document", "the end")
        mend = "mend that line; text stands in straight quotes, lists in square brackets"
        problem = Problem(path.name, place, f"a syntax error: {message}", "valid TOML", mend)
    raise InputError([problem])


def _flatten(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, tuple[object, str]]]:
    """Turn nested tables into dotted keys; a key is its own place."""
    for name, value in data.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            yield from _flatten(value, f"{key}.")
        else:
            yield key, (value, key)


def _scale_rows(scales: object, findings: Findings) -> Iterator[Row]:
    """Turn ``[[scales]]`` tables into the rows of the Scales sheet, a row for each point."""
    for place, scale in _tables(scales, "scales", findings):
        shared = {name: (value, f"{place}, {name}") for name, value in scale.items()}
        shared["scale"] = shared.pop("name", shared.get("scale", (None, f"{place}, name")))
        points, _ = shared.pop("points", ([], ""))
        if not points and scale.get("kind") == ALLOCATION:
            yield _typed_row(place, shared, SCALES, findings)
        elif not points:
            findings.problem(place, "no points", "the points of the scale", "add points = [ … ]")
        for where, point in _tables(points, f"{place}, point", findings):
            own = {name: (value, f"{where}, {name}") for name, value in point.items()}
            own["point"] = own.pop("value", own.get("point", (None, f"{where}, value")))
            yield _typed_row(where, {**shared, **own}, SCALES, findings)


def _population_rows(population: object, findings: Findings) -> Iterator[Row]:
    """Turn ``[[population]]`` tables into the rows of the Population sheet."""
    for place, entry in _tables(population, "population", findings):
        typed = {name: (value, f"{place}, {name}") for name, value in entry.items()}
        yield _typed_row(place, typed, POPULATION, findings)


def _tables(
    value: object, name: str, findings: Findings
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Return the tables of a list, each with its place; report what is no table."""
    mend = "write { value = 1, label = … }" if " " in name else f"begin each with [[{name}]]"
    for number, entry in enumerate(value if isinstance(value, list) else [], start=1):
        if isinstance(entry, dict):
            yield f"{name} {number}", entry
        else:
            findings.problem(f"{name} {number}", f"“{entry}”", "a table", mend)
    if not isinstance(value, list):
        found = "a single table" if isinstance(value, dict) else f"“{value}”"
        findings.problem(name, found, "a list of tables", mend)


def _typed_row(
    place: str, typed: Mapping[str, tuple[object, str]], sheet: Sheet, findings: Findings
) -> Row:
    """Read a table's entries as a row of the sheet they stand for."""
    cells = {column.name: Cell(f"{place}, {column.name}", None, "") for column in sheet.columns} | {
        _meant_name(key, where, typed, sheet, findings): _cell(value, where)
        for key, (value, where) in typed.items()
    }
    return read_row({name: cell for name, cell in cells.items() if name}, sheet, findings)


def _meant_name(
    key: str, place: str, present: Iterable[str], sheet: Sheet, findings: Findings
) -> str:
    """Return the column that a key names; report one that is only nearly right, or none at all."""
    names = [column.name for column in sheet.columns]
    if key in names:
        return key
    meant = nearest(key, [name for name in names if name not in present])
    if meant:
        findings.misnamed(place, "the key", key, meant)
    else:
        findings.problem(place, f"the key “{key}”", f"one of {', '.join(names)}", "remove it")
    return meant or ""


def _cell(value: object, place: str) -> Cell:
    """Return an entry as a cell; a list of texts as one types it in a cell."""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = ", ".join(value)
    if isinstance(value, (list, dict)):
        return Cell(place, None, str(value), f"“{value}”", "write one value, or a list of texts")
    return Cell(place, value, read_text(value))


def validate_settings(
    given: Given, *, file: str = "study.xlsx"
) -> tuple[Settings | None, list[Problem]]:
    """Validate what was typed against the model.

    Parameters
    ----------
    given
        Typed value and its place, by dotted key.
    file
        The file's name for messages.

    Returns
    -------
    settings, problems
        None for the settings when any value cannot be used; problems of all sections at once,
        except that a newer format is a problem by itself.

    Examples
    --------
    >>> settings, problems = validate_settings({"blueprint.itms": (90, "Settings!B40")})
    >>> print(problems[0])
    study.xlsx, Settings!B40: found the setting “blueprint.itms”; wanted “blueprint.items”. ...
    """
    nested, problems = _nest(given, file)
    sections: dict[str, Any] = {}
    for name, model in section_models().items():
        try:
            sections[name] = model.model_validate(nested.get(name, {}))
        except ValidationError as errors:
            problems += [_problem(error, name, given, file) for error in errors.errors()]
    newer = _newer_format(sections, given, file)
    if newer:
        return None, newer
    problems += _check_dates(sections, given, file) + _check_levels(sections, given, file)
    return (None if problems else Settings.model_validate(sections)), problems


def settings_read_as_shares(given: Given) -> tuple[str, ...]:
    """Say which settings were read as shares: 0.62 as 62 percent.

    Examples
    --------
    >>> settings_read_as_shares({"sampling.margin": (0.05, "Settings!B13")})
    ('Settings!B13: 0.05 read as 5 percent',)
    """
    typed = {key: value for key, (value, _) in given.items() if is_setting(key)}
    return tuple(
        f"{given[setting.key][1]}: {read_text(setting.value)} read as "
        f"{read_percent(setting.value):g} percent"
        for setting in list_settings(typed)
        if setting.column.kind == "percent" and is_read_as_share(setting.value)
    )


def _nest(given: Given, file: str) -> tuple[dict[str, dict[str, Any]], list[Problem]]:
    """Turn dotted keys into sections; report unknown keys with the nearest known one."""
    nested: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    for key, (value, place) in given.items():
        if not is_setting(key):
            problems.append(_unknown(key, place, file))
            continue
        section, name, *level = key.split(".", 2)
        fields = nested.setdefault(section, {})
        if level:
            fields.setdefault(name, {})[level[0]] = value
        else:
            fields[name] = value
    return nested, problems


def _unknown(key: str, place: str, file: str) -> Problem:
    """Return the problem of a key that is no setting."""
    meant = nearest_setting(key)
    wanted = f"“{meant}”" if meant else "one of the settings of this version"
    mend = f"rename it to {wanted}" if meant else "remove it"
    return Problem(file, place or key, f"the setting “{key}”", wanted, mend)


def _problem(error: Any, section: str, given: Given, file: str) -> Problem:
    """Turn a validation error into a problem at the place where the value was typed."""
    key = ".".join([section, *(str(part) for part in error["loc"])])
    value, place = given.get(key, (error["input"], key))
    choices = _choices(key)
    wanted = f"one of {', '.join(choices)}" if choices else _wanted(error)
    found = f"“{_shown(value)}” for {key}"
    return Problem(file, place or key, found, wanted, how_to_mend(_shown(value), wanted, choices))


def _choices(key: str) -> tuple[str, ...]:
    """Return the values a setting is closed to."""
    return next((s.column.choices for s in list_settings() if s.key == key), ())


def _shown(value: object) -> str:
    """Return a value as it was typed, on one line."""
    return ", ".join(map(read_text, value)) if isinstance(value, list) else read_text(value)


def _wanted(error: Any) -> str:
    """Say in plain words what a failed check wanted."""
    limits = {
        "greater_than_equal": "a value of at least {ge:g}",
        "greater_than": "a value above {gt:g}",
        "less_than_equal": "a value of at most {le:g}",
        "less_than": "a value below {lt:g}",
    }
    context = error.get("ctx", {})
    if error["type"] in limits:
        return limits[error["type"]].format(**context)
    return str(context.get("error", error["msg"]))


def _newer_format(sections: Mapping[str, Any], given: Given, file: str) -> list[Problem]:
    """Refuse a study that a newer version made; what else is strange in it is no news."""
    study = sections.get("study")
    if study is None or study.format <= FORMAT_VERSION:
        return []
    found, wanted = f"format {study.format}", f"format {FORMAT_VERSION} or older"
    place = _place("study.format", given)
    return [Problem(file, place, found, wanted, "install a newer version of rds")]


def _check_dates(sections: Mapping[str, Any], given: Given, file: str) -> list[Problem]:
    """Refuse a blueprint that takes effect before the study was opened."""
    study = sections.get("study")
    if study is None or study.effective > study.opened:
        return []
    wanted = f"a date after the study was opened ({study.opened})"
    place = _place("study.effective", given)
    return [Problem(file, place, str(study.effective), wanted, "correct one of the two dates")]


def _check_levels(sections: Mapping[str, Any], given: Given, file: str) -> list[Problem]:
    """Refuse cognitive levels that do not add up; a rounding difference is none."""
    blueprint = sections.get("blueprint")
    levels = blueprint.cognitive_levels if blueprint else {}
    if not levels or abs(sum(levels.values()) - 100) <= 1:
        return []
    found = f"cognitive levels that add up to {sum(levels.values()):g} percent"
    place = _place(f"blueprint.cognitive_levels.{next(iter(levels))}", given)
    mend = "change the percentages so that they add up to 100"
    return [Problem(file, place, found, "100 percent", mend)]


def _place(key: str, given: Given) -> str:
    """Return where a setting was typed, or else its key."""
    return given.get(key, ("", ""))[1] or key
