"""Which statements stand on which split form."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rds.settings import SurveySection


def on_form(names: Sequence[str], section: SurveySection, form: str) -> list[str]:
    """Return the statements of a domain that stand on a split form, in outline order.

    Common statements, evenly spread over the domain, stand on every form; the others are dealt
    out to the forms in turn, so that forms differ by one statement at most in a domain.

    Parameters
    ----------
    names
        Identifiers of the domain's statements.
    section
        Says how many forms there are, and the percent of statements common to all.
    form
        The form's letter; empty when everybody gets all statements.

    Examples
    --------
    >>> section = SurveySection(forms=2, common_percent=25)
    >>> names = ["T1", "T2", "T3", "T4"]
    >>> on_form(names, section, "A"), on_form(names, section, "B")
    (['T1', 'T2', 'T4'], ['T1', 'T3'])
    """
    if not form:
        return list(names)
    n_common = math.ceil(len(names) * section.common_percent / 100)
    common = {position * len(names) // n_common for position in range(n_common)}
    others = [position for position in range(len(names)) if position not in common]
    own = set(others["ABCDEFGH".index(form) :: section.forms])
    return [name for position, name in enumerate(names) if position in common | own]
