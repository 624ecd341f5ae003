"""Syllables and school grades, against numbers that others have published."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.outline.reading_level import count_syllables, grade_from_counts, reading_grade

CASES = json.loads(
    Path(__file__).parents[1].joinpath("oracles", "readability.json").read_text(encoding="utf-8")
)["cases"]

# Counted by ear.
SYLLABLES = {
    1: "risk goals role use used planned skills care here peer self called notes the trained",
    2: "people handled simple able assessed needed boxes wishes changes agreed places table",
    3: "services cultural procedure reference resources maintaining families determine",
    4: "recovery individual identified documented development",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["source"][:60])
def test_the_grade_is_the_one_that_was_published(case):
    counts = {name: case[name] for name in ("words", "sentences", "syllables")}
    assert round(grade_from_counts(**counts), case["decimals"]) == case["grade"]


def test_a_published_sentence_is_counted_as_it_was_published():
    (case,) = [case for case in CASES if "text" in case]
    assert sum(map(count_syllables, case["text"].strip(".").split())) == case["syllables"]
    assert round(reading_grade([case["text"]]), 1) == case["grade"]


@pytest.mark.parametrize(("count", "words"), SYLLABLES.items())
def test_silent_endings_do_not_count(count, words):
    assert {word: count_syllables(word) for word in words.split()} == dict.fromkeys(
        words.split(), count
    )


def test_no_words_have_no_grade():
    assert reading_grade([]) is None
    assert reading_grade(["", "…"]) is None


@given(st.lists(st.sampled_from(["Plan care.", "Assess the risk of harm."]), min_size=1))
def test_a_text_repeated_is_no_harder(sentences):
    assert reading_grade(sentences * 2) == pytest.approx(reading_grade(sentences))
