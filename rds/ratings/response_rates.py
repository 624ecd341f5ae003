"""Outcome rates of a survey as AAPOR defines them, with formulas and bases."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

DISPOSITION_CODES: Mapping[str, str] = {
    "complete": "I",
    "partial": "P",
    "refused": "R",
    "break-off": "R",
    "not reached": "NC",
    "other": "O",
    "unknown": "U",
    "bounced": "U",
    "not eligible": "NE",
}
"""AAPOR's letter for each disposition; U joins UH and UO, which named lists do not tell apart."""

RESPONSE_RATES = ("rate", "formula", "numerator", "denominator", "value")

_ALL, _ESTIMATED, _KNOWN = "I+P + R+NC+O + U", "I+P + R+NC+O + e·U", "I+P + R+NC+O"
_TALKED, _ABLE = "I+P + R+O", "I+P + R"
_RATES = (
    ("RR1", "I", _ALL),
    ("RR2", "I+P", _ALL),
    ("RR3", "I", _ESTIMATED),
    ("RR4", "I+P", _ESTIMATED),
    ("RR5", "I", _KNOWN),
    ("RR6", "I+P", _KNOWN),
    ("COOP1", "I", _TALKED),
    ("COOP2", "I+P", _TALKED),
    ("COOP3", "I", _ABLE),
    ("COOP4", "I+P", _ABLE),
    ("REF1", "R", _ALL),
    ("REF2", "R", _ESTIMATED),
    ("REF3", "R", _KNOWN),
    ("CON1", "I+P + R+O", _ALL),
    ("CON2", "I+P + R+O", _ESTIMATED),
    ("CON3", "I+P + R+O", _KNOWN),
)
_COMPLETION = ("completion", "I", "I+P+R")


def response_rates(
    dispositions: Mapping[str, float] | pd.Series[float],
    *,
    eligible_share: float | None = None,
    invited: bool = True,
) -> pd.DataFrame:
    """Return response, cooperation, refusal and contact rates.

    Parameters
    ----------
    dispositions
        How many of those invited ended how: the words of `DISPOSITION_CODES`, or AAPOR's letters
        (I, P, R, NC, O, U, UH, UO, NE), in any mixture; what is not named is 0.
    eligible_share
        e, the share of the unknown who are eligible; without it, the share among those of whom it
        is known, (I+P+R+NC+O)/(I+P+R+NC+O+NE).
    invited
        Whether everybody invited is among them. Without (open links), only the completion rate has
        a base.

    Returns
    -------
    DataFrame
        Columns `RESPONSE_RATES`; ``value`` is a share, NaN where its base is zero. The last two
        rows are the completion rate (complete of those who started or refused) and e.

    Raises
    ------
    ValueError
        For unknown dispositions, counts below zero, nobody at all, or a share outside 0 to 1.

    Notes
    -----
    AAPOR (2016), Standard Definitions, 9th edition: surveys of specifically named persons.

    Examples
    --------
    >>> found = response_rates({"complete": 4, "partial": 2, "refused": 1, "unknown": 3})
    >>> found.set_index("rate")["value"].round(3)[["RR1", "RR2", "RR5", "COOP1"]].to_dict()
    {'RR1': 0.4, 'RR2': 0.6, 'RR5': 0.571, 'COOP1': 0.571}
    """
    counts = code_counts(dict(dispositions))
    known = sum(counts[code] for code in ("I", "P", "R", "NC", "O"))
    if eligible_share is None:
        share = known / (known + counts["NE"]) if known else 1.0
    else:
        share = eligible_share
    if not 0 <= share <= 1:
        raise ValueError(f"found a share of eligible people of {share:g}; wanted 0 to 1")
    bases = {**counts, "e·U": share * counts["U"]}
    rates = (*_RATES, _COMPLETION) if invited else (_COMPLETION,)
    rows = [_row(rate, above, below, bases) for rate, above, below in rates]
    if invited:
        formula = "given" if eligible_share is not None else f"({_KNOWN}) / ({_KNOWN} + NE)"
        whole = float("nan") if eligible_share is not None else known + counts["NE"]
        part = float("nan") if eligible_share is not None else known
        rows.append(("e", formula, part, whole, share))
    return pd.DataFrame(rows, columns=list(RESPONSE_RATES))


def code_counts(dispositions: Mapping[str, float]) -> dict[str, float]:
    """Return the counts by AAPOR's letters, all of them.

    Raises
    ------
    ValueError
        For unknown dispositions, counts below zero, or nobody at all.

    Examples
    --------
    >>> code_counts({"complete": 3, "bounced": 1})["U"]
    1.0
    """
    letters = {"UH": "U", "UO": "U"} | {code: code for code in DISPOSITION_CODES.values()}
    counts = dict.fromkeys(("I", "P", "R", "NC", "O", "U", "NE"), 0.0)
    for name, n in dispositions.items():
        code = DISPOSITION_CODES.get(str(name).casefold(), letters.get(str(name)))
        if code is None:
            wanted = ", ".join(DISPOSITION_CODES)
            raise ValueError(f"found the disposition “{name}”; wanted one of {wanted}")
        if not n >= 0:
            raise ValueError(f"found {n} “{name}”; wanted 0 or more")
        counts[code] += float(n)
    if not sum(counts.values()) > 0:
        raise ValueError("there are no dispositions: nobody was invited and nobody answered")
    return counts


def _row(
    rate: str, above: str, below: str, bases: Mapping[str, float]
) -> tuple[str, str, float, float, float]:
    """Return one rate with its formula and base."""
    numerator, denominator = _sum(above, bases), _sum(below, bases)
    value = numerator / denominator if denominator else float("nan")
    return rate, f"({above}) / ({below})", numerator, denominator, value


def _sum(formula: str, bases: Mapping[str, float]) -> float:
    """Return the sum that a formula names."""
    return float(sum(bases[name.strip()] for name in formula.split("+")))
