"""Which statements of an old outline became which of a new one, by their words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rds.outline.similarity import LIKELY, likely_pairs, similarities

GAIN = 0.02
"""How much more alike two statements together have to be than the more alike one, to be merged."""

Pair = tuple[str, str]


@dataclass(frozen=True)
class Match:
    """Statements that belong together: one to one, several merged in one, or one split in several.

    Parameters
    ----------
    old, new
        Their identifiers, in the order of their outlines; at least one side has one only.
    """

    old: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def is_single(self) -> bool:
        """Whether it is one statement on both sides."""
        return len(self.old) == len(self.new) == 1


@dataclass(frozen=True)
class Matches:
    """Which statements of two lists belong together.

    Parameters
    ----------
    found
        In the order of the new list.
    removed, added
        Identifiers that have nothing on the other side.
    """

    found: tuple[Match, ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def singles(self) -> dict[str, str]:
        """New identifier by old identifier, of statements that are one to one."""
        return {match.old[0]: match.new[0] for match in self.found if match.is_single}

    @property
    def became(self) -> dict[str, tuple[str, ...]]:
        """New identifiers by old identifier, merged and split ones included."""
        return {name: match.new for match in self.found for name in match.old}


def match_statements(
    old: Mapping[str, str], new: Mapping[str, str], *, likely: float = LIKELY
) -> Matches:
    """Match statements by their words; identifiers only settle ties.

    The same text is the same statement, under whatever identifier. Others go together when each is
    the other's most similar one and at least `likely` alike. What is left over is merged with such
    a pair, or split off it, when it explains words that the pair alone does not: when both together
    are more alike to the other side than either alone, by `GAIN`.

    Parameters
    ----------
    old, new
        Statements by identifier.
    likely
        Between 0 and 1.

    Examples
    --------
    >>> old = {"T1": "Assess risk of harm", "T2": "File reports", "T3": "Write safety plans"}
    >>> new = {"A": "Assess risk of harm and write safety plans", "T3": "File reports"}
    >>> match_statements(old, new).found
    (Match(old=('T1', 'T3'), new=('A',)), Match(old=('T2',), new=('T3',)))
    """
    same = dict(_same_texts(old, new))
    rest_old = {name: text for name, text in old.items() if name not in same}
    rest_new = {name: text for name, text in new.items() if name not in same.values()}
    alike = similarities(list(rest_old.values()), list(rest_new.values()))
    names = list(rest_old), list(rest_new)
    pairs, joining = (
        [(names[0][i], names[1][j]) for i, j in found]
        for found in likely_pairs(alike, *names, likely=likely)
    )
    return matches_of([*same.items(), *_joint(pairs, joining, rest_old, rest_new)], old, new)


def matches_of(pairs: Iterable[Pair], old: Iterable[str], new: Iterable[str]) -> Matches:
    """Put pairs together that share a statement, in the order of the new list."""
    before, after = defaultdict(set), defaultdict(set)
    for one, other in pairs:
        before[other].add(one)
        after[one].add(other)
    old_order, new_order = list(old), list(new)
    found: dict[Match, None] = {}
    for name in new_order:
        if name in before:
            olds = tuple(one for one in old_order if one in before[name])
            together = {other for one in olds for other in after[one]}
            found[Match(olds, tuple(other for other in new_order if other in together))] = None
    return Matches(
        tuple(found),
        removed=tuple(name for name in old_order if name not in after),
        added=tuple(name for name in new_order if name not in before),
    )


def normal(text: str) -> str:
    """Return a text without regard to spaces between its words."""
    return " ".join(text.split())


def _same_texts(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Pair]:
    """Yield pairs of the same text: under the same identifier first, the others in order."""
    places: dict[str, list[str]] = defaultdict(list)
    for name, text in new.items():
        places[normal(text)].append(name)
    kept = [name for name, text in old.items() if name in places[normal(text)]]
    for name in kept:
        places[normal(old[name])].remove(name)
        yield name, name
    for name, text in old.items():
        if name not in kept and places[normal(text)]:
            yield name, places[normal(text)].pop(0)


def _joint(
    pairs: Sequence[Pair], joining: Sequence[Pair], old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[Pair]:
    """Yield pairs, each with what joins it on one side and explains words that it does not."""
    for one, other in pairs:
        olds = [name for name, to in joining if to == other]
        news = [name for to, name in joining if to == one]
        merged = _explaining(new[other], old[one], {name: old[name] for name in olds})
        split = _explaining(old[one], new[other], {name: new[name] for name in news})
        yield one, other
        if not split:
            yield from ((name, other) for name in merged)
        if not merged:
            yield from ((one, name) for name in split)


def _explaining(whole: str, part: str, others: Mapping[str, str]) -> list[str]:
    """Return the texts that, added to a part, make it more alike to the whole; the best first."""
    [best], *likeness = similarities([part, *others.values()], [whole])
    found = sorted(zip(others, likeness, strict=True), key=lambda own: -own[1][0])
    kept: list[str] = []
    for name, _ in found:
        together = f"{part} {others[name]}"
        [[alike]] = similarities([together], [whole])
        if alike >= best + GAIN:
            kept, part, best = [*kept, name], together, alike
    return kept
