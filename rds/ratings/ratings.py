"""Typed answers: five states in one small integer, respondents with group and wave.

A point of the scale is stored as its value (0–98); what is no point is a negative code. Statements
are rows in memory, so that a domain is a slice and a statement's answers lie side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from rds.ratings.frames import (
    NO_ANSWER,
    NOT_APPLICABLE,
    NOT_SHOWN,
    Codes,
    codes_from_frame,
    scale_seen,
    split_wide,
)
from rds.scales import Scale, named_scale

STATES = ("rated", "not performed", "not applicable", "no answer", "not shown")
"""The five kinds of answer, in the order in which they are reported."""

Base = Literal["all", "performers"]
Nature = Literal["answers", "reconstructed", "simulated"]
Rows = NDArray[np.intp]

PILOT = "pilot"
"""The wave in which the survey was tried out; it never counts in the weights."""

RESPONDENT_COLUMNS = ("group", "wave", "nature")
"""What is known of every respondent; demographics follow as further columns."""

SURVEY_WEIGHT = "survey_weight"
"""The column of survey weights, where respondents were weighted; never stored."""


@dataclass(frozen=True, eq=False)
class Ratings:
    """Respondents' typed answers to statements on scales.

    Parameters
    ----------
    scales
        The rating scales.
    statements
        Identifiers of the statements rated on each scale, by scale name.
    codes
        By scale name: int8 array, statements × respondents; a point's value, or `NO_ANSWER`,
        `NOT_APPLICABLE`, `NOT_SHOWN`.
    respondents
        One row a respondent and wave, indexed by ``respondent_id``: ``group``, ``wave``, ``nature``
        (``"answers"``, ``"reconstructed"`` from published means, ``"simulated"``), then one column
        per demographic question.

    Examples
    --------
    >>> importance = pd.DataFrame({"T01": [4, 3], "T02": [2, None]}, index=["R1", "R2"])
    >>> frequency = pd.DataFrame({"T01": [5, 1], "T02": [0, None]}, index=["R1", "R2"])
    >>> ratings = Ratings.from_frames(
    ...     importance=importance, frequency=frequency, not_performed={"frequency": 0}
    ... )
    >>> ratings.frame("frequency", base="performers").loc["R1"].tolist()
    [5.0, nan]
    >>> ratings.state_counts("frequency").loc["T02"].tolist()
    [0, 1, 0, 1, 0]
    """

    scales: tuple[Scale, ...]
    statements: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, Codes]
    respondents: pd.DataFrame

    def __post_init__(self) -> None:
        for scale in self.scales:
            _check_codes(scale, self.codes[scale.name], self._shape(scale))
            self.codes[scale.name].setflags(write=False)

    def __repr__(self) -> str:
        rated = sum(int((self.codes[scale.name] >= 0).sum()) for scale in self.scales)
        scales = ", ".join(f"{s.name} ({len(self.statements[s.name])})" for s in self.scales)
        return f"Ratings: {len(self)} respondents, {rated} answers; statements by scale: {scales}"

    def __len__(self) -> int:
        return len(self.respondents)

    @classmethod
    def from_frames(
        cls,
        *,
        not_performed: Mapping[str, int] | None = None,
        scales: Sequence[Scale] | None = None,
        group: Sequence[str] | pd.Series[Any] | None = None,
        wave: Sequence[str] | pd.Series[Any] | None = None,
        nature: Nature = "answers",
        **frames: pd.DataFrame,
    ) -> Ratings:
        """Build ratings from one DataFrame per scale.

        Parameters
        ----------
        not_performed
            By scale name, the value that means “not performed”.
        scales
            The scales; without them, points are the whole numbers from the lowest to the highest
            found, and the role is the scale's name if it is one of the roles.
        group, wave
            One value per respondent.
        nature
            Where the answers come from.
        **frames
            By scale name: respondents in rows, statements in columns, NaN for no answer. All
            frames have the same rows in the same order.

        Raises
        ------
        ValueError
            For frames with different rows, ratings that are not whole numbers or off the scale.
        """
        if not frames:
            raise ValueError("no frames were given; wanted one DataFrame per scale")
        index = next(iter(frames.values())).index
        for name, frame in frames.items():
            if not frame.index.equals(index):
                raise ValueError(f"the frame “{name}” has other rows than the first frame")
        codes = {name: codes_from_frame(name, frame) for name, frame in frames.items()}
        declared = not_performed or {}
        used = scales or [scale_seen(n, codes[n], declared.get(n)) for n in frames]
        return cls(
            scales=tuple(used),
            statements={name: tuple(map(str, frame.columns)) for name, frame in frames.items()},
            codes=codes,
            respondents=respondent_table(index, group=group, wave=wave, nature=nature),
        )

    @classmethod
    def from_wide(
        cls,
        wide: pd.DataFrame,
        *,
        scales: Sequence[Scale] | None = None,
        not_performed: Mapping[str, int] | None = None,
    ) -> Ratings:
        """Build ratings from one row per respondent and columns such as ``T01_importance``.

        Parameters
        ----------
        wide
            Ratings in columns named by statement and scale; ``group`` and ``wave`` if there are
            any. Other columns are left out. Negative codes as in `codes`.
        scales, not_performed
            As in `from_frames`; with `scales`, only columns of these scales are ratings.

        Raises
        ------
        ValueError
            When no column is a rating; and as `from_frames`.
        """
        frames = split_wide(wide, [scale.name for scale in scales] if scales else None)
        declared = {s.name: s.not_performed for s in scales or () if s.not_performed is not None}
        return cls.from_frames(
            not_performed={**declared, **(not_performed or {})},
            scales=[scale for scale in scales if scale.name in frames] if scales else None,
            group=wide.get("group"),
            wave=wide.get("wave"),
            nature="answers",
            **frames,
        )

    @classmethod
    def from_long(cls, long: pd.DataFrame, *, scales: Sequence[Scale] | None = None) -> Ratings:
        """Build ratings from one row per answer.

        Parameters
        ----------
        long
            Columns ``respondent_id``, ``statement_id``, ``scale``, ``rating``; optionally
            ``group`` and ``wave``, constant within a respondent. Negative codes as in `codes`.

        Raises
        ------
        ValueError
            When a respondent rated a statement twice on a scale.
        """
        keys = ["respondent_id", "statement_id", "scale"]
        doubled = long[long.duplicated(keys, keep=False)]
        if len(doubled):
            raise ValueError(f"{doubled.iloc[0][keys].tolist()} stands in the table twice")
        people = pd.unique(long["respondent_id"])
        frames = {
            str(name): part.pivot(
                index="respondent_id", columns="statement_id", values="rating"
            ).reindex(index=people, columns=pd.unique(part["statement_id"]))
            for name, part in long.groupby("scale", sort=False)
        }
        known = long.drop_duplicates("respondent_id").set_index("respondent_id")
        not_performed = {
            s.name: s.not_performed for s in scales or () if s.not_performed is not None
        }
        return cls.from_frames(
            not_performed=not_performed,
            scales=scales,
            group=known.get("group"),
            wave=known.get("wave"),
            nature="answers",
            **frames,
        )

    def to_long(self) -> pd.DataFrame:
        """Return one row per answer, “no answer” left out: the inverse of `from_long`."""
        parts = []
        for scale in self.scales:
            codes = self.codes[scale.name]
            statement, respondent = np.nonzero(codes != NO_ANSWER)
            parts.append(
                pd.DataFrame(
                    {
                        "respondent_id": self.respondents.index.to_numpy()[respondent],
                        "statement_id": np.array(self.statements[scale.name])[statement],
                        "scale": scale.name,
                        "rating": codes[statement, respondent].astype(int),
                        "group": self.respondents["group"].to_numpy()[respondent],
                        "wave": self.respondents["wave"].to_numpy()[respondent],
                    }
                )
            )
        return pd.concat(parts, ignore_index=True)

    def to_wide(self) -> pd.DataFrame:
        """Return one row per respondent and one column per statement and scale (``T01_frequency``).

        “No answer” is missing; “not applicable” and “not shown” keep their negative codes.
        """
        columns = {
            f"{statement}_{scale.name}": pd.array(
                np.where(row == NO_ANSWER, 0, row), dtype="Int8"
            ).copy()
            for scale in self.scales
            for statement, row in zip(
                self.statements[scale.name], self.codes[scale.name], strict=True
            )
        }
        wide = pd.DataFrame(columns, index=self.respondents.index)
        blank = np.vstack([self.codes[s.name] for s in self.scales]).T == NO_ANSWER
        return pd.concat([self.respondents, wide.mask(blank)], axis=1)

    def scale(self, name: str) -> Scale:
        """Return the scale of that name.

        Raises
        ------
        ValueError
            When there is none.
        """
        return named_scale(self.scales, name)

    def values(self, scale: str, *, base: Base = "all") -> NDArray[np.float64]:
        """Return the ratings on a scale as numbers: statements × respondents, NaN where none.

        On a frequency scale “not performed” is a rating of its own value (0) when `base` is
        ``"all"``; on every other scale it is no rating. With ``"performers"``, people who said on
        any scale that they do not perform a statement are left out of it.
        """
        wanted = self.scale(scale)
        codes = self.codes[wanted.name]
        counted = self.counted(scale, base=base)
        return np.where(counted, codes, np.nan)

    def counted(self, scale: str, *, base: Base = "all") -> NDArray[np.bool_]:
        """Tell which answers enter the mean on a scale: statements × respondents."""
        wanted = self.scale(scale)
        codes = self.codes[wanted.name]
        counted = codes >= 0
        if base == "performers":
            return counted & ~self.not_performed(self.statements[wanted.name])
        if wanted.not_performed is not None and wanted.role != "frequency":
            counted &= codes != wanted.not_performed
        return np.asarray(counted)

    def not_performed(self, statements: Sequence[str]) -> NDArray[np.bool_]:
        """Tell who said on any scale that they do not perform a statement.

        Returns
        -------
        ndarray
            Boolean, statements × respondents.
        """
        said = np.zeros((len(statements), len(self)), dtype=bool)
        for scale, here, codes in self._codes_by_scale(statements):
            if scale.not_performed is not None:
                said[here] |= codes == scale.not_performed
        return said

    def performance(self, statements: Sequence[str]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Tell who performs which statement, and who answered whether they do.

        Only scales with a point “not performed” ask. “Not applicable” answers, and is no
        performance.

        Returns
        -------
        performs, answered
            Boolean, statements × respondents.
        """
        rated = np.zeros((len(statements), len(self)), dtype=bool)
        answered = rated.copy()
        for scale, here, codes in self._codes_by_scale(statements):
            if scale.not_performed is not None:
                rated[here] |= codes >= 0
                answered[here] |= (codes >= 0) | (codes == NOT_APPLICABLE)
        return rated & ~self.not_performed(statements), answered

    @property
    def survey_weights(self) -> NDArray[np.float64] | None:
        """The respondents' survey weights; None where everybody counts the same."""
        if SURVEY_WEIGHT not in self.respondents:
            return None
        return self.respondents[SURVEY_WEIGHT].to_numpy(dtype=np.float64)

    def with_survey_weights(self, weights: ArrayLike) -> Ratings:
        """Return the ratings with survey weights, one positive number for each respondent.

        Raises
        ------
        ValueError
            When they are not.
        """
        values = np.asarray(weights, dtype=np.float64)
        if values.shape != (len(self),) or not (np.isfinite(values) & (values > 0)).all():
            raise ValueError(f"wanted {len(self)} positive survey weights, one a respondent")
        return replace(self, respondents=self.respondents.assign(**{SURVEY_WEIGHT: values}))

    def without_survey_weights(self) -> Ratings:
        """Return the ratings with everybody counting the same."""
        return replace(self, respondents=self.respondents.drop(columns=SURVEY_WEIGHT))

    def frame(self, scale: str, *, base: Base = "all") -> pd.DataFrame:
        """Return `values` as a DataFrame: respondents × statements."""
        return pd.DataFrame(
            self.values(scale, base=base).T,
            index=self.respondents.index,
            columns=list(self.statements[self.scale(scale).name]),
        )

    def state_counts(self, scale: str) -> pd.DataFrame:
        """Count the five kinds of answer: statements × `STATES`."""
        wanted = self.scale(scale)
        codes = self.codes[wanted.name]
        performed_not = codes == (-99 if wanted.not_performed is None else wanted.not_performed)
        masks = (
            (codes >= 0) & ~performed_not,
            performed_not,
            codes == NOT_APPLICABLE,
            codes == NO_ANSWER,
            codes == NOT_SHOWN,
        )
        counts = {state: mask.sum(axis=1) for state, mask in zip(STATES, masks, strict=True)}
        return pd.DataFrame(counts, index=list(self.statements[wanted.name]))

    def select(self, respondents: NDArray[np.bool_] | pd.Series[bool]) -> Ratings:
        """Return the ratings of the respondents where the mask is true."""
        mask = np.asarray(respondents, dtype=bool)
        codes = {name: np.ascontiguousarray(codes[:, mask]) for name, codes in self.codes.items()}
        return replace(self, codes=codes, respondents=self.respondents[mask])

    def of_statements(self, statements: Iterable[str]) -> Ratings:
        """Return the ratings of some statements, in the order they have here."""
        wanted = frozenset(statements)
        rows = {
            name: [row for row, statement in enumerate(own) if statement in wanted]
            for name, own in self.statements.items()
        }
        return replace(
            self,
            statements={
                name: tuple(own[row] for row in rows[name]) for name, own in self.statements.items()
            },
            codes={name: codes[rows[name]] for name, codes in self.codes.items()},
        )

    def of_groups(self, groups: Sequence[str]) -> Ratings:
        """Return the ratings of some groups; ``["all"]`` means everybody."""
        if "all" in groups:
            return self
        return self.select(self.respondents["group"].isin(groups).to_numpy())

    def of_waves(self, waves: Sequence[str]) -> Ratings:
        """Return the ratings of some waves; ``["all"]`` means every wave but the pilot."""
        wave = self.respondents["wave"]
        return self.select(((wave != PILOT) if "all" in waves else wave.isin(waves)).to_numpy())

    def _codes_by_scale(self, statements: Sequence[str]) -> Iterator[tuple[Scale, Rows, Codes]]:
        """Yield, for each scale that asks about any of them, its codes and the rows they fill."""
        position = {statement: row for row, statement in enumerate(statements)}
        for scale in self.scales:
            own = self.statements[scale.name]
            shared = [(position[name], row) for row, name in enumerate(own) if name in position]
            if shared:
                here, there = np.array(shared).T
                yield scale, here, self.codes[scale.name][there]

    def _shape(self, scale: Scale) -> tuple[int, int]:
        """Return the shape the codes of a scale must have."""
        return len(self.statements[scale.name]), len(self)


def respondent_table(
    index: pd.Index[Any] | Sequence[str],
    *,
    group: Sequence[str] | pd.Series[Any] | None = None,
    wave: Sequence[str] | pd.Series[Any] | None = None,
    nature: str | Sequence[str] = "answers",
) -> pd.DataFrame:
    """Return the table of respondents that `Ratings` carries; group and wave default to empty."""
    table = pd.DataFrame(index=pd.Index(index, name="respondent_id"))
    for name, given in (("group", group), ("wave", wave), ("nature", nature)):
        table[name] = "" if given is None else np.asarray(given, dtype=object)
    return table


def _check_codes(scale: Scale, codes: Codes, shape: tuple[int, int]) -> None:
    """Refuse codes of the wrong shape or off the scale."""
    if codes.shape != shape or codes.dtype != np.int8:
        raise ValueError(
            f"codes of “{scale.name}” are {codes.dtype} {codes.shape}, not int8 {shape}"
        )
    allowed = [point.value for point in scale.points] + [NO_ANSWER, NOT_APPLICABLE, NOT_SHOWN]
    present = np.flatnonzero(np.bincount(codes.ravel().astype(np.int16) + 3, minlength=1)) - 3
    off = sorted(set(present.tolist()) - set(allowed))
    if off:
        raise ValueError(f"“{scale.name}” has no point {off[0]}; its points are {allowed[:-3]}")
