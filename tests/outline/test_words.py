"""Words brought to a form in which spelling and inflection matter little."""

import pytest

from rds.outline.words import common_stem, split_words, word_stem


@pytest.mark.parametrize(
    "alike",
    [
        ("plan", "plans", "planned", "planning"),
        ("document", "documents", "documented", "documentation", "documenting"),
        ("assess", "assesses", "assessed", "assessment", "assessments"),
        ("organize", "organise", "organizing", "organisation", "organizations"),
        ("behavior", "behaviour", "behaviours"),
        ("policy", "policies"),
        ("identify", "identifies", "identified", "identification"),
        ("use", "uses", "using", "used"),
        ("counsel", "counseling", "counselling"),
        ("evaluate", "evaluates", "evaluating", "evaluation"),
    ],
)
def test_forms_of_a_word_share_a_stem(alike):
    assert len({word_stem(word) for word in alike}) == 1


@pytest.mark.parametrize(
    "words",
    [("assess", "access"), ("public", "private"), ("plan", "plant"), ("need", "new"), ("12", "1")],
)
def test_other_words_do_not(words):
    assert word_stem(words[0]) != word_stem(words[1])


def test_a_few_synonyms_are_taken_as_the_same():
    assert common_stem("assists") == common_stem("helping") != common_stem("hinder")


def test_possessives_and_punctuation_are_no_part_of_a_word():
    assert split_words("The person's “own” (and others’) self-care — don’t.") == [
        "the", "person", "own", "and", "others", "self", "care", "don't",
    ]  # fmt: skip
