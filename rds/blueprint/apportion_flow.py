"""Cheapest whole flows in exact arithmetic: what two-way allocation rests on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Arc:
    """A way for items from one node to another, whose price rises with their number.

    Parameters
    ----------
    tail, head
        Nodes.
    low, high
        Fewest and most items.
    start
        The number of items at which the arc alone is cheapest.
    price
        Price of the k-th item, in whole units; never falls with k.
    """

    tail: int
    head: int
    low: int
    high: int
    start: int
    price: Callable[[int], int]


class Step(NamedTuple):
    """One item more (`change` 1) or less (−1) on an arc."""

    arc: int
    change: int


@dataclass(frozen=True)
class Swap:
    """An exchange that leaves the price as it is: arcs that would gain and would lose an item."""

    gain: tuple[int, ...]
    lose: tuple[int, ...]


class Network:
    """Arcs, what nodes supply, and the items that flow; changed by its own methods only."""

    def __init__(self, supply: Sequence[int], arcs: Sequence[Arc]) -> None:
        self.supply, self.arcs = supply, arcs
        self.flow = [min(max(arc.start, arc.low), arc.high) for arc in arcs]
        self.links: list[list[tuple[Step, int]]] = [[] for _ in supply]
        for i, arc in enumerate(arcs):
            self.links[arc.tail].append((Step(i, 1), arc.head))
            self.links[arc.head].append((Step(i, -1), arc.tail))

    def price(self, step: Step) -> int | None:
        """Return what a step costs, None where the bounds forbid it."""
        arc, held = self.arcs[step.arc], self.flow[step.arc]
        if step.change > 0:
            return arc.price(held + 1) if held < arc.high else None
        return -arc.price(held) if held > arc.low else None

    def push(self, steps: Iterable[Step]) -> None:
        """Take the steps."""
        for step in steps:
            self.flow[step.arc] += step.change

    def excess(self) -> list[int]:
        """Return by node the items that came in and have not gone out."""
        left = list(self.supply)
        for arc, held in zip(self.arcs, self.flow, strict=True):
            left[arc.tail] -= held
            left[arc.head] += held
        return left

    def cheapest(self, sources: Iterable[int]) -> tuple[dict[int, int], dict[int, Step]]:
        """Return price and last step of the cheapest way to every node that can be reached."""
        prices = dict.fromkeys(sources, 0)
        came: dict[int, Step] = {}
        queue, waiting = deque(prices), set(prices)
        while queue:
            node = queue.popleft()
            waiting.discard(node)
            for step, to in self.links[node]:
                price = self.price(step)
                if price is None:
                    continue
                price += prices[node]
                if to not in prices or price < prices[to]:
                    prices[to], came[to] = price, step
                    if to not in waiting:
                        waiting.add(to)
                        queue.append(to)
        return prices, came

    def way(self, came: dict[int, Step], node: int) -> list[Step]:
        """Return the steps that lead to a node."""
        steps = []
        while node in came:
            step = came[node]
            steps.append(step)
            arc = self.arcs[step.arc]
            node = arc.tail if step.change > 0 else arc.head
        return steps


def send(network: Network) -> bool:
    """Bring every node into balance at the lowest price; tell whether that is possible.

    Each item takes the cheapest way left from a node with too many to one with too few, which
    keeps the flow cheapest of its kind (successive shortest paths; Ahuja, Magnanti and Orlin 1993,
    chapters 9 and 14).
    """
    excess = network.excess()
    while any(left > 0 for left in excess):
        prices, came = network.cheapest(i for i, left in enumerate(excess) if left > 0)
        short = [(prices[i], i) for i, left in enumerate(excess) if left < 0 and i in prices]
        if not short:
            return False
        network.push(network.way(came, min(short)[1]))
        excess = network.excess()
    return True


def settle(network: Network, order: Sequence[int], tolerance: int) -> tuple[Swap, ...]:
    """Choose among cheapest flows, and return the exchanges that would have cost no more.

    The first arc in the order gets as many items as a cheapest flow can give it, then the second,
    and so on. Reduced prices that differ from 0 by no more than the tolerance are 0.
    """
    prices = potentials(network)
    frozen: set[int] = set()
    for arc in order:
        while steps := _exchange(network, arc, prices, tolerance, frozen):
            network.push(steps)
        frozen.add(arc)
    found = (_exchange(network, arc, prices, tolerance) for arc in order)
    return tuple(dict.fromkeys(_swap(steps) for steps in found if steps))


def potentials(network: Network) -> list[int]:
    """Return prices of nodes under which no step of a cheapest flow gains anything."""
    prices, _ = network.cheapest(range(len(network.supply)))
    return [prices[node] for node in range(len(network.supply))]


def _exchange(
    network: Network,
    arc: int,
    prices: Sequence[int],
    tolerance: int,
    frozen: Collection[int] = (),
) -> list[Step]:
    """Return steps in a circle that give the arc one more item at no cost; empty if there are none.

    Potentials stay those of the flow that was found first: prices that are equal within the
    tolerance cannot drift away from it, nor send the search in circles.
    """
    first, tail, head = Step(arc, 1), network.arcs[arc].tail, network.arcs[arc].head
    if not _is_free(network, first, prices[tail] - prices[head], tolerance):
        return []
    came: dict[int, Step] = {}
    queue = deque([head])
    while queue and tail not in came:
        node = queue.popleft()
        for step, to in network.links[node]:
            new = to != head and to not in came and step.arc != arc and step.arc not in frozen
            if new and _is_free(network, step, prices[node] - prices[to], tolerance):
                came[to] = step
                queue.append(to)
    return [first, *network.way(came, tail)] if tail in came else []


def _is_free(network: Network, step: Step, difference: int, tolerance: int) -> bool:
    """Tell whether a step is allowed and its reduced price is 0."""
    price = network.price(step)
    return price is not None and abs(price + difference) <= tolerance


def _swap(steps: Sequence[Step]) -> Swap:
    """Return what steps in a circle would change."""
    return Swap(
        gain=tuple(sorted(step.arc for step in steps if step.change > 0)),
        lose=tuple(sorted(step.arc for step in steps if step.change < 0)),
    )
