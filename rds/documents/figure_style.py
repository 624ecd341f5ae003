"""How figures look: palette, rows with words, the complete scale, what stands around. No content.

Sizes are points of 1/72 inch; heights of rows are lines of text.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from rds.scales import Point

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE = "#2F6DA8", "#D9770A"
INK, GREY, MIDDLE, PALE = "#1F2937", "#595959", "#8A94A0", "#DDE1E6"
WARNING = "#7A2E00"
LOW_TO_HIGH = ("#D9770A", "#F7BE7D", "#DADADA", "#8DBBDD", "#1F5F99")
"""Orange, grey, blue: unlike in print without colour too, and to those who see few colours."""

WIDTH, EDGE = 7.5, 0.08
"""Inches: a page of text, a little enlarged; what is left free around it."""

TITLE, TEXT, SMALL = 10.5, 8.5, 7.5
LETTER = 0.54
"""Mean width of a letter, in heights of the type."""

LABEL_LETTERS = 48
LINE = TEXT * 1.2 / 72
"""Height of a line of words, in inches."""

COLUMN = 48
"""Room for the column of numbers beside the axis."""


@dataclass(frozen=True)
class Row:
    """A row of a figure: its name, the words beside it, and whether it heads others."""

    name: str
    label: str
    is_heading: bool = False


@dataclass(frozen=True)
class Rows:
    """Rows, first on top: their centres and the height of all, in lines from the top."""

    rows: tuple[Row, ...]
    centres: tuple[float, ...]
    height: float

    def at(self, names: Iterable[str]) -> list[float]:
        """Return where rows are."""
        centres = {row.name: centre for row, centre in zip(self.rows, self.centres, strict=True)}
        return [centres[name] for name in names]


@dataclass(frozen=True)
class Canvas:
    """An axis with its rows.

    Parameters
    ----------
    ax, rows
        The axis; the rows on it.
    margin, width
        Room for the words left of the axis; width of the axis.
    headroom
        Room above the axis that is taken already.
    is_own
        Whether the figure was made here, and may be made as high as it has to be.
    """

    ax: Axes
    rows: Rows
    margin: float
    width: float
    headroom: float
    is_own: bool


def stack(rows: Iterable[Row], *, gap: float = 0.6) -> Rows:
    """Put rows below one another, each as high as its words.

    Examples
    --------
    >>> stack([Row("D1", "Support", is_heading=True), Row("T1", "Listen")], gap=1).centres
    (1.5, 3.5)
    """
    wrapped = [replace(row, label=wrap(row.label, LABEL_LETTERS)) for row in rows]
    own = np.array([row.label.count("\n") + 1 + gap for row in wrapped])
    above = np.array([gap / 2 if row.is_heading else 0.0 for row in wrapped])
    ends = np.cumsum(own + above)
    return Rows(tuple(wrapped), tuple((ends - own / 2).tolist()), float(ends[-1]))


def wrap(text: str, letters: float) -> str:
    r"""Break a text into lines of at most so many letters, and keep dollar signs as they are.

    Examples
    --------
    >>> wrap("Listen to people", 10)
    'Listen to\npeople'
    """
    lines = [textwrap.fill(line, max(int(letters), 8)) for line in text.split("\n")]
    return "\n".join(lines).replace("$", r"\$")


def prepare(
    ax: Axes | None, rows: Rows, *, column: Mapping[str, str] | None = None, header: str = ""
) -> Canvas:
    """Give an axis its rows, and a column of numbers beside it; make the axis if there is none.

    Parameters
    ----------
    column, header
        Text by row, and what stands above them.
    """
    axis = _new_axis() if ax is None else ax
    margin = _label_rows(axis, rows)
    for name, text in (column or {}).items():
        _beside(axis, rows.at([name])[0], text)
    if column:
        _beside(axis, 0.0, header, va="bottom", color=GREY)
    figure = _figure(axis)
    figure.draw_without_rendering()
    width = axis.bbox.width * 72 / figure.dpi
    return Canvas(axis, rows, margin, width, TEXT * 1.4 if column else 0.0, ax is None)


def show_scale(canvas: Canvas, points: Sequence[Point], label: str) -> None:
    """Show every point of a scale on the axis, with its words where they fit."""
    values = [point.value for point in points]
    reach = 0.06 * (max(values) - min(values))
    canvas.ax.set_xlim(min(values) - reach, max(values) + reach)
    canvas.ax.set_xticks(values, _point_words(points, canvas.width / len(points)))
    _label_values(canvas, label)


def show_numbers(canvas: Canvas, label: str, *, low: float, high: float) -> None:
    """Show whole numbers on the axis."""
    from matplotlib.ticker import MaxNLocator

    canvas.ax.set_xlim(low, high)
    canvas.ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    _label_values(canvas, label)


def direct_label(canvas: Canvas, x: float, name: str, text: str, **style: Any) -> None:
    """Write a text into a row, by default to the right of a place."""
    canvas.ax.annotate(
        text,
        (x, canvas.rows.at([name])[0]),
        textcoords="offset points",
        va="center",
        annotation_clip=False,
        **{"fontsize": TEXT, "color": INK, "xytext": (6, 0), **style},
    )


def colours_of(points: Sequence[Point]) -> list[str]:
    """Return a colour for every point: rated ones from orange to blue, others white.

    Examples
    --------
    >>> colours_of([Point(1, "No"), Point(2, "Yes"), Point(9, "Unsure", "not applicable")])
    ['#d9770a', '#1f5f99', '#ffffff']
    """
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    ramp = LinearSegmentedColormap.from_list("rds", LOW_TO_HIGH)
    rated = [point.value for point in points if point.meaning == "rated"]
    places = dict(zip(rated, np.linspace(0, 1, len(rated)), strict=True))
    return [to_hex(ramp(places[p.value])) if p.value in places else "#ffffff" for p in points]


def ink_on(colour: str) -> str:
    """Return the colour of words that can be read on a colour: dark or white.

    Examples
    --------
    >>> ink_on("#1f5f99"), ink_on("#dadada")
    ('white', '#1F2937')
    """
    from matplotlib.colors import to_rgb

    red, green, blue = to_rgb(colour)
    return "white" if 0.3 * red + 0.59 * green + 0.11 * blue < 0.5 else INK


def finish(
    canvas: Canvas,
    *,
    title: str,
    legend: Sequence[Artist] = (),
    notes: Sequence[str] = (),
    warning: str = "",
) -> Axes:
    """Add what stands around the axis, and fit the height of a figure made here.

    Parameters
    ----------
    legend
        Handles, in the order of the legend.
    notes, warning
        Sentences under the axis; the warning stands first.
    """
    _title(canvas, title, canvas.headroom + (_legend(canvas, legend) if legend else 0.0))
    _notes(canvas, notes, warning)
    if canvas.is_own:
        _fit_height(canvas)
    return canvas.ax


def _new_axis() -> Axes:
    """Make an axis: pyplot's in IPython and Jupyter, which then show it, else of a plain figure."""
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    look: dict[str, Any] = {"figsize": (WIDTH, 4), "facecolor": "white"}
    look["layout"] = ConstrainedLayoutEngine(w_pad=EDGE, h_pad=EDGE)
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from matplotlib import pyplot

        figure: Figure = pyplot.figure(**look)
    else:
        from matplotlib.figure import Figure as PlainFigure

        figure = PlainFigure(**look)
    return figure.subplots(subplot_kw={"facecolor": "white"})


def _figure(ax: Axes) -> Figure:
    """Return the whole figure that an axis stands on, also where it is one of its parts."""
    return ax.figure.figure


def _label_rows(ax: Axes, rows: Rows) -> float:
    """Write the words of the rows, flush left, and return the room they take."""
    labels = [row.label for row in rows.rows]
    ax.set_ylim(rows.height, 0)
    ax.set_yticks(rows.centres, labels, ha="left", fontsize=TEXT, color=INK, linespacing=1.15)
    for row, label in zip(rows.rows, ax.get_yticklabels(), strict=True):
        label.set_fontweight("bold" if row.is_heading else "normal")
    widest = max(label.get_window_extent().width for label in ax.get_yticklabels())
    margin = widest * 72 / _figure(ax).dpi + 6
    ax.tick_params(axis="y", length=0, pad=margin)
    ax.spines[["top", "left", "right"]].set_visible(False)
    ax.spines["bottom"].set_color(GREY)
    ax.set_axisbelow(True)
    return margin


def _beside(ax: Axes, y: float, text: str, *, va: str = "center", color: str = INK) -> None:
    """Write a text into the column right of the axis."""
    ax.annotate(
        text,
        (1, y),
        xycoords=("axes fraction", "data"),
        xytext=(COLUMN, 0),
        textcoords="offset points",
        ha="right",
        va=va,
        fontsize=TEXT,
        color=color,
        annotation_clip=False,
    )


def _point_words(points: Sequence[Point], room: float) -> list[str]:
    """Return number and label of every point; labels of the ends only where they do not all fit."""
    letters = int(room / (SMALL * LETTER)) - 1
    longest = max(len(word) for point in points for word in point.label.split() or [""])
    worded = points if longest <= letters else (points[0], points[-1])
    return [
        f"{point.value}\n{wrap(point.label, letters)}"
        if point in worded and point.label != str(point.value)
        else str(point.value)
        for point in points
    ]


def _label_values(canvas: Canvas, label: str) -> None:
    """Label the horizontal axis and draw its lines."""
    letters = canvas.width / (TEXT * LETTER)
    canvas.ax.set_xlabel(wrap(label, letters), loc="left", fontsize=TEXT, color=INK, labelpad=6)
    canvas.ax.xaxis.label.set_multialignment("left")
    canvas.ax.tick_params(axis="x", labelsize=SMALL, labelcolor=INK, color=GREY, length=3)
    canvas.ax.grid(axis="x", color=PALE, linewidth=0.7)


def _legend(canvas: Canvas, handles: Sequence[Artist]) -> float:
    """Put a legend above the axis, flush with the words of the rows; return its height."""
    figure, room = _figure(canvas.ax), canvas.margin + canvas.width + COLUMN
    letters = (room / len(handles) - 30) / (SMALL * LETTER)
    legend = canvas.ax.legend(
        handles=list(handles),
        labels=[wrap(str(handle.get_label()), letters) for handle in handles],
        loc="lower left",
        bbox_to_anchor=(0, 1),
        bbox_transform=canvas.ax.transAxes + _shift(canvas, up=canvas.headroom + SMALL * 0.6),
        ncols=len(handles),
        frameon=False,
        fontsize=SMALL,
        labelcolor=INK,
        borderpad=0,
        borderaxespad=0,
        handlelength=1.4,
        handletextpad=0.5,
        columnspacing=1.2,
    )
    return legend.get_window_extent().height * 72 / figure.dpi + SMALL


def _title(canvas: Canvas, text: str, above: float) -> None:
    """Write the title, flush with the words of the rows, above what stands on the axis."""
    letters = (canvas.margin + canvas.width + COLUMN) / (TITLE * LETTER * 1.12)
    words = wrap(text, letters)
    title = canvas.ax.set_title(
        words, loc="left", fontsize=TITLE, fontweight="bold", color=INK, pad=above + 8
    )
    title.set_transform(title.get_transform() + _shift(canvas))


def _notes(canvas: Canvas, notes: Sequence[str], warning: str) -> None:
    """Write a warning and notes under the axis, one below the other."""
    letters = (canvas.margin + canvas.width + COLUMN) / (SMALL * LETTER)
    above: Artist = canvas.ax.xaxis.label
    for position, note in enumerate([*([warning] if warning else []), *notes]):
        bold = bool(warning) and position == 0
        above = canvas.ax.annotate(
            wrap(note, letters * (0.88 if bold else 1)),
            (0, 0),
            xycoords=above,
            xytext=(-canvas.margin if position == 0 else 0, -5),
            textcoords="offset points",
            va="top",
            fontsize=SMALL,
            fontweight="bold" if bold else "normal",
            color=WARNING if bold else GREY,
            annotation_clip=False,
        )


def _shift(canvas: Canvas, *, up: float = 0.0) -> Any:
    """Return the way from the axis to the left edge of the words of the rows, and up."""
    from matplotlib.transforms import ScaledTranslation

    scale = _figure(canvas.ax).dpi_scale_trans
    return ScaledTranslation(-canvas.margin / 72, up / 72, scale)


def _fit_height(canvas: Canvas) -> None:
    """Make the figure as high as its rows and what stands around them."""
    figure, ax = _figure(canvas.ax), canvas.ax
    around = cast(Any, ax.get_tightbbox()).height - ax.bbox.height
    figure.set_size_inches(WIDTH, canvas.rows.height * LINE + around / figure.dpi + 2 * EDGE)
