"""Drafts of the outline: what experts wrote, each alone, brought together without losing a line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Literal

from rds.outline.near_duplicates import NEAR, near_duplicates, wording_similarity
from rds.outline.words import split_words

Unit = Literal["domain", "task", "KSA", "requirement"]
UNITS: tuple[Unit, ...] = ("domain", "task", "KSA", "requirement")

LETTERS: Mapping[Unit, str] = {"domain": "D", "task": "T", "KSA": "K", "requirement": "R"}
"""What the identifiers of each kind of statement begin with."""


@dataclass(frozen=True)
class Drafted:
    """One statement as one person or group wrote it.

    Parameters
    ----------
    unit
        What it is: of a domain, the statement is its title.
    statement
        Its words.
    by
        Who wrote it.
    place
        Where it stands in the form.
    domain
        Of a task: the domain its author put it in, by identifier or title.
    kind
        Of a KSA or requirement: its kind.
    remark
        Whatever else was written beside it.
    """

    unit: Unit
    statement: str
    by: str
    place: str = ""
    domain: str = ""
    kind: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Proposed:
    """One statement of the proposal, with everybody who wrote it.

    Parameters
    ----------
    name
        The identifier it would get.
    unit, statement, kind
        As drafted; words differing in capitals and punctuation only are one statement.
    by
        Who wrote it, in the order of the drafts.
    domain
        Identifier of the domain, empty where authors named none or different ones.
    group
        A number shared by statements that are nearly the same; 0 for one that stands alone.
    alike
        Which other statements it resembles, and in what.
    remarks
        What was written beside it, and other spellings.
    """

    name: str
    unit: Unit
    statement: str
    by: tuple[str, ...]
    kind: str = ""
    domain: str = ""
    group: int = 0
    alike: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def merge_drafts(
    drafted: Sequence[Drafted],
    *,
    known: Mapping[Unit, Mapping[str, str]] | None = None,
    taken: Collection[str] = (),
    threshold: float = NEAR,
) -> tuple[Proposed, ...]:
    """Bring drafts together: equal statements become one, similar ones stand side by side.

    Nothing is left out and nothing similar is merged: that is for people to decide. A domain that
    a task names and nobody lists becomes a proposed domain.

    Parameters
    ----------
    drafted
        Every statement of every draft.
    known
        Statements that the outline holds already, by kind and identifier.
    taken
        Identifiers that may not be given again.
    threshold
        Similarity from which statements are set side by side (see `near_duplicates`).

    Returns
    -------
    tuple of Proposed
        Domains, tasks, KSAs, requirements; tasks by domain; members of a group together.

    Examples
    --------
    >>> drafts = [
    ...     Drafted("task", "Help people to set their own goals.", "SME01", domain="Support"),
    ...     Drafted("task", "help people to set their own goals", "SME02"),
    ...     Drafted("task", "Assist people in setting goals.", "SME03"),
    ... ]
    >>> [(one.name, one.by, one.group) for one in merge_drafts(drafts)]
    [('D1', ('SME01',), 0), ('T01', ('SME01', 'SME02'), 1), ('T02', ('SME03',), 1)]
    """
    outline = known or {}
    used = {name.casefold() for name in taken}
    used |= {name.casefold() for names in outline.values() for name in names}
    domains = _named([*_of("domain", drafted), *_unlisted_domains(drafted, outline)], used)
    titles = {**outline.get("domain", {}), **{one.name: one.statement for one in domains}}
    proposed = [*domains]
    for unit in UNITS[1:]:
        own = [_in_domain(one, titles) for one in _of(unit, drafted)]
        order = {name: place for place, name in enumerate(titles)}
        own.sort(key=lambda one: order.get(one.domain, len(order)))
        proposed += _named(own, used)
    return tuple(_with_likeness(proposed, outline, threshold))


def find_domain(text: str, titles: Mapping[str, str]) -> str:
    """Return the domain that somebody named by identifier or title; empty if there is none.

    Examples
    --------
    >>> titles = {"D1": "Providing peer support", "D2": "Working ethically"}
    >>> find_domain("d2", titles), find_domain("providing Peer Support.", titles)
    ('D2', 'D1')
    >>> find_domain("Administration", titles)
    ''
    """
    words = split_words(text)
    for name, title in titles.items():
        if text.casefold() == name.casefold() or (words and words == split_words(title)):
            return name
    close = {name: wording_similarity(text, title) for name, title in titles.items()}
    best = max(close, key=lambda name: close[name], default="")
    return best if best and close[best] >= NEAR else ""


def _of(unit: Unit, drafted: Iterable[Drafted]) -> list[Drafted]:
    """Return the drafted statements of one kind."""
    return [one for one in drafted if one.unit == unit]


def _unlisted_domains(
    drafted: Sequence[Drafted], known: Mapping[Unit, Mapping[str, str]]
) -> Iterator[Drafted]:
    """Yield a domain for each that tasks name and neither drafts nor the outline list."""
    titles = dict(known.get("domain", {}))
    titles |= {one.statement: one.statement for one in _of("domain", drafted)}
    for one in _of("task", drafted):
        if one.domain and not find_domain(one.domain, titles):
            remark = "named with a task only"
            yield Drafted("domain", one.domain, one.by, one.place, remark=remark)


def _in_domain(one: Drafted, titles: Mapping[str, str]) -> Drafted:
    """Return a task with the identifier of the domain that its author named."""
    return replace(one, domain=find_domain(one.domain, titles)) if one.domain else one


def _named(drafted: Sequence[Drafted], used: set[str]) -> list[Proposed]:
    """Return each statement once, with all who wrote it, under the next free identifiers."""
    same: dict[tuple[str, ...], list[Drafted]] = {}
    for one in drafted:
        words = split_words(one.statement) or [one.statement]
        same.setdefault((one.kind, *words), []).append(one)
    return [_one(own, _next_name(own[0].unit, used, len(same))) for own in same.values()]


def _one(same: Sequence[Drafted], name: str) -> Proposed:
    """Return one statement for what several people wrote in the same words."""
    first = same[0]
    domains = list(dict.fromkeys(one.domain for one in same if one.domain))
    spellings = dict.fromkeys(one.statement for one in same[1:] if one.statement != first.statement)
    remarks = [f"{one.by}: {one.remark}" for one in same if one.remark]
    remarks += [f"also written “{text}”" for text in spellings]
    if len(domains) > 1:
        remarks.append(f"put in {', '.join(domains)}")
    return Proposed(
        name=name,
        unit=first.unit,
        statement=first.statement,
        by=tuple(dict.fromkeys(one.by for one in same)),
        kind=first.kind,
        domain=domains[0] if len(domains) == 1 else "",
        remarks=tuple(dict.fromkeys(remarks)),
    )


def _next_name(unit: Unit, used: set[str], n_new: int) -> str:
    """Return the identifier after the highest of its kind, and take it; gaps are not filled."""
    letter = LETTERS[unit]
    numbers = [int(own[1:]) for own in used if own[:1].upper() == letter and own[1:].isdecimal()]
    highest = max(numbers, default=0)
    wide = 1 if unit not in ("task", "KSA") else 2 if highest + n_new < 100 else 3
    name = f"{letter}{highest + 1:0{wide}d}"
    used.add(name.casefold())
    return name


def _with_likeness(
    proposed: Sequence[Proposed], known: Mapping[Unit, Mapping[str, str]], threshold: float
) -> Iterator[Proposed]:
    """Yield statements with those that resemble them, members of a group one after the other."""
    numbers = count(1)
    for unit in UNITS:
        own = {one.name: one for one in proposed if one.unit == unit}
        words = {**known.get(unit, {}), **{name: one.statement for name, one in own.items()}}
        group_of: dict[str, int] = {}
        reasons: dict[str, list[str]] = {}
        for group in near_duplicates(words, threshold=threshold):
            group_of |= dict.fromkeys(group.names, next(numbers))
            for pair in group.pairs:
                reasons.setdefault(pair.first, []).append(f"{pair.second}: {pair.reason}")
                reasons.setdefault(pair.second, []).append(f"{pair.first}: {pair.reason}")
        done: set[str] = set()
        for name in own:
            mates = [n for n in own if n in group_of and group_of[n] == group_of.get(name)]
            for mate in mates or [name]:
                if mate not in done:
                    done.add(mate)
                    likeness = tuple(reasons.get(mate, ()))
                    yield replace(own[mate], group=group_of.get(mate, 0), alike=likeness)
