"""How hard English words are to read: syllables, and the school grade of Flesch and Kincaid."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from rds.outline.words import split_words

_VOWELS = re.compile("[aeiouy]+")
_SILENT = re.compile(r"[^aeiouy]e$|[^aeiouytd]ed$|(?:[^aeiouyscxzgh]|[^aeiouysc]h)es$")
_SOUNDED = re.compile(r"[^aeiouyl]l(?:e|es|ed)$")


@cache
def count_syllables(word: str) -> int:
    """Return the number of syllables of an English word, by its groups of vowels.

    An estimate: a final “e”, “ed” or “es” that is not heard does not count. At least 1.

    Examples
    --------
    >>> [count_syllables(word) for word in ("risk", "people", "documented", "services", "used")]
    [1, 2, 4, 3, 1]
    """
    small = word.casefold()
    groups = len(_VOWELS.findall(small))
    silent = bool(_SILENT.search(small)) and not _SOUNDED.search(small)
    return max(1, groups - silent)


def reading_grade(sentences: Iterable[str]) -> float | None:
    """Return the school grade (United States) that a text asks for.

    0.39 · words per sentence + 11.8 · syllables per word − 15.59.

    Parameters
    ----------
    sentences
        One text each; a statement counts as one sentence.

    Returns
    -------
    float or None
        None when there are no words.

    Notes
    -----
    Kincaid, Fishburne, Rogers and Chissom (1975), Research Branch Report 8-75. Made for passages of
    some hundred words: of a single statement it says little.

    Examples
    --------
    >>> round(reading_grade(["The cat sat on the mat."]), 2)
    -1.45
    """
    texts = [words for sentence in sentences if (words := split_words(sentence))]
    words = [word for text in texts for word in text]
    if not words:
        return None
    syllables = sum(count_syllables(word) for word in words)
    return grade_from_counts(words=len(words), sentences=len(texts), syllables=syllables)


def grade_from_counts(*, words: int, sentences: int, syllables: int) -> float:
    """Return the school grade from the counts of a text.

    Examples
    --------
    >>> round(grade_from_counts(words=1, sentences=1, syllables=1), 2)
    -3.4
    """
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59
