"""English verbs in the forms in which statements begin."""

from __future__ import annotations

from functools import cache
from typing import Literal

from rds.outline.word_lists import words_of

VerbForm = Literal["plain", "ing", "s"]
VerbList = Literal["verb", "vague", "noun_too"]


def verb_form(word: str) -> VerbForm | None:
    """Return the form in which a listed verb stands; None for a word that is no listed verb.

    Examples
    --------
    >>> verb_form("plan"), verb_form("planning"), verb_form("plans"), verb_form("planet")
    ('plain', 'ing', 's', None)
    """
    return _forms("verb").get(word)


def in_list(word: str, name: VerbList) -> bool:
    """Tell whether a word is any form of a verb of a list.

    Examples
    --------
    >>> in_list("knowing", "vague"), in_list("explain", "vague")
    (True, False)
    """
    return word in _forms(name)


@cache
def _forms(name: VerbList) -> dict[str, VerbForm]:
    """Return the form of each word that can be made of a list of verbs."""
    forms: dict[str, VerbForm] = {}
    for verb in words_of(name):
        forms |= dict.fromkeys(_gerunds(verb), "ing")
        forms |= dict.fromkeys((f"{verb}s", f"{verb}es", f"{verb[:-1]}ies"), "s")
    return forms | dict.fromkeys(words_of(name), "plain")


def _gerunds(verb: str) -> tuple[str, ...]:
    """Return the possible spellings of a verb with “-ing”."""
    dropped = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb
    return f"{verb}ing", f"{dropped}ing", f"{verb}{verb[-1]}ing"
