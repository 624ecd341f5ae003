"""Settings from the sheet and from study.toml: every problem at once, each at its place."""

from __future__ import annotations

import datetime

import pytest

from rds.errors import InputError
from rds.scales import build_scales
from rds.settings import Settings
from rds.settings_reader import (
    settings_from_rows,
    settings_from_toml,
    settings_read_as_shares,
    validate_settings,
)
from rds.sheets import read_tables
from tests.workbooks import messages, write_study

LEVELS = "blueprint.cognitive_levels"
SCALE = """
[[scales]]
name = "importance"
points = [{ value = 1, label = "Low" }, { value = 2, label = "High" }]
"""


def from_sheet(path, *rows):
    """Return what a Settings sheet says, and all its problems as messages."""
    sheet = [["setting", "value", "default", "meaning"], *map(list, rows)]
    tables = read_tables(write_study(path / "study.xlsx", {"Settings": sheet}))
    given, problems = settings_from_rows(tables.rows["Settings"])
    settings, more = validate_settings(given)
    return settings, messages([*tables.problems, *problems, *more])


def from_toml(path, text):
    """Return what a study.toml says, and all its problems as messages."""
    file = path / "study.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    given, tables = settings_from_toml(file)
    settings, problems = validate_settings(given, file="study.toml")
    return settings, messages([*tables.problems, *problems]), tables


def problems(**given):
    """Return the problems of some settings as messages; two underscores stand for a point."""
    typed = {key.replace("__", "."): (value, "") for key, value in given.items()}
    return messages(validate_settings(typed)[1])


def test_nothing_said_means_the_template_values(tmp_path):
    assert from_sheet(tmp_path) == (Settings(), [])
    assert from_toml(tmp_path, "")[:2] == (Settings(), [])


def test_the_same_settings_are_read_from_the_sheet_and_from_text(tmp_path):
    sheet, nothing = from_sheet(
        tmp_path,
        ("study.opened", datetime.date(2026, 3, 2)),
        ("sampling.margin", 0.04),
        ("blueprint.items", "120", 100),
        ("respondents.compare", "supervisors; trainers"),
        ("weighting.trim", None),
        (f"{LEVELS}.recall", "40 %"),
        (f"{LEVELS}.judging", 60),
    )
    assert nothing == []
    text = f"""\ufeff
        study.opened = 2026-03-02
        sampling.margin = 4
        blueprint.items = 120
        respondents.compare = ["supervisors", "trainers"]
        [{LEVELS}]
        recall = 40
        judging = 60
        """
    assert from_toml(tmp_path, text)[:2] == (sheet, [])
    assert sheet.blueprint.cognitive_levels == {"recall": 40, "judging": 60}


def test_a_level_with_an_empty_value_takes_its_default(tmp_path):
    settings, nothing = from_sheet(
        tmp_path,
        (f"{LEVELS}.recall", 20),
        (f"{LEVELS}.application", 60),
        (f"{LEVELS}.analysis", None, 20),
    )
    assert nothing == []
    assert list(settings.blueprint.cognitive_levels.items()) == [
        ("recall", 20),
        ("application", 60),
        ("analysis", 20),
    ]


def test_a_sheet_with_no_values_says_nothing_so_that_study_toml_may_stand_beside_it(tmp_path):
    sheet = [["setting", "value"], ["blueprint.items", None], [f"{LEVELS}.recall", None]]
    tables = read_tables(write_study(tmp_path / "study.xlsx", {"Settings": sheet}))
    assert settings_from_rows(tables.rows["Settings"]) == ({}, [])


def test_unknown_and_doubled_settings_are_told_with_the_right_name(tmp_path):
    settings, found = from_sheet(
        tmp_path,
        ("blueprint.itmes", 90),
        ("blueprint.Rounding", None),
        ("colour", "red"),
        ("study.title", "a"),
        ("study.title", None),
    )
    assert settings is None
    assert found == [
        "study.xlsx, Settings!A6: found “study.title”; wanted each setting once. To mend: remove "
        "one of the rows.",
        "study.xlsx, Settings!A2: found the setting “blueprint.itmes”; wanted “blueprint.items”. "
        "To mend: rename it to “blueprint.items”.",
        "study.xlsx, Settings!A3: found the setting “blueprint.Rounding”; wanted "
        "“blueprint.rounding”. To mend: rename it to “blueprint.rounding”.",
        "study.xlsx, Settings!A4: found the setting “colour”; wanted one of the settings of this "
        "version. To mend: remove it.",
    ]


def test_values_that_cannot_be_used_are_told_all_at_once_each_at_its_cell(tmp_path):
    settings, found = from_sheet(
        tmp_path,
        ("blueprint.items", "many"),
        ("blueprint.rounding", "hamiltn"),
        ("sampling.margin", 120),
        ("sampling.incumbents", 0),
        ("study.opened", "03/04/2026"),
        ("retention.cut", "middle"),
        ("resampling.confidence_percent", 100),
        ("study.review_years", 20),
        ("weighting.trim", 1),
    )
    assert settings is None
    assert sorted(found) == [
        "study.xlsx, Settings!B10: found “1” for weighting.trim; wanted a value above 1. To mend: "
        "write a value above 1.",
        "study.xlsx, Settings!B2: found “many” for blueprint.items; wanted a whole number. To "
        "mend: write a whole number.",
        "study.xlsx, Settings!B3: found “hamiltn” for blueprint.rounding; wanted one of hamilton, "
        "webster, huntington_hill, adams, dean, dhondt, quota. To mend: write “hamilton”.",
        "study.xlsx, Settings!B4: found “120” for sampling.margin; wanted a percentage between 0 "
        "and 100. To mend: write a percentage between 0 and 100.",
        "study.xlsx, Settings!B5: found “0” for sampling.incumbents; wanted a value of at least 1. "
        "To mend: write a value of at least 1.",
        "study.xlsx, Settings!B6: found “03/04/2026” for study.opened; wanted a date that can be "
        "read in one way only (“03/04/2026” could be 2026-03-04 or 2026-04-03). To mend: write a "
        "date that can be read in one way only.",
        "study.xlsx, Settings!B7: found “middle” for retention.cut; wanted midpoint, or a point on "
        "the scale such as 2.5. To mend: write midpoint, or a point on the scale such as 2.5.",
        "study.xlsx, Settings!B8: found “100” for resampling.confidence_percent; wanted a value "
        "below 100. To mend: write a value below 100.",
        "study.xlsx, Settings!B9: found “20” for study.review_years; wanted a value of at most 10. "
        "To mend: write a value of at most 10.",
    ]


@pytest.mark.parametrize(
    ("text", "found", "wanted"),
    [
        ("blueprint.items = [1]", "“1” for blueprint.items", "a whole number"),
        ('study.title = ["a", "b"]', "“a, b” for study.title", "one text, not a list"),
        ("study.opened = 2026", "“2026” for study.opened", "a date such as 2026-03-04"),
        ("sampling.margin = nan", "“nan” for sampling.margin", "a percentage between 0 and 100"),
        ("weighting.trim = inf", "“inf” for weighting.trim", "a number"),
        ("sampling.design = 3", "“3” for sampling.design", "one of census, srs, stratified"),
        (f'{LEVELS}.recall = "most"', f"“most” for {LEVELS}.recall", "a percentage between 0"),
        (f"{LEVELS} = 30", f"the setting “{LEVELS}”", f"“{LEVELS}.recall”"),
        ("study.title.long = 1", "the setting “study.title.long”", "“study.title”"),
        ('study = "mine"', "the setting “study”", "“study.id”"),
        ("items = 90", "the setting “items”", "“blueprint.items”"),
    ],
)
def test_a_value_of_the_wrong_kind_is_one_problem(tmp_path, text, found, wanted):
    settings, (problem,), _ = from_toml(tmp_path, text)
    assert settings is None
    assert f": found {found}; wanted {wanted}" in problem
    assert problem.startswith(f"study.toml, {text.partition(' ')[0]}: ")


def test_cognitive_levels_have_to_add_up():
    wanted = "wanted 100 percent. To mend: change the percentages so that they add up to 100."
    levels = {f"blueprint__cognitive_levels__{name}": 33 for name in ("recall", "use", "judging")}
    assert problems(**levels) == []
    assert problems(**{**levels, "blueprint__cognitive_levels__use": 40}) == [
        f"study.xlsx, {LEVELS}.recall: found cognitive levels that add up to 106 percent; {wanted}"
    ]


def test_a_blueprint_cannot_take_effect_before_the_study_was_opened():
    found = problems(study__opened="2026-03-01", study__effective="1 March 2026")
    assert found == [
        "study.xlsx, study.effective: found 2026-03-01; wanted a date after the study was opened "
        "(2026-03-01). To mend: correct one of the two dates."
    ]


def test_a_newer_format_is_the_one_problem_whatever_else_is_new():
    assert problems(study__format=2, study__colour="red", blueprint__items="few") == [
        "study.xlsx, study.format: found format 2; wanted format 1 or older. To mend: install a "
        "newer version of rds."
    ]


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ('[study]\ntitle = "a\n', "line 2, column 11", "a syntax error: Illegal character '\\n'"),
        ("[study]\nid = \n", "line 2, column 6", "a syntax error: Invalid value"),
        ("[study]\nid = \u201ccps\u201d\n", "line 2, column 6", "a syntax error: Invalid value"),
        ("[study]\n[study]\n", "line 2, column 7", "a syntax error: Cannot declare"),
        ('[study]\nid = """', "the end", "a syntax error: Unterminated string"),
        ("[study]\ntitle = 'caf\xe9'\n".encode("cp1252"), "line 2", "another encoding"),
        ('title = "x"'.encode("utf-16"), "line 1", "another encoding"),
    ],
)
def test_text_that_is_no_toml_is_one_problem_with_its_line(tmp_path, text, place, found):
    with pytest.raises(InputError) as refused:
        from_toml(tmp_path, text)
    (problem,) = refused.value.problems
    assert (problem.file, problem.place) == ("study.toml", place)
    assert problem.found.startswith(found)


def test_scales_and_population_in_text_are_rows_like_those_of_their_sheets(tmp_path):
    text = SCALE + '[[population]]\nvariable = "Q1"\ncategory = "Community"\npercent = 0.62\n'
    settings, found, tables = from_toml(tmp_path, text)
    assert (settings, found) == (Settings(), [])
    (scale,), nothing = build_scales(tables.rows["Scales"])
    assert (scale.name, scale.rated_values, nothing) == ("importance", (1, 2), [])
    (row,) = tables.rows["Population"]
    assert row.values == {"variable": "Q1", "category": "Community", "percent": 62}
    assert tables.assumed == ("population 1, percent: 0.62 read as 62 percent",)


def test_everything_wrong_with_tables_in_text_is_told_at_once(tmp_path):
    text = """
        colour = "red"
        [[scales]]
        name = "importance"
        rolle = "importance"
        kind = "likert"
        points = [{ value = "low", label = "Low" }, { value = 2, colour = 1 }, 3]
        [[scales]]
        name = "frequency"
        [[population]]
        variable = "Q1"
        category = ["a", 1]
        percent = 200
        """
    _, found, _ = from_toml(tmp_path, text)
    assert found == [
        "study.toml, scales 1, rolle: found the key “rolle”; wanted “role”. To mend: rename it to "
        "“role”.",
        "study.toml, scales 1, kind: found “likert”; wanted one of ordinal, yes/no, allocation of "
        "100. To mend: write one of ordinal, yes/no, allocation of 100.",
        "study.toml, scales 1, point 1, value: found “low”; wanted a whole number. To mend: write "
        "a whole number.",
        "study.toml, scales 1, point 2, colour: found the key “colour”; wanted one of scale, "
        "question, role, applies_to, kind, point, label, meaning, use. To mend: remove it.",
        "study.toml, scales 1, point 3: found “3”; wanted a table. To mend: write { value = 1, "
        "label = … }.",
        "study.toml, scales 2: found no points; wanted the points of the scale. To mend: add "
        "points = [ … ].",
        "study.toml, population 1, category: found “['a', 1]”; wanted a value. To mend: write one "
        "value, or a list of texts.",
        "study.toml, population 1, percent: found “200”; wanted a percentage between 0 and 100. To "
        "mend: write a percentage between 0 and 100.",
        "study.toml, colour: found the setting “colour”; wanted one of the settings of this "
        "version. To mend: remove it.",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scales = 3", "study.toml, scales: found “3”; wanted a list of tables."),
        ("[scales]\nname = 'a'", "study.toml, scales: found a single table; wanted a list of"),
        ("population = ['a']", "study.toml, population 1: found “a”; wanted a table."),
        ("[[scales]]\nname = 'a'\npoints = 4", "study.toml, scales 1, point: found “4”; wanted a"),
    ],
)
def test_what_is_no_list_of_tables_is_one_problem(tmp_path, text, message):
    _, (problem,), _ = from_toml(tmp_path, text)
    assert problem.startswith(message)


def test_settings_that_were_read_as_shares_are_told():
    given = {
        "sampling.margin": (0.05, "Settings!B13"),
        f"{LEVELS}.recall": ("0,3", "Settings!B43"),
        "blueprint.items": (0.5, "Settings!B38"),
        "colour": (0.5, "Settings!A60"),
    }
    assert settings_read_as_shares(given) == (
        "Settings!B13: 0.05 read as 5 percent",
        "Settings!B43: 0,3 read as 30 percent",
    )
