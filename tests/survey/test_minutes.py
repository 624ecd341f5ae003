"""How long a survey will take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.study.forms import proposed_instrument
from rds.study.study import Study
from rds.survey.minutes import WORDS_PER_MINUTE, expected_minutes, survey_minutes
from tests.study.examples import make_study


def test_reading_alone_takes_the_published_time():
    # Brysbaert (2019): 238 words a minute.
    assert expected_minutes(words=WORDS_PER_MINUTE, ratings=0) == pytest.approx(1)


@given(st.integers(0, 999), st.integers(0, 999), st.integers(0, 99))
def test_more_of_anything_takes_longer(words, ratings, questions):
    less = expected_minutes(words=words, ratings=ratings, questions=questions)
    assert expected_minutes(words=words + 1, ratings=ratings, questions=questions) > less
    assert expected_minutes(words=words, ratings=ratings + 1, questions=questions) > less
    assert expected_minutes(words=words, ratings=ratings, questions=questions + 1) > less


def test_each_statement_is_read_once_and_rated_on_every_scale(tmp_path):
    instrument = proposed_instrument(Study.open(make_study(tmp_path / "study")))
    ratings = sum(len(question.rows) for question in instrument.questions)
    assert ratings == 12 * 2
    reading = survey_minutes(instrument) - expected_minutes(words=0, ratings=ratings, questions=4)
    # Consent, a question about the respondent, two at the end; “Do part k well.” has four words.
    assert 12 * 4 / WORDS_PER_MINUTE < reading < 2
