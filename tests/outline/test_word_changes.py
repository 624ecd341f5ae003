"""What changed in a statement: marks that lead back to the old and forth to the new words."""

import re

from hypothesis import given
from hypothesis import strategies as st

from rds.outline.word_changes import word_changes

words = st.lists(st.sampled_from(["help", "people", "set", "goals", "of", "own"]), max_size=8)


def without(text, mark):
    return re.sub(rf"{mark}.*?{mark}", " ", text)


@given(words, words)
def test_the_marks_lead_to_both_texts(old, new):
    shown = word_changes(" ".join(old), " ".join(new)).replace(" → ", " ")
    assert without(shown, "__").replace("~~", "").split() == old
    assert without(shown, "~~").replace("__", "").split() == new


def test_one_word_in_place_of_another_is_shown_where_it_stands():
    shown = word_changes("help people set goals", "help persons set goals")
    assert shown == "help ~~people~~ → __persons__ set goals"


def test_words_that_are_only_added_or_left_out_stand_alone():
    assert word_changes("set goals", "set own goals") == "set __own__ goals"
    assert word_changes("set own goals", "set goals") == "set ~~own~~ goals"
