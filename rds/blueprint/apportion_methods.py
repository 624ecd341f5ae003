"""Apportionment methods in exact arithmetic: whole weights in, whole items out.

Those who take part are named by position and listed in order of precedence: of those that tie, the
first in that order wins.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import takewhile
from typing import Any, Literal, NamedTuple

BoundKind = Literal["minimum", "maximum"]
DivisorMethod = Literal["webster", "huntington_hill", "adams", "dean", "dhondt"]

PER_TOLERANCE = 10**9

# The divisor d(a) between a and a + 1 items, as numerator and denominator. Huntington-Hill's is a
# square root: there, squares are compared.
SIGNPOSTS: dict[DivisorMethod, Callable[[int], tuple[int, int]]] = {
    "webster": lambda a: (2 * a + 1, 2),
    "huntington_hill": lambda a: (a * (a + 1), 1),
    "adams": lambda a: (a, 1),
    "dean": lambda a: (2 * a * (a + 1), 2 * a + 1),
    "dhondt": lambda a: (a + 1, 1),
}


@dataclass(frozen=True)
class TiedGroup:
    """Positions that were equal where the items ran out, each part in order of precedence."""

    winners: tuple[int, ...]
    losers: tuple[int, ...]


@dataclass(frozen=True)
class Outcome:
    """Items by position, the ties that decided who got one, and the bounds that bind."""

    counts: dict[int, int]
    ties: tuple[TiedGroup, ...] = ()
    binding: dict[int, BoundKind] = field(default_factory=dict)


class _Claim(NamedTuple):
    """A wish for one more item; the lowest cost is served first, then the earliest place."""

    cost: Fraction
    place: int
    position: int


@dataclass(frozen=True)
class _Contest:
    """What a divisor method needs to know to price a claim."""

    method: DivisorMethod
    weights: Sequence[int]
    place: dict[int, int]
    lower: Sequence[int]
    upper: Sequence[int]

    @property
    def power(self) -> int:
        """The power of the priorities that are compared."""
        return 2 if self.method == "huntington_hill" else 1


def precedence(weights: Sequence[int], labels: Sequence[Any]) -> list[int]:
    """List positions by larger weight; weights within a relative 1e-9 are equal and go by label."""
    groups: list[list[int]] = []
    for i in sorted(range(len(weights)), key=lambda i: -weights[i]):
        if groups and equal_weights(weights[groups[-1][0]], weights[i]):
            groups[-1].append(i)
        else:
            groups.append([i])
    return [i for group in groups for i in sorted(group, key=lambda i: labels[i])]


def equal_weights(first: int, second: int) -> bool:
    """Tell whether two weights differ by no more than a relative 1e-9."""
    return not _exceeds(abs(first - second), 0, max(first, second))


def _exceeds(first: int, second: int, unit: int) -> bool:
    """Tell whether the first is larger by more than 1e-9 of the unit."""
    return (first - second) * PER_TOLERANCE > unit


def hamilton(weights: Sequence[int], items: int, order: Sequence[int]) -> Outcome:
    """Give each the whole part of its quota, and what is left by largest remainder.

    Remainders within 1e-9 item of the last one that is served tie.
    """
    total = sum(weights[i] for i in order)
    if not total:
        return Outcome(dict.fromkeys(order, 0))
    counts = {i: items * weights[i] // total for i in order}
    remainders = {i: items * weights[i] % total for i in order}
    left = items - sum(counts.values())
    if not left:
        return Outcome(counts)
    cut = sorted(remainders.values(), reverse=True)[left - 1]
    clear = [i for i in order if _exceeds(remainders[i], cut, total)]
    tied = [i for i in order if not _exceeds(abs(remainders[i] - cut), 0, total)]
    winners, losers = tied[: left - len(clear)], tied[left - len(clear) :]
    for i in clear + winners:
        counts[i] += 1
    return Outcome(counts, (TiedGroup(tuple(winners), tuple(losers)),) if losers else ())


def quota(weights: Sequence[int], items: int, order: Sequence[int]) -> Outcome:
    """Give item h to the largest W / (a + 1) among those with a < h W (Balinski & Young, 1975).

    Priorities within a relative 1e-9 tie; a and h W within 1e-9 item are equal.
    """
    total = sum(weights[i] for i in order)
    counts = dict.fromkeys(order, 0)
    if not total:
        return Outcome(counts)
    places = enumerate(order)
    waiting = sorted(_Claim(Fraction(1, weights[i]), k, i) for k, i in places if weights[i])
    ties: list[dict[int, int]] = []
    for h in range(1, items + 1):
        tied = _tied_for_next(
            claim
            for claim in waiting
            if _exceeds(h * weights[claim.position], counts[claim.position] * total, total)
        )
        if len(tied) > 1:
            ties.append({i: counts[i] for i in _positions(tied)})
        winner = tied[0]
        waiting.remove(winner)
        counts[winner.position] += 1
        next_cost = Fraction(counts[winner.position] + 1, weights[winner.position])
        insort(waiting, winner._replace(cost=next_cost))
    return Outcome(counts, _decisive(ties, counts))


def _decisive(ties: Sequence[dict[int, int]], counts: dict[int, int]) -> tuple[TiedGroup, ...]:
    """Keep the ties, as items held by position, in which someone never got the item at stake."""
    groups: list[TiedGroup] = []
    seen: list[set[int]] = []
    for held in ties:
        winners = tuple(i for i in held if counts[i] > held[i])
        losers = tuple(i for i in held if counts[i] == held[i])
        if losers and not any(held.keys() <= group for group in seen):
            groups.append(TiedGroup(winners, losers))
            seen.append(set(held))
    return tuple(groups)


def divisor(
    weights: Sequence[int],
    items: int,
    order: Sequence[int],
    *,
    method: DivisorMethod,
    lower: Sequence[int],
    upper: Sequence[int],
) -> Outcome:
    """Start from the minima and give each next item to the largest w / d(a) below its maximum.

    Priorities within a relative 1e-9 tie (Balinski & Young, 2001; Pukelsheim, 2017).
    """
    contest = _Contest(method, weights, {i: k for k, i in enumerate(order)}, lower, upper)
    counts = _head_start(contest, items)
    open_to_more = (i for i in order if weights[i] and counts[i] < upper[i])
    waiting = sorted(_claim(contest, i, counts[i]) for i in open_to_more)
    served: list[_Claim] = []
    losers: list[_Claim] = []
    left = items - sum(counts.values())
    while left:
        tied = _tied_for_next(waiting, contest.power)
        del waiting[: len(tied)]
        served, losers = tied[:left], tied[left:]
        left -= len(served)
        for i in _positions(served):
            counts[i] += 1
            if counts[i] < upper[i]:
                insort(waiting, _claim(contest, i, counts[i]))
    ties = (TiedGroup(_positions(served), _positions(losers)),) if losers else ()
    return Outcome(counts, ties, _binding(contest, counts, served[-1:], sorted(losers + waiting)))


def _head_start(contest: _Contest, items: int) -> dict[int, int]:
    """Return the minima or, if more, what is certain, so that few items are given one by one.

    As a <= d(a) <= a + 1, at most c + n claims cost c / total or less, and the first c w / total of
    each are among them. With c = items - minima - 2 n, whoever may tie at the end comes later.
    """
    weights, lower, upper = contest.weights, contest.lower, contest.upper
    certain = max(items - sum(lower) - 2 * len(weights), 0)
    total = sum(weights)
    return {i: min(max(lower[i], certain * weights[i] // total), upper[i]) for i in contest.place}


def _claim(contest: _Contest, i: int, held: int) -> _Claim:
    """Price the next item: d(a) / w; where d(a) is 0, before all others, larger weights first."""
    numerator, denominator = SIGNPOSTS[contest.method](held)
    scale = contest.weights[i] ** contest.power
    cost = Fraction(numerator, denominator * scale) if numerator else Fraction(-scale)
    return _Claim(cost, contest.place[i], i)


def _tied_for_next(ascending: Iterable[_Claim], power: int = 1) -> list[_Claim]:
    """Return the first of the claims and those that tie with it, in order of precedence."""
    claims = iter(ascending)
    first = next(claims)
    factor = PER_TOLERANCE + (power if first.cost > 0 else -power)
    limit = Fraction(first.cost.numerator * factor, first.cost.denominator * PER_TOLERANCE)
    tied = [first, *takewhile(lambda claim: claim.cost <= limit, claims)]
    return sorted(tied, key=lambda claim: claim.place)


def _positions(claims: Iterable[_Claim]) -> tuple[int, ...]:
    """Return whose claims these are."""
    return tuple(claim.position for claim in claims)


def _binding(
    contest: _Contest, counts: dict[int, int], last: Sequence[_Claim], unserved: Sequence[_Claim]
) -> dict[int, BoundKind]:
    """Find maxima without which the last served would lose, minima without which the next gains."""
    following = _tied_for_next(unserved, contest.power)[:1] if unserved else []
    binding: dict[int, BoundKind] = {}
    for i, count in counts.items():
        at_minimum = 0 < count == contest.lower[i]
        if not contest.weights[i]:
            binding |= {i: "minimum"} if at_minimum else {}
        elif count == contest.upper[i] and _precedes(contest, [_claim(contest, i, count)], last):
            binding[i] = "maximum"
        elif at_minimum and _precedes(contest, following, [_claim(contest, i, count - 1)]):
            binding[i] = "minimum"
    return binding


def _precedes(contest: _Contest, first: Sequence[_Claim], second: Sequence[_Claim]) -> bool:
    """Tell whether the first claim is served before the second, where there are both."""
    both = sorted([*first, *second])
    return bool(first and second) and _tied_for_next(both, contest.power)[0] is first[0]
