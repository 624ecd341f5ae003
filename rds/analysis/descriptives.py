"""What respondents said about each statement: counts, means, intervals, distributions.

Everything follows from how often each point was chosen, so respondents' order cannot matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from rds.analysis.bimodality import MINIMUM_N_BIMODAL, bimodal
from rds.notes import Note
from rds.ratings.ratings import STATES, Base, Ratings
from rds.scales import Scale

STATEMENT_RATINGS = (
    "statement_id", "kind", "domain_id", "scale", "base", "group_variable", "group", "wave",
    "weighted", "n", "n_eff", "n_not_performed", "n_not_applicable", "n_no_answer", "n_not_shown",
    "mean", "sd", "se", "ci_low", "ci_high", "median", "bimodal", "percent_performing",
    "performing_ci_low", "performing_ci_high",
)  # fmt: skip
DISTRIBUTIONS = (
    "statement_id", "scale", "group_variable", "group", "wave", "point", "label", "n", "percent",
)  # fmt: skip

BASES: tuple[Base, ...] = ("all", "performers")
MINIMUM_N_MEAN = 5
MINIMUM_N_INTERVAL = 10

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """Respondents described together: a mask over `Ratings`, and how the tables name them."""

    variable: str
    name: str
    wave: str
    ratings: Ratings

    @property
    def spread_is_known(self) -> bool:
        """False where answers were reconstructed: then only n and the rounded means are real."""
        return not bool((self.ratings.respondents["nature"] == "reconstructed").any())


def groups_of(ratings: Ratings, *, pooled: bool) -> list[Group]:
    """Return the groups to describe: every group and wave by itself, and all when they pool.

    Parameters
    ----------
    pooled
        Whether all respondents together mean something (their ratings all set the weights).
    """
    people = ratings.respondents
    separate = people.groupby(["group", "wave"], sort=True).ngroups > 1
    groups = [
        Group("group", str(name), str(wave), ratings.select(_mask(people, name, wave)))
        for name, wave in sorted(set(zip(people["group"], people["wave"], strict=True)))
        if separate or name
    ]
    everybody = Group("", "all", "", ratings)
    return [everybody, *groups] if pooled or not groups else groups


def statement_ratings(
    groups: Iterable[Group],
    *,
    kinds: Mapping[str, str],
    domains: Mapping[str, str],
    confidence: float = 0.95,
    frame_sizes: Mapping[str, int] | None = None,
) -> tuple[pd.DataFrame, list[Note]]:
    """Describe every statement on every scale, by group.

    Parameters
    ----------
    groups
        Whom to describe.
    kinds, domains
        Kind (task, knowledge, …) and domain by statement identifier.
    confidence
        Confidence of the intervals, a share.
    frame_sizes
        By group name, how many people the respondents were drawn from, where a probability design
        was declared; standard errors are then multiplied by √(1 − answered/frame), Cochran (1977).

    Returns
    -------
    table, notes
        Columns `STATEMENT_RATINGS`. Means use available answers; intervals are t intervals kept
        on the scale; the interval of the percentage performing is Wilson's score interval (1927).
        The base “performers” is given where the study can tell who performs a statement. Numbers
        without enough answers are empty, and a note says why.
    """
    notes: list[Note] = []
    parts: list[pd.DataFrame] = []
    for group in groups:
        frame_size = _usable_frame(group, frame_sizes or {}, notes)
        for scale in group.ratings.scales:
            left = _share_left(group.ratings, scale, frame_size)
            for base in _bases(group.ratings):
                rows = _describe(
                    group, scale, base, left=left, kinds=kinds, domains=domains,
                    confidence=confidence,
                )  # fmt: skip
                parts.append(_withhold(rows, group, scale, notes))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return table.reindex(columns=list(STATEMENT_RATINGS)), notes


def distributions(groups: Iterable[Group]) -> tuple[pd.DataFrame, list[Note]]:
    """Count how often each point was chosen, every point of the scale included.

    Returns
    -------
    table, notes
        Columns `DISTRIBUTIONS`; percent of those who chose a point.
    """
    notes: list[Note] = []
    parts = []
    for group in groups:
        if not group.spread_is_known:
            notes.append(reconstructed_note("distributions", group, "n"))
            continue
        parts += [_distribution(group, scale) for scale in group.ratings.scales]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return table.reindex(columns=list(DISTRIBUTIONS)), notes


def point_counts(ratings: Ratings, scale: Scale, *, base: Base = "all") -> NDArray[np.int64]:
    """Count the answers that enter the mean: statements × points of the scale."""
    codes = ratings.codes[scale.name]
    counted = ratings.counted(scale.name, base=base)
    return np.column_stack(
        [((codes == point.value) & counted).sum(axis=1) for point in scale.points]
    )


def moments(
    counts: NDArray[np.int64], points: Sequence[float] | Floats
) -> tuple[Floats, Floats, Floats]:
    """Return n, mean and standard deviation (n − 1) of each row of point counts.

    Examples
    --------
    >>> n, mean, sd = moments(np.array([[0, 1, 1]]), [1, 2, 4])
    >>> n.item(), mean.item(), round(sd.item(), 6)
    (2.0, 3.0, 1.414214)
    """
    values = np.asarray(points, dtype=float)
    n = counts.sum(axis=1).astype(float)
    mean = divide(counts @ values, n)
    squares = (counts * (values - mean[:, None]) ** 2).sum(axis=1)
    return n, mean, np.sqrt(divide(squares, n - 1))


def median(counts: NDArray[np.int64], points: Sequence[int]) -> Floats:
    """Return the median of each row of point counts; NaN for an empty row.

    Examples
    --------
    >>> median(np.array([[1, 1, 0], [0, 3, 1]]), [1, 2, 4]).tolist()
    [1.5, 2.0]
    """
    values = np.asarray(points, dtype=float)
    cumulated, n = counts.cumsum(axis=1), counts.sum(axis=1)
    low = (cumulated >= ((n + 1) // 2)[:, None]).argmax(axis=1)
    high = (cumulated >= (n // 2 + 1)[:, None]).argmax(axis=1)
    return np.where(n > 0, (values[low] + values[high]) / 2, np.nan)


def wilson(successes: Floats, n: Floats, *, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return Wilson's score interval of a proportion (Wilson 1927), as shares.

    Examples
    --------
    >>> low, high = wilson(np.array([35.0]), np.array([50.0]))
    >>> round(low.item(), 6), round(high.item(), 6)
    (0.562496, 0.808964)
    """
    z = float(stats.norm.ppf((1 + confidence) / 2))
    known = np.where(n > 0, n, np.nan)
    p = successes / known
    centre = p + z**2 / (2 * known)
    half = z * np.sqrt(p * (1 - p) / known + z**2 / (4 * known**2))
    scale = 1 + z**2 / known
    return (centre - half) / scale, (centre + half) / scale


def _describe(
    group: Group,
    scale: Scale,
    base: Base,
    *,
    left: Floats,
    kinds: Mapping[str, str],
    domains: Mapping[str, str],
    confidence: float,
) -> pd.DataFrame:
    """Describe the statements of one scale, for one group and base."""
    statements = group.ratings.statements[scale.name]
    states = group.ratings.state_counts(scale.name)
    counts = point_counts(group.ratings, scale, base=base)
    table = pd.DataFrame(
        {
            "statement_id": statements,
            "kind": [kinds.get(statement, "") for statement in statements],
            "domain_id": [domains.get(statement, "") for statement in statements],
            "scale": scale.name,
            "base": base,
            "group_variable": group.variable,
            "group": group.name,
            "wave": group.wave,
            "weighted": False,
        }
        | {
            f"n_{state.replace(' ', '_')}": states[state].to_numpy()
            for state in STATES
            if state != "rated"
        }
    )
    table = table.join(_location(scale, counts, left, confidence)).join(
        _performing(group.ratings, statements, left, confidence)
    )
    if group.ratings.survey_weights is not None:
        from rds.analysis.weighted_descriptives import weighted_columns

        own = weighted_columns(group.ratings, scale, base, confidence=confidence)
        table = table.assign(weighted=True, **own)
    asked = (states.drop(columns="not shown").sum(axis=1) > 0).to_numpy()
    return table[asked].reset_index(drop=True)


def _usable_frame(group: Group, frame_sizes: Mapping[str, int], notes: list[Note]) -> int | None:
    """Return the size of a group's frame if its respondents can come from it, and say so."""
    size = frame_sizes.get(group.name)
    if size is None:
        return None
    if len(group.ratings) > size:
        reason = (
            f"{len(group.ratings)} respondents cannot come from a frame of {size}; there is no "
            "finite population correction"
        )
        notes.append(Note("statement_ratings", group.name, "se", "withheld", reason))
        return None
    reason = f"finite population correction for the declared frame of {size} people"
    notes.append(Note("statement_ratings", group.name, "se", "assumed", reason))
    return size


def _share_left(ratings: Ratings, scale: Scale, frame_size: int | None) -> Floats:
    """Return the share of the frame that did not answer, by statement; 1 without a frame.

    Performers are part of those who answered, so the share is the same for both bases.
    """
    states = ratings.state_counts(scale.name)
    answered = states[["rated", "not performed", "not applicable"]].sum(axis=1).to_numpy(float)
    return np.ones(len(states)) if frame_size is None else 1 - answered / frame_size


def _location(
    scale: Scale, counts: NDArray[np.int64], left: Floats, confidence: float
) -> pd.DataFrame:
    """Return n, mean, spread, interval, median and camps of each statement."""
    points = [point.value for point in scale.points]
    n, mean, sd = moments(counts, points)
    se = divide(sd, np.sqrt(n)) * np.sqrt(left)
    reach = stats.t.ppf((1 + confidence) / 2, np.maximum(n - 1, 1)) * se
    chosen = [point.value for point in scale.points if point.meaning != "not applicable"]
    return pd.DataFrame(
        {
            "n": n.astype(int),
            "n_eff": n,
            "mean": mean,
            "sd": sd,
            "se": se,
            "ci_low": np.maximum(mean - reach, min(chosen)),
            "ci_high": np.minimum(mean + reach, max(chosen)),
            "median": median(counts, points),
            "bimodal": [
                bool(flag) if number >= MINIMUM_N_BIMODAL else None
                for flag, number in zip(bimodal(counts), n, strict=True)
            ],
        }
    )


def _performing(
    ratings: Ratings, statements: Sequence[str], left: Floats, confidence: float
) -> pd.DataFrame:
    """Return the percentage performing each statement, where the study asked."""
    performs, answered = ratings.performance(statements)
    count, n = performs.sum(axis=1).astype(float), answered.sum(axis=1).astype(float)
    # As many answers as would be this precise in a population without end.
    worth = n / np.maximum(left, 1e-12)
    low, high = wilson(count * worth / np.maximum(n, 1), worth, confidence=confidence)
    thin = n < MINIMUM_N_INTERVAL
    return pd.DataFrame(
        {
            "percent_performing": 100 * divide(count, n),
            "performing_ci_low": np.where(thin, np.nan, 100 * low),
            "performing_ci_high": np.where(thin, np.nan, 100 * high),
        }
    )


def _withhold(table: pd.DataFrame, group: Group, scale: Scale, notes: list[Note]) -> pd.DataFrame:
    """Empty what the answers are too thin for, and say why."""
    spread = ["sd", "se", "ci_low", "ci_high", "median"]
    if not group.spread_is_known:
        table[spread] = np.nan
        notes.append(reconstructed_note("statement_ratings", group, ", ".join(spread)))
        table["bimodal"] = None
    few, thin = table["n"] < MINIMUM_N_MEAN, table["n"] < MINIMUM_N_INTERVAL
    flagless = ~few & (table["n"] < MINIMUM_N_BIMODAL) & group.spread_is_known
    table.loc[few, ["mean", "median"]] = np.nan
    table.loc[thin, ["sd", "se", "ci_low", "ci_high"]] = np.nan
    constant = ~thin & (table["sd"] == 0)
    if flagless.any():
        place = f"{scale.name}, {table['base'].iloc[0]}, {group.name}"
        reason = f"statements with fewer than {MINIMUM_N_BIMODAL} answers: {flagless.sum()}"
        notes.append(Note("statement_ratings", place, "bimodal", "withheld", reason))
    table.loc[constant, ["ci_low", "ci_high"]] = np.nan
    if not group.spread_is_known:
        thin = few

    def note(mask: pd.Series[bool], column: str, reason: str) -> None:
        for row in table[mask].itertuples():
            place = f"{row.statement_id}, {scale.name}, {row.base}, {group.name}"
            text = reason.format(n=row.n, mean=row.mean)
            notes.append(Note("statement_ratings", place, column, "withheld", text))

    note(few, "mean", f"{{n}} answers; at least {MINIMUM_N_MEAN} are needed")
    note(thin & ~few, "ci_low", f"{{n}} answers; at least {MINIMUM_N_INTERVAL} are needed")
    note(constant, "ci_low", "all {n} gave {mean:g}")
    return table


def _distribution(group: Group, scale: Scale) -> pd.DataFrame:
    """Count the points of one scale, statement by statement."""
    codes = group.ratings.codes[scale.name]
    counts = np.column_stack([(codes == point.value).sum(axis=1) for point in scale.points])
    statements = np.array(group.ratings.statements[scale.name])
    shares = divide(counts.astype(float), counts.sum(axis=1, keepdims=True).astype(float))
    return pd.DataFrame(
        {
            "statement_id": np.repeat(statements, len(scale.points)),
            "scale": scale.name,
            "group_variable": group.variable,
            "group": group.name,
            "wave": group.wave,
            "point": np.tile([point.value for point in scale.points], len(statements)),
            "label": np.tile([point.label for point in scale.points], len(statements)),
            "n": counts.ravel(),
            "percent": 100 * shares.ravel(),
        }
    )


def reconstructed_note(table: str, group: Group, columns: str) -> Note:
    """Say that a spread is no finding where answers were reconstructed.

    Parameters
    ----------
    table, columns
        Where the numbers would stand.
    group
        Whose answers.
    """
    reason = "answers reconstructed from published figures: only n and the rounded means are real"
    return Note(table, group.name, columns, "withheld", reason)


def _bases(ratings: Ratings) -> tuple[Base, ...]:
    """Return the bases to report: performers only where the study can tell who they are."""
    asked = any(scale.not_performed is not None for scale in ratings.scales)
    return BASES if asked else ("all",)


def _mask(people: pd.DataFrame, group: str, wave: str) -> NDArray[np.bool_]:
    """Return who belongs to a group and wave."""
    return ((people["group"] == group) & (people["wave"] == wave)).to_numpy()


def divide(numerator: Floats, denominator: Floats) -> Floats:
    """Divide element by element, with NaN where the denominator is not positive."""
    return np.asarray(numerator / np.where(denominator > 0, denominator, np.nan), dtype=float)
