"""Whole items from weights: exact totals, declared ties, bounds that move only what they must."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal, get_args, overload

from rds.blueprint.apportion_bounds import check_feasible, within_bounds
from rds.blueprint.apportion_inputs import (
    Bounds,
    Number,
    bounds,
    is_labelled,
    named,
    natural_key,
    unknown,
    whole_number,
    whole_weights,
)
from rds.blueprint.apportion_methods import (
    BoundKind,
    Outcome,
    TiedGroup,
    divisor,
    equal_weights,
    hamilton,
    precedence,
    quota,
)
from rds.show import Shown, View

if TYPE_CHECKING:
    import pandas as pd

AllocationMethod = Literal[
    "hamilton", "webster", "huntington_hill", "adams", "dean", "dhondt", "quota"
]
TieRule = Literal["larger weight", "larger target", "identifier", "position"]


@dataclass(frozen=True)
class Tie:
    """Equal claims of which only some could be met.

    Parameters
    ----------
    identifiers
        Who tied, those who got the item first.
    rule
        What decided between the last that got an item and the first that did not.
    """

    identifiers: tuple[str, ...]
    rule: TieRule


@dataclass(frozen=True)
class BindingBound:
    """A minimum or maximum that moved items.

    Parameters
    ----------
    identifier
        Whose bound it is.
    kind
        ``"minimum"`` or ``"maximum"``.
    bound
        The bound, in items: what it got.
    without
        Items that it would have got had there been no bounds at all.
    """

    identifier: str
    kind: BoundKind
    bound: int
    without: int


@dataclass(frozen=True, repr=False)
class Allocation(Shown, Sequence[int]):
    """Whole items by identifier; also a sequence of these whole numbers.

    Parameters
    ----------
    identifiers
        Names in the order given; ``"1"``, ``"2"``, … where there were none.
    weights
        Shares, summing to 1.
    quotas
        Exact share of the items: items times weight.
    items
        Whole items, summing to the number asked for.
    method
        The apportionment method.
    minimum, maximum
        Bounds in items; None where there is no maximum.
    ties
        Ties that decided who got an item.
    bounds
        Bounds that moved items.
    """

    identifiers: tuple[str, ...]
    weights: tuple[float, ...]
    quotas: tuple[float, ...]
    items: tuple[int, ...]
    method: AllocationMethod
    minimum: tuple[int, ...]
    maximum: tuple[int | None, ...]
    ties: tuple[Tie, ...]
    bounds: tuple[BindingBound, ...]

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[int, ...]: ...
    def __getitem__(self, index: int | slice) -> int | tuple[int, ...]:
        return self.items[index]

    def view(self) -> View:
        """Return the allocation as a table, with its ties."""
        ties = tuple(f"Tied: {', '.join(t.identifiers)}; decided by {t.rule}." for t in self.ties)
        return View(f"{sum(self.items)} items by {self.method}", self.as_frame(), ties)

    def as_frame(self) -> pd.DataFrame:
        """Return identifier, weight, quota, minimum, maximum and items, one row each.

        Examples
        --------
        >>> print(allocate({"D1": 0.6, "D2": 0.4}, items=11, maximum={"D2": 4}).as_frame())
          identifier  weight  quota  minimum  maximum  items
        0         D1     0.6    6.6        0     <NA>      7
        1         D2     0.4    4.4        0        4      4
        """
        import pandas as pd

        return pd.DataFrame(
            {
                "identifier": self.identifiers,
                "weight": self.weights,
                "quota": self.quotas,
                "minimum": self.minimum,
                "maximum": pd.array(self.maximum, dtype="Int64"),
                "items": self.items,
            }
        )


def allocate(
    weights: Mapping[str, Number] | Iterable[Number],
    *,
    items: int,
    method: AllocationMethod = "hamilton",
    minimum: Bounds = 0,
    maximum: Bounds = None,
    identifiers: Sequence[str] | None = None,
) -> Allocation:
    """Apportion a whole number of items in proportion to weights.

    A float is read as the decimal that prints it and all arithmetic is exact. Remainders within
    1e-9 item, and priorities of divisor methods and of the quota method within a relative 1e-9,
    tie; the larger weight wins, then the identifier (numbers inside it in numerical order), or the
    position where there are no identifiers. A zero weight receives its minimum and no more.

    Hamilton and quota keep bounds by fixing only those that are violated and apportioning the rest
    again; divisor methods start from the minima and skip whoever is at the maximum. Either way,
    bounds that do not bind change nothing.

    Parameters
    ----------
    weights
        Finite numbers, zero or more and not all zero, in any unit: a mapping or Series by
        identifier, or a sequence or array.
    items
        Number of items to give out, zero or more.
    method
        ``"hamilton"`` (largest remainder), a divisor method (``"webster"``,
        ``"huntington_hill"``, ``"adams"``, ``"dean"``, ``"dhondt"``) or ``"quota"``.
    minimum, maximum
        Bounds in items: one for all, one each, or by identifier. None means no bound.
    identifiers
        Names for a plain sequence of weights.

    Returns
    -------
    Allocation
        Whole items in the order of the weights, with the ties and bounds that decided.

    Raises
    ------
    ValueError
        If an argument is not what it should be.
    InfeasibleError
        If no allocation keeps the bounds, or items would be left for zero weights only.

    Notes
    -----
    Balinski & Young (1975), The quota method of apportionment, Amer. Math. Monthly 82(7), 701-730;
    Balinski & Young (2001), Fair Representation; Pukelsheim (2017), Proportional Representation.

    Examples
    --------
    >>> allocation = allocate({"D1": 0.45, "D2": 0.30, "D3": 0.25}, items=10)
    >>> list(allocation)
    [5, 3, 2]
    >>> allocation.ties
    (Tie(identifiers=('D1', 'D3'), rule='larger weight'),)
    >>> allocation = allocate([0.40, 0.25, 0.15, 0.10, 0.06, 0.04], items=100, minimum=6)
    >>> list(allocation)
    [39, 24, 15, 10, 6, 6]
    >>> allocation.bounds
    (BindingBound(identifier='6', kind='minimum', bound=6, without=4),)
    """
    if method not in get_args(AllocationMethod):
        raise ValueError(unknown("method", method, get_args(AllocationMethod)))
    length = whole_number("items", items)
    names, values = named(weights, identifiers)
    whole = whole_weights(names, values)
    lower = [bound or 0 for bound in bounds("minimum", minimum, names)]
    upper = bounds("maximum", maximum, names)
    ceilings = [length if bound is None else bound for bound in upper]
    check_feasible(names, whole, length, lower, ceilings)
    by_position = identifiers is None and not is_labelled(weights)
    order = precedence(whole, range(len(names)) if by_position else [*map(natural_key, names)])
    solve = partial(_apportion, method, whole, length, order)
    outcome = solve(lower=lower, upper=ceilings)
    free = (
        solve(lower=[0] * len(names), upper=[length] * len(names)) if outcome.binding else outcome
    )
    total = sum(whole)
    return Allocation(
        identifiers=names,
        weights=tuple(weight / total for weight in whole),
        quotas=tuple(length * weight / total for weight in whole),
        items=tuple(outcome.counts[i] for i in range(len(names))),
        method=method,
        minimum=tuple(lower),
        maximum=tuple(upper),
        ties=tuple(_tie(group, names, whole, by_position) for group in outcome.ties),
        bounds=tuple(
            BindingBound(names[i], outcome.binding[i], outcome.counts[i], free.counts[i])
            for i in sorted(outcome.binding)
        ),
    )


def _apportion(
    method: AllocationMethod,
    weights: Sequence[int],
    items: int,
    order: Sequence[int],
    *,
    lower: Sequence[int],
    upper: Sequence[int],
) -> Outcome:
    """Apply the method within the bounds."""
    if method == "hamilton":
        return within_bounds(hamilton, weights, items, order, lower=lower, upper=upper)
    if method == "quota":
        return within_bounds(quota, weights, items, order, lower=lower, upper=upper)
    return divisor(weights, items, order, method=method, lower=lower, upper=upper)


def _tie(group: TiedGroup, names: Sequence[str], weights: Sequence[int], by_position: bool) -> Tie:
    """Name a tied group and the rule that drew the line through it."""
    rule: TieRule = "position" if by_position else "identifier"
    if not equal_weights(weights[group.winners[-1]], weights[group.losers[0]]):
        rule = "larger weight"
    return Tie(tuple(names[i] for i in group.winners + group.losers), rule)
