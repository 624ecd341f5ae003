"""How alike the wording of statements is, and which old statements became which new ones."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import sqrt

LIKELY = 0.45
"""Similarity from which two statements are suggested as related; a proposal, not a rule."""

Alike = Sequence[Sequence[float]]
Place = tuple[int, int]

_LETTERS = 3
_DIGITS = 9
_WORD = re.compile(r"\w+")


def similarities(old: Sequence[str], new: Sequence[str]) -> list[list[float]]:
    """Return how alike the wording of statements is, old × new, between 0 and 1.

    The cosine of the counts of all runs of three letters, without regard to case and punctuation:
    1 for the same words, also in another order nearly so, 0 without any common run.

    Examples
    --------
    >>> similarities(["Assess risk."], ["assess  risk", "Bake bread"])
    [[1.0, 0.0]]
    """
    with_run: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, text in enumerate(new):
        for run, share in _unit(_runs(text)).items():
            with_run[run].append((place, share))
    table = []
    for text in old:
        row = [0.0] * len(new)
        for run, share in _unit(_runs(text)).items():
            for place, other in with_run.get(run, ()):
                row[place] += share * other
        table.append([min(round(value, _DIGITS), 1.0) for value in row])
    return table


def likely_pairs(
    alike: Alike, old: Sequence[str], new: Sequence[str], *, likely: float = LIKELY
) -> tuple[list[Place], list[Place]]:
    """Return which statements belong together, as positions in the old and in the new list.

    Statements that choose each other are a pair; one that is left over joins the pair of the
    statement that it is most like, unless that pair has the same words. Identifiers only settle
    ties: they are often given anew. Old and new may change places, and nothing changes.

    Parameters
    ----------
    alike
        Old × new, as `similarities` returns it.
    old, new
        Identifiers.
    likely
        Least similarity of a pair.

    Returns
    -------
    pairs, joining
        Statements that chose each other, and those that join them.

    Examples
    --------
    >>> likely_pairs([[1.0, 0.0], [0.0, 0.7], [0.0, 0.5]], ["A", "B", "C"], ["A", "D"])
    ([(0, 0), (1, 1)], [(2, 1)])
    """

    def order(i: int, j: int) -> tuple[float, bool, int, int]:
        return -alike[i][j], old[i] != new[j], abs(i - j), min(i, j)

    rows, columns = range(len(old)), range(len(new))
    best_new = {i: min((order(i, j), j) for j in columns)[1] for i in rows if columns}
    best_old = {j: min((order(i, j), i) for i in rows)[1] for j in columns if rows}
    from_old = {(i, j) for i, j in best_new.items() if alike[i][j] >= likely}
    from_new = {(i, j) for j, i in best_old.items() if alike[i][j] >= likely}
    both = from_old & from_new
    # Whoever has the same words is spoken for: what is left over is new, not a part of it.
    open_old = {i for i, j in both if alike[i][j] < 1}
    open_new = {j for i, j in both if alike[i][j] < 1}
    paired_old, paired_new = {i for i, _ in both}, {j for _, j in both}
    joining = {(i, j) for i, j in from_old - both if i not in paired_old and j in open_new}
    joining |= {(i, j) for i, j in from_new - both if j not in paired_new and i in open_old}
    return sorted(both), sorted(joining)


def _runs(text: str) -> Counter[str]:
    """Count the runs of three letters of each word, its ends marked by blanks."""
    return Counter(run for word in _WORD.findall(text.casefold()) for run in _runs_of(word))


def _runs_of(word: str) -> Iterator[str]:
    """Yield the runs of three letters of a word."""
    padded = f" {word} "
    return (padded[k : k + _LETTERS] for k in range(len(padded) - _LETTERS + 1))


def _unit(counts: Counter[str]) -> dict[str, float]:
    """Return counts divided by their length as a vector."""
    length = sqrt(sum(count * count for count in counts.values()))
    return {run: count / length for run, count in counts.items()}
