"""What a panel is asked to judge: parts, statements, and how one version differs from another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, get_args

from rds.files import canonical_json, sha256
from rds.outline.outline import Outline
from rds.scales import Point, Scale

Part = Literal["sorting", "relevance", "levels", "links", "percents", "ratings"]
PARTS: tuple[Part, ...] = get_args(Part)
"""What a panel may be asked, in the order of the form; sorting first, before domains are seen."""

RELEVANCE_POINTS: Mapping[int, str] = {
    1: "not relevant",
    2: "somewhat relevant",
    3: "quite relevant",
    4: "highly relevant",
}
LINK_LEVELS: Mapping[int, str] = {0: "not needed", 1: "helpful", 2: "important", 3: "essential"}
NO_DOMAIN = "none"
"""What sorts a task into no domain."""

JUDGED_STATUS = ("active", "proposed")

Judged = tuple[str, str, str]
"""One judgement's place: part, statement, and the KSA of a link or the scale of a rating."""


@dataclass(frozen=True)
class Ask:
    """What one round of judgements asks.

    Parameters
    ----------
    parts
        The parts, in order.
    domains, tasks, ksas
        Words by identifier, of what the parts need.
    kinds
        Kind of each KSA.
    levels
        Cognitive levels, lowest first.
    scales
        The survey's own scales.
    """

    parts: tuple[Part, ...]
    domains: Mapping[str, str] = field(default_factory=dict)
    tasks: Mapping[str, str] = field(default_factory=dict)
    ksas: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    levels: tuple[str, ...] = ()
    scales: tuple[Scale, ...] = ()

    @property
    def version(self) -> str:
        """A fingerprint of what is asked; the order of statements makes no difference."""
        return sha256(canonical_json(self.as_dict()).encode())[:12]

    def statements(self, part: str) -> dict[str, str]:
        """Return the words of what a part asks about, by identifier.

        Links are asked task by task, the others statement by statement.
        """
        if part == "percents":
            return dict(self.domains)
        if part == "relevance":
            return {**self.tasks, **self.ksas}
        if part == "ratings":
            return {name: text for s in self.scales for name, text in self.rated_on(s).items()}
        return dict(self.tasks)

    def rated_on(self, scale: Scale) -> dict[str, str]:
        """Return the words of what is rated on a scale, by identifier."""
        groups = {"tasks": self.tasks, "KSAs": self.ksas, "domains": self.domains}
        return {
            name: text
            for kind in groups
            if kind in scale.applies_to
            for name, text in groups[kind].items()
        }

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {**asdict(self), "parts": list(self.parts), "levels": list(self.levels)}


def ask_from_dict(data: Mapping[str, Any]) -> Ask:
    """Return what `Ask.as_dict` gave as data."""
    scales = tuple(
        Scale(
            **{
                **own,
                "points": tuple(Point(**point) for point in own["points"]),
                "applies_to": tuple(own["applies_to"]),
            }
        )
        for own in data["scales"]
    )
    lists = {"parts": tuple(data["parts"]), "levels": tuple(data["levels"])}
    return Ask(**{**data, **lists, "scales": scales})


def ask_of(
    outline: Outline, scales: Sequence[Scale], levels: Sequence[str], parts: Collection[str] = ()
) -> Ask:
    """Return what a panel is asked about an outline.

    Parameters
    ----------
    outline
        Its active and its proposed statements are judged.
    scales
        The survey's scales.
    levels
        Cognitive levels, lowest first.
    parts
        What to ask; without it all that the outline has statements for.

    Examples
    --------
    >>> from rds.outline.outline import Domain, Task
    >>> outline = Outline((Domain("D1", "Support"),), (Task("T1", "D1", "Listen."),))
    >>> ask_of(outline, (), ("recall", "application")).parts
    ('relevance', 'levels')
    """
    tasks = {t.task_id: t.statement for t in outline.tasks if t.status in JUDGED_STATUS}
    own = [ksa for ksa in outline.ksas if ksa.status in JUDGED_STATUS]
    used = {task.domain_id for task in outline.tasks if task.task_id in tasks}
    domains = {d.domain_id: d.title for d in outline.domains if d.domain_id in used}
    whole = Ask(
        PARTS,
        domains,
        tasks,
        ksas={ksa.ksa_id: ksa.statement for ksa in own},
        kinds={ksa.ksa_id: str(ksa.kind) for ksa in own},
        levels=tuple(levels),
        scales=tuple(scales),
    )
    empty = empty_parts(whole)
    chosen = tuple(part for part in PARTS if (part in parts if parts else part not in empty))
    rated = {kind for scale in scales if "ratings" in chosen for kind in scale.applies_to}
    with_ksas = "KSAs" in rated or not {"relevance", "links"}.isdisjoint(chosen)
    with_tasks = "tasks" in rated or bool(set(chosen) - {"percents", "ratings"})
    with_domains = "domains" in rated or not {"percents", "sorting"}.isdisjoint(chosen)
    return replace(
        whole,
        parts=chosen,
        domains=domains if with_domains else {},
        tasks=tasks if with_tasks else {},
        ksas=whole.ksas if with_ksas else {},
        kinds=whole.kinds if with_ksas else {},
        levels=whole.levels if "levels" in chosen else (),
        scales=whole.scales if "ratings" in chosen else (),
    )


def empty_parts(ask: Ask) -> tuple[Part, ...]:
    """Return the parts that have nothing to ask about, or nothing to choose from.

    Examples
    --------
    >>> empty_parts(Ask(("relevance", "links"), tasks={"T1": "Listen."}))
    ('links',)
    """
    filled = {
        "sorting": bool(ask.tasks) and len(ask.domains) > 1,
        "relevance": bool(ask.tasks or ask.ksas),
        "levels": bool(ask.tasks) and len(ask.levels) > 1,
        "links": bool(ask.tasks and ask.ksas),
        "percents": len(ask.domains) > 1,
        "ratings": bool(ask.scales and ask.statements("ratings")),
    }
    return tuple(part for part in ask.parts if not filled[part])


def differences(old: Ask, new: Ask) -> tuple[str, ...]:
    """Return what differs between two versions of what is asked, one sentence each.

    Examples
    --------
    >>> old = Ask(("levels",), tasks={"T1": "Listen.", "T2": "Write."}, levels=("recall", "use"))
    >>> new = Ask(("levels",), tasks={"T1": "Listen well.", "T3": "Speak."}, levels=old.levels)
    >>> for sentence in differences(old, new):
    ...     print(sentence)
    T1 was reworded: “Listen.” became “Listen well.”
    T2 was removed: “Write.”
    T3 was added: “Speak.”
    """
    kinds = [(old.domains, new.domains), (old.tasks, new.tasks), (old.ksas, new.ksas)]
    sentences = [one for before, after in kinds for one in _changed_words(before, after)]
    for name in old.kinds.keys() & new.kinds.keys():
        if old.kinds[name] != new.kinds[name]:
            sentences.append(
                f"{name} was of the kind {old.kinds[name]}, and is now {new.kinds[name]}"
            )
    if old.levels != new.levels:
        sentences.append(f"the levels were {', '.join(old.levels)}: now {', '.join(new.levels)}")
    return (*sentences, *_changed_scales(old.scales, new.scales))


def still_holds(place: Judged, value: str, *, old: Ask, new: Ask) -> bool:
    """Tell whether a judgement still speaks about what the outline says now.

    It does not where a statement it is about, or the scale, was reworded or removed since, or the
    domain or level that was chosen is gone.

    Examples
    --------
    >>> old = Ask(("levels",), tasks={"T1": "Listen."}, levels=("recall", "use"))
    >>> new = Ask(("levels",), tasks={"T1": "Listen well."}, levels=("recall", "use"))
    >>> still_holds(("levels", "T1", ""), "use", old=old, new=new)
    False
    """
    part, name, aspect = place
    before, after = ({**ask.domains, **ask.tasks, **ask.ksas} for ask in (old, new))
    named = [name, aspect] if part == "links" else [name]
    if any(own not in after or before.get(own) != after[own] for own in named):
        return False
    if part == "ratings":
        scales = [{scale.name: scale for scale in ask.scales} for ask in (old, new)]
        return aspect in scales[1] and scales[0].get(aspect) == scales[1][aspect]
    if part == "sorting":
        return value == NO_DOMAIN or value in new.domains
    return part != "levels" or value in new.levels


def gaps(ask: Ask, judged: Collection[Judged], *, tasks: Collection[str]) -> dict[str, list[str]]:
    """Return what somebody left open, by part, in the order of the form.

    Parameters
    ----------
    ask
        What was asked.
    judged
        What was judged.
    tasks
        The tasks whose links were asked of this person.

    Examples
    --------
    >>> ask = Ask(("levels",), tasks={"T1": "Listen.", "T2": "Write."}, levels=("recall", "use"))
    >>> gaps(ask, {("levels", "T1", "")}, tasks=())
    {'levels': ['T2']}
    """
    done = {(part, name) for part, name, _ in judged}
    found: dict[str, list[str]] = {}
    for part in ask.parts:
        if part == "ratings":
            asked = [(name, s.name) for s in ask.scales for name in ask.rated_on(s)]
            missing = [f"{n} {s}" for n, s in asked if (part, n, s) not in judged]
        else:
            wanted = ask.statements(part)
            names = [n for n in wanted if n in tasks] if part == "links" else list(wanted)
            missing = [name for name in names if (part, name) not in done]
        if missing:
            found[part] = missing
    return found


def _changed_words(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    """Say which statements were reworded, removed, added."""
    for name in sorted(old.keys() & new.keys()):
        if old[name] != new[name]:
            yield f"{name} was reworded: “{old[name]}” became “{new[name]}”"
    for name in sorted(old.keys() - new.keys()):
        yield f"{name} was removed: “{old[name]}”"
    for name in sorted(new.keys() - old.keys()):
        yield f"{name} was added: “{new[name]}”"


def _changed_scales(old: Sequence[Scale], new: Sequence[Scale]) -> Iterator[str]:
    """Say which scales were changed, removed, added."""
    before, after = ({scale.name: scale for scale in scales} for scales in (old, new))
    for name in dict.fromkeys([*before, *after]):
        if name not in after or name not in before:
            yield f"the scale {name} was {'removed' if name in before else 'added'}"
        elif before[name] != after[name]:
            yield f"the scale {name} was changed"
