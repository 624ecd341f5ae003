"""XLSForm: the form that is written keeps every text, and pyxform with ODK Validate accepts it."""

import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from rds.errors import InputError
from rds.survey.instrument import Instrument, Option, Page, Question, Row
from rds.survey.platforms.words import comparable
from rds.survey.platforms.xlsform import PLATFORM
from rds.survey.platforms.xlsform_book import read_form
from tests.survey.examples import NASTY, instrument
from tests.survey.platforms.xlsform_exports import fields, sheet

DATA = Path(__file__).parents[2] / "data" / "xlsform"
WRITTEN = PLATFORM.write(instrument())
FORM = WRITTEN["example-2026-survey-1-xlsform.xlsx"]
ENGLISH, GERMAN = "label::English (en)", "label::Deutsch (de)"


def line(name, content=FORM):
    return next(found for _, found in fields(content) if found["name"] == name)


def saved(folder, content, name="form.xlsx"):
    path = folder / name
    path.write_bytes(content)
    return path


def test_every_grid_is_a_table_of_choices_in_the_group_of_its_page():
    groups, row = next(pair for pair in fields(FORM) if pair[1]["name"] == "D1frequency_T02")
    assert [group["name"] for group in groups] == ["page_D1", "D1frequency"]
    assert groups[1]["appearance"] == "table-list"
    assert groups[1][ENGLISH] == "Frequency: how would you rate each task?"
    assert row["type"] == "select_one D1frequency_choices"
    listed = [c for c in sheet(FORM, "choices") if c["list_name"] == "D1frequency_choices"]
    assert [c["name"] for c in listed] == ["0", "1", "2", "3", "99"]
    assert listed[0][ENGLISH] == "Never; I do not do this"


def test_column_names_are_the_names_of_the_fields():
    names = {found["name"] for _, found in fields(FORM)}
    for question in instrument().questions:
        for row in question.rows:
            assert PLATFORM.column_name(question.code, row.code, 1, "") in names
        if not question.rows and question.kind != "information":
            assert PLATFORM.column_name(question.code, "", 0, "") in names
    assert PLATFORM.column_name("Q2", "", 0, "3") == "Q2/3"


def test_texts_stand_in_every_language_and_name_no_question():
    assert line("Q4")[GERMAN] == "Job title (auf Deutsch)"
    for found in [*sheet(FORM, "survey"), *sheet(FORM, "choices")]:
        texts = [found[key] for key in (ENGLISH, GERMAN) if key in found]
        assert not any("${" in text for text in texts)
    assert comparable(line("D1frequency_T03")[ENGLISH]) == comparable(NASTY["T03"])


def test_no_cell_is_a_formula():
    book = load_workbook(io.BytesIO(FORM))
    assert {cell.data_type for page in book for row in page for cell in row} <= {"s", "n"}
    assert line("D2frequency_T04")[ENGLISH] == NASTY["T04"]


def test_only_those_who_may_go_on_see_the_following_pages():
    groups = [found for found in sheet(FORM, "survey") if found["name"].startswith("page_")]
    opened = {found["name"]: found for found in groups if found["type"] == "begin_group"}
    assert "relevant" not in opened["page_welcome"]
    after = [opened[name] for name in opened if name != "page_welcome"]
    assert {found["relevant"] for found in after} == {"selected(${consent}, '1')"}
    assert line("consent")["required"] == "yes"


def test_points_must_be_100_in_the_last_row_and_only_there():
    first, last = line("domainshare_D1"), line("domainshare_D2")
    assert first["constraint"] == ". >= 0 and . <= 100"
    assert last["constraint"].endswith("coalesce(${domainshare_D1}, 0) + . = 100")
    assert last["constraint_message::Deutsch (de)"] == "Σ = 100"
    assert last["required"] == "coalesce(${domainshare_D1}, 0) > 0"


def test_settings_name_form_version_and_base_language():
    (found,) = sheet(FORM, "settings")
    assert found == {
        "form_title": "Survey of peer support practice",
        "form_id": "example-2026-survey-1",
        "version": "1",
        "default_language": "English (en)",
        "style": "pages",
    }


def test_writing_twice_gives_the_same_bytes():
    assert PLATFORM.write(instrument()) == WRITTEN


def test_what_remains_by_hand_is_written_in_steps():
    notes = WRITTEN["example-2026-survey-1-xlsform-finish-by-hand.txt"].decode()
    assert "English (en), Deutsch (de)" in notes
    assert "who may not go on after consent" in notes
    open_to_all = replace(instrument(), pages=instrument().pages[1:])
    notes = PLATFORM.write(open_to_all)["example-2026-survey-1-xlsform-finish-by-hand.txt"]
    assert "everybody may answer everything" in notes.decode()


def test_a_form_read_as_codebook_says_what_the_instrument_said(tmp_path):
    found = {field.name: field for field in read_form(saved(tmp_path, FORM))}
    for question in instrument().questions:
        for number, row in enumerate(question.rows, 1):
            field = found[PLATFORM.column_name(question.code, row.code, number, "")]
            assert comparable(field.words["English (en)"]) == comparable(row.words["en"])
            assert comparable(field.words["Deutsch (de)"]) == comparable(row.words["de"])
            if question.kind == "grid":
                assert field.position == number
                assert field.choices["Deutsch (de)"]["99"] == "Not applicable (auf Deutsch)"


def test_a_real_form_is_read_with_its_groups_lists_and_languages():
    found = {field.name: field for field in read_form(DATA / "generated_min.xlsx")}
    first = found["D1_freq_T01"]
    assert (first.kind, first.groups, first.position) == ("select_one", ("D1_freq",), 1)
    assert first.choices["Deutsch (de)"]["4"] == "Täglich"
    assert found["D1_imp_T01"].position == 0
    assert found["certs"].choices["English (en)"] == {"C1": "CISSP", "C2": "PMP"}


def test_a_workbook_that_is_no_form_is_refused(tmp_path):
    book = Workbook()
    book.active.append(["type", "name"])
    book.save(tmp_path / "answers.xlsx")
    for path in (tmp_path / "answers.xlsx", DATA / "kobo_formpack_labels.csv"):
        with pytest.raises(InputError) as error:
            read_form(path)
        (problem,) = error.value.problems
        assert "survey" in problem.found


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from('<>&;[]{}|,"$#*'),
    min_size=1,
).filter(lambda text: any(letter.isalnum() for letter in text))


@settings(max_examples=20, deadline=None)
@given(statement=texts, label=texts)
def test_whatever_a_statement_holds_comes_back_from_the_form(tmp_path_factory, statement, label):
    words = {"en": "How often?"}
    question = Question(
        "a1",
        "grid",
        words,
        "rating",
        options=(Option(1, {"en": label}),),
        rows=(Row("T1", {"en": statement}),),
    )
    form = Instrument("s", 1, "", ("en",), words, (Page("p", words, (question,)),))
    content = PLATFORM.write(form)["s-survey-1-xlsform.xlsx"]
    (field,) = (f for f in read_form(saved(tmp_path_factory.mktemp("law"), content)) if f.position)
    same = {unicodedata.normalize("NFKC", text) for text in (statement, label)}
    back = {field.words["English (en)"], field.choices["English (en)"]["1"]}
    assert set(map(comparable, back)) == set(map(comparable, same))


# Proven by pyxform and the ODK Validate it brings along


@pytest.fixture(scope="module")
def validated(tmp_path_factory):
    """Return what pyxform and ODK Validate make of the form: their verdict, and the XForm."""
    lacking = [
        name
        for name, found in {
            "pyxform": importlib.util.find_spec("pyxform"),
            "Java (java)": shutil.which("java"),
        }.items()
        if found is None
    ]
    if lacking:
        stop = pytest.fail if os.environ.get("RDS_ALL_COMPONENTS") == "1" else pytest.skip
        stop(f"{' and '.join(lacking)} not installed")
    folder = tmp_path_factory.mktemp("odk")
    target = folder / "form.xml"
    command = [sys.executable, "-m", "pyxform.xls2xform", str(saved(folder, FORM)), str(target)]
    run = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    return json.loads(run.stdout or run.stderr), target.read_text(encoding="utf-8")


@pytest.mark.odk
def test_odk_validate_accepts_the_form_without_a_warning(validated):
    verdict, _ = validated
    assert verdict == {"code": 100, "message": "Ok!", "warnings": []}


@pytest.mark.odk
def test_the_form_holds_every_text_and_leads_to_the_columns_that_are_emulated(validated):
    root = ElementTree.fromstring(validated[1])
    texts = {comparable("".join(value.itertext())) for value in root.iter() if value.text}
    assert {comparable(text) for text in NASTY.values()} <= texts
    forms = "{http://www.w3.org/2002/xforms}"
    (data,) = root.iter(f"{forms}data")
    paths = {path for path in _paths(data, ()) if "meta" not in path}
    emulated = {(*[g["name"] for g in groups], f["name"]) for groups, f in fields(FORM)}
    own = ("generated_table_list_label_", "reserved_name_for_field_list_labels_")
    assert {path for path in paths if not path[-1].startswith(own)} == {
        path for path in emulated if not path[-1].startswith(own)
    }


def _paths(element, path):
    """Yield the paths of all fields of a form."""
    for child in element:
        inner = (*path, child.tag.partition("}")[2])
        yield from _paths(child, inner) if len(child) else [inner]
