"""The same answers with points counted from 0 or from 1: weights are shares, and shares change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rds.ratings.published import Published
from rds.ratings.ratings import Ratings
from rds.scales import HIGHEST_POINT, Point, Scale


def with_origin(
    ratings: Ratings | Published, scales: Sequence[str], *, lowest: int
) -> Ratings | Published | None:
    """Return ratings in which the lowest point that counts on each of the scales is `lowest`.

    On a frequency scale “not performed” counts, and so moves with the others; elsewhere it is no
    rating and stays none. Scales that are not ordered points stay as they are.

    Parameters
    ----------
    ratings
        Answers, or published means.
    scales
        The scales to move, by name.
    lowest
        Value of the lowest point.

    Returns
    -------
    Ratings, Published or None
        None where every scale begins there already.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"T1": [4, 2], "T2": [2, 1]})
    >>> from_0 = with_origin(Ratings.from_frames(importance=answers), ["importance"], lowest=0)
    >>> from_0.frame("importance").to_numpy().tolist()
    [[3.0, 1.0], [1.0, 0.0]]
    """
    chosen = {ratings.scale(name).name for name in scales}
    steps = {s.name: lowest - _lowest(s) for s in ratings.scales if s.name in chosen}
    steps = {s.name: steps[s.name] for s in ratings.scales if steps.get(s.name) and _moves(s)}
    if not steps:
        return None
    moved = tuple(_moved(s, steps[s.name]) if s.name in steps else s for s in ratings.scales)
    if isinstance(ratings, Published):
        step = ratings.table["scale"].map(steps).fillna(0)
        table = ratings.table.assign(mean=ratings.table["mean"] + step)
        return replace(ratings, scales=moved, table=table)
    codes = dict(ratings.codes)
    for scale in ratings.scales:
        if scale.name in steps:
            codes[scale.name] = _moved_codes(scale, codes[scale.name], steps[scale.name])
    return replace(ratings, scales=moved, codes=codes)


def _moves(scale: Scale) -> bool:
    """Tell whether a scale has points whose origin is a convention."""
    return scale.kind == "ordinal"


def _lowest(scale: Scale) -> int:
    """Return the lowest value that enters a mean."""
    return min(point.value for point in scale.points if _counts(scale, point))


def _counts(scale: Scale, point: Point) -> bool:
    """Tell whether a point's value enters means."""
    if point.meaning == "not performed":
        return scale.role == "frequency"
    return point.meaning == "rated"


def _value(scale: Scale, point: Point, step: int) -> int:
    """Return the value a point gets; one that is no rating keeps out of the way of those that are.

    Points that are neither rated nor “not performed” are stored as negative codes.
    """
    if _counts(scale, point):
        return point.value + step
    return HIGHEST_POINT if point.meaning == "not performed" else point.value


def _moved(scale: Scale, step: int) -> Scale:
    """Return the scale with its points moved; points that are no answers' values are left out."""
    kept = [p for p in scale.points if p.meaning in ("rated", "not performed")]
    points = [replace(point, value=_value(scale, point, step)) for point in kept]
    return replace(scale, points=tuple(sorted(points, key=lambda point: point.value)))


def _moved_codes(
    scale: Scale, codes: np.ndarray[tuple[int, ...], np.dtype[np.int8]], step: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
    """Return the codes of the moved scale; what is no point stays."""
    moved = codes.copy()
    for point in scale.points:
        moved[codes == point.value] = _value(scale, point, step)
    return moved
