"""Respondents and invitations that a study plans for, over what is known of its population."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil, floor

import pandas as pd

from rds.scales import Scale
from rds.settings import SamplingSection
from rds.show import View, as_text
from rds.survey.sample_size import (
    HONEST_NOTES,
    SampleSize,
    among,
    as_typed,
    invitations,
    sample_size,
    sample_size_for_mean,
)

PLAN_MARGINS = (0.10, 0.20)
"""Margins planned for the mean of a rating scale, in points of the scale."""

PLAN_COLUMNS = ("aim", "assumed", "practitioners", "n0", "needed", "invitations")
"""The table of a plan."""

PLAN_SD = 1.0
"""SD assumed for ratings on such a scale, in points, unless the scale is too short for it."""

_DESIGN_NOTES: Mapping[str, str] = {
    "open link": "Open link: the numbers are targets for the count of respondents, not margins of "
    "error; the invitations are people whom the link has to reach.",
    "census": "Census: everybody is invited; those who do not answer are no random part.",
    "srs": "Random sample: the margins hold as far as those who do not answer are like the others.",
    "stratified": "Stratified sample: a stratum that is reported by itself needs its own number.",
}


def plan_view(
    sampling: SamplingSection, scales: Sequence[Scale], *, confidence: float = 0.95
) -> View:
    """Return the respondents and invitations that a study's plan takes.

    Parameters
    ----------
    sampling
        The study's settings on whom the survey reaches.
    scales
        The study's scales; means are planned for the ordinal ones.
    confidence
        Confidence of the intervals, a share.

    Returns
    -------
    View
        One row for each aim and number of practitioners (half the estimate, the estimate, double,
        and the list they are drawn from), columns `PLAN_COLUMNS`; ``n0`` is not rounded.

    Examples
    --------
    >>> plan = plan_view(SamplingSection(), ()).table
    >>> plan[["practitioners", "needed", "invitations"]].values.tolist()
    [[600, 235, 784], [1200, 292, 974], [2400, 332, 1107]]
    """
    expected = sampling.expected_response / 100
    rows = [
        (aim, size.assumption, number, size.n0, needed, invited)
        for aim, size in _aims(sampling, scales, confidence)
        for number in _populations(sampling)
        for needed in [among(size, number).needed]
        for invited in [invitations(needed, expected_response=expected)]
    ]
    table = pd.DataFrame(rows, columns=list(PLAN_COLUMNS))
    title = (
        f"Respondents needed at {100 * confidence:g} % confidence, and invitations at "
        f"{sampling.expected_response:g} % response"
    )
    return View(title, table, tuple(_plan_notes(sampling, table)))


def plan_lines(view: View, sampling: SamplingSection) -> list[str]:
    """Return a plan as the lines to print: one sentence to remember, then the table with notes.

    Parameters
    ----------
    view
        What `plan_view` returned.
    sampling
        The settings it was made from.

    Examples
    --------
    >>> print(plan_lines(plan_view(SamplingSection(), ()), SamplingSection())[0])
    For a percentage within ±5 percentage points, plan for 292 respondents: 974 invitations if
    there are 1200 practitioners.
    """
    number = sampling.incumbents
    first = view.table[view.table["practitioners"] == number].iloc[0]
    sentence = (
        f"For {first['aim']}, plan for {first['needed']} respondents: "
        f"{first['invitations']} invitations if there are {number} practitioners"
    )
    end = ", which is more than there are." if first["invitations"] > number else "."
    return [sentence + end, "", *as_text(view).splitlines()]


def _aims(
    sampling: SamplingSection, scales: Sequence[Scale], confidence: float
) -> Iterator[tuple[str, SampleSize]]:
    """Yield what is planned for; scales of which the same is assumed go together."""
    size = sample_size(incumbents=None, margin=sampling.margin / 100, confidence=confidence)
    yield size.aim, size
    alike: dict[float, list[str]] = {}
    for scale in scales:
        if scale.kind == "ordinal":
            alike.setdefault(_assumed_sd(scale), []).append(scale.name)
    for sd, names in alike.items():
        for margin in PLAN_MARGINS:
            size = sample_size_for_mean(
                incumbents=None, margin=margin, sd=sd, confidence=confidence
            )
            yield f"{', '.join(names)}: {size.aim}", size


def _assumed_sd(scale: Scale) -> float:
    """Return the SD assumed, which cannot exceed half the length of the scale."""
    return min(PLAN_SD, (max(scale.rated_values) - min(scale.rated_values)) / 2)


def _populations(sampling: SamplingSection) -> list[int]:
    """Return half the estimate, the estimate, its double and the size of the list, each once."""
    number = sampling.incumbents
    listed = [] if sampling.design == "open link" else [sampling.frame_size or number]
    return sorted({ceil(number / 2), number, 2 * number, *listed})


def _plan_notes(sampling: SamplingSection, table: pd.DataFrame) -> Iterator[str]:
    """Yield what must be known beside the plan."""
    yield (
        f"The number of practitioners is an estimate ({sampling.incumbents}); half of it and "
        "double show what depends on it."
    )
    if table["assumed"].str.startswith("SD").any():
        yield (
            f"SD {PLAN_SD:g} is an assumption (on a shorter scale half its length); a pilot gives "
            "a better one."
        )
    yield from _too_many_invitations(sampling, table)
    yield from HONEST_NOTES
    yield _correction_note(sampling)
    yield _DESIGN_NOTES[sampling.design]


def _too_many_invitations(sampling: SamplingSection, table: pd.DataFrame) -> Iterator[str]:
    """Say where even inviting everybody is not expected to bring enough respondents."""
    short = table[table["invitations"] > table["practitioners"]]
    response = as_typed(sampling.expected_response) / 100
    for number in short["practitioners"].drop_duplicates().tolist():
        yield (
            f"With {number} practitioners some aims take more invitations than there are people; "
            f"if all are invited, expect {floor(number * response)} respondents."
        )


def _correction_note(sampling: SamplingSection) -> str:
    """Say whether the analysis reaches the margin with the respondents needed, or with n0."""
    if sampling.design in ("srs", "stratified") and sampling.frame_size is not None:
        return (
            f"The analysis corrects for the finite list of {sampling.frame_size}; what is needed "
            "among that many reaches the margin."
        )
    return (
        "Without a random sample from a list (design srs or stratified, with frame_size) the "
        "analysis makes no finite population correction: its intervals take n0 respondents."
    )
