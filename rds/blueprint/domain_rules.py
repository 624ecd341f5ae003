"""Domain rules: how combined ratings of tasks, and what people said of domains, become weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
DomainRuleKind = Literal["sum", "mean", "blend", "direct"]

NORMALISED = 0.01
"""Shares that miss their sum by no more than this are scaled; others are refused."""


@dataclass(frozen=True)
class DomainRule:
    """How domains get their weights.

    Parameters
    ----------
    kind
        ``"sum"`` of the tasks' combined ratings; their ``"mean"``; a ``"blend"``, the mean times a
        power of the number of tasks (0 is the mean, 1 the sum); ``"direct"``, what respondents said
        of the domains themselves.
    blend_exponent
        That power, 0 to 1.
    panel
        The panel's own share of the exam by domain; needed for every domain of the highest level
        when `panel_share` is above 0.
    panel_share
        Share of each domain's weight that comes from the panel, 0 to 1.
    fixed
        Shares of the exam fixed by policy, by domain; the other domains share the rest.
    parents
        Parent by domain, for subdomains.
    """

    kind: DomainRuleKind = "sum"
    blend_exponent: float = 0.5
    panel: Mapping[str, float] = field(default_factory=dict)
    panel_share: float = 0.0
    fixed: Mapping[str, float] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_plain_sum(self) -> bool:
        """Whether weights are the shares of the combined ratings and nothing else."""
        return self.kind == "sum" and not self.panel_share and not self.fixed

    def from_ratings_alone(self) -> DomainRule:
        """Return the rule without the panel's and the fixed percentages."""
        return replace(self, panel_share=0.0, fixed={})


@dataclass(frozen=True, eq=False)
class TaskShares:
    """Weights of tasks, rows × tasks; each row sums to 1, or is NaN where it is not defined.

    Attributes
    ----------
    by_ratings
        By the domain rule, from ratings alone.
    by_panel
        As the panel's percentages would have them; None where these are incomplete.
    adopted
        After the panel's share and the fixed percentages: what items follow from.
    """

    by_ratings: Floats
    by_panel: Floats | None
    adopted: Floats


def share_tasks(
    combined: Floats,
    *,
    domains: Sequence[str],
    rule: DomainRule,
    direct: Mapping[str, Floats] | None = None,
) -> TaskShares:
    """Return the tasks' weights by a domain rule.

    Subdomains share what their parent gets: the rule is applied among the domains of the highest
    level, then among the parts of each. Within a domain, tasks share by their combined ratings,
    equally where these are all zero.

    Parameters
    ----------
    combined
        Combined ratings, rows × tasks; a row is one data set or resample.
    domains
        The domain of each task.
    rule
        The rule.
    direct
        For the rule ``"direct"``: what respondents said of each domain, one number per row.

    Raises
    ------
    ValueError
        When percentages contradict each other, exceed 100, belong to domains without tasks, or are
        not given for domains that need them.

    Examples
    --------
    >>> ratings = np.array([[10.0, 10.0, 10.0, 10.0, 12.0, 12.0]])
    >>> shares = share_tasks(ratings, domains=list("AAAABB"), rule=DomainRule("mean"))
    >>> shares.adopted.round(4).tolist()
    [[0.1136, 0.1136, 0.1136, 0.1136, 0.2727, 0.2727]]
    """
    tree = _Tree(tuple(domains), rule.parents)
    by_ratings = _shared_out(tree, combined, replace(rule, fixed={}), direct or {})
    sums = DomainRule("sum", parents=rule.parents)
    by_panel = None
    if rule.panel_share > 0 or _usable(tree, rule.panel):
        panel = _completed(tree, rule.panel, what="panel percent")
        if missing := [name for name in tree.roots() if name not in panel]:
            raise ValueError(f"no panel percent for {', '.join(missing)}")
        by_panel = _shared_out(tree, by_ratings, replace(sums, fixed=panel), {})
    adopted = by_ratings
    if rule.panel_share > 0 and by_panel is not None:
        adopted = (1 - rule.panel_share) * by_ratings + rule.panel_share * by_panel
    if rule.fixed:
        fixed = _completed(tree, rule.fixed, what="fixed percent")
        adopted = _shared_out(tree, adopted, replace(sums, fixed=fixed), {})
    return TaskShares(by_ratings, by_panel, adopted)


@dataclass(frozen=True)
class _Tree:
    """The domains above the tasks."""

    domains: tuple[str, ...]
    parents: Mapping[str, str]

    def line(self, name: str) -> list[str]:
        """Return a domain and those above it, nearest first."""
        line = [name]
        while (parent := self.parents.get(line[-1], "")) and parent not in line:
            line.append(parent)
        return line

    def tasks(self, name: str) -> Places:
        """Return the places of the tasks in a domain or below it."""
        return np.flatnonzero([name in self.line(domain) for domain in self.domains])

    def parts(self, name: str, places: Places) -> list[tuple[str, Places]]:
        """Return the parts of a domain ("" for the exam) that hold tasks; none for the lowest.

        Tasks that belong to a domain with subdomains themselves are a part without a name.
        """
        found: dict[str, list[int]] = {}
        for place in places:
            line = self.line(self.domains[place])
            below = line[-1] if not name else line[line.index(name) - 1] if line[0] != name else ""
            found.setdefault(below, []).append(int(place))
        if set(found) == {""}:
            return []
        return [(part, np.array(own)) for part, own in found.items()]

    def roots(self) -> list[str]:
        """Return the domains of the highest level that hold tasks."""
        return [name for name, _ in self.parts("", np.arange(len(self.domains)))]


def _shared_out(
    tree: _Tree, values: Floats, rule: DomainRule, direct: Mapping[str, Floats]
) -> Floats:
    """Share 1 out over the tasks, from the highest domains down."""
    shares = np.zeros_like(values)
    waiting = [("", np.arange(values.shape[1]), np.ones(len(values)))]
    while waiting:
        name, places, total = waiting.pop()
        parts = tree.parts(name, places)
        if not parts:
            shares[:, places] = total[:, None] * _within(values[:, places])
            continue
        said = _values_of_parts(parts, values, rule, direct)
        given = [rule.fixed.get(part) for part, _ in parts]
        for (part, own), weight in zip(parts, _totals(total, said, given), strict=True):
            waiting.append((part, own, weight))
    undefined = ~np.isfinite(shares).all(axis=1) | (shares < -1e-12).any(axis=1)
    shares[undefined] = np.nan
    return shares


def _values_of_parts(
    parts: Sequence[tuple[str, Places]],
    values: Floats,
    rule: DomainRule,
    direct: Mapping[str, Floats],
) -> list[Floats]:
    """Return what the parts' weights are in proportion to, by the rule."""
    if rule.kind == "direct":
        missing = [part for part, _ in parts if part not in direct]
        if not missing:
            return [direct[part] for part, _ in parts]
        if len(missing) < len(parts) or not direct:
            names = ", ".join(name or "tasks outside subdomains" for name in missing)
            raise ValueError(f"respondents were not asked about {names} directly")
    power = {"sum": 1.0, "direct": 1.0, "mean": 0.0, "blend": rule.blend_exponent}[rule.kind]
    return [np.asarray(values[:, own].mean(axis=1) * float(len(own)) ** power) for _, own in parts]


def _totals(
    total: Floats, values: Sequence[Floats], given: Sequence[float | None]
) -> Iterator[Floats]:
    """Yield what each part gets: what is fixed, and of the rest in proportion to its value."""
    fixed = sum(share for share in given if share is not None)
    free = [value for value, share in zip(values, given, strict=True) if share is None]
    whole = np.sum(free, axis=0) if free else np.full_like(total, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        for value, share in zip(values, given, strict=True):
            if share is None:
                yield np.asarray((total - fixed) * (value / whole))
            else:
                yield np.asarray(np.full_like(total, share) if free else total * share / fixed)


def _within(values: Floats) -> Floats:
    """Return rows as shares that sum to 1, equal ones where all are zero."""
    sums = values.sum(axis=1, keepdims=True)
    equal = np.full_like(values, 1 / values.shape[1])
    return np.asarray(np.divide(values, sums, out=equal, where=(sums > 0) | np.isnan(sums)))


def _usable(tree: _Tree, percents: Mapping[str, float]) -> bool:
    """Tell whether percentages are given for every domain of the highest level, and fit."""
    try:
        return set(tree.roots()) <= set(_completed(tree, percents, what=""))
    except ValueError:
        return False


def _completed(tree: _Tree, shares: Mapping[str, float], *, what: str) -> dict[str, float]:
    """Return shares of the exam with those of parents whose parts all have one, or refuse them."""
    if empty := [name for name in shares if not len(tree.tasks(name))]:
        raise ValueError(f"a {what} for {', '.join(empty)}, where no task is kept")
    known = dict(shares)
    levels = {
        line[k]
        for name in set(tree.domains)
        for line in [tree.line(name)]
        for k in range(1, len(line))
    }
    for name in ["", *sorted(levels, key=lambda name: len(tree.line(name)))][::-1]:
        places = tree.tasks(name) if name else np.arange(len(tree.domains))
        parts = [part for part, _ in tree.parts(name, places)]
        own, whole = [known[part] for part in parts if part in known], known.get(name)
        limit = 1.0 if not name else whole
        if limit is not None and _contradicts(own, limit, complete=len(own) == len(parts)):
            above = f"of {name}’s {100 * limit:g}" if name else "of 100"
            raise ValueError(f"{what}s of {', '.join(parts)} make {100 * sum(own):g} {above}")
        if name and whole is None and parts and len(own) == len(parts):
            known[name] = sum(own)
    return known


def _contradicts(shares: Sequence[float], limit: float, *, complete: bool) -> bool:
    """Tell whether shares exceed their limit or, when all are given, miss it."""
    excess = sum(shares) - limit
    return bool(shares) and (abs(excess) > NORMALISED if complete else excess > 1e-9)
