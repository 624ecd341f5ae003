"""The Word form: everything to read and to fill in stands there, and prints well."""

import io
import re
import subprocess
import zipfile
from dataclasses import replace
from functools import cache

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from rds.survey.instrument import Option, Question
from rds.survey.platforms.form_phrases import last_words, phrases, printable, stop_words
from rds.survey.platforms.word import PLATFORM
from rds.survey.wording import STANDARD_WORDING
from tests.survey import examples

BOX = "☐"


def document(instrument, language="en"):
    (content,) = PLATFORM.write(replace(instrument, languages=(language,))).values()
    return Document(io.BytesIO(content))


@cache
def example(language="en"):
    return document(examples.instrument(), language)


def tables(made):
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in made.tables]


def paragraphs(made):
    return [paragraph.text for paragraph in made.paragraphs]


def grids(instrument):
    return [question for question in instrument.questions if question.kind == "grid"]


def with_points(labels):
    """Return the example with other points on all its scales."""
    instrument = examples.instrument()
    options = tuple(Option(code, examples.words(label)) for code, label in enumerate(labels, 1))
    pages = tuple(
        replace(
            page,
            questions=tuple(
                replace(one, options=options) if one.kind == "grid" else one
                for one in page.questions
            ),
        )
        for page in instrument.pages
    )
    return replace(instrument, pages=pages, languages=("en",))


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_grid_is_a_table_with_a_box_for_each_point_in_each_row(language):
    instrument = examples.instrument()
    number = 5
    for grid, table in zip(grids(instrument), tables(example(language)), strict=False):
        points = [option.words[language] for option in grid.options]
        assert table[0] == ["", phrases(language).statement, *points]
        for row, cells in zip(grid.rows, table[1:], strict=True):
            number += 1
            assert cells == [str(number), row.words[language], *[BOX] * len(points)]


def test_every_option_has_a_box_and_every_question_stands_there_numbered():
    instrument = examples.instrument()
    said = paragraphs(example())
    for question in instrument.questions:
        if question.kind in ("choice", "several"):
            assert [f"{BOX}\t{o.words['en']}" for o in question.options] == [
                text for text in said if text[2:] in {o.words["en"] for o in question.options}
            ]
    for text in ("1\tDo you agree to take part?", "5\tJob title", "21\tWhich tasks are missing?"):
        assert text in said
    assert "Thank you.\nThis takes 10 minutes." in said
    assert "Thank you for your answers." in said


def test_header_rows_are_repeated_and_rows_are_not_split_over_pages():
    for table in example().tables:
        rows = [row._tr for row in table.rows]
        repeated = [row.find(".//" + qn("w:tblHeader")) is not None for row in rows]
        assert repeated == [True, *[False] * (len(rows) - 1)]
        assert all(row.find(".//" + qn("w:cantSplit")) is not None for row in rows)


def test_the_table_of_points_to_share_ends_with_their_total():
    shares = tables(example())[-1]
    assert shares == [
        ["", "Statement", "Points"],
        ["18", "Supporting people", ""],
        ["19", "Working with others", ""],
        ["", "Total (must be 100)", "= 100"],
    ]


def test_those_who_may_not_take_part_are_told_to_stop():
    said = paragraphs(example())
    at = said.index("➔  If you chose “No”, please stop here. Thank you for your time.")
    assert said[at - 1] == f"{BOX}\tNo"
    question = next(one for one in examples.instrument().questions if one.code == "Q1")
    assert stop_words(question, "en") == ""
    only = replace(question, eligible=(2,))
    assert "“Community” or “Other”" in stop_words(only, "en")
    assert stop_words(replace(question, eligible=(1, 2, 3)), "en") == ""


def test_the_footer_says_study_version_form_and_page_of_pages():
    made = document(replace(examples.instrument(), form="B", version=3))
    (paragraph,) = made.sections[0].footer.paragraphs
    assert paragraph.text == "example-2026 · Version 3 · Form B · Page 1 of 1"
    fields = [mark.text.strip() for mark in paragraph._p.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert all(section.footer.is_linked_to_previous for section in list(made.sections)[1:])


def test_wide_scales_turn_the_paper_and_narrow_ones_do_not():
    wide = ["Not at all", "Slightly", "Moderately", "Considerably", "Strongly", "Very", "Extremely"]
    sections = list(document(with_points(wide)).sections)
    assert [one.orientation for one in sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]
    assert len(document(with_points(["Low", "Middle", "High"])).sections) == 1


@pytest.mark.parametrize("n_points", [2, 5, 8])
@pytest.mark.parametrize("word", ["Low", "Incomprehensibilities"])
def test_tables_are_as_wide_as_the_paper_whatever_their_points(n_points, word):
    made = document(with_points([f"{word} {n}" for n in range(n_points)]))
    section = list(made.sections)[min(1, len(made.sections) - 1)]
    width = section.page_width - section.left_margin - section.right_margin
    first, statement, *points = [column.width for column in made.tables[0].columns]
    assert abs(first + statement + sum(points) - width) < 5000
    assert first + statement >= 2_510_000
    assert min(points) >= 600_000


def test_the_same_survey_gives_the_same_bytes_without_clock_or_author():
    files = PLATFORM.write(examples.instrument())
    assert list(files) == [f"example-2026-survey-1-word-{name}.docx" for name in ("en", "de")]
    assert files == PLATFORM.write(examples.instrument())
    with zipfile.ZipFile(io.BytesIO(files["example-2026-survey-1-word-de.docx"])) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert "python-docx" not in core
    assert "2026-01-01T00:00:00Z" in core
    assert "<dc:language>de</dc:language>" in core


def test_a_form_on_paper_does_not_say_that_answers_were_saved():
    standard = replace(examples.instrument(), end={"en": STANDARD_WORDING["survey end"]})
    assert last_words(standard, "en", "Give it back.") == ("Thank you.", "Give it back.")
    assert last_words(replace(standard, end={"en": "Bye."}), "en", "")[0] == "Bye."


def test_phrases_of_all_languages_take_what_is_filled_in():
    for language in ("en", "de", "fr", "es"):
        said = phrases(language)
        assert said.page.format(page=1, pages=2).count("1") == 1
        filled_in = said.about_this_form.format(study="S", number=1, form=", F", language="L")
        assert "{" not in filled_in + said.stop.format(answers="A") + said.quoted.format("A")
        assert max(map(len, (said.choose_x, said.from_list, said.up_to_100))) <= 255


def test_control_characters_do_no_harm():
    instrument = replace(examples.instrument(), title=examples.words("A\x0b title\x00"))
    assert paragraphs(document(instrument))[0] == "A\n title"
    assert printable("a\x0cb") == "a\nb"


def test_a_question_of_every_kind_has_room_for_its_answer():
    page = replace(
        examples.instrument().pages[0],
        questions=(Question("Q9", "number", {"en": "Years", "de": "Jahre"}, "demographic"),),
    )
    said = paragraphs(document(replace(examples.instrument(), pages=(page,))))
    assert said[said.index("1\tYears") + 1] == "\t"


@pytest.mark.libreoffice
def test_libreoffice_prints_the_form_with_every_word_and_turned_paper(tmp_path):
    wide = ["Not at all", "Slightly", "Moderately", "Considerably", "Strongly", "Very", "Extremely"]
    instrument = with_points(wide)
    path = tmp_path / "form.docx"
    (content,) = PLATFORM.write(instrument).values()
    path.write_bytes(content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    for kind in ("pdf", "txt:Text (encoded):UTF8"):
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", tmp_path]
        subprocess.run([*command, path], check=True, capture_output=True, timeout=180)
    printed = (tmp_path / "form.pdf").read_bytes()
    sides = re.findall(rb"/MediaBox ?\[ ?0 0 (\d+)[.\d]* (\d+)", printed)
    assert {int(wide) > int(high) for wide, high in sides} == {True, False}
    text = (tmp_path / "form.txt").read_text(encoding="utf-8")
    for statement in examples.NASTY.values():
        assert statement in text
