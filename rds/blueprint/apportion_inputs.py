"""What `allocate` is given, made exact and checked: weights as whole numbers, bounds in items."""

from __future__ import annotations

import math
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from numbers import Rational, Real
from typing import Any

from rds.errors import nearest

Number = float | Decimal | Fraction
Bounds = int | Sequence[int | None] | Mapping[str, int | None] | None


def is_labelled(values: Any) -> bool:
    """Tell whether the values come with identifiers, as in a mapping or a Series."""
    return hasattr(values, "keys") and hasattr(values, "items")


def natural_key(identifier: str) -> tuple[list[tuple[str, int]], str]:
    """Return a key that sorts numbers inside identifiers by size.

    Examples
    --------
    >>> sorted(["T10", "T2", "K1"], key=natural_key)
    ['K1', 'T2', 'T10']
    """
    parts = re.findall(r"(\D*)(\d*)", identifier.casefold())
    return [(text, int(digits or -1)) for text, digits in parts], identifier


def named(
    weights: Mapping[str, Number] | Iterable[Number], identifiers: Sequence[str] | None
) -> tuple[tuple[str, ...], list[Any]]:
    """Return identifiers, numbers from 1 where there are none, and the weights as given."""
    own, values = labels_and_values("weights", weights)
    if own is not None and identifiers is not None:
        raise ValueError("The weights carry identifiers of their own; leave out identifiers.")
    given = own if identifiers is None else [str(name) for name in identifiers]
    names = [str(k + 1) for k in range(len(values))] if given is None else given
    if len(names) != len(values):
        raise ValueError(f"Found {len(values)} weights and {len(names)} identifiers.")
    check_unique("identifiers", names)
    return tuple(names), values


def whole_weights(names: Sequence[str], values: Sequence[Any]) -> list[int]:
    """Return whole numbers in the proportions of the weights."""
    ratios = [ratio(value) for value in values]
    wrong = zip(names, values, ratios, strict=True)
    found = [f"{shown(value)} for “{name}”" for name, value, own in wrong if own is None]
    if found:
        raise ValueError(f"A weight must be a finite number, zero or more; found {joined(found)}.")
    usable = [own for own in ratios if own is not None]
    if not any(numerator for numerator, _ in usable):
        raise ValueError(f"Found {len(usable)} weights, none above zero; at least one must be.")
    scale = math.lcm(*(denominator for _, denominator in usable))
    return [numerator * (scale // denominator) for numerator, denominator in usable]


def bounds(what: str, given: Bounds, names: Sequence[str]) -> list[int | None]:
    """Return one bound for each name, None where there is none."""
    if given is None or isinstance(given, Real):
        values: list[Any] = [given] * len(names)
    else:
        own, values = labels_and_values(what, given)
        if own is not None:
            check_unique(f"identifiers in {what}", own)
            check_known(what, own, names)
            by_name = dict(zip(own, values, strict=True))
            values = [by_name.get(name) for name in names]
    if len(values) != len(names):
        raise ValueError(f"Found {len(values)} values of {what} for {len(names)} weights.")
    pairs = zip(names, values, strict=True)
    return [None if v is None else whole_number(f"{what} of “{name}”", v) for name, v in pairs]


def whole_number(what: str, value: Any) -> int:
    """Return a number of items as an int."""
    exact = ratio(value)
    if exact is None or exact[0] % exact[1]:
        raise ValueError(f"{what} is {shown(value)}; it must be a whole number, zero or more.")
    return exact[0] // exact[1]


def unknown(what: str, word: object, known: Sequence[str]) -> str:
    """Say that a word is unknown, which words are known, and which was probably meant."""
    meant = nearest(str(word), known)
    hint = f" Did you mean “{meant}”?" if meant else ""
    return f"Unknown {what} “{word}”; known: {', '.join(known)}.{hint}"


def joined(parts: Sequence[str]) -> str:
    """Join the parts of an enumeration."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def labels_and_values(what: str, given: Any) -> tuple[list[str] | None, list[Any]]:
    """Split a mapping or Series into labels and values; a plain sequence has no labels."""
    if is_labelled(given):
        pairs = list(given.items())
        return [str(label) for label, _ in pairs], [value for _, value in pairs]
    try:
        return None, list(given)
    except TypeError:
        raise ValueError(
            f"{what} is {shown(given)}; it must be a sequence, an array, a Series or a mapping."
        ) from None


def ratio(value: Any) -> tuple[int, int] | None:
    """Return a number, zero or more, as a ratio; a float is the decimal that prints it."""
    if isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
        return None
    if isinstance(value, Rational):
        exact = int(value.numerator), int(value.denominator)
    else:
        decimal = Decimal(str(value))
        if not decimal.is_finite():
            return None
        exact = decimal.as_integer_ratio()
    return exact if exact[0] >= 0 else None


def check_unique(what: str, names: Sequence[str]) -> None:
    """Refuse a name that occurs twice."""
    twice = [f"“{name}”" for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ValueError(f"The {what} must differ; found {joined(twice)} more than once.")


def check_known(what: str, given: Iterable[str], names: Sequence[str]) -> None:
    """Refuse a bound on something that has no weight."""
    for name in given:
        if name not in names:
            raise ValueError(unknown(f"identifier in {what}", name, names))


def shown(value: object) -> str:
    """Return a value as text that fits into a sentence."""
    return textwrap.shorten(str(value), 40, placeholder="…")
