"""Figures of ratings: means of tasks, two groups side by side, distributions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rds.analysis.analysis import Analysis
from rds.analysis.descriptives import MINIMUM_N_INTERVAL, MINIMUM_N_MEAN
from rds.documents.figure_rows import (
    Rated,
    in_words,
    nature,
    points_chosen,
    rated_by,
    reason_withheld,
    task_rows,
    texts,
)
from rds.documents.figure_style import (
    BLUE,
    GREY,
    INK,
    MIDDLE,
    ORANGE,
    PALE,
    Canvas,
    colours_of,
    direct_label,
    finish,
    ink_on,
    prepare,
    show_numbers,
    show_scale,
    stack,
)
from rds.outline.outline import Outline
from rds.scales import Point, Scale

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_LEAST_LABELLED = 6
"""Percent from which a part of a bar has room for its number."""


def task_ratings(
    analysis: Analysis,
    outline: Outline,
    *,
    scale: Scale,
    group: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the mean rating of each task with its interval, highest first within a domain.

    Means are on the base that weights use: performers, but everybody on a frequency scale.

    Parameters
    ----------
    analysis, outline
        What the field says; which tasks and domains there are.
    scale
        The scale as declared, such as ``study.ratings.scale("importance")``: the axis shows all
        its points.
    group
        Whose ratings, as the tables name them, with the wave if there are several
        (``"practitioners, 2026"``); by default those of all, or of the only group.
    ax
        Where to draw; by default a new figure.

    Returns
    -------
    Axes
        The axis; ``ax.figure`` is the figure.

    Raises
    ------
    ValueError
        When no task was rated on the scale, or the group is unknown or has to be chosen.

    Examples
    --------
    >>> from rds.analysis.analysis import analyze_ratings
    >>> from rds.outline.outline import Domain, Task
    >>> from rds.ratings.ratings import Ratings
    >>> from rds.settings import Settings
    >>> ratings = Ratings.from_frames(importance=pd.DataFrame({"T1": [1, 4, 3, 3, 2] * 3}))
    >>> outline = Outline((Domain("D1", "Support"),), (Task("T1", "D1", "Listen."),))
    >>> analysis = analyze_ratings(ratings, outline, Settings())
    >>> ax = task_ratings(analysis, outline, scale=ratings.scale("importance"))
    >>> ax.get_title(loc="left")
    'Mean importance of tasks: all respondents'
    """
    rated = rated_by(analysis, outline, scale, group)
    canvas = _tasks(ax, outline, rated, texts(rated.table["mean"], ".2f"), header="mean")
    y, means = canvas.rows.at(rated.order), rated.table["mean"]
    _guide_lines(canvas, y)
    canvas.ax.hlines(y, rated.table["ci_low"], rated.table["ci_high"], color=BLUE, linewidth=1.6)
    canvas.ax.plot(means, y, "o", color=BLUE, markersize=5.5)
    n = in_words(rated.table["n"])
    show_scale(canvas, _points_of_means(scale), f"Mean rating (points) {rated.base}\nn = {n}")
    return finish(
        canvas,
        title=f"Mean {scale.name} of tasks: {rated.who}",
        notes=_about_intervals(analysis, rated),
        warning=nature(analysis.notes),
    )


def group_means(
    analysis: Analysis,
    outline: Outline,
    *,
    scale: Scale,
    groups: tuple[str, str],
    ax: Axes | None = None,
) -> Axes:
    """Draw the mean ratings of two groups as pairs of marks, in the order of the first group.

    Parameters
    ----------
    analysis, outline
        What the field says; which tasks and domains there are.
    scale
        The scale as declared; the axis shows all its points.
    groups
        The two groups, named as in `task_ratings`.
    ax
        Where to draw; by default a new figure.

    Returns
    -------
    Axes
        The axis; ``ax.figure`` is the figure.

    Raises
    ------
    ValueError
        When no task was rated on the scale, or a group is unknown.

    Examples
    --------
    >>> from rds.analysis.analysis import analyze_ratings
    >>> from rds.outline.outline import Domain, Task
    >>> from rds.ratings.ratings import Ratings
    >>> from rds.settings import Settings
    >>> ratings = Ratings.from_frames(
    ...     importance=pd.DataFrame({"T1": [1, 4, 3, 3, 2] * 4}), group=["old", "new"] * 10
    ... )
    >>> outline = Outline((Domain("D1", "Support"),), (Task("T1", "D1", "Listen."),))
    >>> analysis = analyze_ratings(ratings, outline, Settings())
    >>> scale = ratings.scale("importance")
    >>> ax = group_means(analysis, outline, scale=scale, groups=("old", "new"))
    >>> ax.get_title(loc="left")
    'Mean importance of tasks: old and new'
    """
    first, second = (rated_by(analysis, outline, scale, group) for group in groups)
    one, other = first.table["mean"], second.table["mean"].reindex(first.order)
    canvas = _tasks(ax, outline, first, texts(one - other, "+.2f"), header="difference")
    y = canvas.rows.at(first.order)
    _guide_lines(canvas, y)
    canvas.ax.hlines(y, one, other, color=GREY, linewidth=1.4)
    show_scale(canvas, _points_of_means(scale), f"Mean rating (points) {first.base}")
    return finish(
        canvas,
        title=f"Mean {scale.name} of tasks: {first.who} and {second.who}",
        legend=[
            *canvas.ax.plot(one, y, "o", color=BLUE, markersize=6, label=_labelled(first)),
            *canvas.ax.plot(other, y, "D", color=ORANGE, markersize=4.5, label=_labelled(second)),
        ],
        notes=[f"Difference: {first.who} minus {second.who}."],
        warning=nature(analysis.notes),
    )


def distribution(
    analysis: Analysis,
    outline: Outline,
    *,
    scale: Scale,
    group: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how often each point was chosen, task by task, as parts of 100 percent.

    Every declared point has its colour and its place in the legend, chosen or not; points that
    are no ratings, such as “not performed”, are hatched. The order is that of `task_ratings`.

    Parameters
    ----------
    analysis, outline, scale, group, ax
        As for `task_ratings`.

    Returns
    -------
    Axes
        The axis; ``ax.figure`` is the figure.

    Raises
    ------
    ValueError
        When no task was rated on the scale, or the group is unknown or has to be chosen.
    WithheldError
        When the answers are not real, so that their distribution would be no finding.

    Examples
    --------
    >>> from rds.analysis.analysis import analyze_ratings
    >>> from rds.outline.outline import Domain, Task
    >>> from rds.ratings.ratings import Ratings
    >>> from rds.settings import Settings
    >>> ratings = Ratings.from_frames(importance=pd.DataFrame({"T1": [1, 4, 3, 3, 4]}))
    >>> outline = Outline((Domain("D1", "Support"),), (Task("T1", "D1", "Listen."),))
    >>> analysis = analyze_ratings(ratings, outline, Settings())
    >>> ax = distribution(analysis, outline, scale=ratings.scale("importance"))
    >>> [round(bar.get_width()) for bar in ax.patches]
    [20, 0, 40, 40]
    """
    rated = rated_by(analysis, outline, scale, group)
    chosen = points_chosen(analysis, scale, rated)
    n = _by_point(chosen, rated, "n").sum(axis=1)
    canvas = _tasks(ax, outline, rated, texts(n, ".0f"), header="n", gap=0.8)
    bare = bool((n < MINIMUM_N_MEAN).any())
    percents = _by_point(chosen, rated, "percent")
    bars = _stacked_bars(canvas, percents[n >= MINIMUM_N_MEAN], scale.points)
    show_numbers(canvas, "Percent of those who answered", low=0, high=100)
    return finish(
        canvas,
        title=f"Ratings of {scale.name} by task: {rated.who}",
        legend=bars,
        notes=[f"No bar where fewer than {MINIMUM_N_MEAN} answered."] if bare else [],
        warning=nature(analysis.notes),
    )


def _tasks(
    ax: Axes | None,
    outline: Outline,
    rated: Rated,
    column: dict[str, str],
    *,
    header: str,
    gap: float = 0.6,
) -> Canvas:
    """Prepare an axis with a row for each task and a column of numbers."""
    rows = stack(task_rows(outline, rated.order), gap=gap)
    return prepare(ax, rows, column=column, header=header)


def _by_point(chosen: pd.DataFrame, rated: Rated, column: str) -> pd.DataFrame:
    """Return a column of ``distributions`` as a table of tasks × points, zero where nobody is."""
    wide = chosen.pivot(index="statement_id", columns="point", values=column)
    return wide.reindex(rated.order).fillna(0.0)


def _guide_lines(canvas: Canvas, rows: Sequence[float]) -> None:
    """Lead the eye from the words of each row to its marks."""
    for y in rows:
        canvas.ax.axhline(y, color=PALE, linewidth=0.7, zorder=0)


def _stacked_bars(canvas: Canvas, percents: pd.DataFrame, points: Sequence[Point]) -> list[Artist]:
    """Draw parts of bars, point beside point, and return the legend's handles."""
    from matplotlib.patches import Patch

    y, left = canvas.rows.at(percents.index), np.zeros(len(percents))
    handles: list[Artist] = []
    for point, colour in zip(points, colours_of(points), strict=True):
        width = percents[point.value]
        style = _style(point, colour)
        canvas.ax.barh(y, width, left=left, height=1.3, **style)
        _label_parts(canvas, width, left, style)
        handles.append(Patch(**style, label=_worded(point)))
        left = left + width.to_numpy()
    return handles


def _style(point: Point, colour: str) -> dict[str, Any]:
    """Return how a point's part of a bar looks: plain for ratings, hatched for what is none."""
    if point.meaning == "rated":
        return {"facecolor": colour, "edgecolor": "white", "linewidth": 0.8}
    return {"facecolor": colour, "edgecolor": MIDDLE, "linewidth": 0.8, "hatch": "////"}


def _label_parts(canvas: Canvas, width: pd.Series[float], left: Any, style: dict[str, Any]) -> None:
    """Write the percent into parts that have room for it."""
    plain = {"color": ink_on(style["facecolor"])}
    backed = {"color": INK, "bbox": {"facecolor": "white", "linewidth": 0, "pad": 1.2}}
    look: dict[str, Any] = backed if "hatch" in style else plain
    for name, start, percent in zip(width.index, left, width, strict=True):
        if percent >= _LEAST_LABELLED:
            middle = start + percent / 2
            direct_label(
                canvas, middle, name, f"{percent:.0f}", ha="center", xytext=(0, -0.5), **look
            )


def _worded(point: Point) -> str:
    """Return a point's number and label; the number alone where the label says no more."""
    return point.label if point.label == str(point.value) else f"{point.value} {point.label}"


def _points_of_means(scale: Scale) -> list[Point]:
    """Return the points between which means lie; “not performed” counts in a frequency."""
    counted = {"rated", "not performed"} if scale.role == "frequency" else {"rated"}
    return [point for point in scale.points if point.meaning in counted]


def _labelled(rated: Rated) -> str:
    """Return a group's name and numbers of answers."""
    return f"{rated.who}, n = {in_words(rated.table['n'])}"


def _about_intervals(analysis: Analysis, rated: Rated) -> list[str]:
    """Say what the lines are, and where and why there are none."""
    reason = reason_withheld(analysis.notes, "statement_ratings", rated, column="ci_low")
    if reason:
        return [f"Spread and intervals are withheld: {reason}."]
    bare = rated.table.index[rated.table["ci_low"].isna()]
    why = f"fewer than {MINIMUM_N_INTERVAL} answers, or all alike"
    if len(bare) == len(rated.table):
        return [f"No intervals: {why}."]
    missing = [f"No interval ({why}): {', '.join(map(str, bare))}."] if len(bare) else []
    return ["Lines: confidence intervals of the means.", *missing]
