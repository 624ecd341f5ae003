"""Columns are found by name or told by a column map; what is nearly right is never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from rds.errors import InputError
from rds.ratings.mapping import map_columns, read_column_map
from rds.survey.export import Export

STATEMENTS = ("T01", "T02", "T03", "T04")
IMPORTANCE = {"importance": STATEMENTS}
BOTH = {"importance": STATEMENTS, "frequency": STATEMENTS}
NAMES = [f"{statement}_importance" for statement in STATEMENTS]


def mapped(columns, *, expected=IMPORTANCE, questions=(), given=None, layout="wide"):
    export = Export("answers.csv", "", layout, tuple(columns), lambda: iter(()))
    return map_columns(export, expected=expected, questions=questions, given=given)


def refusals(columns, **options):
    result, problems = mapped(columns, **options)
    assert result is None
    return [str(problem) for problem in problems]


def test_columns_are_found_by_name_without_regard_to_case():
    columns, problems = mapped(
        ["Respondent_ID", "t01_Importance", *NAMES[1:], "GROUP", "Wave", "q1", "Comment"],
        questions=["Q1", "Q2"],
    )
    assert problems == []
    assert (columns.respondent, columns.group, columns.wave) == ("Respondent_ID", "GROUP", "Wave")
    assert columns.ratings["t01_Importance"] == ("T01", "importance")
    assert columns.demographics == {"q1": "Q1"}
    assert columns.dropped == ("Comment",)
    assert columns.missing == ()
    assert columns.expected == IMPORTANCE


def test_with_one_scale_the_statement_alone_names_a_rating():
    columns, _ = mapped(["T01", *NAMES[1:]], expected=IMPORTANCE | {"unused": ()})
    assert columns.ratings["T01"] == ("T01", "importance")


def test_with_two_scales_the_statement_alone_names_nothing():
    columns, _ = mapped(
        [*NAMES, *(f"{name}_frequency" for name in STATEMENTS), "T01"], expected=BOTH
    )
    assert columns.dropped == ("T01",)


@given(columns=st.permutations([*NAMES, "respondent", "group", "Q1", "Q2", "other"]))
def test_the_order_of_columns_does_not_matter(columns):
    result, _ = mapped(columns, questions=["Q2", "Q1"])
    assert list(result.ratings.items()) == [
        (name, (statement, "importance")) for name, statement in zip(NAMES, STATEMENTS, strict=True)
    ]
    assert list(result.demographics) == ["Q2", "Q1"]
    assert result.dropped == ("other",)


def test_up_to_half_of_the_ratings_may_be_missing_and_are_listed():
    columns, problems = mapped(["respondent", *NAMES[:2]])
    assert problems == []
    assert columns.missing == ("T03_importance", "T04_importance")
    assert list(columns.ratings) == NAMES[:2]


def test_more_than_half_missing_is_a_problem_that_names_some():
    (message,) = refusals(["respondent", "T01_importance", "Q17", "Q18"])
    assert "T02_importance, T03_importance, T04_importance" in message
    assert "3 of 4 are missing" in message


@pytest.mark.parametrize(
    ("column", "meant"),
    [
        ("T1_importance", "T01_importance"),
        ("T01_importanc", "T01_importance"),
        ("T01 importance", "T01_importance"),
        ("T01importance", "T01_importance"),
        ("T1", "T01_importance"),
        ("Respondent ID", "respondent"),
        ("respondnet", "respondent"),
    ],
)
def test_a_near_miss_of_something_missing_is_a_problem_with_the_right_name(column, meant):
    (message,) = refusals([column, *NAMES[1:], *([NAMES[0]] if "espond" in column else [])])
    assert message.startswith(f"answers.csv, column “{column}”: found a name that is nearly right")
    assert f"wanted “{meant}”" in message


def test_a_near_miss_of_something_present_is_just_another_column():
    columns, problems = mapped([*NAMES, "T05_importance", "respondent", "respondent name"])
    assert problems == []
    assert columns.dropped == ("T05_importance", "respondent name")


def test_many_near_misses_are_reported_in_a_few_problems():
    statements = tuple(f"T{number:02}" for number in range(1, 31))
    messages = refusals(
        [f"{statement}_importanc" for statement in statements], expected={"importance": statements}
    )
    assert len(messages) == 6
    assert "25 more columns with names that are nearly right" in messages[-1]


def test_two_columns_for_one_meaning_are_a_problem():
    messages = refusals(["respondent", "Respondent_ID", *NAMES, "T01_Importance", "T02"])
    assert len(messages) == 3
    assert "2 columns for “respondent”: “respondent”, “Respondent_ID”" in messages[0]
    assert "2 columns for “T01_importance”: “T01_importance”, “T01_Importance”" in messages[1]
    assert "2 columns for “T02_importance”: “T02_importance”, “T02”" in messages[2]


def test_a_column_map_says_what_columns_mean():
    columns, problems = mapped(
        ["Token", "Kind", "Round", "Listening", "T02", "T3_importance", "Age", "T04"],
        questions=["Q1"],
        given={
            "token": "Respondent_ID",
            "Kind": "group",
            "Round": "wave",
            "Listening": "T01_importance",
            "T3_importance": "t03",
            "Age": "q1",
            "T04": "ignore",
        },
    )
    assert problems == []
    assert (columns.respondent, columns.group, columns.wave) == ("Token", "Kind", "Round")
    assert list(columns.ratings) == ["Listening", "T02", "T3_importance"]
    assert columns.demographics == {"Age": "Q1"}
    assert (columns.dropped, columns.missing) == (("T04",), ("T04_importance",))


def test_a_column_map_is_trusted_over_names():
    columns, problems = mapped(
        NAMES, given={"T01_importance": "T02_importance", "T02_importance": "T01_importance"}
    )
    assert problems == []
    assert columns.ratings["T01_importance"] == ("T02", "importance")


def test_a_column_map_means_the_column_of_exactly_that_name_if_there_is_one():
    columns, _ = mapped(["KEY", "key", *NAMES], given={"KEY": "respondent"})
    assert (columns.respondent, columns.dropped) == ("KEY", ("key",))


def test_a_column_map_may_not_give_a_meaning_that_another_column_has():
    (message,) = refusals(["Listening", *NAMES], given={"Listening": "T01_importance"})
    assert "2 columns for “T01_importance”: “Listening”, “T01_importance”" in message
    assert mapped(["x", *NAMES], given={"x": "T01_importance", "T01_importance": "ignore"})[1] == []


def test_unknown_columns_and_meanings_of_a_column_map_are_refused_with_the_nearest():
    messages = refusals(
        ["Token", *NAMES],
        questions=["Q1"],
        given={"Tokn": "respondent", "Token": "respondant", "T01_importance": "nothing at all"},
    )
    assert len(messages) == 3
    assert "the column “Tokn”" in messages[0]
    assert "write “Token”" in messages[0]
    assert "the meaning “respondant”" in messages[1]
    assert "write “respondent”" in messages[1]
    assert "correct the column map" in messages[2]


def test_all_problems_come_at_once():
    messages = refusals(["respondent", "respondent_id", "T1_importance", "x"], given={"y": "group"})
    assert [message.partition("found ")[2][:12] for message in messages] == [
        "the column “",
        "2 columns fo",
        "a name that ",
        "no ratings T",
    ]


LONG = ("respondent_id", "Statement_ID", "scale", "rating")


def test_a_long_table_names_statements_and_scales_in_its_rows():
    columns, problems = mapped([*LONG, "wave", "Q1", "note"], questions=["Q1"], layout="long")
    assert problems == []
    assert columns.answers == ("Statement_ID", "scale", "rating")
    assert (columns.respondent, columns.wave) == ("respondent_id", "wave")
    assert columns.demographics == {"Q1": "Q1"}
    assert (columns.ratings, columns.missing, columns.dropped) == ({}, (), ("note",))


def test_a_column_map_cannot_take_away_what_a_long_table_needs():
    messages = refusals(LONG, layout="long", given={"rating": "ignore", "scale": "T01_importance"})
    assert any("no column for “rating”" in message for message in messages)
    assert any("the meaning “T01_importance”" in message for message in messages)


def test_a_column_map_is_read_from_text_or_workbook(tmp_path):
    text = tmp_path / "map.csv"
    text.write_text("Meaning;Column;note\nrespondent;Token;x\n;;\nT01_importance; Listening ;\n")
    book = Workbook()
    for row in [["column", "meaning"], ["Token", "respondent"], ["Listening", "T01_importance"]]:
        book.active.append(row)
    book.save(tmp_path / "map.xlsx")
    told = {"Token": "respondent", "Listening": "T01_importance"}
    assert read_column_map(text) == told
    assert read_column_map(tmp_path / "map.xlsx") == told


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("columns,meanings\na,b\n", ["no column “column”", "no column “meaning”"]),
        ("column,meaning\na,\nb,group\nb,wave\n", ["no meaning for “a”", "“b” again"]),
    ],
)
def test_a_column_map_that_says_too_little_or_twice_is_refused(tmp_path, content, found):
    path = tmp_path / "map.csv"
    path.write_text(content)
    with pytest.raises(InputError) as error:
        read_column_map(path)
    assert [problem.found for problem in error.value.problems] == found
