"""What a report's means say, in the form of the tables of an analysis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from scipy import stats

from rds.analysis.descriptives import MINIMUM_N_INTERVAL, STATEMENT_RATINGS
from rds.notes import Note
from rds.ratings.published import Published
from rds.ratings.published_reader import impossible_means


def published_ratings(
    published: Published,
    *,
    kinds: Mapping[str, str],
    domains: Mapping[str, str],
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return published means as rows of the table ``statement_ratings``.

    Where the report prints an SD, the standard error and a t interval kept on the scale follow
    from it and n; everything else that needs answers is empty. Who is in the printed mean is not
    known: it is taken for everybody's.

    Parameters
    ----------
    published
        The means.
    kinds, domains
        Kind and domain by statement identifier.
    confidence
        Confidence of the intervals, a share.
    """
    table = published.table
    n, mean, sd = (table[name].to_numpy(dtype=float) for name in ("n", "mean", "sd"))
    enough = (n >= MINIMUM_N_INTERVAL) & (sd > 0)
    se = np.where(enough, sd / np.sqrt(n), np.nan)
    reach = stats.t.ppf((1 + confidence) / 2, np.maximum(n - 1, 1)) * se
    low, high = np.array([_ends(published, str(name)) for name in table["scale"]]).T
    rows = pd.DataFrame(
        {
            "statement_id": table["statement_id"],
            "kind": table["statement_id"].map(kinds).fillna(""),
            "domain_id": table["statement_id"].map(domains).fillna(""),
            "scale": table["scale"],
            "base": "all",
            "group_variable": np.where(table["group"] == "", "", "group"),
            "group": table["group"].replace("", "all"),
            "wave": table["wave"],
            "weighted": False,
            "n": table["n"].astype(int),
            "n_eff": n,
            "mean": mean,
            "sd": sd,
            "se": se,
            "ci_low": np.maximum(mean - reach, low),
            "ci_high": np.minimum(mean + reach, high),
        }
    )
    return rows.reindex(columns=list(STATEMENT_RATINGS))


def published_notes(published: Published) -> Iterator[Note]:
    """Say what a report's means cannot tell, and which of them cannot be right."""
    table = published.table
    for group, part in table.groupby("group", sort=False):
        who = str(group) or "all respondents"
        yield Note("respondents", who, "", "published", "known only from a report's printed means")
        if part["sd"].isna().any():
            reason = "the report prints no SD"
            yield Note("statement_ratings", who, "sd, se, ci_low, ci_high", "withheld", reason)
        reason = "printed means do not tell single answers"
        columns = "median, bimodal, percent_performing"
        yield Note("statement_ratings", who, columns, "withheld", reason)
        yield Note("distributions", who, "n", "withheld", reason)
        for name in ("reliability", "variance_components", "dstudy", "agreement"):
            yield Note(name, who, "value", "withheld", reason)
    for sentence in impossible_means(published):
        row, _, reason = sentence.partition(": ")
        yield Note("statement_ratings", row, "mean", "impossible", reason)


def published_respondents(published: Published) -> pd.DataFrame:
    """Return groups and waves with the largest n printed for any statement."""
    groups = published.table.groupby(["group", "wave"], sort=True)["n"].max()
    return groups.reset_index().assign(nature="published")[["group", "wave", "nature", "n"]]


def _ends(published: Published, scale: str) -> tuple[float, float]:
    """Return the ends of a scale."""
    values = [point.value for point in published.scale(scale).points]
    return min(values), max(values)
