"""What is written for LimeSurvey follows its rules, and its exports of it read back.

The rules of the structure file are those that an import into LimeSurvey 6.10.2 showed: codes that
break them are changed or dropped silently. Exports are imitated here by the rules that the samples
in tests/data/limesurvey show.
"""

import csv
import html
import io
import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.survey.export import NOT_SHOWN_TEXT
from rds.survey.instrument import Option, Question
from rds.survey.platforms.limesurvey import PLATFORM
from rds.survey.platforms.limesurvey_book import read_book
from rds.survey.platforms.opening import open_file
from rds.survey.platforms.words import comparable, plain_text
from tests.survey.examples import instrument

RESERVED = {"lang", "sid", "savedid", "token", "qid", "gid", "sgq", "self", "that", "this"}
META = {
    "id": "Response ID",
    "submitdate": "Date submitted",
    "lastpage": "Last page",
    "startlanguage": "Start language",
    "seed": "Seed",
    "startdate": "Date started",
    "datestamp": "Date last action",
}
TICK = "Y"


def structure(survey):
    (name,) = (name for name in PLATFORM.write(survey) if name.endswith("-limesurvey.txt"))
    return PLATFORM.write(survey)[name]


def lines(survey):
    text = structure(survey).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t", strict=True))


def faults(rows):
    """Return what LimeSurvey would change, drop or refuse in a structure."""
    found = []
    settings = {row["name"]: row["text"] for row in rows if row["class"] == "S"}
    found += [name for name in ("sid", "language") if not settings.get(name)]
    blocks, questions, below = {}, set(), set()
    for row in rows:
        found += [row for cell in row.values() if cell is None]
        what, code = row["class"], row["name"]
        if what in ("S", "SL"):
            continue
        found += [text for text in (row["text"], row["name"]) if re.search(r"[{}\\\n\t]", text)]
        if what in ("G", "Q"):
            below = set()
        if what == "G":
            found += [] if int(row["type/scale"]) >= 1 and row["name"] else [row]
            key = (what, row["type/scale"])
        elif what == "Q":
            question = code
            key = (what, code.casefold(), row["language"])
            ok = re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,19}", code)
            found += [] if ok and code.casefold() not in RESERVED | questions & set() else [row]
            key = (what, code)
        else:
            pattern = r"[A-Za-z0-9]{1,20}" if what == "SQ" else r"[A-Za-z0-9]{1,5}"
            mark = (what, code.casefold())
            ok = re.fullmatch(pattern, code) and mark not in below and code not in ("time", "other")
            found += [] if ok else [row]
            below.add(mark)
            key = (what, question, code)
        blocks.setdefault(row["language"], []).append((*key, row["relevance"], row["mandatory"]))
    languages = [settings["language"], *settings["additional_languages"].split()]
    found += [] if list(blocks) == languages else [list(blocks)]
    found += [] if len({tuple(block) for block in blocks.values()}) == 1 else ["languages differ"]
    codes = [line[1].casefold() for line in blocks[languages[0]] if line[0] == "Q"]
    return found + [code for code in codes if codes.count(code) > 1]


def columns(survey, language="en"):
    """Return code, row code, and the header as codes, as texts, of every column of an export."""

    def shown(words):
        return html.escape(" ".join(words[language].split()), quote=False)

    for question in survey.questions:
        below = question.options if question.kind == "several" else question.rows
        if question.kind == "information":
            continue
        if not below:
            yield question, "", question.code, shown(question.words)
        for one in below:
            code = str(one.code)
            text = f"{shown(question.words)} [{shown(one.words)}]"
            yield question, code, f"{question.code}[{code}]", text


def answer(question, code, person, style):
    """Return what a respondent's answer looks like in an export."""
    if question.kind == "several":
        ticked = (person + int(code)) % 2 == 0
        return {"short": TICK if ticked else "", "long": "Yes" if ticked else "N/A"}[style]
    if question.kind == "allocation":
        return "60" if code == "D1" else "40"
    if question.kind in ("number", "text"):
        return str(10 + person)
    option = question.options[0 if question.eligible else person % len(question.options)]
    return str(option.code) if style == "short" else option.words["en"]


def export(survey, heads="code", style="short", separator=","):
    """Return an export with two answers, one that was screened out, and one that was begun."""
    separate = {"code": lambda code, text: code, "full": lambda code, text: text}
    name = separate.get(heads, lambda code, text: f"{code}. {text}")
    if heads == "expression":
        name = lambda code, text: code.replace("[", "_").replace("]", "")  # noqa: E731
    asked = list(columns(survey))
    headers = [*(name(*pair) for pair in META.items()), *(name(*one[2:]) for one in asked)]
    rows = [headers]
    for person in range(4):
        when = None if person == 3 else "2026-05-04 10:20:31"
        row = [str(person + 1), when, "5", "en", "1", "2026-05-04 10:00:00", "2026-05-04 10:20:31"]
        for place, (question, code, _, _) in enumerate(asked):
            hidden = (person == 2 and place > 0) or (person == 3 and place > 6)
            cell = answer(question, code, person, style)
            if person == 2 and place == 0:
                cell = "2" if style == "short" else "No"
            if hidden:
                lost = {"grid": "", "several": "N/A"} if style == "long" else {}
                cell = lost.get(question.kind)
            row.append(cell)
        rows.append(row)

    def cell_text(value):
        return "" if value is None else '"{}"'.format(value.replace('"', '""'))

    return "\ufeff" + "".join(separator.join(map(cell_text, row)) + "\r\n" for row in rows) + "\r\n"


def read_back(folder, survey, *, codebook=False, **styles):
    path = folder / "export.csv"
    path.write_bytes(export(survey, **styles).encode())
    book = folder / "structure.txt"
    book.write_bytes(structure(survey))
    file = open_file(path, codebook=book if codebook else None)
    assert PLATFORM.recognise(file)
    return PLATFORM.read(file)


def answers(read):
    return [column for column in read.described if column.role == "answer"]


def test_what_is_written_is_what_limesurvey_takes():
    assert faults(lines(instrument())) == []


def test_the_linter_finds_what_limesurvey_would_change():
    rows = lines(instrument())
    for place, change in [
        ("Q", {"name": "D1_freq"}),
        ("Q", {"text": "{curly}"}),
        ("SQ", {"name": "other"}),
        ("A", {"name": "-99"}),
        ("S", {"name": "nosid"}),
    ]:
        first = next(row for row in rows if row["class"] == place)
        changed = [{**row, **change} if row is first else row for row in rows]
        assert faults(changed), change


def test_writing_twice_gives_the_same_bytes():
    assert PLATFORM.write(instrument()) == PLATFORM.write(instrument())


def test_settings_keep_respondents_pseudonymous():
    settings = {row["name"]: row["text"] for row in lines(instrument()) if row["class"] == "S"}
    wanted = {"anonymized": "Y", "datestamp": "Y", "ipaddr": "N", "refurl": "N", "format": "G"}
    assert wanted.items() <= settings.items()
    assert settings["additional_languages"] == "de"
    assert re.fullmatch(r"\d{6}", settings["sid"])


def test_all_of_a_language_comes_before_the_next():
    languages = [row["language"] for row in lines(instrument()) if row["class"] not in ("S", "SL")]
    half = len(languages) // 2
    assert languages == ["en"] * half + ["de"] * half


def test_whoever_is_not_eligible_is_asked_nothing_more():
    english = [row for row in lines(instrument()) if row["language"] == "en"]
    relevance = [row["relevance"] for row in english if row["class"] == "G"]
    assert relevance == ["1", *['(consent.NAOK == "1")'] * 4]
    consent = next(row for row in english if row["name"] == "consent")
    assert (consent["relevance"], consent["mandatory"]) == ("1", "Y")


def test_questions_on_the_same_page_are_hidden_too_and_every_condition_counts():
    survey = instrument()
    first, *pages = survey.pages
    asked = Question(
        "works",
        "several",
        {"en": "Where?", "de": "Wo?"},
        "demographic",
        options=(Option(1, {"en": "a", "de": "a"}), Option(2, {"en": "b", "de": "b"})),
        eligible=(2,),
    )
    survey = replace(survey, pages=(replace(first, questions=(*first.questions, asked)), *pages))
    rows = [row for row in lines(survey) if row["language"] == "en"]
    page = [row["relevance"] for row in rows if row["class"] == "G"]
    works = next(row for row in rows if row["name"] == "works")
    assert works["relevance"] == '(consent.NAOK == "1")'
    assert page[1] == (
        '(consent.NAOK == "1") && (works_2.NAOK == "Y" || '
        "(is_empty(works_1.NAOK) && is_empty(works_2.NAOK)))"
    )
    assert faults(lines(survey)) == []


def test_points_must_add_up_to_100():
    points = next(row for row in lines(instrument()) if row["name"] == "domainshare")
    assert (points["type/scale"], points["equals_num_value"]) == ("K", "100")


def test_every_kind_of_question_has_its_type():
    types = {row["name"]: row["type/scale"] for row in lines(instrument()) if row["class"] == "Q"}
    assert types == {
        **{"intro": "X", "consent": "L", "Q1": "L", "Q2": "M", "Q3": "N", "Q4": "S"},
        **{f"D{n}{scale}": "F" for n in (1, 2) for scale in ("frequency", "importance")},
        **{"domainshare": "K", "coverage": "L", "missing": "T"},
    }


def test_the_steps_by_hand_name_the_file_and_the_questions():
    written = PLATFORM.write(instrument())
    name = next(name for name in written if name.endswith("-steps.txt"))
    steps = written[name].decode()
    for word in ("example-2026-survey-1-limesurvey.txt", "consent", "domainshare", "en, de"):
        assert word in steps


def test_nasty_texts_come_back_from_the_structure_in_every_language(tmp_path):
    survey = instrument()
    path = tmp_path / "structure.txt"
    path.write_bytes(structure(survey))
    book = read_book(path)
    for question in survey.questions:
        found = book.questions[question.code]
        for row in question.rows:
            for language, text in row.words.items():
                assert comparable(found.rows[row.code][language]) == comparable(
                    html.escape(text, quote=False)
                )
    assert book.questions["D1frequency"].rows["T03"]["en"].count("&#123;") == 1


@pytest.mark.parametrize("style", ["short", "long"])
@pytest.mark.parametrize("heads", ["code", "expression", "full", "codetext"])
@pytest.mark.parametrize("codebook", [False, True], ids=["alone", "structure"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_exports_of_every_style_read_back(tmp_path, heads, style, codebook, separator):
    survey = instrument()
    read = read_back(
        tmp_path, survey, codebook=codebook, heads=heads, style=style, separator=separator
    )
    found, asked = answers(read), list(columns(survey))
    if heads != "full" or codebook:
        names = [PLATFORM.column_name(c.question, c.row, c.position, c.option) for c in found]
        assert names == [one[2] for one in asked]
    if heads in ("full", "codetext") or codebook:
        for column, (_, _, _, text) in zip(found, asked, strict=True):
            said = column.row_text or column.option_text
            whole = f"{column.question_text} [{said}]" if said else column.question_text
            assert comparable(whole) == comparable(plain_text(text))
    frame = pd.concat(read.blocks())
    assert frame["status (from submitdate)"].tolist() == ["complete"] * 3 + ["partial"]
    for column, (question, code, _, _), place in zip(found, asked, range(99), strict=False):
        cells = frame[column.name].tolist()
        for person in (0, 1):
            value = answer(question, code, person, style)
            ticks = {TICK: "1", "Yes": "1", "": "0", "N/A": "0"}
            assert cells[person] == (ticks[value] if question.kind == "several" else value)
        if place:
            assert cells[2] == NOT_SHOWN_TEXT
        if place > 6:
            assert cells[3] == ""


texts = st.text(
    st.one_of(
        st.sampled_from(list("{}[]<>&\"';,|\\$=%#.:-_ \t\n")),
        st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn"]),
    ),
    min_size=1,
    max_size=30,
).filter(lambda text: plain_text(text) and not plain_text(text).startswith("#"))


@given(text=texts)
def test_whatever_a_statement_says_comes_back_from_structure_and_export(tmp_path_factory, text):
    survey = instrument()
    page = survey.pages[2]
    grid = page.questions[0]
    row = replace(grid.rows[0], words={"en": text, "de": text})
    grid = replace(grid, rows=(row, *grid.rows[1:]))
    pages = (*survey.pages[:2], replace(page, questions=(grid,)), *survey.pages[3:])
    survey = replace(survey, pages=pages)
    assert faults(lines(survey)) == []
    folder = tmp_path_factory.mktemp("law")
    found = {c.name: c for c in answers(read_back(folder, survey, codebook=True))}
    column = found["D1frequency[T01]"]
    assert (column.question, column.row) == ("D1frequency", "T01")
    assert column.row_text == plain_text(html.escape(text, quote=False))
