"""Which tasks stay: every rule's verdict, the combined one, and what the panel decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from rds.analysis.retention_rules import (
    RULE_COLUMNS,
    Combination,
    bayesian,
    combine_verdicts,
    mean_cut,
    percent_performing,
    rule_rows,
    three_zone,
)
from rds.notes import Note
from rds.scales import Scale
from rds.settings import RetentionSection

RETENTION = (*RULE_COLUMNS[:-1], "decision", "reason", "decided_by", "retained")

Decision = tuple[str, str, str]
"""``"keep"`` or ``"drop"``, why, and the role of whoever decided."""


def retention_table(
    statements: pd.DataFrame,
    scale: Scale,
    settings: RetentionSection,
    *,
    others: Sequence[pd.DataFrame] = (),
    combination: Combination = "all",
    decisions: Mapping[str, Decision] | None = None,
) -> tuple[pd.DataFrame, list[Note]]:
    """Say of every task what each rule says, what they say together, and whether it stays.

    Parameters
    ----------
    statements
        The table ``statement_ratings`` of the one group whose ratings set the weights; SDs,
        intervals and percentages may be missing. Means of importance are those of performers
        where the table has them, means of frequency those of everybody.
    scale
        The scale that the declared rule looks at.
    settings
        The declared rule.
    others
        Rows of further rules (`RULE_COLUMNS`) that the study declared.
    combination
        As for `combine_verdicts`.
    decisions
        What the panel decided, by task; a decision overrides the verdict.

    Returns
    -------
    table, notes
        Columns `RETENTION`. One row per task and rule, and one with the rule ``"declared"`` that
        holds the combined verdict, the decision, and whether the task is retained.

    Raises
    ------
    ValueError
        When no task was rated on the scale, a task has two rows, the cut lies outside the scale,
        or a decision is neither keep nor drop.

    Examples
    --------
    >>> from rds.analysis.descriptives import STATEMENT_RATINGS
    >>> from rds.scales import PROPOSED_SCALES
    >>> means = pd.DataFrame({"statement_id": ["T1", "T2"], "n": 40, "mean": [3.1, 2.2]})
    >>> table = means.assign(kind="task", scale="importance", base="all")
    >>> table = table.reindex(columns=list(STATEMENT_RATINGS))
    >>> found, notes = retention_table(table, PROPOSED_SCALES[0], RetentionSection())
    >>> found.loc[found["rule"] == "declared", ["task_id", "verdict", "retained"]]
      task_id verdict retained
    1      T1    keep      yes
    3      T2    drop       no
    """
    decided = dict(decisions or {})
    for task, (value, _, _) in decided.items():
        if value not in ("keep", "drop"):
            raise ValueError(f"found the decision “{value}” about {task}; wanted keep or drop")
    rated = _tasks_rated(statements, scale)
    rules = [apply_declared_rule(rated, scale, settings), *others]
    asked = bool(rated["percent_performing"].notna().any())
    if asked:
        rules.insert(1, percent_performing(rated, cut=settings.percent_performing))
    rows = pd.concat(rules, ignore_index=True)
    declared = _declared(rows, rated["statement_id"], settings, combination, decided)
    table = pd.concat([rows, declared], ignore_index=True)
    order = {task: position for position, task in enumerate(rated["statement_id"])}
    table = table.sort_values("task_id", key=lambda ids: ids.map(order), kind="stable")
    notes = [*_remarks(rows), *_left_open(declared, asked, settings, decided)]
    return table.reindex(columns=list(RETENTION)).reset_index(drop=True), notes


def open_reviews(table: pd.DataFrame) -> list[str]:
    """Return the tasks whose declared verdict is review and that nobody has decided.

    Parameters
    ----------
    table
        Columns `RETENTION`.
    """
    declared = table[(table["rule"] == "declared") & (table["verdict"] == "review")]
    return [str(task) for task in declared.loc[declared["decision"] == "", "task_id"]]


def _tasks_rated(statements: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """Return one row per task rated on a scale, with how many said whether they perform it."""
    tasks = statements[statements["kind"].isin(["task", ""])]
    here = tasks[tasks["scale"] == scale.name]
    if here.empty:
        raise ValueError(f"found no ratings of tasks on the scale “{scale.name}”")
    wanted = "all" if scale.role == "frequency" else "performers"
    chosen = here[here["base"] == wanted] if (here["base"] == wanted).any() else here
    doubled = chosen["statement_id"].duplicated()
    if doubled.any():
        name = chosen.loc[doubled, "statement_id"].iloc[0]
        raise ValueError(f"found {name} twice on “{scale.name}”; wanted the ratings of one group")
    return chosen.assign(answered=chosen["statement_id"].map(_answered(tasks)).astype(float))


def _answered(tasks: pd.DataFrame) -> dict[str, float]:
    """Count who said whether they perform each task; known where only one scale asks."""
    performers = tasks[tasks["base"] == "performers"]
    asking = performers.loc[performers["n_not_performed"] > 0, "scale"].unique()
    if len(asking) != 1:
        return {}
    rows = performers[performers["scale"] == asking[0]].set_index("statement_id")
    counts = rows[["n", "n_not_performed", "n_not_applicable"]].sum(axis=1)
    return {str(task): float(n) for task, n in counts.items()}


def apply_declared_rule(
    rated: pd.DataFrame, scale: Scale, settings: RetentionSection
) -> pd.DataFrame:
    """Apply the declared rule.

    Parameters
    ----------
    rated
        Rows as for `mean_cut`.
    scale
        The scale that the rule looks at.
    settings
        The rule.

    Returns
    -------
    DataFrame
        Columns `RULE_COLUMNS`.

    Raises
    ------
    ValueError
        When the cut lies outside the scale.
    """
    points = [point.value for point in scale.points if point.meaning == "rated"]
    if scale.role == "frequency" and scale.not_performed is not None:
        points.append(scale.not_performed)
    ends = float(min(points)), float(max(points))
    cut = scale.midpoint if settings.cut == "midpoint" else float(settings.cut)
    if not ends[0] <= cut <= ends[1]:
        raise ValueError(
            f"found the cut {cut:g} for “{scale.name}”; wanted {ends[0]:g} to {ends[1]:g}"
        )
    if settings.rule == "bayesian":
        return bayesian(rated, cut=cut)
    rule = three_zone if settings.rule == "three_zone" else mean_cut
    return rule(rated, cut=cut, confidence=settings.confidence_percent / 100, ends=ends)


def _declared(
    rows: pd.DataFrame,
    tasks: pd.Series[str],
    settings: RetentionSection,
    combination: Combination,
    decisions: Mapping[str, Decision],
) -> pd.DataFrame:
    """Combine the rules' verdicts, and let decisions win over them."""
    by_task = rows.groupby("task_id")["verdict"].agg(list)
    verdicts = [combine_verdicts(by_task[task], combination) for task in tasks]
    said = [decisions.get(task, ("", "", "")) for task in tasks]
    counts = [settings.review_counts_as if v == "review" else v for v in verdicts]
    stays = [(told[0] or counted) == "keep" for told, counted in zip(said, counts, strict=True)]
    return rule_rows(tasks, "declared", verdict=verdicts).assign(
        decision=[told[0] for told in said],
        reason=[told[1] for told in said],
        decided_by=[told[2] for told in said],
        retained=np.where(stays, "yes", "no"),
    )


def _remarks(rows: pd.DataFrame) -> Iterator[Note]:
    """Turn remarks into notes, one for all tasks where it holds for all."""
    n_tasks = rows["task_id"].nunique()
    remarked = rows[rows["remark"] != ""]
    for (rule, remark), part in remarked.groupby(["rule", "remark"], sort=False):
        is_everywhere = len(part) == n_tasks
        for task in [""] if is_everywhere else part["task_id"]:
            place = f"{task}, {rule}" if task else str(rule)
            column = "value" if part["value"].isna().all() else "ci_low, ci_high"
            yield Note("retention", place, column, "withheld", str(remark))


def _left_open(
    declared: pd.DataFrame,
    asked: bool,
    settings: RetentionSection,
    decisions: Mapping[str, Decision],
) -> Iterator[Note]:
    """Say which rule could not be applied, and what holds where nothing is decided."""
    if not asked:
        reason = "no answers tell who performs a task: the rule is left out"
        yield Note("retention", "percent_performing", "", "withheld", reason)
    undecided = declared[(declared["verdict"] == "review") & (declared["decision"] == "")]
    held = "kept" if settings.review_counts_as == "keep" else "dropped"
    for task in undecided["task_id"]:
        reason = f"under review: counts as {held} until the panel has decided"
        yield Note("retention", f"{task}, declared", "retained", "assumed", reason)
    for task in sorted(set(decisions) - set(declared["task_id"])):
        reason = "decided, but nobody was asked to rate it"
        yield Note("retention", f"{task}, declared", "", "dropped", reason)
