"""What people type is read in any form that can mean one thing only, and refused otherwise."""

from __future__ import annotations

import datetime
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.values import (
    is_read_as_share,
    read_date,
    read_number,
    read_percent,
    read_text,
    read_whole,
    read_yes_no,
)

DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31))
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("\ufeffT01", "T01"),
        ("\u200bT01\u00a0", "T01"),
        ("the person\u2019s \u201cown\u201d goals", 'the person\'s "own" goals'),
        (4.0, "4"),
        (2.5, "2.5"),
        (True, "yes"),
        (datetime.datetime(2026, 3, 1), "2026-03-01"),
        (datetime.date(2026, 3, 1), "2026-03-01"),
    ],
)
def test_text_comes_without_marks_that_programs_add(cell, text):
    assert read_text(cell) == text


@pytest.mark.parametrize("cell", [62, 62.0, 0.62, "62 %", "62%", "62", "0.62", "0,62", "62,0"])
def test_62_percent_may_be_written_in_many_ways(cell):
    assert read_percent(cell) == 62


@pytest.mark.parametrize(
    ("cell", "percent"), [(0, 0), (1, 1), ("1 %", 1), ("0,5 %", 0.5), (100, 100), ("0,625", 62.5)]
)
def test_percentages_at_the_edges(cell, percent):
    assert read_percent(cell) == percent


@pytest.mark.parametrize(
    "cell", ["many", "120 %", 120, -1, "%", "", math.nan, math.inf, True, "6 2 %"]
)
def test_what_is_no_percentage_is_refused_with_what_was_wanted(cell):
    with pytest.raises(ValueError, match=r"^a percentage between 0 and 100$"):
        read_percent(cell)


@pytest.mark.parametrize(
    ("cell", "is_share"),
    [(0.62, True), ("0,62", True), (62, False), ("0.62 %", False), ("x", False)],
)
def test_it_is_told_when_a_share_was_read_as_a_percentage(cell, is_share):
    assert is_read_as_share(cell) is is_share


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1 200", 1200),
        ("1\u202f200", 1200),
        ("1'200", 1200),
        ("3,5", 3.5),
        ("1,200.5", 1200.5),
        ("1,200,300", 1200300),
        ("-2.5", -2.5),
        ("0,125", 0.125),
    ],
)
def test_numbers_may_have_spaces_between_thousands_and_a_decimal_comma(cell, number):
    assert read_number(cell) == number


@pytest.mark.parametrize("cell", ["ten", "", None, "1.2.3", "nan", "inf", math.nan, math.inf, True])
def test_what_is_no_number_is_refused(cell):
    with pytest.raises(ValueError, match=r"^a number$"):
        read_number(cell)


def test_a_comma_that_could_mean_two_things_is_refused_with_both():
    with pytest.raises(ValueError, match=r"could be 12345 or 12\.345"):
        read_number("12,345")


def test_a_whole_number_may_have_a_comma_between_thousands():
    assert read_whole("1,200") == 1200


@pytest.mark.parametrize("cell", ["ten", 2.5, "2,5", "", None, math.inf, "1.200"])
def test_what_is_no_whole_number_is_refused(cell):
    with pytest.raises(ValueError, match=r"^a whole number$"):
        read_whole(cell)


@given(st.integers(-(10**12), 10**12))
def test_a_whole_number_is_read_back_however_thousands_are_set_apart(number):
    assert read_whole(str(number)) == read_whole(f"{number:,}") == number
    assert read_whole(f"{number:,}".replace(",", " ")) == number


@pytest.mark.parametrize("cell", ["Yes", "y", "TRUE", "x", 1, True])
def test_yes(cell):
    assert read_yes_no(cell) is True


@pytest.mark.parametrize("cell", ["No", "n", "false", 0, False])
def test_no(cell):
    assert read_yes_no(cell) is False


def test_what_is_neither_yes_nor_no_is_refused():
    with pytest.raises(ValueError, match=r"^yes or no$"):
        read_yes_no("perhaps")


@given(DAYS)
def test_a_day_is_read_back_from_every_form_that_names_its_month_or_starts_with_its_year(day):
    name = MONTHS[day.month - 1]
    forms = [
        day,
        datetime.datetime(day.year, day.month, day.day, 12, 30),
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.day} {name} {day.year}",
        f"{name} {day.day}, {day.year}",
        f"{day.day}-{name[:3].upper()}-{day.year}",
        f"Sunday, the {day.day}th of {name} {day.year}",
    ]
    assert {read_date(form) for form in forms} == {day}


@given(DAYS)
def test_a_day_written_in_numbers_is_read_rightly_or_refused_with_both_readings(day):
    for form in (f"{day.day:02d}/{day.month:02d}/{day.year}", f"{day:%m.%d.}{day.year}"):
        if day.day > 12 or day.day == day.month:
            assert read_date(form) == day
        else:
            other = datetime.date(day.year, day.day, day.month)
            with pytest.raises(ValueError, match="in one way only") as refused:
                read_date(form)
            assert day.isoformat() in str(refused.value)
            assert other.isoformat() in str(refused.value)


@pytest.mark.parametrize(
    "cell",
    ["soon", "", None, 46082, "25/03/26", "1 March 26", "31/02/2026", "2026-13-01", "March 2026"],
)
def test_what_is_no_date_with_day_month_and_full_year_is_refused(cell):
    with pytest.raises(ValueError, match=r"^a date such as 2026-03-04 or 4 March 2026$"):
        read_date(cell)
