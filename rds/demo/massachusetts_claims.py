"""What the Massachusetts evaluation says of its numbers, in our own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Claim:
    """What the report says in words: where, what in our own words, and the numbers it gives.

    Parameters
    ----------
    place
        Where the report says it.
    words
        A sentence of ours with a place for each number.
    numbers
        The numbers and names as the report gives them.
    """

    place: str
    words: str
    numbers: Mapping[str, Any]

    @property
    def printed(self) -> str:
        """The sentence with its numbers.

        Examples
        --------
        >>> Claim("Text", "most important are {most}", {"most": (17, 20)}).printed
        'most important are 17, 20'
        """
        texts = {
            key: ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
            for key, value in self.numbers.items()
        }
        return self.words.format(**texts)


CLAIMS: Mapping[str, Claim] = {
    "supervisors": Claim("Appendix G, footnote", "n is {n} for all statements", {"n": 15}),
    "significant": Claim(
        "Table 9, title; text",
        "{count} statements differ significantly (taken as p < {alpha})",
        {"count": 11, "alpha": 0.05},
    ),
    "rose": Claim("Text on T1 to T2", "{count} statements rose from T1 to T2", {"count": 9}),
    "pairs": Claim(
        "Appendix F, footnote", "{lowest} to {highest} pairs", {"lowest": 36, "highest": 38}
    ),
    "later_rise": Claim(
        "Appendix F, footnote **",
        "statement {statement} rose from T2 to T3, n = {n}",
        {"statement": 17, "n": 38},
    ),
    "marks": Claim("Appendix F, footnotes", "footnotes explain {marks}", {"marks": ("*", "**")}),
    "lowest": Claim(
        "Text on importance",
        "peer specialists rate statement {statement} lowest, {mean}; their range is {spread}",
        {"statement": 19, "mean": "2.74", "spread": "1.14"},
    ),
    "agreed": Claim(
        "Text on support",
        "both groups are most supported in {highest}, least in {lowest} (taken as their {count} "
        "highest and lowest means)",
        {"highest": (17, 20, 23), "lowest": (7, 16), "count": 4},
    ),
    "lists": Claim("Tables 11 to 14", "each lists the top or bottom {count}", {"count": 4}),
    "labels": Claim(
        "Scale labels; Table 10",
        "point 1 is “{label}” in some tables, “{other}” in others; Table 10 says that n varies",
        {"label": "Not important", "other": "Not at all important"},
    ),
    "steps": Claim("Appendix G", "means of {n} supervisors, to two decimals", {"n": 15}),
}
"""By name; where a sentence gives no threshold, ours is marked with “taken as”."""
