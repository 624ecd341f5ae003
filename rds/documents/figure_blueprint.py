"""Figures of a blueprint: items by domain, and how other choices would move them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from rds.blueprint.plan import Blueprint
from rds.blueprint.sensitivity import items_moved, other_choice_rows
from rds.documents.figure_rows import domain_rows, nature, signed
from rds.documents.figure_style import (
    BLUE,
    GREY,
    ORANGE,
    Canvas,
    Row,
    direct_label,
    finish,
    prepare,
    show_numbers,
    stack,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes


def domain_items(blueprint: Blueprint, *, ax: Axes | None = None) -> Axes:
    """Draw the items of each domain as bars, with a mark where equal ratings would put them.

    Parameters
    ----------
    blueprint
        The blueprint.
    ax
        Where to draw; by default a new figure.

    Returns
    -------
    Axes
        The axis; ``ax.figure`` is the figure.

    Examples
    --------
    >>> from rds.analysis.analysis import analyze_ratings
    >>> from rds.blueprint.build import build
    >>> from rds.outline.outline import Domain, Outline, Task
    >>> from rds.ratings.ratings import Ratings
    >>> from rds.settings import Settings
    >>> ratings = Ratings.from_frames(importance=pd.DataFrame({"T1": [4, 4], "T2": [1, 2]}))
    >>> outline = Outline(
    ...     (Domain("D1", "Support"), Domain("D2", "Change")),
    ...     (Task("T1", "D1", "Listen."), Task("T2", "D2", "Speak up.")),
    ... )
    >>> weights = {"model": "importance_only", "rationale": "one scale", "scales": ["importance"]}
    >>> settings = Settings.model_validate({"weights": weights})
    >>> analysis = analyze_ratings(ratings, outline, settings)
    >>> ax = domain_items(build(outline, ratings, settings, analysis))
    >>> [text.get_text() for text in ax.texts]
    ['73', '27']
    """
    domains = blueprint.domain_weights.to_dict("records")
    names = [str(domain["domain_id"]) for domain in domains]
    rows = domain_rows(blueprint.outline, names, are_headings=False)
    canvas = prepare(ax, stack(rows, gap=1.4))
    equal = _items_if_equal(blueprint)
    for name, domain in zip(names, domains, strict=True):
        _draw_bar(canvas, name, domain, equal[name])
    items = blueprint.domain_weights["items"]
    show_numbers(canvas, "Items", low=0, high=1.12 * max(*items, *equal.values()))
    return finish(
        canvas,
        title=f"DRAFT blueprint: {items.sum()} items by domain, {_model(blueprint)}",
        legend=[_mark("|", ORANGE, "items if all ratings were equal", markersize=11)],
        warning=nature(blueprint.notes),
    )


def sensitivity(blueprint: Blueprint, *, ax: Axes | None = None) -> Axes:
    """Draw the items of each domain under every other choice, beside those of the plan.

    Parameters
    ----------
    blueprint
        The blueprint, with its table ``sensitivity``.
    ax
        Where to draw; by default a new figure.

    Returns
    -------
    Axes
        The axis; ``ax.figure`` is the figure.

    Examples
    --------
    >>> from rds.analysis.analysis import analyze_ratings
    >>> from rds.blueprint.build import build
    >>> from rds.outline.outline import Domain, Outline, Task
    >>> from rds.ratings.ratings import Ratings
    >>> from rds.settings import Settings
    >>> ratings = Ratings.from_frames(importance=pd.DataFrame({"T1": [4, 4], "T2": [1, 2]}))
    >>> outline = Outline(
    ...     (Domain("D1", "Support"), Domain("D2", "Change")),
    ...     (Task("T1", "D1", "Listen."), Task("T2", "D2", "Speak up.")),
    ... )
    >>> weights = {"model": "importance_only", "rationale": "one scale", "scales": ["importance"]}
    >>> settings = Settings.model_validate({"weights": weights})
    >>> analysis = analyze_ratings(ratings, outline, settings)
    >>> ax = sensitivity(build(outline, ratings, settings, analysis))
    >>> [text.get_text() for text in ax.texts[:3]]
    ['73', '50 (−23)', '86 (+13)']
    """
    domains = blueprint.domain_weights.to_dict("records")
    table = other_choice_rows(blueprint.sensitivity)
    others = table.assign(choice=[_choice(row) for row in table.to_dict("records")])
    choices = list(dict.fromkeys(others["choice"]))
    canvas = prepare(ax, stack(_rows(blueprint, choices)))
    for domain in domains:
        own = others[others["domain_id"] == domain["domain_id"]]
        _draw_strip(canvas, domain, own.set_index("choice")["items"])
    every = [*blueprint.domain_weights["items"], *others["items"]]
    show_numbers(canvas, "Items", low=max(min(every) - 2, 0), high=max(every) + 3)
    plan = _mark("o", BLUE, f"this plan: {_model(blueprint)}", markersize=6.5)
    return finish(
        canvas,
        title=f"Items by domain under other choices: {blueprint.settings.blueprint.items} items",
        legend=[plan, _mark("D", ORANGE, "under the other choice", markersize=5)],
        notes=[_moved_in_all(others)],
        warning=nature(blueprint.notes),
    )


def _draw_bar(canvas: Canvas, name: str, domain: dict[Any, Any], equal: int) -> None:
    """Draw a domain's items as a bar, with the mark and the number."""
    y = canvas.rows.at([name])[0]
    items = int(domain["items"])
    canvas.ax.barh(y, items, height=1.3, color=BLUE)
    canvas.ax.vlines(equal, y - 1, y + 1, color=ORANGE, linewidth=2)
    text = f"{items}{_bound(domain)}"
    direct_label(canvas, max(items, equal), name, text, fontweight="bold")


def _draw_strip(canvas: Canvas, domain: dict[Any, Any], others: pd.Series[int]) -> None:
    """Draw a domain's items in the plan and, below, under every other choice."""
    name, planned = str(domain["domain_id"]), int(domain["items"])
    y, *below = canvas.rows.at([name, *(_row(name, choice) for choice in others.index)])
    canvas.ax.vlines(planned, y, below[-1] + 0.5, color=BLUE, linewidth=1)
    canvas.ax.plot(planned, y, "o", color=BLUE, markersize=6.5)
    direct_label(canvas, planned, name, f"{planned}{_bound(domain)}", fontweight="bold")
    canvas.ax.hlines(below, planned, others, color=GREY, linewidth=1.4)
    canvas.ax.plot(others, below, "D", color=ORANGE, markersize=5)
    for choice, items in others.items():
        moved = f" ({signed(items - planned, '+d')})" if items != planned else ""
        row = _row(name, str(choice))
        direct_label(canvas, max(int(items), planned), row, f"{items}{moved}")


def _rows(blueprint: Blueprint, choices: Sequence[str]) -> Iterator[Row]:
    """Yield a row for each domain and, below it, one for each other choice."""
    names = [str(name) for name in blueprint.domain_weights["domain_id"]]
    for heading in domain_rows(blueprint.outline, names):
        yield heading
        for choice in choices:
            yield Row(_row(heading.name, choice), choice)


def _row(domain: str, choice: str) -> str:
    """Name the row of a domain under another choice."""
    return f"{domain} {choice}"


def _choice(row: dict[Any, Any]) -> str:
    """Return what a row of the table ``sensitivity`` varies, and how."""
    if row["dimension"] == "baseline":
        return str(row["variant"])
    return f"{row['dimension']} “{row['variant']}”"


def _moved_in_all(others: pd.DataFrame) -> str:
    """Say how many items each choice would move between domains."""
    by_choice = others.groupby("choice", sort=False)
    moved = [f"{choice}: {items_moved(rows)}" for choice, rows in by_choice]
    return f"Items that would change their domain – {'; '.join(moved)}."


def _items_if_equal(blueprint: Blueprint) -> dict[str, int]:
    """Return the items of each domain if all ratings were equal."""
    rows = blueprint.sensitivity[blueprint.sensitivity["dimension"] == "baseline"]
    return dict(zip(rows["domain_id"].astype(str), rows["items"].astype(int), strict=True))


def _bound(domain: dict[Any, Any]) -> str:
    """Say whether a maximum or minimum decided a domain's items."""
    if domain["items"] == domain["maximum"] and domain["quota"] > domain["maximum"]:
        return " (its maximum)"
    if domain["items"] == domain["minimum"] and domain["quota"] < domain["minimum"]:
        return " (its minimum)"
    return ""


def _mark(marker: str, colour: str, label: str, *, markersize: float) -> Artist:
    """Return a legend's handle."""
    from matplotlib.lines import Line2D

    style: dict[str, Any] = {"linestyle": "", "markersize": markersize, "label": label}
    width = 2 if marker == "|" else 1
    return Line2D([], [], marker=marker, color=colour, markeredgewidth=width, **style)


def _model(blueprint: Blueprint) -> str:
    """Name the weight model."""
    return f"model “{blueprint.settings.weights.model}”"
