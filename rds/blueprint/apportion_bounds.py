"""Minima and maxima in items: which can be kept, and how Hamilton and quota keep them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, repeat

from rds.blueprint.apportion_inputs import joined
from rds.blueprint.apportion_methods import BoundKind, Outcome
from rds.errors import InfeasibleError

Method = Callable[[Sequence[int], int, Sequence[int]], Outcome]


def check_feasible(
    names: Sequence[str],
    weights: Sequence[int],
    items: int,
    lower: Sequence[int],
    upper: Sequence[int],
) -> None:
    """Refuse bounds that no allocation can keep."""
    rows = list(zip(names, weights, lower, upper, strict=True))
    crossed = [f"“{name}” ({low} > {high})" for name, _, low, high in rows if low > high]
    if crossed:
        raise InfeasibleError(f"The minimum exceeds the maximum of {joined(crossed)}.")
    if sum(lower) > items:
        excess = sum(lower) - items
        raise InfeasibleError(
            f"The minima add up to {sum(lower)} items, {excess} more than the {items} to give out."
        )
    if sum(upper) < items:
        lack = items - sum(upper)
        raise InfeasibleError(
            f"The maxima add up to {sum(upper)} items, {lack} fewer than the {items} to give out."
        )
    left = items - sum(high if weight else low for _, weight, low, high in rows)
    if left > 0:
        idle = [f"“{name}”" for name, weight, low, high in rows if not weight and low < high]
        raise InfeasibleError(
            f"{left} of {items} items could only go to {joined(idle)}, but a weight of zero "
            "receives its minimum and no more."
        )


def within_bounds(
    method: Method,
    weights: Sequence[int],
    items: int,
    order: Sequence[int],
    *,
    lower: Sequence[int],
    upper: Sequence[int],
) -> Outcome:
    """Apportion, fix only the violated bounds, apportion the rest again, until all are kept.

    A tie in a round before the last is reported if the items would differ had a loser gone before a
    winner: in those rounds only, where the last round has a tie of its own.
    """
    bounded = partial(_fix_violated, method, weights, items, lower=lower, upper=upper)
    *earlier, last = bounded(repeat(order))
    ties = list(last.ties)
    for tie in dict.fromkeys(tie for outcome in earlier for tie in outcome.ties):
        swapped = (_swapped(order, i, j) for i in tie.winners for j in tie.losers)
        at_last = repeat(order) if last.ties else ()
        others = (bounded(chain([o] * len(earlier), at_last, repeat(o)))[-1] for o in swapped)
        if tie not in ties and any(other.counts != last.counts for other in others):
            ties.append(tie)
    return replace(last, ties=tuple(ties))


def _swapped(order: Sequence[int], first: int, second: int) -> list[int]:
    """Return the order with two positions in each other's place."""
    partner = {first: second, second: first}
    return [partner.get(i, i) for i in order]


def _fix_violated(
    method: Method,
    weights: Sequence[int],
    items: int,
    orders: Iterable[Sequence[int]],
    *,
    lower: Sequence[int],
    upper: Sequence[int],
) -> list[Outcome]:
    """Return the outcome of each round in its order of precedence; the last keeps all bounds."""
    fixed: dict[int, int] = {}
    binding: dict[int, BoundKind] = {}
    rounds: list[Outcome] = []
    for order in orders:
        free = method(weights, items - sum(fixed.values()), [i for i in order if i not in fixed])
        rounds.append(Outcome(free.counts | fixed, free.ties, dict(binding)))
        low = {i: lower[i] for i, count in free.counts.items() if count < lower[i]}
        high = {i: upper[i] for i, count in free.counts.items() if count > upper[i]}
        surplus = sum(free.counts[i] - bound for i, bound in (low | high).items())
        if not low and not high:
            break
        if surplus <= 0:
            fixed |= low
            binding |= dict.fromkeys(low, "minimum")
        if surplus >= 0:
            fixed |= high
            binding |= dict.fromkeys(high, "maximum")
    return rounds
