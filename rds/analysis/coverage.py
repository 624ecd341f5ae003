"""What respondents say of the statements as a whole: how well they cover the work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from rds.ratings.ratings import Ratings

COVERAGE = ("group", "answer", "n", "percent")


def coverage_table(ratings: Ratings | None, options: Sequence[str] = ()) -> pd.DataFrame:
    """Return how often each answer to the question on coverage was given.

    Percentages are of those who answered it.

    Parameters
    ----------
    ratings
        The answers, with ``coverage`` among what is known of respondents; None if there are none.
    options
        The answers that could be chosen, in order; others follow as they were found.

    Returns
    -------
    DataFrame
        One row per group (``all`` first) and answer (columns `COVERAGE`); empty where the question
        was not asked.

    Examples
    --------
    >>> asked = Ratings.from_frames(importance=pd.DataFrame({"T01": [4, 3, 2]}))
    >>> asked.respondents["coverage"] = ["Completely", "Completely", "In part"]
    >>> coverage_table(asked, ["In part", "Completely"])["percent"].round(1).tolist()
    [33.3, 66.7]
    """
    if ratings is None or "coverage" not in ratings.respondents:
        return pd.DataFrame(columns=list(COVERAGE))
    answers = ratings.respondents["coverage"].fillna("")
    said = answers[answers != ""]
    order = list(dict.fromkeys([*options, *sorted(said.unique())])) if len(said) else []
    groups = ratings.respondents["group"][(answers != "").to_numpy()]
    rows = [row for name, part in _groups(said, groups) for row in _rows(name, part, order)]
    return pd.DataFrame(rows, columns=list(COVERAGE))


def _groups(said: pd.Series[str], groups: pd.Series[str]) -> Iterator[tuple[str, pd.Series[str]]]:
    """Yield everybody's answers, and those of each group where there are several."""
    yield "all", said
    names = sorted(groups.unique())
    if len(names) > 1:
        yield from ((str(name), said[(groups == name).to_numpy()]) for name in names)


def _rows(
    group: str, said: pd.Series[str], order: Sequence[str]
) -> Iterator[tuple[str, str, int, float]]:
    """Yield how often each answer was given in a group."""
    for answer in order:
        n = int((said == answer).sum())
        yield group, answer, n, 100 * n / len(said)
