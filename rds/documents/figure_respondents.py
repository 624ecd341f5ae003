"""Figure of the respondents needed for the blueprint to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rds.blueprint.simulated_surveys import EVERY_DOMAIN, BlueprintRespondents
from rds.documents.figure_style import (
    BLUE,
    EDGE,
    GREY,
    INK,
    MIDDLE,
    ORANGE,
    PALE,
    SMALL,
    TEXT,
    TITLE,
    WIDTH,
    wrap,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def respondents_for_blueprint(found: BlueprintRespondents, *, ax: Axes | None = None) -> Axes:
    """Draw the share of simulated surveys in which the items hold, against their size.

    The thick line is for every domain at once, the thin ones for single domains. A mark says from
    how many respondents on the plan holds as often as wanted.

    Parameters
    ----------
    found
        What `rds.respondents_for_blueprint` returned.
    ax
        Where to draw; by default a new figure.

    Returns
    -------
    Axes
        The axis; ``ax.figure`` is the figure.

    Examples
    --------
    >>> import pandas as pd
    >>> from rds.blueprint.simulated_surveys import respondents_for_blueprint as simulate
    >>> from rds.ratings.ratings import Ratings
    >>> answers = pd.DataFrame({"T1": [4, 3, 4, 2] * 10, "T2": [2, 3, 1, 4] * 10})
    >>> found = simulate(
    ...     Ratings.from_frames(importance=answers), domains={"T1": "A", "T2": "B"},
    ...     model="importance_only", items=50, sizes=[50, 200, 800],
    ... )
    >>> ax = respondents_for_blueprint(found)
    >>> [text.get_text() for text in ax.texts][0]
    '200 respondents'
    """
    axis = _new_axis() if ax is None else ax
    by_domain = found.table.groupby("domain_id", sort=False)
    for name, rows in by_domain:
        whole = name == EVERY_DOMAIN
        axis.plot(
            rows["n_respondents"],
            100 * rows["share_within"],
            color=BLUE if whole else MIDDLE,
            linewidth=2.2 if whole else 0.9,
            zorder=3 if whole else 2,
            label="every domain at once" if whole else None,
        )
    axis.axhline(100 * found.confidence, color=GREY, linewidth=0.8, linestyle="--")
    _mark(axis, found)
    _dress(axis, found)
    return axis


def _mark(axis: Axes, found: BlueprintRespondents) -> None:
    """Mark the number of respondents from which on the plan holds."""
    needed = found.needed()
    if needed is not None:
        own = found.table[found.table["domain_id"] == EVERY_DOMAIN]
        share = 100 * float(own.loc[own["n_respondents"] == needed, "share_within"].iloc[0])
        axis.plot(needed, share, "o", color=ORANGE, markersize=7, zorder=4)
        axis.annotate(
            f"{needed} respondents",
            (needed, share),
            xytext=(8, -14),
            textcoords="offset points",
            fontsize=TEXT,
            fontweight="bold",
            color=INK,
        )


def _dress(axis: Axes, found: BlueprintRespondents) -> None:
    """Add scales, title and notes."""
    from matplotlib.ticker import FixedLocator, NullLocator, StrMethodFormatter

    sizes = sorted(set(found.table["n_respondents"]))
    wanted = [n for n in (15, 30, 60, 125, 250, 500, 1000, 2000, 5000) if n in sizes] or sizes
    within = f"{found.tolerance_items} item{'' if found.tolerance_items == 1 else 's'}"
    axis.set_xscale("log")
    axis.xaxis.set_major_locator(FixedLocator(wanted))
    axis.xaxis.set_minor_locator(NullLocator())
    axis.xaxis.set_major_formatter(StrMethodFormatter("{x:.0f}"))
    axis.set_ylim(0, 102)
    axis.set_xlabel("Usable respondents", loc="left", fontsize=TEXT, color=INK)
    axis.set_ylabel("Percent of simulated surveys", fontsize=TEXT, color=INK)
    axis.tick_params(labelsize=SMALL, labelcolor=INK, color=GREY)
    axis.grid(color=PALE, linewidth=0.7)
    axis.set_axisbelow(True)
    axis.spines[["top", "right"]].set_visible(False)
    title = f"Surveys in which domains stay within {within} of the plan"
    axis.set_title(title, loc="left", fontsize=TITLE, fontweight="bold", color=INK)
    notes = f"Thick: every domain at once; thin: single domains. {found.source.capitalize()}. "
    axis.annotate(
        wrap(notes + found.notes[0], 110),
        (0, 0),
        xycoords=axis.xaxis.label,
        xytext=(0, -6),
        textcoords="offset points",
        va="top",
        fontsize=SMALL,
        color=GREY,
        annotation_clip=False,
    )


def _new_axis() -> Axes:
    """Make an axis of a plain figure that fits its words."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(w_pad=EDGE, h_pad=EDGE)
    return Figure(figsize=(WIDTH, 4), facecolor="white", layout=layout).subplots()
