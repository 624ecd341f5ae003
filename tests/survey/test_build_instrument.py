import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.settings import Settings, SurveySection
from rds.study.study import Study
from rds.survey.asked import asked_by
from rds.survey.build_instrument import build_instrument, form_letters
from rds.survey.manifest import manifest_json, read_manifest
from rds.survey.split_forms import on_form
from tests.study.examples import make_study
from tests.survey import examples

SCALES = [
    {"scale": "importance", "question": "How important?", "point": 1, "label": "Low"},
    {"scale": "importance", "point": 2, "label": "High"},
    {"scale": "importance", "point": 3, "label": "Cannot say", "meaning": "unable to rate"},
    {
        "scale": "frequency",
        "question": "How often?",
        "point": 0,
        "label": "Never",
        "meaning": "not performed",
    },
    {"scale": "frequency", "point": 1, "label": "Daily"},
    {"scale": "frequency", "point": 2, "label": "Hourly"},
    {
        "scale": "share of the exam",
        "question": "Share 100 points.",
        "kind": "allocation of 100",
        "applies_to": "domains",
        "use": "describe",
    },
    {
        "scale": "needed",
        "question": "Needed?",
        "applies_to": "KSAs",
        "point": 1,
        "label": "No",
        "use": "describe",
    },
    {"scale": "needed", "point": 2, "label": "Yes"},
]
SHEETS = {
    "Scales": SCALES,
    "KSAs": [{"ksa_id": "K01", "kind": "knowledge", "statement": "Rights"}],
    "Demographics": [
        {"question_id": "Q1", "question": "Age?", "kind": "number"},
        {
            "question_id": "Q2",
            "question": "Certified?",
            "kind": "choice",
            "options": "Yes; No; In training",
            "eligible_if": "yes; In training",
        },
        {"question_id": "Q3", "question": "Where?", "kind": "several", "options": "A; B"},
    ],
}


def built(tmp_path, *, sheets=None, form="", **changes):
    study = Study.open(make_study(tmp_path / "s", sheets={**SHEETS, **(sheets or {})}, **changes))
    return build_instrument(
        study.outline, study.scales, study.settings, study.rows, version=1, form=form
    )


def question(instrument, code):
    return next(q for q in instrument.questions if q.code == code)


def test_every_statement_is_asked_on_every_scale_that_applies_to_it(tmp_path):
    instrument, problems = built(tmp_path)
    assert not problems
    wanted = {f"T{k:02d}_{scale}" for k in range(1, 13) for scale in ("importance", "frequency")}
    wanted |= {f"D{k}_share of the exam" for k in (1, 2, 3)} | {"K01_needed"}
    asked = asked_by(instrument)
    assert {one.meaning for one in asked if one.purpose == "rating"} == wanted
    assert [one.meaning for one in asked if one.purpose != "rating"] == [
        "consent",
        "Q2",
        "Q2 = Yes",
        "Q2 = No",
        "Q2 = In training",
        "Q1",
        "Q3",
        "Q3 = A",
        "Q3 = B",
        "coverage",
        "missing",
    ]


def test_codes_fit_every_platform_and_are_unique_without_regard_to_case(tmp_path):
    instrument, _ = built(tmp_path)
    codes = [q.code for q in instrument.questions]
    assert len({code.casefold() for code in codes}) == len(codes)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,14}", code) for code in codes)
    rows = [row.code for q in instrument.questions for row in q.rows]
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,9}", code) for code in rows)


def test_those_who_are_not_eligible_are_asked_first_and_have_to_answer(tmp_path):
    instrument, _ = built(tmp_path)
    about = next(page for page in instrument.pages if page.code == "about")
    assert [q.code for q in about.questions] == ["Q2", "Q1", "Q3"]
    assert (about.questions[0].eligible, about.questions[0].required) == ((1, 3), True)


def test_what_is_no_rating_stands_after_the_ratings(tmp_path):
    instrument, _ = built(tmp_path)
    options = question(instrument, "D1importance").options
    assert [option.code for option in options] == [1, 2, 3]
    assert options[-1].words["en"] == "Cannot say"


def test_attention_checks_and_repeated_statements_are_lines_of_the_grids(tmp_path):
    instrument, _ = built(tmp_path, survey__attention_checks=2, survey__repeated_statements=1)
    asked = {one.meaning: one for one in asked_by(instrument)}
    assert {"check1", "check2"} <= asked.keys()
    check = asked["check1"]
    assert any(str(check.expected) == str(o.code) for o in check.options)
    again = next(one for one in asked.values() if one.row_purpose == "repeat")
    assert again.meaning == f"again1 {again.statement}_importance"
    assert again.question == "D3importance"


def test_words_that_a_language_lacks_are_named_and_translations_of_nothing(tmp_path):
    translations = [{"statement_id": "T99", "language": "de", "text": "Nichts"}]
    _, problems = built(tmp_path, sheets={"Translations": translations}, survey__languages="en, de")
    found = [p.found for p in problems]
    assert found[0].startswith("no words for “consent yes”")
    assert found[1:] == ["a translation of “T99”"]


def test_translated_words_stand_beside_the_base_language(tmp_path):
    translations = [
        {"statement_id": "T01", "language": "DE", "text": "Tue etwas."},
        {"statement_id": "importance 2", "language": "de", "text": "Hoch"},
        {"statement_id": "q3 options", "language": "de", "text": "Eins; Zwei"},
    ]
    instrument, _ = built(
        tmp_path, sheets={"Translations": translations}, survey__languages="en, de"
    )
    rows = {row.code: row.words for q in instrument.questions for row in q.rows}
    assert rows["T01"] == {"en": "Do part 1 well.", "de": "Tue etwas."}
    assert question(instrument, "D2importance").options[1].words["de"] == "Hoch"
    assert [o.words["de"] for o in question(instrument, "Q3").options] == ["Eins", "Zwei"]


def test_a_question_to_choose_from_needs_options(tmp_path):
    sheets = {"Demographics": [{"question_id": "Q1", "question": "Where?", "kind": "choice"}]}
    _, problems = built(tmp_path, sheets=sheets)
    assert [problem.place for problem in problems] == ["Demographics!D2"]


def test_the_studys_own_words_take_the_place_of_the_standard_ones(tmp_path):
    sheets = {"Narrative": [{"section": "Survey consent", "text": "Do you agree?"}]}
    instrument, _ = built(tmp_path, sheets=sheets)
    assert question(instrument, "consent").words == {"en": "Do you agree?"}


def test_split_forms_together_ask_every_statement_and_share_the_common_ones(tmp_path):
    made = [
        built(tmp_path, form=form, survey__forms=3, survey__common_percent=25)[0] for form in "ABC"
    ]
    asked = [
        {one.statement for one in asked_by(form) if one.statement.startswith("T")} for form in made
    ]
    assert set.union(*asked) == {f"T{k:02d}" for k in range(1, 13)}
    assert len(set.intersection(*asked)) == 3


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(2, 8), st.floats(0, 100))
def test_every_statement_stands_on_a_form_and_forms_differ_by_one_at_most(n, forms, percent):
    names = [f"T{k}" for k in range(n)]
    section = SurveySection(forms=forms, common_percent=percent)
    parts = [on_form(names, section, letter) for letter in "ABCDEFGH"[:forms]]
    assert set().union(*parts) == set(names)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    assert all(part == sorted(part, key=names.index) for part in parts)


def test_one_form_has_no_letter():
    assert form_letters(Settings(survey=SurveySection(forms=2))) == ("A", "B")
    assert form_letters(Settings()) == ("",)


def test_an_instrument_is_the_same_after_it_was_kept_as_text():
    instrument = examples.instrument()
    assert read_manifest(manifest_json(instrument, {"Q1": {"limesurvey": "Q1"}})) == instrument


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b'{"format": 1, "instrument": {}}', b"\xff"]
)
def test_what_is_no_manifest_is_told(content):
    with pytest.raises(ValueError, match="no instrument as rds writes it"):
        read_manifest(content)


def test_a_manifest_of_a_newer_version_is_told():
    with pytest.raises(ValueError, match="format 9"):
        read_manifest(b'{"format": 9}')
