"""study.toml is written so that it reads back the same, whatever the study says."""

from __future__ import annotations

import datetime
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.scales import PROPOSED_SCALES, Point, Scale, build_scales, ordinal
from rds.settings import list_settings, setting_keys
from rds.settings_reader import settings_from_toml
from rds.settings_toml import settings_toml

TEXTS = st.text(st.characters(exclude_categories=("Cs",)))


def read(folder, text):
    path = folder / "study.toml"
    path.write_bytes(text.encode())
    return settings_from_toml(path)


@settings(max_examples=50, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "study.title": TEXTS.filter(bool),
            "study.opened": st.dates(),
            "sampling.margin": st.floats(0, 100),
            "blueprint.items": st.integers(1, 500),
            "respondents.compare": st.lists(TEXTS, min_size=1),
        },
    ),
    st.dictionaries(TEXTS.filter(bool), st.integers(0, 100), min_size=1, max_size=4),
)
def test_values_that_are_written_are_read_back(tmp_path_factory, said, levels):
    values = {**said, **{f"blueprint.cognitive_levels.{name}": n for name, n in levels.items()}}
    typed, tables = read(tmp_path_factory.mktemp("text"), settings_toml(values))
    assert {key: typed[key][0] for key in values} == values
    assert tables.problems == ()
    found = [key for key in typed if key.startswith("blueprint.cognitive_levels.")]
    assert found == [key for key in values if key.startswith("blueprint.cognitive_levels.")]


def test_every_setting_stands_there_with_its_meaning_and_its_default():
    text = settings_toml({})
    data = tomllib.loads(text)
    for setting in list_settings():
        section, name, *level = setting.key.split(".", 2)
        if setting.default is None:
            assert f"# {setting.column.meaning}\n# {name} =\n" in text
            continue
        value = data[section][name][level[0]] if level else data[section][name]
        assert (tuple(value) if isinstance(value, list) else value) == setting.default
        if not level:
            assert f"# {setting.column.meaning}" in text
    assert len(setting_keys()) > 40


def test_closed_values_are_named():
    assert " One of: none, post-stratification, raking.\nmethod = " in settings_toml({})


def test_scales_are_written_so_that_they_are_built_again(tmp_path):
    points = (Point(0, 'Never; "no"', "not applicable"), Point(1, "Low"), Point(2, "High"))
    scales = (
        *PROPOSED_SCALES,
        Scale(
            "risk", "How risky?", "criticality", points, ("tasks", "KSAs"), "ordinal", "describe"
        ),
        ordinal("sure", {1: "No", 2: "Yes"}),
    )
    _, tables = read(tmp_path, settings_toml({}, scales=scales))
    assert build_scales(tables.rows["Scales"]) == (scales, [])


def test_a_population_is_written_so_that_it_is_read_back_and_else_shown_as_an_example(tmp_path):
    shares = [{"variable": "Q1", "category": "Hospital", "percent": 38.5}]
    _, tables = read(tmp_path, settings_toml({}, population=shares))
    assert [dict(row.values) for row in tables.rows["Population"]] == shares
    example = settings_toml({}).partition("# [[population]]")[2]
    assert '# variable = "Q1"' in example
    assert read(tmp_path, settings_toml({}))[1].rows["Population"] == ()


def test_a_date_is_written_as_a_date():
    assert "opened = 2026-05-04\n" in settings_toml({"study.opened": datetime.date(2026, 5, 4)})


def test_a_key_that_is_no_setting_cannot_be_written():
    with pytest.raises(ValueError, match="is no setting"):
        settings_toml({"blueprint.itmes": 100})
