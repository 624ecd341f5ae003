"""Ratios against named peers, measured in one run on simulated ratings.

Run ``python benchmarks/run.py`` (or with ``small`` or ``large``). Each line gives the peer's time
over ours, both the best of several runs in the same process, and says that the answers agree.
Absolute times depend on the machine; the ratios are what counts.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pingouin

import rds
from rds.analysis.descriptives import groups_of, statement_ratings
from rds.ratings.simulate import simulate_ratings
from rds.scales import ordinal

SIZES = {"small": (60, 25), "typical": (2_000, 150), "large": (25_000, 200)}
IMPORTANCE = ordinal(
    "importance", {1: "Not", 2: "Somewhat", 3: "Important", 4: "Very"}, role="importance"
)


def best_of(work: Callable[[], Any], *, runs: int = 3) -> tuple[float, Any]:
    """Return the shortest time of several runs, in seconds, and the last result."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times), result


def ratings_of_size(n_respondents: int, n_tasks: int) -> rds.Ratings:
    """Simulate complete ratings on one scale."""
    tasks = {f"T{k:03d}": f"D{1 + k % 5}" for k in range(n_tasks)}
    return simulate_ratings(
        tasks=tasks,
        scales=[IMPORTANCE],
        n_respondents=n_respondents,
        seed=1,
        missing_percent=0,
        break_off_percent=0,
    )


def alpha(frame: pd.DataFrame) -> tuple[float, float, bool]:
    """Cronbach's alpha: pingouin.cronbach_alpha."""
    peer, theirs = best_of(lambda: pingouin.cronbach_alpha(frame)[0])
    own, ours = best_of(lambda: rds.cronbach_alpha(frame).value)
    return peer, own, bool(np.isclose(theirs, ours))


def icc(frame: pd.DataFrame) -> tuple[float, float, bool]:
    """Six intraclass correlations: pingouin.intraclass_corr."""
    long = frame.rename_axis("rater").reset_index().melt("rater", var_name="task")
    names = {"targets": "task", "raters": "rater", "ratings": "value"}
    peer, theirs = best_of(lambda: pingouin.intraclass_corr(long, **names), runs=1)
    own, ours = best_of(lambda: rds.icc(frame))
    return peer, own, bool(np.allclose(theirs["ICC"], ours["value"]))


def descriptives(ratings: rds.Ratings) -> tuple[float, float, bool]:
    """Every task described (ours with intervals and five counts): pandas mean, SD and median."""
    frame = ratings.frame("importance")
    peer, theirs = best_of(lambda: frame.agg(["mean", "std", "median"]))
    groups = groups_of(ratings, pooled=True)
    own, ours = best_of(lambda: statement_ratings(groups, kinds={}, domains={})[0])
    return peer, own, bool(np.allclose(theirs.loc["mean"], ours["mean"]))


def main(size: str) -> None:
    """Print one line per piece of work."""
    ratings = ratings_of_size(*SIZES[size])
    frame = ratings.frame("importance")
    print(f"{size}: {SIZES[size][0]:,} respondents × {SIZES[size][1]} tasks, complete ratings")
    works = [(alpha, frame), (descriptives, ratings)]
    if size != "large":
        works.insert(1, (icc, frame))
    for work, data in works:
        peer, own, agree = work(data)
        verdict = "answers agree" if agree else "ANSWERS DIFFER"
        what = str(work.__doc__).rstrip(".")
        print(f"  {what}: {peer / own:.1f} times our time ({verdict})")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "typical")
