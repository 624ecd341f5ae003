"""Statements that say the same, or nearly: for people to look at, never to be merged unseen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Literal

from rapidfuzz.distance import OSA

from rds.outline.word_lists import groups_of, words_of
from rds.outline.words import common_stem, is_content, split_words

NEAR = 0.8
"""Share of content words in common from which two statements are near-duplicates."""

REPLACED = 0.9
"""The share that is wanted where words of each take the place of words of the other."""

FEWEST_SHARED = 3
"""Content words that near-duplicates share at least, so that short statements stay apart."""

_LONG_WORD = 6
_LONG_WORD_CUT = 5
_PURPOSE = re.compile(r"\b(?:so that|so as to|in order (?:to|that))\b", re.IGNORECASE)
_REVERSING = ("un", "in", "im", "ir", "il", "dis", "non", "mis")

Likeness = Literal["exact", "near"]


@dataclass(frozen=True)
class AlikePair:
    """Two statements that are alike.

    Parameters
    ----------
    first, second
        Their identifiers, in the order given.
    similarity
        Share of content words in common, from `NEAR` to 1.
    kind
        ``"exact"``: the same words in the same order, but for case, punctuation and spaces;
        ``"near"``: anything less.
    reason
        What they share and in what they differ, in words.
    """

    first: str
    second: str
    similarity: float
    kind: Likeness
    reason: str


@dataclass(frozen=True)
class AlikeGroup:
    """Statements that belong together: identifiers in the order given, and the pairs found."""

    names: tuple[str, ...]
    pairs: tuple[AlikePair, ...]

    @property
    def kind(self) -> Likeness:
        """``"exact"`` when every pair is, else ``"near"``."""
        return "exact" if all(pair.kind == "exact" for pair in self.pairs) else "near"


@dataclass(frozen=True)
class _Wording:
    """What a statement is compared by."""

    words: tuple[str, ...]
    content: tuple[str, ...]
    stems: Counter[str]
    negated: bool
    action: _Wording | None = None


@dataclass(frozen=True)
class _Compared:
    """Two wordings side by side: words in common, and the stems that only one has."""

    similarity: float
    shared: int
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


def near_duplicates(
    statements: Mapping[str, str], *, threshold: float = NEAR
) -> tuple[AlikeGroup, ...]:
    """Group statements that are exact or near duplicates.

    Pairs are those of `alike_pairs`. Going from the most alike pair down, two groups become one
    when at least half of all pairs across them are alike: chains in which the ends have little in
    common stay apart.

    Parameters
    ----------
    statements
        Wording by identifier. Give statements of one kind: tasks with tasks, KSAs with KSAs.
    threshold
        Similarity from which a pair counts, between 0 and 1.

    Returns
    -------
    tuple of AlikeGroup
        Groups of two or more, in the order of their first statement.

    Examples
    --------
    >>> groups = near_duplicates({
    ...     "A": "Help people to set their own goals.",
    ...     "B": "Assess the risk of suicide.",
    ...     "C": "Assisting individuals in setting goals",
    ... })
    >>> [group.names for group in groups]
    [('A', 'C')]
    """
    pairs = alike_pairs(statements, threshold=threshold)
    found = {(pair.first, pair.second) for pair in pairs}
    group_of: dict[str, tuple[str, ...]] = {
        name: (name,) for pair in pairs for name in (pair.first, pair.second)
    }
    for pair in sorted(pairs, key=lambda pair: -pair.similarity):
        one, other = group_of[pair.first], group_of[pair.second]
        if one != other and _mostly_alike(one, other, found):
            group_of |= dict.fromkeys((*one, *other), (*one, *other))
    order = {name: place for place, name in enumerate(statements)}
    groups = {tuple(sorted(group, key=order.__getitem__)) for group in group_of.values()}
    return tuple(
        AlikeGroup(names, tuple(p for p in pairs if p.first in names and p.second in names))
        for names in sorted(groups, key=lambda names: order[names[0]])
        if len(names) > 1
    )


def alike_pairs(statements: Mapping[str, str], *, threshold: float = NEAR) -> tuple[AlikePair, ...]:
    """Return every pair of statements that are exact or near duplicates.

    The similarity is twice the number of content words in common over the number in both (Dice,
    1945), in any order, without endings; a word misspelt by one letter counts as the same, and so
    do the few synonyms of `word_lists.toml`. Clauses of purpose (“so that …”) are left out where
    the rest alone is more alike. A pair is near when its similarity reaches `threshold` and it
    shares `FEWEST_SHARED` content words or all. It is kept apart when only one of the two is
    negated, when opposites or different numbers stand against each other, when their first words,
    the verbs, differ; and below `REPLACED` when each has words that the other has not.

    Returns
    -------
    tuple of AlikePair
        In the order of the statements.

    Notes
    -----
    Dice (1945), Ecology 26(3), 297–302. There is no validated threshold for duplicates in lists of
    tasks: these were set on lists in which the duplicates are known, and people decide.

    Examples
    --------
    >>> alike_pairs({"A": "Share all records.", "B": "Do not share all records."})
    ()
    """
    wordings = {name: _wording(text) for name, text in statements.items()}
    return tuple(
        pair
        for one, other in combinations(wordings, 2)
        if _may_be_alike(wordings[one], wordings[other], threshold)
        and (pair := _pair(one, other, wordings, threshold))
    )


def wording_similarity(first: str, second: str) -> float:
    """Return the share of content words that two statements have in common, between 0 and 1.

    Examples
    --------
    >>> wording_similarity("Plan care", "Planning of care!"), wording_similarity("Plan", "Teach")
    (1.0, 0.0)
    """
    return _best(_wording(first), _wording(second)).similarity


def _wording(text: str, *, whole: bool = True) -> _Wording:
    """Return what a statement is compared by; a whole one also without its purpose."""
    words = tuple(split_words(text))
    content = tuple(word for word in words if is_content(word)) or words
    before = _PURPOSE.split(text, maxsplit=1)[0] if whole else ""
    return _Wording(
        words=words,
        content=content,
        stems=Counter(common_stem(word) for word in content),
        negated=any(word in words_of("negating") for word in words),
        action=_wording(before, whole=False) if len(before) < len(text) and before else None,
    )


def _may_be_alike(one: _Wording, other: _Wording, threshold: float) -> bool:
    """Tell quickly whether a closer look is worth it: misspellings count for one word each."""
    for first in (one, one.action):
        for second in (other, other.action):
            if first and second and first.words and second.words:
                size = min(len(first.content), len(second.content))
                shared = sum((first.stems & second.stems).values()) + max(1, size // 4)
                total = len(first.content) + len(second.content)
                if 2 * shared >= threshold * total:
                    return True
    return False


def _pair(
    one: str, other: str, wordings: Mapping[str, _Wording], threshold: float
) -> AlikePair | None:
    """Return the pair if its statements are alike."""
    first, second = wordings[one], wordings[other]
    if not first.words or not second.words:
        return None
    if first.words == second.words:
        return AlikePair(one, other, 1.0, "exact", "the same words")
    compared = _best(first, second)
    if first.negated != second.negated or not _is_near(first, second, compared, threshold):
        return None
    return AlikePair(one, other, compared.similarity, "near", _reason(first, second, compared))


def _best(first: _Wording, second: _Wording) -> _Compared:
    """Compare two statements whole, and without their purposes; return the more alike."""
    whole = _compare(first, second)
    if not first.action and not second.action:
        return whole
    actions = _compare(first.action or first, second.action or second)
    fuller = actions.shared >= FEWEST_SHARED and actions.similarity > whole.similarity
    return actions if fuller else whole


def _compare(first: _Wording, second: _Wording) -> _Compared:
    """Count the content words that two wordings share, words misspelt by a letter included."""
    common = first.stems & second.stems
    rest = list((first.stems - common).elements()), list((second.stems - common).elements())
    misspelt = 0
    for stem in tuple(rest[0]):
        close = next((other for other in rest[1] if _is_misspelt(stem, other)), None)
        if close:
            rest[0].remove(stem)
            rest[1].remove(close)
            misspelt += 1
    shared = sum(common.values()) + misspelt
    total = len(first.content) + len(second.content)
    return _Compared(2 * shared / total if total else 0.0, shared, tuple(rest[0]), tuple(rest[1]))


@cache
def _is_misspelt(one: str, other: str) -> bool:
    """Tell whether two long stems differ by one letter, which is not the first."""
    return (
        max(len(one), len(other)) >= _LONG_WORD
        and min(len(one), len(other)) >= _LONG_WORD_CUT
        and one[0] == other[0]
        and not any(letter.isdigit() for letter in one + other)
        and OSA.distance(one, other, score_cutoff=1) == 1
    )


def _is_near(first: _Wording, second: _Wording, compared: _Compared, threshold: float) -> bool:
    """Tell whether a pair is near: enough in common, and nothing that keeps it apart."""
    alone, others = compared.only_first, compared.only_second
    if _contradict(alone, others):
        return False
    if compared.similarity == 1:
        return True
    if compared.shared < FEWEST_SHARED or _verbs_differ(first, second, compared):
        return False
    return compared.similarity >= (max(threshold, REPLACED) if alone and others else threshold)


def _verbs_differ(first: _Wording, second: _Wording, compared: _Compared) -> bool:
    """Tell whether the first content word of each is one that the other does not have."""
    verbs = common_stem(first.content[0]), common_stem(second.content[0])
    return verbs[0] in compared.only_first and verbs[1] in compared.only_second


def _contradict(alone: Sequence[str], others: Sequence[str]) -> bool:
    """Tell whether opposites or different numbers stand against each other."""
    numbers = [[stem for stem in own if stem[0].isdigit()] for own in (alone, others)]
    return all(numbers) or any(
        frozenset((one, other)) in _opposites() or _reverses(one, other) or _reverses(other, one)
        for one in alone
        for other in others
    )


@cache
def _opposites() -> frozenset[frozenset[str]]:
    """Return the pairs of opposites as stems."""
    return frozenset(frozenset(map(common_stem, pair)) for pair in groups_of("opposite"))


def _reverses(one: str, other: str) -> bool:
    """Tell whether one stem is the other with a prefix that turns it round."""
    return any(one == prefix + other for prefix in _REVERSING)


def _reason(first: _Wording, second: _Wording, compared: _Compared) -> str:
    """Say in what two statements differ."""
    alone, others = _said(first, compared.only_first), _said(second, compared.only_second)
    if compared.similarity == 1:
        return (
            "the same words in another order or form"
            if len(first.content) + len(second.content) == 2 * compared.shared
            and not (first.action or second.action)
            else "the same but for the purpose"
        )
    differing = [f"the first alone has {alone}"] * bool(alone)
    differing += [f"the second alone has {others}"] * bool(others)
    return f"{compared.shared} content words in common; {', '.join(differing)}"


def _said(wording: _Wording, stems: Sequence[str]) -> str:
    """Return the words behind stems, in quotation marks."""
    return ", ".join(f"“{word}”" for word in wording.content if common_stem(word) in stems)


def _mostly_alike(one: Sequence[str], other: Sequence[str], found: set[tuple[str, str]]) -> bool:
    """Tell whether at least half of all pairs across two groups are alike."""
    across = [(a, b) in found or (b, a) in found for a in one for b in other]
    return 2 * sum(across) >= len(across)
