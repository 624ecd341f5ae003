"""Rules for good statements, one at a time: what a task or a KSA should look like, in English.

A rule is a pure function of a statement's words that returns what it found and what to do, or
nothing. Rules advise; a panel may have its reasons, and waives a finding with one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from rds.outline.outline import KSAKind
from rds.outline.reading_level import reading_grade
from rds.outline.verbs import in_list, verb_form
from rds.outline.word_lists import word_lists, words_of
from rds.outline.words import split_words, word_stem

LONGEST = 30
"""Words from which a statement is long."""

LONGEST_LABEL = 250
"""Characters that a variable label holds in SPSS (256 bytes, some of them for the scale)."""

HARDEST = 24.0
"""School grade from which a single statement is called hard; far beyond college on purpose."""

_LETTING = ("help", "assist", "encourag", "teach", "let", "mak", "hav")
_LONGEST_TITLE = 3
_FEWEST_FOR_GRADE = 15
_OUTSIDE_MAIN = re.compile(
    r"\b(?:so that|so as to|in order|such as|including|e\.g\.|i\.e\.|that|who|whom|whose|which|"
    r"when|whenever|where|while|if|by|using|how|whether|through|after|before|for|with|to)\b"
    r"|[(–—:;]",
    re.IGNORECASE,
)
_WITH_PARTICIPLE = re.compile(r"(?:^|\s)\w{3,}ing\s")
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z])")
_JOINED = re.compile(r",?\s+(?:and|or|&|as well as)\s+|,\s+|\s*/\s*", re.IGNORECASE)
_DETERMINER = frozenset(
    (
        "a",
        "an",
        "the",
        "this",
        "these",
        "that",
        "those",
        "their",
        "his",
        "her",
        "its",
        "our",
        "your",
    )
)
_ROMAN = re.compile("[IVX]+")
_ABBREVIATION = re.compile(r"(?<![\w.&])[A-Z][A-Z0-9&]*[A-Z0-9][A-Z0-9&]*s?(?![\w])")

WHY: Mapping[str, str] = {
    "verb": "a task says what a practitioner does, so it begins with the verb",
    "observable": "what nobody can see or hear cannot be rated for how often it is done",
    "object": "without an object nobody knows what is done to what",
    "one-idea": "who does one part and not the other cannot answer",
    "and-or": "“and/or” lets each respondent rate another task",
    "ksa-form": "the opening words tell respondents whether they rate knowledge, skill or ability",
    "length": "long statements are misread, and survey platforms cut them off",
    "reading": "respondents give up on what is hard to read",
    "abbreviation": "not every respondent knows it",
    "jargon": "plain words mean the same to everybody",
    "parallel": "statements in one form read faster and are rated alike",
    "ksa-without-task": "what no task needs has no place in an exam on the role",
    "task-without-ksa": "items on a task rest on the knowledge and skills it needs",
    "domain-without-tasks": "a domain without tasks gets no weight and no items",
    "few-tasks": "the weight of a domain with one task rests on one rating",
    "near-duplicate": "the same work asked twice counts twice",
    "survey-length": "respondents leave long surveys, and tire of them",
}
"""Why each rule is there, by its name."""


@dataclass(frozen=True)
class Finding:
    """What a rule found in a statement.

    Parameters
    ----------
    subject
        Identifier of a task, KSA or domain; ``"KSAs"`` or ``"survey"`` for a whole.
    rule
        Name of the rule, a key of `WHY`.
    found
        What stands there.
    suggestion
        What to do about it.
    """

    subject: str
    rule: str
    found: str
    suggestion: str

    @property
    def why(self) -> str:
        """Why the rule is there."""
        return WHY[self.rule]


Said = tuple[str, str] | None
"""What a rule says of a text: what it found and what to do; None when all is well."""


def task_findings(name: str, statement: str) -> Iterator[Finding]:
    """Yield what the rules for tasks find in one.

    Examples
    --------
    >>> [one.rule for one in task_findings("T1", "Understand the rights of clients.")]
    ['observable']
    >>> [one.rule for one in task_findings("T1", "Lead peer groups so that people can learn.")]
    []
    """
    yield from _applied(name, statement, _TASK_RULES)


def ksa_findings(name: str, kind: KSAKind, statement: str) -> Iterator[Finding]:
    """Yield what the rules for KSAs find in one, but for its form.

    Examples
    --------
    >>> [one.rule for one in ksa_findings("K1", "skill", "Skill in using tools")]
    []
    >>> [one.rule for one in ksa_findings("K1", "skill", "Ability to use pens and/or pencils")]
    ['ksa-form', 'and-or']
    """
    other = _other_kind(kind, statement)
    if other:
        yield Finding(name, "ksa-form", f"the form of {other} on {_a(kind)}", _form_wanted(kind))
    form = word_lists()["ksa_form"].get(kind, "")
    if has_form(kind, statement) and not re.sub(form, "", statement, flags=re.I).strip(" .…"):
        yield Finding(name, "object", f"“{statement.strip()}” alone", "say of what, or in what")
    yield from _applied(name, statement, _KSA_RULES)


def has_form(kind: KSAKind, statement: str) -> bool:
    """Tell whether a KSA begins as its kind does; any attitude does.

    Examples
    --------
    >>> has_form("knowledge", "Knowledge of ethics"), has_form("skill", "Listening")
    (True, False)
    """
    forms = word_lists()["ksa_form"]
    return kind not in forms or bool(re.match(rf"(?:{forms[kind]})\b", statement.strip(), re.I))


def formless(name: str, kind: KSAKind, statement: str) -> Finding:
    """Return the finding that a KSA does not begin as its kind does."""
    return Finding(name, "ksa-form", f"“{_start(statement)}”", _form_wanted(kind))


def begins_with_verb(statement: str) -> Said:
    """Ask that a task begins with a verb.

    Only what is surely no verb is reported: function words, nouns and adjectives by their endings
    or from a short list. A verb that the lists do not know passes.
    """
    words = split_words(statement)
    first = _first_word(words)
    if not first or verb_form(first) or _is_vague(statement):
        return None
    if first in words_of("function") | words_of("negating") | words_of("no_task_start"):
        return _start_wanted(statement)
    is_title = 1 < len(words) <= _LONGEST_TITLE and _is_noun(words[-1])
    return _start_wanted(statement) if _is_noun(first) or is_title else None


def is_observable(statement: str) -> Said:
    """Ask for a verb that somebody else could watch."""
    if not _is_vague(statement):
        return None
    return f"“{_start(statement)}”", (
        "say what a practitioner does with it, such as explain, apply or identify, or make it a KSA"
    )


def has_object(statement: str) -> Said:
    """Ask for something that the verb is done to."""
    words = [word for word in split_words(statement) if word not in words_of("function")]
    objects = [word for word in words[1:] if not word.endswith("ly")]
    if objects or not words:
        return None
    return f"“{statement.strip()}” alone", "say to what or to whom, and for what purpose"


def holds_one_idea(statement: str) -> Said:
    """Ask for one action: no second verb in the main clause, and no second sentence."""
    text = statement.strip()
    if _SENTENCE_END.search(text):
        return "more than one sentence", "make each a statement of its own, or drop one"
    first, *others = _main_parts(text)
    begins = _first_word(split_words(first))
    form = verb_form(begins)
    is_bare = _is_bare(first)
    if not form or (word_stem(begins) in _LETTING and not is_bare):
        return None
    for part in others:
        words = [word for word in split_words(part) if not word.endswith("ly")]
        if words and verb_form(words[0]) == form and _acts(words, after_verb=is_bare):
            return (
                f"“{begins}” and “{words[0]}”",
                "split it, or keep the verb that includes the other",
            )
    return None


def has_no_and_or(statement: str) -> Said:
    """Ask for a choice between “and” and “or”."""
    if not re.search(r"\band\s*/\s*or\b", statement, re.IGNORECASE):
        return None
    return "“and/or”", "write “and” or “or”, or split the statement"


def is_short(statement: str) -> Said:
    """Ask for at most `LONGEST` words and `LONGEST_LABEL` characters."""
    count = len(statement.split())
    if count > LONGEST:
        return f"{count} words", f"cut it to at most {LONGEST}; examples can go to the note"
    if len(statement) > LONGEST_LABEL:
        return f"{len(statement)} characters", f"cut it to at most {LONGEST_LABEL}"
    return None


def is_readable(statement: str) -> Said:
    """Report a statement only when it is extremely hard to read."""
    grade = reading_grade([statement])
    if grade is None or grade <= HARDEST or len(statement.split()) < _FEWEST_FOR_GRADE:
        return None
    return f"a reading level of grade {grade:.0f}", "use shorter words, or split it"


def jargon_in(statement: str, own: Mapping[str, str] | None = None) -> Said:
    """Report office language, and the words that the study itself avoids.

    Parameters
    ----------
    own
        Words or phrases to avoid, with what to write instead; empty when nothing is known.
    """
    listed = {**word_lists()["jargon"], **(own or {})}
    for phrase, plain in listed.items():
        ending = r"(?:s|d|ing)?" if " " not in phrase else ""
        stem = re.escape(phrase.removesuffix("e")) + "e?" if ending else re.escape(phrase)
        found = re.search(rf"(?<!\w){stem}{ending}(?!\w)", statement, re.IGNORECASE)
        if found:
            return f"“{found[0]}”", f"write {plain}" if plain else "write it in plain words"
    return None


def abbreviations_in(statement: str) -> list[str]:
    """Return the abbreviations of a text that are not generally known; none of one in capitals.

    Examples
    --------
    >>> abbreviations_in("Write a WRAP for people with HIV.")
    ['WRAP']
    """
    if not any(letter.islower() for letter in statement):
        return []
    known = word_lists()["abbreviations"]["known"].split()
    found = (match[0].removesuffix("s") for match in _ABBREVIATION.finditer(statement))
    return list(
        dict.fromkeys(name for name in found if name not in known and not _ROMAN.fullmatch(name))
    )


_TASK_RULES: Mapping[str, Callable[[str], Said]] = {
    "verb": begins_with_verb,
    "observable": is_observable,
    "object": has_object,
    "one-idea": holds_one_idea,
    "and-or": has_no_and_or,
    "length": is_short,
    "reading": is_readable,
}
_KSA_RULES = {name: _TASK_RULES[name] for name in ("and-or", "length", "reading")}


def _applied(
    name: str, statement: str, rules: Mapping[str, Callable[[str], Said]]
) -> Iterator[Finding]:
    """Yield what each rule finds."""
    for rule, look in rules.items():
        said = look(statement)
        if said:
            yield Finding(name, rule, *said)


def _is_noun(word: str) -> bool:
    """Tell whether a word ends as nouns and adjectives do."""
    endings = word_lists()["endings"]
    ends_so = len(word) > 5 and word.endswith(tuple(endings["not_a_verb"]))
    return ends_so and word not in endings["exception"].split()


def _first_word(words: list[str]) -> str:
    """Return the first word that is no adverb; empty when there is none."""
    first = next(iter(words), "")
    if len(words) < 2 or not first.endswith("ly") or verb_form(first):
        return first
    return _first_word(words[2:] if words[1] in ("and", "or") else words[1:])


def _is_vague(statement: str) -> bool:
    """Tell whether a task begins with what nobody can watch."""
    words = split_words(statement)
    plain = " ".join(words)
    if any(re.match(rf"{phrase}\b", plain) for phrase in word_lists()["words"]["vague_phrase"]):
        return True
    return bool(words) and in_list(words[0], "vague")


def _main_parts(text: str) -> list[str]:
    """Return the parts of the main clause, as joined by “and”, “or” and commas."""
    begun = text.find(" ") + 1
    main = _OUTSIDE_MAIN.split(text[begun:], maxsplit=1)[0]
    if verb_form(_first_word(split_words(text))) != "ing":
        main = _WITH_PARTICIPLE.split(main, maxsplit=1)[0]
    return _JOINED.split((text[:begun] + main).rstrip(" ."))


def _is_bare(part: str) -> bool:
    """Tell whether a part is nothing but a verb, so that the next word shares its object."""
    return len([word for word in split_words(part) if not word.endswith("ly")]) == 1


def _acts(words: list[str], *, after_verb: bool) -> bool:
    """Tell whether the first of some words is a verb here and no noun."""
    if after_verb or not in_list(words[0], "noun_too"):
        return True
    return len(words) > 1 and words[1] in _DETERMINER


def _start_wanted(statement: str) -> tuple[str, str]:
    """Return that a task should begin with a verb."""
    return f"“{_start(statement)}”", "begin with what is done, as in “Assess …” or “Teach …”"


def _other_kind(kind: KSAKind, statement: str) -> str:
    """Return the kind whose form a KSA has, if it is another one than its own."""
    if kind == "attitude" or has_form(kind, statement):
        return ""
    kinds: tuple[KSAKind, ...] = ("knowledge", "skill", "ability")
    return next((other for other in kinds if other != kind and has_form(other, statement)), "")


def _form_wanted(kind: KSAKind) -> str:
    """Return how a KSA of a kind begins."""
    forms = {"knowledge": "Knowledge of …", "skill": "Skill in …", "ability": "Ability to …"}
    return f"begin with “{forms[kind]}”, or change its kind"


def _a(kind: str) -> str:
    """Return a kind with its article."""
    return f"an {kind}" if kind[0] in "aeiou" else kind if kind == "knowledge" else f"a {kind}"


def _start(statement: str, *, n_words: int = 4) -> str:
    """Return the first words of a statement."""
    words = statement.split()
    return " ".join(words[:n_words]) + (" …" if len(words) > n_words else "")
