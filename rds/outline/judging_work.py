"""The work of a panel: who judges the links of which tasks, and how long a form takes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence

from rds.outline.judgements import Ask

SECONDS: Mapping[str, float] = {
    "sorting": 15,
    "relevance": 10,
    "levels": 12,
    "links": 4,
    "percents": 45,
    "ratings": 8,
}
"""What one judgement is assumed to take, reading the statement included."""

MINUTES_TO_BEGIN = 5


def share_work(
    tasks: Sequence[str],
    people: Sequence[str],
    *,
    per_task: int,
    given: Mapping[str, Collection[str]] | None = None,
) -> dict[str, tuple[str, ...]]:
    """Share tasks out over people, each task to the same number of them.

    Every task goes to those who have least so far, in an order that depends on nothing but the
    names; so the shares of any two differ by one task at most, and the same people do not always
    meet.

    Parameters
    ----------
    tasks, people
        Their identifiers.
    per_task
        How many people judge each task; all of them where there are no more.
    given
        Tasks of people who have theirs already. Whoever joins them takes the tasks that fewest
        have, as many as those who have most.

    Returns
    -------
    dict of str to tuple of str
        Tasks by person, in the order of the tasks; only of `people`.

    Examples
    --------
    >>> shares = share_work(["T1", "T2", "T3"], ["A", "B"], per_task=1)
    >>> sorted(len(own) for own in shares.values())
    [1, 2]
    """
    if given:
        return _join(tasks, people, given)
    shares: dict[str, list[str]] = {name: [] for name in people}
    for task in tasks:
        by_load = sorted(people, key=lambda name: (len(shares[name]), _mixed(task, name)))
        for name in by_load[:per_task]:
            shares[name].append(task)
    return {name: tuple(own) for name, own in shares.items()}


def people_per_task(
    n_tasks: int, n_ksas: int, n_people: int, *, fewest: int, largest_share: int
) -> int:
    """Return how many people judge the links of each task.

    Parameters
    ----------
    n_tasks, n_ksas, n_people
        Sizes of the grid and of the panel.
    fewest
        People who have to judge each link, where there are as many.
    largest_share
        Links that one person is asked for at most, unless `fewest` asks for more.

    Examples
    --------
    >>> people_per_task(25, 36, 14, fewest=5, largest_share=500)
    7
    >>> people_per_task(10, 20, 14, fewest=5, largest_share=500)
    14
    """
    cells = n_tasks * n_ksas
    affordable = n_people if cells <= largest_share else n_people * largest_share // cells
    return min(n_people, max(fewest, affordable))


def minutes(ask: Ask, tasks: Collection[str]) -> dict[str, int]:
    """Return the minutes that a form takes, by part; at least one each.

    Parameters
    ----------
    ask
        What it asks.
    tasks
        The tasks whose links it asks for.

    Examples
    --------
    >>> ask = Ask(("levels",), tasks={f"T{k}": "Listen." for k in range(20)}, levels=("a", "b"))
    >>> minutes(ask, ())
    {'levels': 4}
    """
    counts = {part: len(ask.statements(part)) for part in ask.parts}
    if "links" in counts:
        counts["links"] = len(tasks) * len(ask.ksas)
    if "ratings" in counts:
        counts["ratings"] = sum(len(ask.rated_on(scale)) for scale in ask.scales)
    return {part: max(1, round(SECONDS[part] * n / 60)) for part, n in counts.items()}


def shuffled(names: Sequence[str], seed: str) -> list[str]:
    """Return names in an order that depends on them and on the seed only.

    Examples
    --------
    >>> shuffled(["T1", "T2", "T3"], "SME01") == shuffled(["T3", "T2", "T1"], "SME01")
    True
    """
    return sorted(names, key=lambda name: _mixed(seed, name))


def _join(
    tasks: Sequence[str], people: Sequence[str], given: Mapping[str, Collection[str]]
) -> dict[str, tuple[str, ...]]:
    """Give newcomers the tasks that fewest have."""
    counts = {task: sum(task in own for own in given.values()) for task in tasks}
    size = max(len(own) for own in given.values())
    shares = {}
    for name in people:
        fewest_first = sorted(tasks, key=lambda task: (counts[task], _mixed(task, name)))
        own = set(fewest_first[:size])
        counts = {task: n + (task in own) for task, n in counts.items()}
        shares[name] = tuple(task for task in tasks if task in own)
    return shares


def _mixed(first: str, second: str) -> str:
    """Return what stands for two names without showing their order."""
    return hashlib.sha256(f"{first}\n{second}".encode()).hexdigest()
