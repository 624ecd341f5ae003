"""The sheets of study.xlsx and their columns: the one definition that readers and writers share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text", "identifier", "identifiers", "names", "whole", "percent", "date", "yes/no", "any"
]


@dataclass(frozen=True)
class Column:
    """One column: its header, what a cell holds, and what people are told about it.

    `required` cells may not be empty; `needed` columns may not be absent, though their cells may be
    empty. `choices` close the list of values; `refers_to` names the sheets whose identifiers are
    allowed; `example` stands in the template's example row.
    """

    name: str
    meaning: str
    kind: Kind = "text"
    required: bool = False
    needed: bool = False
    choices: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    example: str = ""
    width: int = 16


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, what it is for, and its columns; the first column is its key."""

    name: str
    purpose: str
    columns: tuple[Column, ...]
    required: bool = False

    def column(self, name: str) -> Column | None:
        """Return the column of that name."""
        return next((column for column in self.columns if column.name == name), None)


EXAMPLE_MARK = "e.g."
"""A row whose first cell begins with this is an example, and is not read."""

READ_ME = "Read me"
"""The sheet of guidance that comes first; nothing is read from it."""

_STATUS = ("proposed", "active", "dropped", "outside the role")
_YES_NO = ("yes", "no")


def _own_identifier(name: str, example: str) -> Column:
    """Return the column of a sheet's own identifiers."""
    meaning = "A letter, then letters and digits."
    return Column(name, meaning, kind="identifier", required=True, example=example)


def _reference(name: str, meaning: str, sheets: tuple[str, ...], example: str) -> Column:
    """Return a column of identifiers of other sheets."""
    return Column(
        name, meaning, kind="identifier", required=True, refers_to=sheets, example=example
    )


def _statement(example: str) -> Column:
    """Return the column of statements."""
    return Column(
        "statement",
        "The statement, as respondents read it.",
        required=True,
        example=example,
        width=70,
    )


_STATUS_COLUMN = Column(
    "status",
    "Only active statements go into the survey and the weights; empty means active.",
    choices=_STATUS,
    example="active",
)
_SOURCE = Column(
    "source",
    "Where the statement comes from: a key of the Sources sheet or words.",
    example="S1",
    width=40,
)
_ACCEPTED = Column("accepted_by", "The role that accepted the statement.", example="panel")
_NOTE = Column("note", "Anything worth keeping.", width=30)
_CREDENTIAL = Column("credential", "The credential it concerns; empty means all of them.", width=20)

SETTINGS = Sheet(
    "Settings",
    "What staff decide before the first answer counts. An empty value takes the default.",
    (
        Column("setting", "Name of the setting; do not change it.", required=True, width=38),
        Column("value", "Your value.", kind="any", needed=True, width=40),
        Column("default", "What holds while the value is empty.", kind="any", width=40),
        Column("meaning", "What the setting does.", width=80),
    ),
)
SCALES = Sheet(
    "Scales",
    "The rating scales of the survey, one row for each point.",
    (
        Column("scale", "Short name of the scale.", required=True, example="importance"),
        Column(
            "question",
            "What respondents are asked.",
            width=50,
            example="How important is doing this task well?",
        ),
        Column(
            "role",
            "What the scale measures.",
            choices=("importance", "frequency", "criticality", "other"),
            example="importance",
        ),
        Column(
            "applies_to",
            "What is rated on it: tasks, KSAs, domains.",
            kind="names",
            choices=("tasks", "KSAs", "domains"),
            example="tasks",
        ),
        Column(
            "kind",
            "Kind of scale.",
            choices=("ordinal", "yes/no", "allocation of 100"),
            example="ordinal",
        ),
        Column(
            "point",
            "The whole number that is stored; empty for an allocation of 100.",
            kind="whole",
            needed=True,
            example="4",
        ),
        Column(
            "label", "The words respondents see.", needed=True, example="Very important", width=32
        ),
        Column(
            "meaning",
            "What choosing this point says; empty means rated.",
            choices=("rated", "not performed", "not applicable", "unable to rate"),
            example="rated",
            width=18,
        ),
        Column(
            "use",
            "What the scale is for.",
            choices=("weights", "describe", "filter"),
            example="weights",
        ),
    ),
)
POPULATION = Sheet(
    "Population",
    "Known shares of the population of practitioners, to compare respondents with.",
    (
        _reference("variable", "A question of the Demographics sheet.", ("Demographics",), "Q1"),
        Column("category", "One of its answers.", required=True, example="Community", width=30),
        Column(
            "percent", "Its share of the population.", kind="percent", required=True, example="62 %"
        ),
    ),
)
DOMAINS = Sheet(
    "Domains",
    "The named parts of the role.",
    (
        _own_identifier("domain_id", "D1"),
        Column(
            "parent_id",
            "The domain it belongs to, for subdomains.",
            kind="identifier",
            refers_to=("Domains",),
        ),
        Column("title", "Its name.", required=True, example="Providing peer support", width=40),
        Column("description", "What belongs to it.", width=60),
        Column(
            "panel_percent",
            "The panel's own percentage of the exam.",
            kind="percent",
            example="40 %",
        ),
        Column("fixed_percent", "A percentage fixed by policy.", kind="percent"),
        Column("minimum_items", "Fewest exam items.", kind="whole", example="10"),
        Column("maximum_items", "Most exam items.", kind="whole"),
    ),
    required=True,
)
TASKS = Sheet(
    "Tasks",
    "What practitioners do: verb, object, purpose.",
    (
        _own_identifier("task_id", "T01"),
        _reference("domain_id", "The domain it belongs to.", ("Domains",), "D1"),
        _statement("Help people set goals of their own so that they direct their recovery."),
        _STATUS_COLUMN,
        Column(
            "assessed_by",
            "Where it is assessed: exam, training, supervision.",
            kind="names",
            choices=("exam", "training", "supervision", "not assessed"),
            example="exam",
        ),
        Column("cognitive_level", "The level an item on it asks for.", example="application"),
        _SOURCE,
        _ACCEPTED,
        _NOTE,
        Column(
            "parts",
            "The parts of the exam that may examine it; empty means all.",
            kind="names",
        ),
        Column(
            "credentials", "The credentials it belongs to; empty means all.", kind="names", width=20
        ),
    ),
    required=True,
)
KSAS = Sheet(
    "KSAs",
    "Knowledge, skills, abilities (and attitudes) that tasks need.",
    (
        _own_identifier("ksa_id", "K01"),
        Column(
            "kind",
            "What it is.",
            required=True,
            choices=("knowledge", "skill", "ability", "attitude"),
            example="knowledge",
        ),
        _statement("Knowledge of the rights of people who use services."),
        _STATUS_COLUMN,
        _SOURCE,
        _ACCEPTED,
        _NOTE,
    ),
)
LINKAGE = Sheet(
    "Linkage",
    "Which KSAs each task needs: one row a link, or a grid with the KSAs across.",
    (
        _reference("task_id", "The task.", ("Tasks",), "T01"),
        _reference("ksa_id", "The KSA it needs.", ("KSAs",), "K01"),
        Column(
            "level",
            "How much: 1 helpful, 2 important, 3 essential.",
            kind="whole",
            required=True,
            choices=("1", "2", "3"),
            example="3",
        ),
    ),
)
PARTS = Sheet(
    "Parts",
    "Parts of the exam, such as written and oral, if it has several.",
    (
        Column("part", "Name of the part.", required=True, example="written"),
        Column(
            "percent",
            "Its share of the exam. Give this, or units, for every part; both, where a unit of one "
            "part is to count more than one of another.",
            kind="percent",
            example="80 %",
        ),
        Column("units", "How many items, stations … a form has of it.", kind="whole"),
        Column(
            "unit",
            "What it is counted in; empty means items.",
            choices=("items", "stations", "cases", "points", "minutes"),
            example="items",
        ),
        Column(
            "domain_ids",
            "The domains it may examine; empty means all.",
            kind="identifiers",
            refers_to=("Domains",),
            width=24,
        ),
        Column(
            "cognitive_levels",
            "The cognitive levels it may examine; empty means all.",
            kind="names",
            example="recall, application",
            width=30,
        ),
        _CREDENTIAL,
    ),
)
CELLS = Sheet(
    "Cells",
    "Fewest and most items of a cell, of a cognitive level, or of a part, if they are to be bound.",
    (
        Column(
            "domain_id",
            "The domain; empty in a row about a level or a part as a whole.",
            kind="identifier",
            refers_to=("Domains",),
            example="D1",
        ),
        Column("cognitive_level", "The cognitive level.", example="analysis", width=20),
        Column("part", "The part, if the exam has several."),
        Column("minimum_items", "Fewest items.", kind="whole", example="2"),
        Column(
            "maximum_items", "Most items; 0 keeps the cell empty, whatever the set.", kind="whole"
        ),
        _CREDENTIAL,
    ),
)
CREDENTIALS = Sheet(
    "Credentials",
    "The credentials, if one survey serves several; what is empty is as in the sheet Settings.",
    (
        Column("credential", "Its name.", required=True, example="Entry level", width=30),
        Column(
            "respondents",
            "Groups of respondents whose ratings set its weights.",
            kind="names",
            example="practitioners",
            width=30,
        ),
        Column("items", "Scored items on a form.", kind="whole", example="80"),
        Column("pretest_items", "Unscored items on a form.", kind="whole"),
        Column(
            "cognitive_levels",
            "Percent of items at each cognitive level.",
            example="recall 40, application 40, analysis 20",
            width=50,
        ),
    ),
)
PANEL = Sheet(
    "Panel",
    "The experts, by number; names are kept in names.csv beside this file.",
    (
        Column("sme_id", "SME01, SME02, …", kind="identifier", required=True, example="SME01"),
        Column("nominated", "Date of nomination.", kind="date"),
        Column("served", "Took part.", kind="yes/no", choices=_YES_NO),
        Column("credentials", "Credentials held."),
        Column("years_in_practice", "Years in practice.", kind="whole"),
        Column("setting", "Where they work."),
        Column("region", "Region."),
        Column("employer_type", "Kind of employer."),
        Column("lived_experience", "Has lived experience.", kind="yes/no", choices=_YES_NO),
        Column("nda_signed", "Date the non-disclosure statement was signed.", kind="date"),
        Column("conflict_declared", "Date conflicts of interest were declared.", kind="date"),
    ),
)
REQUIREMENTS = Sheet(
    "Requirements",
    "What candidates must bring, tied to tasks.",
    (
        _own_identifier("requirement_id", "R1"),
        Column(
            "kind",
            "Kind of requirement.",
            required=True,
            example="training",
            choices=(
                "education",
                "training",
                "experience",
                "supervision",
                "ethics",
                "continuing education",
            ),
        ),
        _statement("Complete an approved training course."),
        Column(
            "task_ids",
            "The tasks it prepares for or protects.",
            kind="identifiers",
            refers_to=("Tasks",),
            example="T01, T02",
            width=24,
        ),
    ),
)
DEMOGRAPHICS = Sheet(
    "Demographics",
    "Questions about the respondents.",
    (
        _own_identifier("question_id", "Q1"),
        Column(
            "question",
            "The question.",
            required=True,
            width=50,
            example="Where do you work most of the time?",
        ),
        Column(
            "kind",
            "Kind of answer.",
            choices=("choice", "several", "number", "text"),
            example="choice",
        ),
        Column(
            "options",
            "The answers, separated by semicolons.",
            width=40,
            example="Community; Hospital; Other",
        ),
        Column("describe", "Report it.", kind="yes/no", choices=_YES_NO, example="yes"),
        Column("compare", "Compare groups by it.", kind="yes/no", choices=_YES_NO, example="yes"),
        Column("represent", "Compare it with the population.", kind="yes/no", choices=_YES_NO),
        Column("weight", "Weight respondents by it.", kind="yes/no", choices=_YES_NO),
        Column("eligible_if", "Answer that makes a respondent eligible."),
        Column("counts_in_weights_if", "Answer that lets ratings count in the weights."),
    ),
)
SOURCES = Sheet(
    "Sources",
    "Where statements come from.",
    (
        _own_identifier("source_id", "S1"),
        Column(
            "kind",
            "Literature, job description, code of ethics, interview …",
            example="literature",
            width=24,
        ),
        Column("citation", "The source.", required=True, width=80, example="Author (year). Title."),
    ),
)
THEMES = Sheet(
    "Themes",
    "What focus groups, interviews and documents said.",
    (
        _reference("source_id", "Key of the Sources sheet.", ("Sources",), "S1"),
        Column("topic", "Topic.", example="supervision"),
        Column("theme", "Theme.", example="a supervisor who knows the role"),
        Column("example", "An example in our own words.", width=50),
        Column("coder_a", "First coder's code."),
        Column("coder_b", "Second coder's code."),
        Column(
            "statement_ids",
            "Statements it led to.",
            kind="identifiers",
            refers_to=("Tasks", "KSAs"),
            example="T01, K01",
        ),
    ),
)
MEETINGS = Sheet(
    "Meetings",
    "Meetings and what they decided.",
    (
        Column("date", "Date.", kind="date", required=True, example="2026-03-14"),
        Column("kind", "Kind of meeting.", example="panel"),
        Column("attendance", "Who attended, by number.", width=30, example="SME01, SME02"),
        Column("decisions", "What was decided.", width=60),
    ),
)
FIELDING = Sheet(
    "Fielding",
    "What happened while the survey was open.",
    (
        Column("date", "Date.", kind="date", required=True, example="2026-05-04"),
        Column(
            "event",
            "What happened.",
            required=True,
            example="invitation",
            choices=("invitation", "reminder", "closed"),
        ),
        Column("sent", "Messages sent.", kind="whole", example="1200"),
        Column("bounced", "Messages returned.", kind="whole", example="14"),
        Column("group", "Group they went to, if groups are told apart."),
        Column("wave", "Wave of the survey, if there are several."),
    ),
)
SCHEDULE = Sheet(
    "Schedule",
    "What is planned, what is done, by whom.",
    (
        Column("planned", "Planned date.", kind="date", required=True, example="2026-04-01"),
        Column("done", "Date done.", kind="date"),
        Column("who", "Role responsible.", example="staff"),
        Column("what", "What.", width=50, example="Survey opens"),
    ),
)
NARRATIVE = Sheet(
    "Narrative",
    "The places in the report that only people can write.",
    (
        Column("section", "Section of the report.", required=True, example="Purpose", width=24),
        Column("prompt", "What to write.", width=50, example="Why this study was done."),
        Column("text", "Your text.", width=80, example="The board asked for …"),
    ),
)
TRANSLATIONS = Sheet(
    "Translations",
    "The survey in other languages.",
    (
        Column(
            "statement_id",
            "What is translated: the identifier of a task, KSA, domain or question; a scale, or a "
            "scale and a point; “Q1 options”; a section of the Narrative such as “survey consent”.",
            required=True,
            example="T01",
            width=24,
        ),
        Column("language", "Language code.", required=True, example="es"),
        Column(
            "text",
            "Its words in that language.",
            required=True,
            example="Ayudar a las personas a fijar sus propias metas.",
            width=80,
        ),
    ),
)

SHEETS: tuple[Sheet, ...] = (
    SETTINGS,
    SCALES,
    POPULATION,
    DOMAINS,
    TASKS,
    KSAS,
    LINKAGE,
    PARTS,
    CELLS,
    CREDENTIALS,
    PANEL,
    REQUIREMENTS,
    DEMOGRAPHICS,
    SOURCES,
    THEMES,
    MEETINGS,
    FIELDING,
    SCHEDULE,
    NARRATIVE,
    TRANSLATIONS,
)
