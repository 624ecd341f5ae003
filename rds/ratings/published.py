"""Ratings known only from a report: n, mean and perhaps SD of each statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from rds.scales import Scale, named_scale

PUBLISHED_COLUMNS = ("statement_id", "scale", "group", "wave", "n", "mean", "sd", "printed")


@dataclass(frozen=True, eq=False)
class Published:
    """Means as a report printed them; the answers behind them are not known.

    Parameters
    ----------
    scales
        The rating scales.
    table
        Columns `PUBLISHED_COLUMNS`: ``sd`` is NaN where it was not printed, ``printed`` is the
        mean as text, with the decimals of the source.

    Examples
    --------
    >>> from rds.scales import ordinal
    >>> importance = ordinal("importance", {1: "Low", 2: "High"}, role="importance")
    >>> rows = [("T01", "importance", "", "", 28, 1.61, None, "1.61")]
    >>> Published((importance,), pd.DataFrame(rows, columns=PUBLISHED_COLUMNS)).means(
    ...     ["importance"]
    ... ).loc["T01", "importance"].item()
    1.61
    """

    scales: tuple[Scale, ...]
    table: pd.DataFrame

    def scale(self, name: str) -> Scale:
        """Return the scale of that name.

        Raises
        ------
        ValueError
            When there is none.
        """
        return named_scale(self.scales, name)

    def of_statements(self, statements: Iterable[str]) -> Published:
        """Return what was published of some statements."""
        wanted = self.table["statement_id"].isin(list(statements))
        return replace(self, table=self.table[wanted])

    def of_groups(self, groups: Sequence[str]) -> Published:
        """Return what was published of some groups; ``["all"]`` means everybody."""
        if "all" in groups:
            return self
        return replace(self, table=self.table[self.table["group"].isin(groups)])

    def means(self, scales: Sequence[str]) -> pd.DataFrame:
        """Return statements × scales; several groups or waves are pooled by their n.

        Raises
        ------
        ValueError
            When nothing was published on a scale.
        """
        pooled = {}
        for name in scales:
            rows = self.table[self.table["scale"] == self.scale(name).name]
            if rows.empty:
                raise ValueError(f"no means were received on the scale “{name}”")
            totals = (rows["n"] * rows["mean"]).groupby(rows["statement_id"], sort=False).sum()
            n = rows["n"].groupby(rows["statement_id"], sort=False).sum()
            pooled[name] = totals / n
        first = pooled[scales[0]]
        return pd.DataFrame(pooled).reindex(list(first.index))
