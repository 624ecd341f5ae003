"""Hamilton's method (largest remainders) in cells: the formulas and the values they must give."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rds.blueprint.apportion_inputs import natural_key
from rds.documents.blueprint_workbook.cells import rounded

DECIMALS = 9
"""Remainders and weights that agree to so many decimals are equal."""


@dataclass(frozen=True)
class Steps:
    """The steps of an apportionment, one value for each of those who take part.

    Parameters
    ----------
    whole
        The whole part of each exact share, given at once.
    remainders
        What is left of the exact share.
    places
        Place by remainder, from 1; those up to the number of items left over get one more.
    items
        Whole items.
    """

    whole: tuple[int, ...]
    remainders: tuple[float, ...]
    places: tuple[int, ...]
    items: tuple[int, ...]


def identifier_order(identifiers: Sequence[str]) -> tuple[int, ...]:
    """Give each identifier its number, from 1, in the order that decides between equal weights.

    Examples
    --------
    >>> identifier_order(["D10", "D2", "D1"])
    (3, 2, 1)
    """
    ordered = sorted(identifiers, key=natural_key)
    return tuple(ordered.index(identifier) + 1 for identifier in identifiers)


def steps(
    exact: Sequence[float], items: int, *, weights: Sequence[float], order: Sequence[int]
) -> Steps:
    """Make exact shares whole, step by step as the formulas do.

    Equal remainders go to the larger weight, then to the lower number in `order` (Hamilton's
    method; Balinski and Young 2001).

    Parameters
    ----------
    exact
        Exact shares of the items.
    items
        Number of items, the sum of the exact shares.
    weights
        Weights in any unit.
    order
        Position among the identifiers, from 1.

    Examples
    --------
    >>> steps([4.5, 3.0, 2.5], 10, weights=[45, 30, 25], order=[1, 2, 3]).items
    (5, 3, 2)
    """
    whole = [math.floor(rounded(share, DECIMALS)) for share in exact]
    remainders = [rounded(e - w, DECIMALS) for e, w in zip(exact, whole, strict=True)]
    keys = [
        (-remainder, -rounded(weight, DECIMALS), position)
        for remainder, weight, position in zip(remainders, weights, order, strict=True)
    ]
    places = [sorted(keys).index(key) + 1 for key in keys]
    left = items - sum(whole)
    given = [w + (place <= left) for w, place in zip(whole, places, strict=True)]
    return Steps(tuple(whole), tuple(remainders), tuple(places), tuple(given))


def whole_formula(exact: str) -> str:
    """Return the formula of the whole part of an exact share."""
    return f"=INT(ROUND({exact},{DECIMALS}))"


def remainder_formula(exact: str, whole: str) -> str:
    """Return the formula of the remainder."""
    return f"=ROUND({exact}-{whole},{DECIMALS})"


def place_formula(own: tuple[str, str, str], remainders: str, weights: str, order: str) -> str:
    """Return the formula of the place: one more than the number of those who come before.

    Parameters
    ----------
    own
        References to the own remainder, weight and order.
    remainders, weights, order
        Ranges of everybody's.
    """
    remainder, weight, position = own
    heavier = f"(ROUND({weights},{DECIMALS})>ROUND({weight},{DECIMALS}))"
    as_heavy = f"(ROUND({weights},{DECIMALS})=ROUND({weight},{DECIMALS}))"
    return (
        f"=1+SUMPRODUCT(({remainders}>{remainder})+({remainders}={remainder})"
        f"*({heavier}+{as_heavy}*({order}<{position})))"
    )


def items_formula(whole: str, place: str, left_over: str) -> str:
    """Return the formula of the items: the whole part, and one more for the first places."""
    return f"={whole}+IF({place}<={left_over},1,0)"
