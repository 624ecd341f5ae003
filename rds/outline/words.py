"""The words of a statement, brought to a form in which spelling and inflection matter little."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from rds.outline.word_lists import groups_of, words_of

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ENDINGS = (
    "ications", "ication", "izations", "ization", "isations", "isation", "ations", "ation",
    "ments", "ment", "izing", "ising", "ized", "ised", "izes", "ises", "ize", "ise", "ating",
    "ated", "ates", "ate", "ing", "ied", "ed", "ies", "es", "s", "ly",
)  # fmt: skip
_VOWEL = re.compile("[aeiouy]")
_SHORT_RISKY = ("ate", "ize", "ise", "es", "ied", "ies", "ly")
_SHORTEST_BEFORE_LONG_ENDING = 4
_DOUBLED = re.compile(r"([bdfgklmnprtz])\1$")


def split_words(text: str) -> list[str]:
    """Return the words of a text, small, without punctuation and possessive endings.

    Examples
    --------
    >>> split_words("Respect the person’s OWN words.")
    ['respect', 'the', 'person', 'own', 'words']
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return [re.sub("'s?$", "", word) for word in _WORD.findall(plain)]


@cache
def word_stem(word: str) -> str:
    """Return a word without its usual English endings; a rough form to compare by, not a root.

    Examples
    --------
    >>> [word_stem(word) for word in ("plans", "planning", "documentation", "documented")]
    ['plan', 'plan', 'docu', 'docu']
    >>> word_stem("behaviour") == word_stem("behaviors")
    True
    """
    if any(letter.isdigit() for letter in word):
        return word
    stem, longer = word, ""
    while stem != longer:
        longer = stem
        stem = next((own for ending in _ENDINGS if (own := _without(longer, ending))), longer)
    stem = _DOUBLED.sub(r"\1", stem) if stem != word and len(stem) > 3 else stem
    stem = re.sub("our$", "or", stem)
    return re.sub("[eyi]$", "", stem) if len(stem) > 2 else stem


@cache
def common_stem(word: str) -> str:
    """Return a word's stem, or that of the first word of the group taken as the same.

    Examples
    --------
    >>> common_stem("assisting") == common_stem("helps")
    True
    """
    stem = word_stem(word)
    return _same().get(stem, stem)


@cache
def _same() -> dict[str, str]:
    """Return the stem that stands for its group, by stem."""
    return {word_stem(word): word_stem(group[0]) for group in groups_of("same") for word in group}


def is_content(word: str) -> bool:
    """Tell whether a word says something by itself: neither a function word nor a negation."""
    return word not in words_of("function") and word not in words_of("negating")


def _without(word: str, ending: str) -> str:
    """Return a word without an ending; empty when it has not that ending or too little is left."""
    stem = word[: -len(ending)] if word.endswith(ending) else ""
    if ending == "s" and word.endswith(("ss", "us", "is")):
        return ""
    shortest = _SHORTEST_BEFORE_LONG_ENDING if len(ending) > 3 or ending in _SHORT_RISKY else 2
    return stem if len(stem) >= shortest and _VOWEL.search(stem) else ""
