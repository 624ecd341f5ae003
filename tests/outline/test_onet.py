"""Occupations of the O*NET database: chosen by code or title, read with source and licence."""

import pytest

from rds.outline.onet import (
    CODE,
    find_occupation,
    onet_citation,
    onet_statements,
    release_named,
)

OCCUPATIONS = [
    {CODE: "21-1093.00", "Title": "Social and Human Service Assistants"},
    {CODE: "21-1094.00", "Title": "Community Health Workers"},
    {CODE: "29-2052.00", "Title": "Pharmacy Technicians"},
    {CODE: "29-1051.00", "Title": "Pharmacists"},
]
TASK = {CODE: "1", "Task ID": "7", "Task": "Lead groups.", "Task Type": "Core"}


@pytest.mark.parametrize(
    "wanted", ["21-1094.00", "21-1094", "community  health WORKERS", "health work"]
)
def test_an_occupation_is_found_by_code_title_or_part_of_it(wanted):
    assert find_occupation(OCCUPATIONS, wanted)[0] == "21-1094.00"


@pytest.mark.parametrize(
    ("wanted", "named"),
    [
        ("Pharm", "29-2052.00 Pharmacy Technicians, 29-1051.00 Pharmacists"),
        ("Comunity Health Worker", "21-1094.00 Community Health Workers"),
        ("21-1095.00", "21-1094.00"),
        ("Wizards", "a code or title"),
    ],
)
def test_of_an_unknown_occupation_the_nearest_are_named(wanted, named):
    with pytest.raises(ValueError, match=named):
        find_occupation(OCCUPATIONS, wanted)


def test_only_important_elements_that_may_be_published_are_taken():
    def element(name, value, scale="IM", suppress="N"):
        return {
            CODE: "1", "Element ID": name, "Element Name": name, "Scale ID": scale,
            "Data Value": value, "Recommend Suppress": suppress,
        }  # fmt: skip

    rows = [
        element("Writing", "3.00"), element("Speaking", "2.99"), element("Law", "5", scale="LV"),
        element("Math", "5", suppress="Y"), element("Time", "n/a"),
        {**element("Art", "5"), CODE: "2"},
    ]  # fmt: skip
    found = list(onet_statements({"Task Statements": [TASK], "Skills": rows}, "1"))
    assert [(one.unit, one.statement) for one in found] == [
        ("task", "Lead groups."),
        ("skill", "Skill in writing"),
    ]


def test_ratings_of_tasks_are_noted():
    rating = {CODE: "1", "Task ID": "7", "Scale ID": "IM", "Data Value": "4.10", "N": "61"}
    (one,) = onet_statements({"Task Statements": [TASK], "Task Ratings": [rating]}, "1")
    assert one.note == "core task; importance 4.10 of 5 (n = 61)"


def test_the_release_comes_from_the_read_me_or_the_folder():
    assert release_named(["O*NET 29.3 Database\nMay 2025 Release", "db_28_0_text"]) == "29.3"
    assert release_named(["", "db_28_0_text"]) == "28.0"
    assert release_named(["O*NET® 30.1 Database"]) == "30.1"
    assert release_named(["", "onet"]) == ""


def test_the_citation_says_what_the_licence_asks_for():
    said = onet_citation("29.3", "21-1094.00", "Community Health Workers")
    for part in ("O*NET 29.3 Database", "U.S. Department of Labor", "CC BY 4.0", "trademark",
                 "has not approved, endorsed, or tested these modifications"):  # fmt: skip
        assert part in said
