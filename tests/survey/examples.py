"""An instrument that has everything: two languages, every kind of question, nasty statements."""

from rds.survey.instrument import Instrument, Option, Page, Question, Row, Words

NASTY = {
    "T01": "Assess risk & report findings",
    "T02": "Plan 1-2 goals: short, long - and review [weekly] {together}",
    "T03": 'Ask "what matters to you?"; note ${answers}, <b> and [[tags]] | pipes, 50 % = half',
    "T04": "=Check the +/- balance of support @ home",
    "T05": "Écouter l’expérience – naïve façade · 日本語",
}
"""Statements that hold what platforms use as separators and tags."""

FREQUENCY = {0: "Never; I do not do this", 1: "Yearly", 2: "Monthly", 3: "Daily"}
IMPORTANCE = {1: "Not important", 2: "Somewhat important", 3: "Important", 4: "Very important"}


def words(english: str, german: str | None = None) -> Words:
    """Return a text in both languages."""
    return {"en": english, "de": german if german is not None else f"{english} (auf Deutsch)"}


def options(labels: dict[int, str], *, not_applicable: bool = False) -> tuple[Option, ...]:
    """Return answers by code, with “not applicable” at the end if wanted."""
    chosen = tuple(Option(code, words(label)) for code, label in labels.items())
    return (*chosen, Option(99, words("Not applicable"))) if not_applicable else chosen


def grid(
    code: str, scale: str, labels: dict[int, str], names: list[str], **more: object
) -> Question:
    """Return the grid in which statements are rated on a scale."""
    rows = tuple(Row(name, words(NASTY[name]), statement=name) for name in names)
    question = words(f"{scale.capitalize()}: how would you rate each task?")
    return Question(
        code,
        "grid",
        question,
        "rating",
        subject=scale,
        options=options(labels, not_applicable=True),
        rows=(*rows, *more.get("extra", ())),
    )


def instrument() -> Instrument:
    """Return the instrument."""
    attention = Row(
        "check1", words("Please choose “Monthly” here"), purpose="attention check", expected=2
    )
    again = Row("again1", words(NASTY["T01"]), statement="T01", purpose="repeat")
    domains = (
        Row("D1", words("Supporting people"), statement="D1"),
        Row("D2", words("Working with others"), statement="D2"),
    )
    return Instrument(
        study_id="example-2026",
        version=1,
        form="",
        languages=("en", "de"),
        title=words("Survey of peer support practice", "Umfrage zur Peer-Arbeit"),
        pages=(
            Page(
                "welcome",
                words("Welcome"),
                (
                    Question(
                        "intro",
                        "information",
                        words("Thank you.\nThis takes 10 minutes."),
                        "information",
                    ),
                    Question(
                        "consent",
                        "choice",
                        words("Do you agree to take part?"),
                        "consent",
                        options=options({1: "Yes", 2: "No"}),
                        required=True,
                        eligible=(1,),
                    ),
                ),
            ),
            Page(
                "about",
                words("About you"),
                (
                    Question(
                        "Q1",
                        "choice",
                        words("Where do you work?"),
                        "demographic",
                        subject="Q1",
                        options=options({1: "Community", 2: "Hospital; ward", 3: "Other"}),
                    ),
                    Question(
                        "Q2",
                        "several",
                        words("Which trainings did you finish?"),
                        "demographic",
                        subject="Q2",
                        options=options({1: "Basic, 40 hours", 2: "Advanced", 3: "None"}),
                    ),
                    Question(
                        "Q3", "number", words("Years in practice"), "demographic", subject="Q3"
                    ),
                    Question("Q4", "text", words("Job title"), "demographic", subject="Q4"),
                ),
            ),
            Page(
                "D1",
                words("Supporting people"),
                (
                    grid(
                        "D1frequency",
                        "frequency",
                        FREQUENCY,
                        ["T01", "T02", "T03"],
                        extra=(attention,),
                    ),
                    grid("D1importance", "importance", IMPORTANCE, ["T01", "T02", "T03"]),
                ),
            ),
            Page(
                "D2",
                words("Working with others"),
                (
                    grid("D2frequency", "frequency", FREQUENCY, ["T04", "T05"]),
                    grid("D2importance", "importance", IMPORTANCE, ["T04", "T05"], extra=(again,)),
                ),
            ),
            Page(
                "closing",
                words("At the end"),
                (
                    Question(
                        "domainshare",
                        "allocation",
                        words("Share 100 points between the domains."),
                        "rating",
                        subject="share",
                        rows=domains,
                    ),
                    Question(
                        "coverage",
                        "choice",
                        words("How well do these tasks cover your work?"),
                        "coverage",
                        options=options({1: "Poorly", 2: "Partly", 3: "Well"}),
                    ),
                    Question("missing", "text", words("Which tasks are missing?"), "write in"),
                ),
            ),
        ),
        end=words("Thank you for your answers."),
    )
