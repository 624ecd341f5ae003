"""SurveyJS itself loads, shows and runs the survey; what was clicked is what is read back.

RDS_NODE_MODULES names a folder node_modules with what surveyjs/package.json asks for:
npm ci --ignore-scripts --legacy-peer-deps in a folder with package.json and package-lock.json.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from rds.survey.instrument import Instrument, Option, Page, Question, Row
from rds.survey.platforms.opening import open_file
from rds.survey.platforms.surveyjs import PLATFORM
from tests.survey.examples import instrument

SCRIPTS = Path(__file__).parent / "surveyjs"
PACKAGES = json.loads((SCRIPTS / "package.json").read_text(encoding="utf-8"))["dependencies"]
LANGUAGES = ("en", "de")
TYPED = {"Q3": "12.5", "Q4": 'Peer “lead”; "new", ünï', "missing": "one & two"}
POINTS = {"D1": 33.5, "D2": 66.5}


def stop(reason):
    """Skip, or fail where all components are promised."""
    (pytest.fail if os.environ.get("RDS_ALL_COMPONENTS") == "1" else pytest.skip)(reason)


def node(script, *arguments, timeout=300):
    """Run a script in node and return what it prints."""
    run = subprocess.run(
        ["node", str(SCRIPTS / script), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def packages():
    """Check that the packages are there, in the versions that are pinned."""
    folder = Path(os.environ.get("RDS_NODE_MODULES", "node_modules"))
    for name, version in PACKAGES.items():
        described = folder / name / "package.json"
        if not described.is_file():
            stop(f"SurveyJS ({name}) is not installed in RDS_NODE_MODULES")
        found = json.loads(described.read_text(encoding="utf-8"))["version"]
        if found != version:
            stop(f"SurveyJS ({name}) is there as {found}, not {version}")


def survey(of):
    written = PLATFORM.write(of)
    return json.loads(next(text for name, text in written.items() if name.endswith(".json")))


def german_first():
    """Return a survey that begins in German, with texts that SurveyJS would fill in."""
    words = {"de": "Sage {Q1} und {locale}", "en": "Say {Q1} and {locale}"}
    answers = ({"de": "Ja {Q1}", "en": "Yes {Q1}"}, {"de": "Nein", "en": "No"})
    options = tuple(Option(code, text) for code, text in enumerate(answers))
    several = Question("Q1", "several", words, "demographic", "Q1", options, eligible=(0,))
    rows = (Row("T01", words, "T01"), Row("T02", answers[1], "T02"))
    grid = Question("Q2", "grid", words, "rating", "s", options, rows, required=True)
    pages = (Page("a", words, (several,)), Page("b", words, (grid,)))
    return Instrument("german", 1, "", ("de", "en"), words, pages, words)


def clicks(question, language, shift=0):
    """Yield what to do to answer a question; another shift, another answer."""
    words = [option.words[language] for option in question.options]
    if question.kind == "grid":
        for n, row in enumerate(question.rows):
            option = words[(n + shift) % len(words)]
            yield {"question": question.code, "row": row.words[language], "option": option}
    elif question.kind == "several":
        yield from ({"question": question.code, "option": words[n]} for n in (shift % 2, 2))
    elif question.kind == "choice":
        yield {"question": question.code, "option": words[0 if question.eligible else shift]}
    elif question.kind == "allocation":
        for row in question.rows:
            typed = str(POINTS[row.code])
            yield {"question": question.code, "row": row.words[language], "typed": typed}
    elif question.kind != "information":
        yield {"question": question.code, "typed": TYPED[question.code]}


def clicked(shift):
    """Return the cells that an export must have after these clicks, by column."""
    cells = {}
    for question in instrument().questions:
        codes = [option.code for option in question.options]
        name = question.code
        if question.kind == "grid":
            for n, row in enumerate(question.rows):
                cells[f"{name}.{row.code}"] = str(codes[(n + shift) % len(codes)])
        elif question.kind == "several":
            chosen = {codes[shift % 2], codes[2]}
            cells |= {f"{name}.{code}": "1" if code in chosen else "0" for code in codes}
        elif question.kind == "choice":
            cells[name] = str(codes[0 if question.eligible else shift])
        elif question.kind == "allocation":
            cells |= {f"{name}.{row}": str(points) for row, points in POINTS.items()}
        elif question.kind != "information":
            cells[name] = TYPED[name]
    return cells


def visit(language, shift):
    """Return a visit in which every question is answered."""
    pages = [
        [action for question in page.questions for action in clicks(question, language, shift)]
        for page in instrument().pages
    ]
    return {"survey": survey(instrument()), "locale": language, "pages": pages}


def stubborn():
    """Return a visit that tries to go on without consent, and with points that are not 100."""
    pages = visit("en", 0)["pages"]
    right = [action for action in pages[-1] if action["question"] == "domainshare"]
    wrong = [{**action, "typed": "20"} for action in right]
    return visit("en", 0) | {"pages": [[], pages[0], [], [], [], wrong, right]}


VISITS = {
    **{language: visit(language, shift) for shift, language in enumerate(LANGUAGES)},
    "screened out": visit("en", 0) | {"pages": [[{"question": "consent", "option": "No"}]]},
    "stubborn": stubborn(),
    "German first": {
        "survey": survey(german_first()),
        "locale": "de",
        "pages": [[{"question": "Q1", "option": "Nein"}]],
    },
    "English second": {
        "survey": survey(german_first()),
        "locale": "en",
        "pages": [
            [{"question": "Q1", "option": "Yes {Q1}"}],
            [{"question": "Q2", "row": "No", "option": "No"}],
        ],
    },
}


@pytest.fixture(scope="module")
def browsed(packages, tmp_path_factory):
    """Answer the surveys in the browser, once for all tests."""
    path = tmp_path_factory.mktemp("browser") / "plan.json"
    plan = {"browser": shutil.which("chromium"), "visits": list(VISITS.values())}
    path.write_text(json.dumps(plan), encoding="utf-8")
    return node("answer.js", path)


@pytest.fixture(scope="module")
def visits(browsed):
    return dict(zip(VISITS, browsed["visits"], strict=True))


def read_back(folder, results, *, with_survey):
    path, book = folder / "results.json", folder / "survey.json"
    path.write_text(json.dumps(results), encoding="utf-8")
    book.write_text(json.dumps(survey(instrument())), encoding="utf-8")
    file = open_file(path, codebook=book if with_survey else None)
    assert PLATFORM.recognise(file)
    return PLATFORM.read(file)


@pytest.mark.node
def test_surveyjs_finds_no_error_in_the_surveys(packages, tmp_path):
    paths = []
    for one in (instrument(), german_first()):
        paths.append(tmp_path / f"{one.name}.json")
        paths[-1].write_text(json.dumps(survey(one)), encoding="utf-8")
    example, german = node("check.js", *paths)
    assert (example["errors"], german["errors"]) == ([], [])
    assert example["questions"] == [question.code for question in instrument().questions]
    assert (example["languages"], german["languages"]) == (["en", "de"], ["en", "de"])


@pytest.mark.chromium
def test_nothing_goes_wrong_in_the_browser(browsed):
    assert browsed["failures"] == []


@pytest.mark.chromium
@pytest.mark.parametrize("language", LANGUAGES)
def test_people_read_every_text_as_it_was_written(visits, language):
    shown = visits[language]["shown"]
    for page, said in zip(instrument().pages, shown, strict=False):
        read = " ".join(said.split())
        for words in (
            page.words,
            *(question.words for question in page.questions),
            *(row.words for question in page.questions for row in question.rows),
            *(option.words for question in page.questions for option in question.options),
        ):
            assert " ".join(words[language].split()) in read
    assert instrument().end[language] in shown[-1]
    assert instrument().title[language] in shown[0]


@pytest.mark.chromium
def test_what_was_clicked_in_two_languages_is_read_back(visits, tmp_path):
    results = [visits[language]["result"] for language in LANGUAGES]
    export = read_back(tmp_path, results, with_survey=True)
    answers = [one.name for one in export.described if one.role == "answer"]
    table = pd.concat(export.blocks())
    assert table[answers].to_dict("records") == [clicked(0), clicked(1)]
    assert table["survey_language"].tolist() == list(LANGUAGES)
    without = pd.concat(read_back(tmp_path, results, with_survey=False).blocks())
    shared = [name for name in answers if name in without]
    assert len(shared) == len(answers) - 3
    assert without[shared].equals(table[shared])
    assert without["Q2"].tolist() == ["1;3", "2;3"]


@pytest.mark.chromium
def test_people_who_may_not_go_on_end_at_once_and_their_result_says_so(visits, tmp_path):
    screened = visits["screened out"]
    assert screened["result"] == {"consent": 2, "survey_language": "en", "screened_out": True}
    assert instrument().end["en"] in screened["shown"][-1]
    export = read_back(tmp_path, [screened["result"]], with_survey=False)
    assert pd.concat(export.blocks())["screened_out"].tolist() == ["screened out"]


@pytest.mark.chromium
def test_nobody_goes_on_without_required_answers_or_with_a_wrong_sum(visits):
    one = visits["stubborn"]
    assert one["stayed"] == [True, False, False, False, False, True, False]
    assert "Σ = 100" in one["shown"][6]
    assert one["result"]["domainshare"] == POINTS


@pytest.mark.chromium
def test_a_survey_may_begin_in_another_language_and_speak_of_braces(visits):
    german, english = visits["German first"], visits["English second"]
    assert german["result"] == {"Q1": [1], "survey_language": "de", "screened_out": True}
    assert "Ja {Q1}" in german["shown"][0].replace("\u2060", "")
    assert "Sage {Q1} und {locale}" in german["shown"][0].replace("\u2060", "")
    assert english["stayed"] == [False, True]
    assert "Say {Q1} and {locale}" in english["shown"][0].replace("\u2060", "")
