import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.ratings.personal import without_personal_data


@pytest.mark.parametrize(
    "text",
    [
        "someone@example.org",
        "first.last+tag@mail.example.co.uk",
        "617-555-0123",
        "(617) 555-0123",
        "+49 30 1234567",
        "6175550123",
        "192.0.2.17",
        "https://example.org/me?id=7",
        "www.example.org",
    ],
)
def test_addresses_and_telephone_numbers_go(text):
    assert without_personal_data(f"Ask {text} about it") == "Ask [removed] about it"


@pytest.mark.parametrize(
    "text",
    [
        "I see 10-12 people a week",
        "since 2019-2021",
        "1000-2999 hours",
        "on 2026-05-04",
        "5/30/2025",
        "ratio 1:3, 50 %, 1,200 hours",
        "Tasks T01, T02 and 3.5 more",
        "24/7 on call",
    ],
)
def test_ordinary_numbers_stay(text):
    assert without_personal_data(text) == text


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    once = without_personal_data(text)
    assert without_personal_data(once) == once
