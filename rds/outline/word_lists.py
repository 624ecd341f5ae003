"""The word lists of the package, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def word_lists() -> dict[str, Any]:
    """Return what `word_lists.toml` holds: tables of lists, by name."""
    return tomllib.loads(Path(__file__).with_name("word_lists.toml").read_text(encoding="utf-8"))


@cache
def words_of(name: str) -> frozenset[str]:
    """Return one list as a set of words.

    Examples
    --------
    >>> "the" in words_of("function")
    True
    """
    return frozenset(word_lists()["words"][name].split())


@cache
def groups_of(name: str) -> tuple[tuple[str, ...], ...]:
    """Return a list of groups of words.

    Examples
    --------
    >>> ("before", "after") in groups_of("opposite")
    True
    """
    return tuple(tuple(group.split()) for group in word_lists()["words"][name])
