"""Write-ins: found, coded by two, and settled."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.analysis.chance_corrected import krippendorff_alpha
from rds.analysis.write_ins import (
    CODER_DISPOSITIONS,
    CODINGS,
    write_in_agreement,
    write_in_texts,
    write_ins_table,
)
from rds.errors import WithheldError


def codings(*rows):
    return pd.DataFrame([(*row, "") for row in rows], columns=list(CODINGS))


def test_each_line_is_a_write_in_and_nothing_is_none():
    people = pd.DataFrame(
        {"missing": ["Drive people\n\nRun groups", "None.", "n/a", ""]}, index=list("abcd")
    )
    found = write_in_texts(people)
    assert sorted(found["text"]) == ["Drive people", "Run groups"]
    assert found["write_in_id"].str.fullmatch("W[0-9A-F]{8}").all()


def test_identifiers_stay_as_long_as_person_and_words_do():
    people = pd.DataFrame({"missing": ["Drive people", "Run groups"]}, index=["R1", "R2"])
    first = write_in_texts(people)
    more = pd.concat([people, pd.DataFrame({"missing": ["Sing"]}, index=["R3"])])
    assert set(first["write_in_id"]) < set(write_in_texts(more)["write_in_id"])


def test_a_survey_that_did_not_ask_has_none():
    assert len(write_in_texts(pd.DataFrame(index=["R1"]))) == 0


def test_what_both_say_holds_and_consensus_settles_the_rest():
    table = write_ins_table(
        codings(
            ("a", "W1", "new task", ""),
            ("b", "W1", "new task", ""),
            ("a", "W2", "covered by task", "T01"),
            ("b", "W2", "covered by task", "T02"),
            ("a", "W3", "out of scope", ""),
            ("b", "W3", "new task", ""),
            ("consensus", "W3", "new task", ""),
            ("a", "W4", "new task", ""),
        ),
        {"W1": "add"},
    ).set_index("write_in_id")
    assert table["disposition"].tolist() == ["new task", "", "new task", ""]
    assert table["settled_by"].tolist() == ["both coders", "", "consensus", ""]
    assert table["decision"].tolist() == ["add", "", "", ""]


def test_agreement_is_that_of_the_coefficients_elsewhere():
    said = [("new task", "new task"), ("new task", "out of scope"), ("out of scope",) * 2]
    said += [("no task named",) * 2] * 3
    rows = [
        (coder, f"W{k}", word, "")
        for k, pair in enumerate(said)
        for coder, word in zip("ab", pair, strict=True)
    ]
    table = write_in_agreement(codings(*rows, ("a", "W9", "new task", ""))).set_index("coefficient")
    assert table.loc["percent agreement", "value"] == pytest.approx(5 / 6)
    # Krippendorff (2011) by hand: 12 values, 3 + 3 + 6; observed 1/6, expected 90/132.
    assert table.loc["Krippendorff", "value"] == pytest.approx(1 - (1 / 6) / (90 / 132))
    assert (table["n_write_ins"] == 6).all()


@given(st.lists(st.sampled_from(CODER_DISPOSITIONS), min_size=1, max_size=12))
def test_coders_who_say_the_same_agree_wholly(words):
    rows = [(coder, f"W{k}", word, "") for coder in "ab" for k, word in enumerate(words)]
    assert write_in_agreement(codings(*rows))["value"].tolist() == [1.0] * 6
    assert (
        krippendorff_alpha(pd.DataFrame([words, words]), categories=CODER_DISPOSITIONS).value == 1
    )


def test_one_coder_alone_agrees_with_nobody():
    with pytest.raises(WithheldError, match="no write-in in common"):
        write_in_agreement(codings(("a", "W1", "new task", "")))
