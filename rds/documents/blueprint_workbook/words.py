"""Sentences of the workbook that do not depend on its numbers."""

from __future__ import annotations

from collections.abc import Mapping

ROUNDING: Mapping[str, str] = {
    "hamilton": "Hamilton’s method (largest remainders): each gets the whole part of its exact "
    "share, and the items left over go one each to the largest remainders.",
    "webster": "Webster’s method: exact shares are divided by one common number and rounded at "
    "one half.",
    "huntington_hill": "Huntington-Hill’s method: exact shares are divided by one common number "
    "and rounded at the geometric mean of the neighbouring whole numbers.",
    "adams": "Adams’ method: exact shares are divided by one common number and rounded up.",
    "dean": "Dean’s method: exact shares are divided by one common number and rounded at the "
    "harmonic mean of the neighbouring whole numbers.",
    "dhondt": "D’Hondt’s method: exact shares are divided by one common number and rounded down.",
    "quota": "The quota method of Balinski and Young: items are given out one by one, and no one "
    "gets more than its exact share rounded up.",
}

CELL_ROUNDING: Mapping[str, str] = {
    "controlled": "Domains and levels keep their items exactly. Within these totals the cells are "
    "the whole numbers closest to their exact share (least sum of squared differences), rounded "
    "down or up wherever that is possible.",
    "biproportional": "Domains and levels keep their items exactly. Within these totals each cell "
    "is its share times a number of its domain and one of its level, rounded at one half.",
}

TIES = (
    "Where two have equal claims to an item, the larger weight or target comes first, then the "
    "identifier that comes first. Every tie that decided an item is listed."
)

DOMAIN_RULES: Mapping[str, str] = {
    "sum": "A domain’s weight is the sum of the weights of its tasks.",
    "mean": "A domain’s weight is in proportion to the mean combined rating of its tasks.",
    "blend": "A domain’s weight is in proportion to the mean combined rating of its tasks times a "
    "power of their number.",
    "direct": "A domain’s weight is what respondents gave it directly.",
}

TASK_WEIGHT = (
    "A task’s percent of the exam is its combined rating divided by the sum of the combined "
    "ratings of all tasks that are kept."
)

TASK_WEIGHT_WITHIN = (
    "The tasks of a domain share its weight in proportion to their combined ratings."
)

NOTE_KINDS: Mapping[str, str] = {
    "withheld": "not shown, because the answers are too few or too alike, or not computed",
    "assumed": "rests on an assumption",
    "simulated": "made by a computer, not given by people",
    "reconstructed": "made from published figures",
    "published": "known only from the means that a report prints",
    "impossible": "printed, but no whole answers can have it",
    "what if": "asked for, not decided",
    "dropped": "left out",
    "changed": "changed after answers arrived",
}

BASES: Mapping[str, str] = {
    "performers": "of those who perform the task",
    "all": "of everybody, not performed counting with its own point",
    "rated": "of everybody who rated the task",
}

NATURES: Mapping[str, str] = {
    "answers": "answers of people",
    "reconstructed": "reconstructed from published figures",
    "simulated": "simulated by a computer",
    "published": "means that a report prints",
}

WORDS: Mapping[str, str] = {
    "blueprint": "The test specifications: how many items each domain and cognitive level gets.",
    "domain": "A named part of the role.",
    "task": "What a practitioner does. Practitioners rated the tasks.",
    "item": "One exam question, and nothing else.",
    "cell": "The items of one domain at one cognitive level.",
    "weight": "A share of the exam; shown as percent of the exam.",
    "model": "How a task’s ratings on several scales become one number. The study declared it.",
    "exact items": "Weight times exam length, before rounding to whole items.",
    "rank": "1 for the task with the largest percent of the exam; equal ones share a rank.",
    "repeats": "Doing the survey again with other practitioners of the same kind: how far chance "
    "alone would move the numbers.",
    "panel, field": "The experts who wrote the outline; the practitioners who answered the survey.",
}

GLOSSARY: Mapping[str, str] = {
    **WORDS,
    "combined rating": "A task’s ratings on several scales, put together by the model named here.",
    "remainder": "What is left of the exact items after their whole part.",
    "percent performing": "Of those who answered, the percent who perform the task.",
    "n": "Number of ratings that a mean rests on.",
    "nominal weight": "How much a scale is meant to count in the combined rating.",
    "effective weight": "How much it really makes tasks differ, given how the ratings turned out.",
    "pretest item": "An item that is tried out and not scored.",
}

CLAIMS = (
    "This workbook describes how a study was done and what it found. It does not say that a "
    "programme is accredited or meets a standard: only an accrediting body can say that."
)

RESTRICTED = (
    "Restricted: for the committee and staff only. Item counts help to prepare for the exam; do "
    "not pass them on before the committee has decided what is published."
)


def title_case(text: str) -> str:
    """Return a text with a capital first letter.

    Examples
    --------
    >>> title_case("recall of facts")
    'Recall of facts'
    """
    return text[:1].upper() + text[1:]
