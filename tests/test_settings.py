"""The settings of a study: their template values, and the list of them for people."""

from __future__ import annotations

import datetime

import pytest
from pydantic import ValidationError

from rds.columns import Column
from rds.settings import (
    PROPOSED_SETTINGS,
    Settings,
    is_setting,
    list_settings,
    nearest_setting,
    section_models,
    setting_keys,
)


def test_the_template_values_are_those_that_the_design_names():
    """As design.md, section 2, prints them; the model has no value until a study chooses one."""
    settings = Settings()
    assert settings.sampling.incumbents == 1200
    assert settings.respondents.weight_from == ("all",)
    assert settings.screening.exclude == ("ineligible", "repeated token", "incomplete")
    assert settings.retention.cut == "midpoint"
    assert settings.weights.model == ""
    assert settings.sensitivity.models == ("product", "additive", "importance_only")
    assert settings.blueprint.cognitive_levels == {"recall": 30, "application": 50, "analysis": 20}
    assert settings.approval.roles == ("panel chair", "board")
    assert settings.resampling.seed == 20260301


def test_the_proposals_for_a_new_study_are_settings():
    assert all(map(is_setting, PROPOSED_SETTINGS))


def test_every_setting_is_listed_with_default_and_meaning():
    fields = [
        f"{section}.{name}"
        for section, model in section_models().items()
        for name in model.model_fields
    ]
    listed = list(setting_keys())
    assert [key for key in fields if key != "blueprint.cognitive_levels"] == [
        key for key in listed if key.count(".") == 1
    ]
    assert len(listed) == len(fields) + 2
    assert all(meaning.endswith(".") for _, meaning in setting_keys().values())


@pytest.mark.parametrize(
    ("key", "kind", "choices"),
    [
        ("study.title", "text", ()),
        ("study.opened", "date", ()),
        ("sampling.frame_size", "whole", ()),
        ("sampling.margin", "percent", ()),
        ("screening.exclude", "names", ()),
        ("comparison.hypotheses", "text", ()),
        ("weighting.trim", "any", ()),
        ("weighting.method", "text", ("none", "post-stratification", "raking")),
        ("blueprint.cognitive_levels.recall", "percent", ()),
    ],
)
def test_a_setting_says_what_its_value_may_be(key, kind, choices):
    column = next(setting.column for setting in list_settings() if setting.key == key)
    assert isinstance(column, Column)
    assert (column.name, column.kind, column.choices) == (key, kind, choices)


def test_hypotheses_in_one_cell_stand_between_semicolons_since_options_may_hold_commas():
    typed = "T1 importance Q1: Home, alone > Other; T2 importance Q1: Other > Home, alone"
    section = Settings.model_validate({"comparison": {"hypotheses": typed}}).comparison
    assert section.hypotheses == (
        "T1 importance Q1: Home, alone > Other",
        "T2 importance Q1: Other > Home, alone",
    )


def test_cognitive_levels_that_a_study_names_take_the_place_of_the_defaults():
    prefix = "blueprint.cognitive_levels."
    values = {f"{prefix}recall": None, f"{prefix}judging": 40}
    levels = [s for s in list_settings(values) if s.key.startswith(prefix)]
    assert [(s.key.removeprefix(prefix), s.value, s.default) for s in levels] == [
        ("recall", None, 30),
        ("judging", 40, None),
    ]


def test_empty_text_says_nothing():
    listed = {setting.key: setting.value for setting in list_settings({"study.title": ""})}
    assert listed["study.title"] is None


def test_a_key_that_is_no_setting_cannot_be_listed():
    with pytest.raises(ValueError, match=r"“blueprint\.itmes” is no setting; wanted “blueprint"):
        list_settings({"blueprint.itmes": 100})
    with pytest.raises(ValueError, match=r"“colour” is no setting\.$"):
        list_settings({"colour": "red"})


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("blueprint.item", "blueprint.items"),
        ("Blueprint.Items", "blueprint.items"),
        ("items", "blueprint.items"),
        ("weihgts.modle", "weights.model"),
        ("colour", None),
    ],
)
def test_the_setting_that_was_meant_is_found(key, meant):
    assert nearest_setting(key) == meant


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        Settings().blueprint.items = 90


@pytest.mark.parametrize(
    ("section", "values", "name", "value"),
    [
        ("sampling", {"design": "Open Link"}, "design", "open link"),
        ("sampling", {"margin": "5 %"}, "margin", 5),
        ("study", {"opened": "1 March 2026"}, "opened", datetime.date(2026, 3, 1)),
        ("study", {"title": "\ufeff the \u201crole\u201d"}, "title", 'the "role"'),
        ("weights", {"scales": "importance; frequency,"}, "scales", ("importance", "frequency")),
        ("weights", {"scales": ["importance"]}, "scales", ("importance",)),
        ("blueprint", {"items": "1,200"}, "items", 1200),
        ("retention", {"cut": "Midpoint"}, "cut", "midpoint"),
        ("retention", {"cut": "2,5"}, "cut", "2.5"),
        ("weighting", {"trim": None}, "trim", None),
    ],
)
def test_values_are_forgiving_in_form(section, values, name, value):
    assert getattr(section_models()[section].model_validate(values), name) == value
