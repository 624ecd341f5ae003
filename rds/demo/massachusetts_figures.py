"""Figures of the Massachusetts evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING

import pandas as pd

from rds.analysis.ranks import ranked
from rds.demo.massachusetts import POINTS, statement_id
from rds.demo.massachusetts_report import SHORT_NAMES, Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = ("#0b5d8f", "#d1711c")
"""A dark blue and an orange that stay apart in grey and for the colour-blind."""


def plot_importance(report: Report, *, axes: Axes | None = None) -> Axes:
    """Draw importance for participants at T3 and supervisors, by participants' mean.

    Returns
    -------
    Axes
        Those that were given, or new ones.
    """
    series = {
        "participants, T3": report.means_of("Appendix F", wave="T3"),
        "supervisors": report.means_of("Appendix G"),
    }
    title = "Importance, mean of participants (T3) and supervisors"
    return dot_plot(_named(series), points=POINTS, title=title, axes=axes)


def plot_support(report: Report, *, axes: Axes | None = None) -> Axes:
    """Draw importance and support for participants at T3, by importance.

    Returns
    -------
    Axes
        Those that were given, or new ones.
    """
    series = {
        "importance": report.means_of("Appendix F", wave="T3"),
        "support": report.means_of("Appendix H", wave="T3"),
    }
    points = {1: "Not at all", 2: "Somewhat", 3: "Important; generally supported", 4: "Very"}
    title = "Importance and support, mean of participants (T3)"
    return dot_plot(_named(series), points=points, title=title, axes=axes)


def dot_plot(
    means: pd.DataFrame, *, points: Mapping[int, str], title: str, axes: Axes | None = None
) -> Axes:
    """Draw the means of each statement as dots on one line, over the whole scale.

    Parameters
    ----------
    means
        One row a statement, named by the index, top first; one column a series, at most two.
    points
        Labels of the scale's points; the axis runs from the lowest to the highest.
    title
        What the figure shows.
    axes
        Where to draw; by default a new figure, as high as it needs to be.

    Returns
    -------
    Axes
        Those that were given, or new ones.

    Raises
    ------
    ValueError
        For more than two series.
    """
    if len(means.columns) > len(COLOURS):
        raise ValueError(f"found {len(means.columns)} series; wanted one or two")
    if axes is None:
        from matplotlib import pyplot

        _, axes = pyplot.subplots(figsize=(8, 1.6 + 0.25 * len(means)), layout="constrained")
    rows = list(range(len(means)))
    axes.hlines(rows, means.min(axis=1), means.max(axis=1), color="0.8", linewidth=2, zorder=1)
    for (name, values), colour, marker in zip(means.items(), COLOURS, "oD", strict=False):
        axes.scatter(values, rows, color=colour, marker=marker, s=34, label=str(name), zorder=2)
    axes.set_yticks(rows, labels=[str(name) for name in means.index])
    axes.set_ylim(len(means) - 0.4, -0.6)
    axes.set_title(title, loc="left", fontsize="medium", fontweight="bold")
    _draw_scale(axes, points)
    axes.legend(loc="upper left", edgecolor="none", framealpha=1)
    return axes


def _draw_scale(axes: Axes, points: Mapping[int, str]) -> None:
    """Let the horizontal axis be the scale, with its labels and nothing else around it."""
    axes.set_xlim(min(points) - 0.05, max(points) + 0.05)
    labels = [fill(f"{value} {label}", width=14) for value, label in points.items()]
    axes.set_xticks(list(points), labels=labels)
    axes.tick_params(length=0)
    axes.grid(axis="x", color="0.9")
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)


def _named(series: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return printed means by the statements' short names, highest of the first series on top."""
    short = {statement_id(item): name for item, name in SHORT_NAMES.items()}
    order = ranked(next(iter(series.values()))["mean"])["statement_id"]
    means = {name: table["mean"].astype(float)[order].array for name, table in series.items()}
    return pd.DataFrame(means, index=[f"{short[name]}  {name}" for name in order])
