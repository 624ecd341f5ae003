"""What the retention rules say of one group's own ratings."""

from __future__ import annotations

from collections.abc import Mapping

from rds.analysis.descriptives import Group, statement_ratings
from rds.analysis.retention import retention_table
from rds.ratings.ratings import Ratings
from rds.scales import find_scale
from rds.settings import RetentionSection


def point_verdicts(
    ratings: Ratings, retention: RetentionSection, kinds: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return ``"keep"`` or ``"drop"`` by task, with the mean alone against the cut.

    The declared rules are applied without their intervals: in a small group these would put most
    tasks under review, and two groups would differ in size rather than in opinion.

    Parameters
    ----------
    ratings
        The group's answers.
    retention
        The declared rules.
    kinds
        Kind of each statement; without it, all are tasks.

    Returns
    -------
    dict
        Tasks with too few answers for a verdict are left out; empty when nobody rated on the
        rules' scale.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"T1": [4] * 9 + [3], "T2": [1] * 9 + [2], "T3": [4] + [None] * 9})
    >>> point_verdicts(Ratings.from_frames(importance=frame), RetentionSection())
    {'T1': 'keep', 'T2': 'drop'}
    """
    scale = find_scale(ratings.scales, retention.scale)
    if scale is None or not len(ratings):
        return {}
    statements = {name for names in ratings.statements.values() for name in names}
    known = kinds or dict.fromkeys(statements, "task")
    rows, _ = statement_ratings([Group("", "all", "", ratings)], kinds=known, domains={})
    try:
        table, _ = retention_table(rows, scale, retention.model_copy(update={"rule": "point"}))
    except ValueError:
        return {}
    declared = table[(table["rule"] == "declared") & (table["verdict"] != "review")]
    return dict(zip(declared["task_id"], declared["verdict"], strict=True))
