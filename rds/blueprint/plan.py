"""The blueprint as a result: weights, whole items, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from rds.analysis.analysis import Analysis
from rds.analysis.linkage import LINKAGE
from rds.analysis.retention import open_reviews
from rds.blueprint.linkage import no_ksa_weights
from rds.blueprint.models import Combined
from rds.blueprint.plan_halves import halves_sentence
from rds.blueprint.precision import (
    consequence_sentence,
    declared_tolerance,
    movement_sentence,
    support_sentence,
)
from rds.blueprint.role_coverage import ASSESSED_BY, LINKAGE_COVERAGE
from rds.blueprint.rule_repeats import rule_sentence, undecided_tasks
from rds.blueprint.split_tasks import split_sentence
from rds.notes import Note
from rds.outline.outline import Outline
from rds.scales import Scale
from rds.settings import Settings
from rds.show import Shown, View


@dataclass(frozen=True, eq=False, repr=False)
class Blueprint(Shown):
    """The test specifications of a study.

    Parameters
    ----------
    outline, scales, settings, analysis
        What the blueprint was built from.
    task_weights
        One row per task in outline order: ``task_id``, ``domain_id``, ``retained`` (bool),
        ``model``, ``combined`` (combined rating), ``weight`` (share of the exam), ``se``,
        ``ci_low``, ``ci_high``, ``percent_of_exam``, ``quota`` (exact items), ``items`` (whole),
        ``items_low``, ``items_high``.
    domain_weights
        One row per domain in outline order: ``domain_id``, ``model``, ``domain_rule``, ``weight``,
        ``se``, ``ci_low``, ``ci_high``, ``confidence_percent``, ``panel_weight``,
        ``adopted_weight`` (what items follow from), ``quota``, ``minimum``, ``maximum``,
        ``items``, ``items_low``, ``items_high``, ``p_within_1``.
    cells
        The table ``blueprint``: ``credential``, ``part``, ``set`` (form, pretest, bank),
        ``domain_id``, ``cognitive_level``, ``target`` (exact items), ``lower``, ``upper``,
        ``items`` (whole), ``unit``.
    precision
        One row per domain, task and cell: ``unit``, ``id``, ``weight`` (adopted), ``se``, ``cv``
        (se/weight), ``items_margin``, ``p_within_1``, ``verdict`` (supported, not supported,
        unknown), ``reason``.
    effective_weights
        One row per scale (and remainder) of the model: ``model``, ``component``, ``exponent``,
        ``nominal``, ``effective`` (shares), ``sd_log``, ``correlation``.
    sensitivity
        The plan and what it would be under other choices: ``dimension``, ``variant``, ``status``
        (decided, what if), ``domain_id``, ``weight``, ``items``, ``items_moved``, ``within_range``
        (yes, no: whether other respondents alone could have brought these items).
    subgroup_blueprints
        The plan by each group's own ratings: ``variable``, ``group``, ``n``, ``domain_id``,
        ``weight``, ``items``, ``items_moved``, ``items_low``, ``items_high``.
    item_distribution
        ``task_list`` (as decided, rule applied anew), ``domain_id``, ``items``,
        ``share_of_resamples``: in how many of all resamples of the respondents a domain ends in
        that number of items; empty where this is withheld.
    plan_halves
        ``domain_id`` (`all`: the whole plan), ``difference`` (items between the plans of two random
        halves of the respondents), ``share_of_splits``; empty where this is withheld.
    ties
        ``where``, ``identifiers``, ``rule``.
    notes
        What was withheld, assumed or simulated, the analysis' notes included.
    ksa_weights
        One row per active KSA and “unlinked”: ``ksa_id``, ``kind``, ``weight``, ``se``,
        ``n_tasks``, ``items``; empty without links.
    combined
        What the weights of tasks follow from: means, exponents and combined ratings of the tasks
        whose ratings count.
    linkage
        One row per link of an active task and an active KSA (columns:
        `rds.analysis.linkage.LINKAGE`).
    linkage_coverage, assessed_by
        How much of the exam has links that count, and where tasks are assessed (columns:
        `LINKAGE_COVERAGE` and `ASSESSED_BY` of `rds.blueprint.role_coverage`).
    """

    outline: Outline
    scales: tuple[Scale, ...]
    settings: Settings
    analysis: Analysis
    task_weights: pd.DataFrame
    domain_weights: pd.DataFrame
    cells: pd.DataFrame
    precision: pd.DataFrame
    effective_weights: pd.DataFrame
    sensitivity: pd.DataFrame
    subgroup_blueprints: pd.DataFrame
    item_distribution: pd.DataFrame
    plan_halves: pd.DataFrame
    ties: pd.DataFrame
    notes: tuple[Note, ...]
    ksa_weights: pd.DataFrame = field(default_factory=no_ksa_weights)
    combined: Combined | None = None
    linkage: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(LINKAGE)))
    linkage_coverage: pd.DataFrame = field(
        default_factory=partial(pd.DataFrame, columns=list(LINKAGE_COVERAGE))
    )
    assessed_by: pd.DataFrame = field(
        default_factory=partial(pd.DataFrame, columns=list(ASSESSED_BY))
    )

    @property
    def support(self) -> str:
        """Whether the ratings support the proportions, in words and items."""
        return support_sentence(self.precision, declared_tolerance(self.settings))

    @property
    def movement(self) -> str:
        """How far other declared models would move the plan, against sampling error."""
        tolerance = declared_tolerance(self.settings)
        return movement_sentence(self.sensitivity, self.domain_weights, tolerance)

    @property
    def consequences(self) -> str:
        """How far any other choice but the model would move the plan, against sampling error."""
        tolerance = declared_tolerance(self.settings)
        return consequence_sentence(self.sensitivity, self.domain_weights, tolerance)

    @property
    def wording(self) -> str:
        """How far the plan rests on how finely tasks are written; empty within the tolerance."""
        return split_sentence(
            self.sensitivity,
            self.domain_weights,
            rule=self.settings.weights.domain_rule,
            tolerance=declared_tolerance(self.settings),
        )

    @property
    def undecided(self) -> str:
        """How far the range rests on tasks nobody decided about; empty where it does not."""
        return rule_sentence(
            self.item_distribution,
            undecided_tasks(self.analysis.retention),
            confidence=self.settings.resampling.confidence_percent / 100,
        )

    def view(self) -> View:
        """Return the plan by domain: percent of the exam, items, items without ratings."""
        titles = {domain.domain_id: domain.title for domain in self.outline.domains}
        plan = self.domain_weights
        baseline = self.sensitivity[self.sensitivity["dimension"] == "baseline"]
        equal = baseline.set_index("domain_id")["items"]
        table = pd.DataFrame(
            {
                "domain": plan["domain_id"],
                "title": [titles[name] for name in plan["domain_id"]],
                "percent of exam": 100 * plan["adopted_weight"],
                "items": plan["items"],
                **self._range(),
                "items if all ratings were equal": [int(equal[name]) for name in plan["domain_id"]],
            }
        )
        section = self.settings.weights
        what_if = [note.reason for note in self.notes if note.kind == "what if"]
        state = (
            f"WHAT IF {', '.join(what_if)} (not the study's blueprint)"
            if what_if
            else "DRAFT blueprint"
        )
        title = f"{state}: {self.settings.blueprint.items} items, model “{section.model}”"
        reviews = open_reviews(self.analysis.retention)
        halves = halves_sentence(self.plan_halves)
        found = [parts_sentence(self.cells), self.support, self.undecided, halves, self.movement]
        found += [self.consequences, self.wording]
        said = [text for text in found if text]
        said += [*_to_decide(reviews, self.settings), *self.analysis.sentences]
        warnings = (*data_warnings(self.notes), *changes_said(self.notes))
        return View(title, table, (*warnings, *said))

    def _range(self) -> dict[str, list[str]]:
        """Return in how many items repeats of the survey would end, where that is known."""
        plan = self.domain_weights
        if plan["items_low"].isna().any():
            return {}
        ranges = zip(plan["items_low"], plan["items_high"], strict=True)
        header = f"items in {self.settings.resampling.confidence_percent:g} of 100 repeats"
        return {header: [f"{low} to {high}" for low, high in ranges]}


def _to_decide(reviews: Sequence[str], settings: Settings) -> Iterator[str]:
    """Say which tasks wait for a decision, and what holds until then."""
    if reviews:
        held = "kept" if settings.retention.review_counts_as == "keep" else "dropped"
        yield f"Under review, {held} until decided: {', '.join(reviews)}."


def parts_sentence(cells: pd.DataFrame) -> str:
    """Say how large the parts of a form are; empty where the exam has but one.

    Examples
    --------
    >>> parts_sentence(
    ...     pd.DataFrame({"set": "form", "part": ["a", "b"], "unit": "items", "items": [80, 20]})
    ... )
    'Parts of a form: a 80 items, b 20 items.'
    """
    form = cells[(cells["set"] == "form") & (cells["part"] != "")]
    if form.empty:
        return ""
    sizes = form.groupby(["part", "unit"], sort=False, as_index=False)["items"].sum()
    said = ", ".join(f"{row['part']} {row['items']} {row['unit']}" for _, row in sizes.iterrows())
    return f"Parts of a form: {said}."


def data_warnings(notes: Iterable[Note]) -> tuple[str, ...]:
    """Return a sentence for each group whose data are no answers, or cannot be right."""
    return tuple(
        f"{note.kind.upper()} DATA, {note.row}: {note.reason}."
        for note in notes
        if note.kind in ("simulated", "reconstructed", "published", "impossible")
    )


def changes_said(notes: Iterable[Note]) -> tuple[str, ...]:
    """Return a sentence for each change after answers arrived."""
    return tuple(
        f"{note.row}: {note.reason}."
        if note.table != "revisions"
        else f"{note.reason[:1].upper()}{note.reason[1:]}."
        for note in notes
        if note.kind == "changed"
    )
