"""The panel's rows of the table `agreement`: by statement, and over all statements of a part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from rds.analysis.agreement_table import AGREEMENT, MINIMUM_N_AGREEMENT, field_agreement
from rds.analysis.chance_corrected import (
    Level,
    chance_corrected_agreement,
    krippendorff_alpha,
)
from rds.analysis.concordance import kendall_w
from rds.analysis.content_validity import content_validity, scale_content_validity
from rds.analysis.descriptives import Group
from rds.analysis.judgements_table import POINTS, RELEVANT, numbers_of
from rds.analysis.within_group import within_group_agreement
from rds.errors import WithheldError
from rds.notes import Note
from rds.ratings.ratings import Ratings

PANEL = "panel"
ALL = "all"
"""What stands for all statements of a part."""

MINIMUM_STATEMENTS = 10
"""Statements with two judgements that a coefficient corrected for chance needs."""

MINIMUM_RANKINGS = (3, 5)
"""SMEs, and statements, that a concordance needs."""

SCALES: Mapping[str, str] = {
    "relevance": "relevance",
    "links": "linkage",
    "levels": "cognitive level",
    "sorting": "sorting",
    "percents": "domain percents",
}
"""What the table calls the scale of each part."""

_ORDERED = ("relevance", "links", "levels")


def panel_agreement(
    judgements: pd.DataFrame,
    *,
    categories: Mapping[str, Sequence[str]],
    ratings: Ratings | None = None,
) -> tuple[pd.DataFrame, list[Note]]:
    """Return how far a panel agrees.

    Parameters
    ----------
    judgements
        Columns ``sme_id``, ``part``, ``statement_id``, ``aspect``, ``value``.
    categories
        What could be chosen, by part, in order.
    ratings
        The panel's answers on the survey's scales.

    Returns
    -------
    table, notes
        Columns `AGREEMENT` with ``panel`` as source. Of relevance, by statement: r_wg, AD_M, AD_Md,
        CVR, I-CVI and modified kappa, with exact critical values for the number who judged; over
        all (``all``): S-CVI/Ave, S-CVI/UA, CVI. Of every part over all: percent agreement, AC1, AC2
        (quadratic weights, where categories have an order), Conger and Krippendorff, each with an
        interval over statements; Kendall's W where statements can be ranked, with its own p in
        ``attained_p``. What rests on too little is withheld with a note.
    """
    rows: list[dict[str, object]] = []
    notes: list[Note] = []
    for part in SCALES:
        if part not in set(judgements["part"]):
            continue
        table = numbers_of(judgements, part)
        if part == "relevance":
            rows += _of_relevance(table)
            notes += _thin(table)
        if part != "percents":
            found, why = _over_all(table, part, categories)
            rows, notes = rows + found, notes + why
        if part in ("relevance", "percents"):
            found, why = _concordance(table, SCALES[part])
            rows, notes = rows + found, notes + why
    if ratings is not None and len(ratings):
        found, why = _of_ratings(ratings)
        rows, notes = rows + found, notes + why
    shown = pd.DataFrame(rows).reindex(columns=list(AGREEMENT))
    return shown.assign(source=PANEL, group=PANEL), notes


def _of_relevance(table: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows of relevance: every statement, then all together."""
    points = [int(point) for point in POINTS["relevance"]]
    valid = content_validity(
        table, options=points, agreeing=RELEVANT, minimum_n=MINIMUM_N_AGREEMENT
    )
    alike = within_group_agreement(table, points=len(points), minimum_n=MINIMUM_N_AGREEMENT)
    spread = [{str(key): value for key, value in own.items()} for own in alike.to_dict("records")]
    rows: list[dict[str, object]] = []
    for row in valid.to_dict("records"):
        rows += [own for own in spread if own["statement_id"] == row["statement_id"]]
        told = {"statement_id": row["statement_id"], "n": row["n"], "null": "one half"}
        chance = {"attained_p": row["attained_p"]}
        least = row["critical_count"] / row["n"] if row["n"] else float("nan")
        cvr = {"coefficient": "CVR", "value": row["cvr"], "critical_value": row["critical_cvr"]}
        cvi = {"coefficient": "I-CVI", "value": row["i_cvi"], "critical_value": least}
        kappa = {"coefficient": "modified kappa", "value": row["modified_kappa"]}
        rows += [told | cvr | chance, told | cvi | chance, told | kappa]
    return [{"scale": "relevance", "base": ALL, **row} for row in [*rows, *_scale(valid, table)]]


def _scale(valid: pd.DataFrame, table: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield the indices of content validity over all statements."""
    try:
        found = scale_content_validity(valid)
    except WithheldError:
        return
    values = {"S-CVI/Ave": found.average, "S-CVI/UA": found.universal, "CVI": found.cvi}
    for name, value in values.items():
        if value is not None:
            yield {"statement_id": ALL, "coefficient": name, "n": len(table), "value": value}


def _over_all(
    table: pd.DataFrame, part: str, categories: Mapping[str, Sequence[str]]
) -> tuple[list[dict[str, object]], list[Note]]:
    """Return the agreement of SMEs over all that a part judged."""
    chosen: Sequence[str | float] = categories[part]
    if part in ("relevance", "links"):
        chosen = [float(point) for point in categories[part]]
    known = {"scale": SCALES[part], "base": ALL, "statement_id": ALL}
    try:
        plain = chance_corrected_agreement(table, categories=chosen)
    except WithheldError as error:
        return [], [_withheld(SCALES[part], str(error))]
    wanted = ["percent agreement", "AC1", "Conger"]
    found = plain[plain["coefficient"].isin(wanted)].to_dict("records")
    if part in _ORDERED:
        near = chance_corrected_agreement(table, categories=chosen, weights="quadratic")
        found += near[near["coefficient"] == "AC2"].to_dict("records")
    level: Level = "ordinal" if part in _ORDERED else "nominal"
    alpha = krippendorff_alpha(table, categories=chosen, level=level)
    found.append(
        {
            "coefficient": "Krippendorff",
            "value": alpha.value,
            "ci_low": alpha.ci_low,
            "ci_high": alpha.ci_high,
        }
    )
    paired = int((table.notna().sum() >= 2).sum())
    notes = []
    if paired < MINIMUM_STATEMENTS:
        found = found[:1]
        reason = f"{paired} statements with two judgements; {MINIMUM_STATEMENTS} are needed"
        notes.append(_withheld(f"{SCALES[part]}: AC1, AC2, Conger, Krippendorff", reason))
    n = int(table.notna().any(axis=1).sum())
    return [{**known, **row, "n": n} for row in found], notes


def _concordance(table: pd.DataFrame, scale: str) -> tuple[list[dict[str, object]], list[Note]]:
    """Return Kendall's W of SMEs who judged everything."""
    whole = table.dropna()
    people, statements = MINIMUM_RANKINGS
    if len(whole) < people or whole.shape[1] < statements:
        reason = (
            f"{len(whole)} SMEs judged all of {whole.shape[1]}; {people} SMEs and {statements} "
            "statements are needed"
        )
        return [], [_withheld(f"{scale}: Kendall's W", reason)]
    try:
        found = kendall_w(whole)
    except WithheldError as error:
        return [], [_withheld(f"{scale}: Kendall's W", str(error))]
    row = {"coefficient": "Kendall's W", "n": found.n_judges, "value": found.w}
    chance = {"null": "random order", "attained_p": found.p}
    return [{"scale": scale, "base": ALL, "statement_id": ALL, **row, **chance}], []


def _of_ratings(ratings: Ratings) -> tuple[list[dict[str, object]], list[Note]]:
    """Return the panel's agreement on the survey's own scales."""
    table, notes = field_agreement([Group("", PANEL, "", ratings)])
    rows = [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
    for scale in ratings.scales:
        found, why = _concordance(ratings.frame(scale.name, base="all"), scale.name)
        rows, notes = rows + found, notes + why
    return rows, notes


def _thin(table: pd.DataFrame) -> Iterator[Note]:
    """Say which statements too few SMEs judged."""
    n = table.notna().sum()
    few = [str(name) for name in n.index[n < MINIMUM_N_AGREEMENT]]
    if few:
        reason = f"fewer than {MINIMUM_N_AGREEMENT} SMEs judged them: see the table judgements"
        yield _withheld(f"relevance: {', '.join(few)}", reason)


def _withheld(row: str, reason: str) -> Note:
    """Return the note of a value that is not given."""
    return Note("agreement", f"{PANEL}, {row}", "value", "withheld", reason)
