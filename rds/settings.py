"""The settings of a study: one validated model, and the list of its settings for people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from rds.columns import Column, Kind
from rds.errors import nearest
from rds.values import read_date, read_number, read_percent, read_text, read_whole

FORMAT_VERSION = 1
"""The format of study folders that this version writes, and the newest that it reads."""


PROPOSED_SETTINGS: Mapping[str, object] = {"weights.model": "kane"}
"""What a new study starts with where nothing may hold by default: the study has to say why."""


def _text(value: object) -> str:
    """Read a text; a list or table is none."""
    if isinstance(value, (list, tuple, dict)):
        raise ValueError("one text, not a list")
    return read_text(value)


def _names(value: object) -> tuple[str, ...]:
    """Read a list, or what is typed in one cell with commas or semicolons between names."""
    parts = value if isinstance(value, (list, tuple)) else re.split("[,;\n]", _text(value))
    return tuple(text for part in parts if (text := _text(part)))


def _lines(value: object) -> tuple[str, ...]:
    """Read a list, or what is typed in one cell with semicolons or line breaks between texts."""
    parts = value if isinstance(value, (list, tuple)) else re.split("[;\n]", _text(value))
    return tuple(text for part in parts if (text := _text(part)))


def _cut(value: object) -> str:
    """Read a cut: “midpoint”, or a point on the scale."""
    text = _text(value).casefold()
    try:
        return text if text == "midpoint" else f"{read_number(value):g}"
    except ValueError:
        raise ValueError("midpoint, or a point on the scale such as 2.5") from None


def _percents(value: object) -> tuple[float, ...]:
    """Read a list of percentages, or what is typed in one cell between commas or semicolons."""
    parts = value if isinstance(value, (list, tuple)) else re.split("[,;\n]", _text(value))
    return tuple(read_percent(part) for part in parts if _text(part))


Text = Annotated[str, BeforeValidator(_text)]
Whole = Annotated[int, BeforeValidator(read_whole)]
Number = Annotated[float, BeforeValidator(read_number)]
Percent = Annotated[float, BeforeValidator(read_percent)]
Day = Annotated[date, BeforeValidator(read_date)]
Names = Annotated[tuple[str, ...], BeforeValidator(_names)]
Lines = Annotated[tuple[str, ...], BeforeValidator(_lines)]
Percents = Annotated[tuple[float, ...], BeforeValidator(_percents)]
Cut = Annotated[str, BeforeValidator(_cut)]

_KINDS: Mapping[object, Kind] = {
    Whole: "whole",
    Percent: "percent",
    dict[str, Percent]: "percent",
    Day: "date",
    Names: "names",
    Lines: "text",
    Percents: "names",
    Number: "any",
}


class _Section(BaseModel):
    """A section of the settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _without_capitals(cls, value: object, field: ValidationInfo) -> object:
        """Read closed values, all of which are written small, without regard to capitals."""
        is_closed = get_origin(cls.model_fields[str(field.field_name)].annotation) is Literal
        return _text(value).casefold() if is_closed else value


class StudySection(_Section):
    """What the study is about."""

    format: Whole = Field(
        default=FORMAT_VERSION, ge=1, description="Format of the study folder; rds sets it."
    )
    id: Text = Field(
        default="", description="A short name for the study, such as cps-2026; it never changes."
    )
    title: Text = Field(default="", description="Title of the study.")
    credential: Text = Field(default="", description="The credential the exam is for.")
    sponsor: Text = Field(
        default="", description="The organisation responsible for the credential."
    )
    purpose: Text = Field(default="", description="What the results will be used for.")
    practitioner: Text = Field(
        default="", description="Who holds the credential and what they do, in one sentence."
    )
    opened: Day = Field(default=date(2026, 3, 1), description="Date the study was opened.")
    effective: Day = Field(default=date(2027, 1, 1), description="Date the blueprint takes effect.")
    review_years: Whole = Field(
        default=5, ge=1, le=10, description="Years until the study has to be done again."
    )

    @property
    def due(self) -> date:
        """When the study has to be done again."""
        month, day = self.effective.month, self.effective.day
        return date(
            self.effective.year + self.review_years, month, min(day, 28 if month == 2 else day)
        )


class SamplingSection(_Section):
    """Whom the survey reaches."""

    incumbents: Whole = Field(default=1200, ge=1, description="Estimated number of practitioners.")
    design: Literal["census", "srs", "stratified", "open link"] = Field(
        default="open link", description="How those who are invited were chosen."
    )
    frame_size: Whole | None = Field(
        default=None,
        ge=1,
        description="Number of people on the list they were drawn from, if there is a list.",
    )
    margin: Percent = Field(
        default=5,
        gt=0,
        description="Margin of error wanted for a percentage, in percentage points.",
    )
    expected_response: Percent = Field(
        default=30, gt=0, description="Percent of those invited who are expected to answer."
    )
    silent_counts_as: Literal["unknown", "not reached"] = Field(
        default="unknown",
        description="Of those of whom nothing came back: whether they are eligible is unknown, or "
        "they are eligible and were not reached.",
    )
    bounced_counts_as: Literal["unknown", "not eligible", "not reached"] = Field(
        default="unknown", description="What a returned invitation says of the person."
    )


class OutlineSection(_Section):
    """What the rules for statements go by."""

    jargon: Lines = Field(
        default=(),
        description="Words or phrases to avoid, each with what to write instead, such as "
        "“consumer = person”; rds check advises against them.",
    )
    abbreviations: Names = Field(
        default=(), description="Abbreviations that every respondent knows, such as WRAP."
    )


class SurveySection(_Section):
    """The survey form."""

    languages: Names = Field(
        default=("en",), description="Language codes of the survey; the first is the outline's own."
    )
    forms: Whole = Field(
        default=1, ge=1, le=8, description="Split forms; with more than one, each has a part."
    )
    common_percent: Percent = Field(
        default=20, description="Percent of each domain's statements that stand on every form."
    )
    attention_checks: Whole = Field(
        default=0, ge=0, le=9, description="Lines that ask to choose a certain answer."
    )
    repeated_statements: Whole = Field(
        default=0, ge=0, le=9, description="Statements that are asked a second time near the end."
    )
    coverage_question: Literal["yes", "no"] = Field(
        default="yes", description="Whether to ask how well the statements cover the work."
    )
    write_in: Literal["yes", "no"] = Field(
        default="yes", description="Whether to ask which tasks are missing."
    )
    minutes: Whole | None = Field(
        default=None, ge=1, description="Minutes the survey takes, if told to respondents."
    )
    raw_files_kept: Text = Field(
        default="",
        description="Where the platform's own export files are kept under lock, and by which role.",
    )


class RespondentsSection(_Section):
    """Whose ratings count."""

    weight_from: Names = Field(
        default=("all",), description="Groups of respondents whose ratings set the weights."
    )
    weight_waves: Names = Field(
        default=("all",),
        description="Waves of the survey whose ratings set the weights; a wave “pilot” never does.",
    )
    compare: Names = Field(
        default=(), description="Groups of respondents that are only compared with them."
    )
    smallest_cell: Whole = Field(
        default=5, ge=1, description="Respondents below which no count or share is printed."
    )
    panel: Text = Field(
        default="",
        description="Group of the panel's own answers: compared with the field, never weighted.",
    )


class ComparisonSection(_Section):
    """How groups, waves, and panel and field are compared."""

    test: Literal["welch", "student", "mann_whitney"] = Field(
        default="welch", description="Test of two groups, chosen before the answers are seen."
    )
    family: Literal["all", "variable", "scale"] = Field(
        default="all",
        description="Tests adjusted together: all, those of a variable, or of it on a scale.",
    )
    minimum_group: Whole = Field(
        default=5, ge=2, description="Respondents below which a group is not shown."
    )
    hypotheses: Lines = Field(
        default=(),
        description="Differences expected in advance: T07 frequency Q1: Hospital > Community.",
    )
    panel_threshold: Number = Field(
        default=0.5, gt=0, description="Difference of panel and field from which it is flagged."
    )
    panel_unit: Literal["sd", "points"] = Field(
        default="sd",
        description="Unit of that threshold: SDs of the field's ratings, or points of the scale.",
    )


class ScreeningSection(_Section):
    """Rules over respondents."""

    minimum_answered_percent: Percent = Field(
        default=50,
        description="Percent of the statements shown that a respondent has to answer to count.",
    )
    minimum_seconds_per_rating: Number = Field(
        default=2,
        ge=0,
        description="Seconds per rating below which an answer is flagged as too fast.",
    )
    maximum_run_percent: Percent = Field(
        default=50,
        gt=0,
        description="Percent of a respondent's ratings in the longest runs of equal ratings from "
        "which these are flagged; on every scale.",
    )
    minimum_spread: Number = Field(
        default=0,
        ge=0,
        description="Standard deviation of ratings that is flagged, or less; on every scale.",
    )
    outlier_probability: Number = Field(
        default=0.001,
        gt=0,
        lt=1,
        description="Probability of so large a Mahalanobis distance below which it is flagged.",
    )
    minimum_even_odd: Number = Field(
        default=0.3,
        ge=-1,
        le=1,
        description="Even-odd consistency below which a respondent is flagged; on every scale.",
    )
    minimum_person_total: Number = Field(
        default=0,
        ge=-1,
        le=1,
        description="Correlation with the others' mean ratings below which ratings are flagged; on "
        "every scale.",
    )
    synonym_correlation: Number = Field(
        default=0.6,
        gt=0,
        lt=1,
        description="Correlation above which two statements are psychometric synonyms.",
    )
    minimum_synonyms: Number = Field(
        default=0.22,
        ge=-1,
        le=1,
        description="Correlation over synonyms below which ratings are flagged; on every scale.",
    )
    failed_checks: Whole = Field(
        default=1, ge=1, description="Failed attention checks from which a respondent is flagged."
    )
    repeated_difference: Whole = Field(
        default=2,
        ge=1,
        description="Difference between two ratings of one statement from which it is flagged.",
    )
    same_on_scales_percent: Percent = Field(
        default=100,
        gt=0,
        description="Percent of statements with the same answer on two scales from which a "
        "respondent is flagged.",
    )
    exclude: Names = Field(
        default=("ineligible", "repeated token", "incomplete"),
        description="Rules whose flag excludes a respondent, or none; others only report flags.",
    )


class WeightingSection(_Section):
    """Survey weights."""

    method: Literal["none", "post-stratification", "raking"] = Field(
        default="none", description="How respondents are made to stand for the population."
    )
    trim: Number | None = Field(
        default=None,
        gt=1,
        description="Largest survey weight, in multiples of the median weight, if limited.",
    )


class ReliabilitySection(_Section):
    """When ratings are reliable enough."""

    coefficient: Number = Field(
        default=0.9,
        gt=0,
        lt=1,
        description="Generalizability that the profile of task means should reach, from 0 to 1.",
    )


class RetentionSection(_Section):
    """Which tasks stay."""

    rule: Literal["three_zone", "point", "bayesian"] = Field(
        default="three_zone", description="How ratings decide which tasks stay."
    )
    scale: Text = Field(default="importance", description="Scale the rule looks at.")
    cut: Cut = Field(
        default="midpoint",
        description="Where tasks are cut: midpoint, or a point on the scale such as 2.5.",
    )
    percent_performing: Percent = Field(
        default=50, description="Percent of respondents who have to perform a task for it to stay."
    )
    confidence_percent: Percent = Field(
        default=95,
        gt=50,
        lt=100,
        description="Confidence of the intervals that are compared with the cut.",
    )
    review_counts_as: Literal["keep", "drop"] = Field(
        default="keep",
        description="What holds for a task under review until the panel has decided.",
    )


class LinkageSection(_Section):
    """When a link counts."""

    minimum_level: Whole = Field(
        default=2,
        ge=1,
        le=3,
        description="Level from which a link counts: 1 helpful, 2 important, 3 essential.",
    )
    minimum_share_percent: Percent = Field(
        default=50, description="Percent of SMEs who have to give a link that level."
    )
    unlinked: Literal["row", "refuse"] = Field(
        default="row",
        description="Weight of tasks that no link counts for: a row of its own, or refused.",
    )
    links_from: Literal["judgements", "sheet"] = Field(
        default="judgements",
        description="Whether links that SMEs judged one by one come before the sheet Linkage.",
    )


class JudgementsSection(_Section):
    """When the panel's judgements agree, and how much one SME is asked."""

    consensus_percent: Percent = Field(
        default=70,
        gt=50,
        description="Percent of SMEs who have to choose the same level, or domain, for consensus.",
    )
    relevant_percent: Percent = Field(
        default=78,
        description="Percent of SMEs who have to call a statement relevant (3 or 4 of 4 points).",
    )
    smes_per_link: Whole = Field(
        default=5, ge=1, description="Fewest SMEs who judge each link where the work is split."
    )
    links_per_sme: Whole = Field(
        default=500,
        ge=1,
        description="Links from which the grid of tasks and KSAs is split between the SMEs.",
    )


class WeightsSection(_Section):
    """From ratings to weights."""

    model: Text = Field(
        default="",
        description="How ratings on several scales become one weight; the study has to choose.",
    )
    rationale: Text = Field(
        default="", description="Why this model fits the study; the study has to say so."
    )
    scales: Names = Field(default=("importance", "frequency"), description="Scales the model uses.")
    scale_percents: Percents = Field(
        default=(),
        description="Percent that each scale is to count, in the order of the scales, for models "
        "that take it; empty for the same say.",
    )
    threshold: Number | None = Field(
        default=None,
        description="Combined rating from which a task counts, for models with a threshold.",
    )
    domain_rule: Literal["sum", "mean", "blend", "direct"] = Field(
        default="sum", description="How the weights of tasks make the weight of their domain."
    )
    blend_exponent: Number = Field(
        default=0.5,
        ge=0,
        le=1,
        description="For the rule blend: power of the number of tasks; 0 is the mean, 1 the sum.",
    )
    domain_scale: Text = Field(
        default="",
        description="For the rule direct: the scale on which respondents rated the domains.",
    )
    panel_share_percent: Percent = Field(
        default=0,
        description="Percent of each domain's weight that comes from the panel's own percentages.",
    )
    unrated_rule: Literal["refuse", "mean of the domain", "lowest of the domain", "mean of all"] = (
        Field(
            default="refuse",
            description="Combined rating of tasks without ratings: added, merged, split or "
            "reworded after the survey.",
        )
    )
    unrated_tasks: Names = Field(
        default=(),
        description="Tasks whose ratings do not count, because they were reworded after the "
        "survey.",
    )


class SensitivitySection(_Section):
    """What else is computed, for comparison."""

    models: Names = Field(
        default=("product", "additive", "importance_only"),
        description="Models whose blueprints are shown for comparison, chosen in advance.",
    )
    tolerance_items: Whole = Field(
        default=1, ge=0, description="Difference in items that does not matter."
    )


class BlueprintSection(_Section):
    """The exam."""

    items: Whole = Field(default=100, ge=1, description="Scored items on a form.")
    pretest_items: Whole = Field(
        default=0, ge=0, description="Unscored items on a form that are only being tried out."
    )
    forms: Whole = Field(
        default=1, ge=1, le=99, description="Forms of the exam; every form has the same cells."
    )
    bank_multiple: Number | None = Field(
        default=None,
        ge=1,
        description="Scored items that the item bank should hold, in multiples of a form's, cell "
        "by cell; if wanted.",
    )
    rounding: Literal[
        "hamilton", "webster", "huntington_hill", "adams", "dean", "dhondt", "quota"
    ] = Field(default="hamilton", description="How exact shares become whole items.")
    cell_rounding: Literal["controlled", "biproportional"] = Field(
        default="controlled",
        description="How the items of domains and levels are shared out over the cells.",
    )
    cognitive_source: Literal["prescribed", "tasks"] = Field(
        default="prescribed",
        description="Whether the split over levels is prescribed or comes from the tasks.",
    )
    cognitive_levels: dict[str, Percent] = Field(
        default={"recall": 30, "application": 50, "analysis": 20},
        description="Percent of items at each cognitive level.",
    )


class PreviousSection(_Section):
    """The blueprint that this study replaces."""

    margin_percent: Percent = Field(
        default=2,
        gt=0,
        description="Change of a percent of the exam that does not matter, in percentage points, "
        "declared in advance.",
    )


class ApprovalSection(_Section):
    """Who signs."""

    roles: Names = Field(
        default=("panel chair", "board"), description="Roles that sign the blueprint."
    )
    quorum: Whole = Field(default=0, ge=0, description="Fewest panel members who have to vote.")


class ResamplingSection(_Section):
    """Error bars by resampling."""

    replicates: Whole = Field(
        default=2000, ge=100, description="Number of resamples for error bars."
    )
    seed: Whole = Field(
        default=20260301, ge=0, description="Seed of the random numbers; any whole number."
    )
    confidence_percent: Percent = Field(
        default=95, gt=50, lt=100, description="Confidence of the intervals that resampling gives."
    )


class Settings(BaseModel):
    """All settings of a study, section by section.

    Examples
    --------
    >>> Settings().blueprint.items
    100
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: StudySection = StudySection()
    sampling: SamplingSection = SamplingSection()
    outline: OutlineSection = OutlineSection()
    survey: SurveySection = SurveySection()
    respondents: RespondentsSection = RespondentsSection()
    comparison: ComparisonSection = ComparisonSection()
    screening: ScreeningSection = ScreeningSection()
    weighting: WeightingSection = WeightingSection()
    reliability: ReliabilitySection = ReliabilitySection()
    retention: RetentionSection = RetentionSection()
    judgements: JudgementsSection = JudgementsSection()
    linkage: LinkageSection = LinkageSection()
    weights: WeightsSection = WeightsSection()
    sensitivity: SensitivitySection = SensitivitySection()
    blueprint: BlueprintSection = BlueprintSection()
    previous: PreviousSection = PreviousSection()
    approval: ApprovalSection = ApprovalSection()
    resampling: ResamplingSection = ResamplingSection()


@dataclass(frozen=True)
class Setting:
    """One setting as people see it.

    Parameters
    ----------
    key
        Its dotted key.
    value
        What the study says; None where nothing was said.
    default
        What holds then.
    column
        What a value may be, in the terms of a sheet's column.
    """

    key: str
    value: object
    default: object
    column: Column


def list_settings(values: Mapping[str, object] | None = None) -> tuple[Setting, ...]:
    """List every setting in order, with what a study says of it.

    Parameters
    ----------
    values
        What the study says, by dotted key; None and empty text say nothing. Where it names
        cognitive levels, with values or without, these take the place of the default levels.

    Raises
    ------
    ValueError
        If a key is no setting.

    Examples
    --------
    >>> [setting.key for setting in list_settings({"blueprint.items": 120}) if setting.value]
    ['blueprint.items']
    """
    said = {key: None if value == "" else value for key, value in (values or {}).items()}
    for key in said:
        if not is_setting(key):
            meant = nearest_setting(key)
            raise ValueError(f"“{key}” is no setting{f'; wanted “{meant}”' if meant else ''}.")
    return tuple(
        Setting(column.name, said.get(column.name), default, column)
        for section, model in section_models().items()
        for name in model.model_fields
        for column, default in _columns(section, name, said)
    )


def _columns(section: str, name: str, said: Iterable[str]) -> Iterator[tuple[Column, object]]:
    """Describe a field and its default; one that is a table, level by level."""
    model = section_models()[section]
    hint = get_type_hints(model, include_extras=True)[name]
    default, meaning = model.model_fields[name].default, model.model_fields[name].description or ""
    column = Column(
        f"{section}.{name}",
        meaning,
        kind=next((_KINDS[part] for part in (hint, *get_args(hint)) if part in _KINDS), "text"),
        choices=get_args(hint) if get_origin(hint) is Literal else (),
    )
    if not isinstance(default, dict):
        yield column, default
        return
    prefix = f"{column.name}."
    for level in [key.removeprefix(prefix) for key in said if key.startswith(prefix)] or default:
        described = f"{meaning.rstrip('.')}: {level}."
        yield replace(column, name=f"{prefix}{level}", meaning=described), default.get(level)


def setting_keys() -> dict[str, tuple[object, str]]:
    """Return default and meaning of every setting by dotted key, in order.

    Examples
    --------
    >>> setting_keys()["blueprint.items"]
    (100, 'Scored items on a form.')
    """
    return {setting.key: (setting.default, setting.column.meaning) for setting in list_settings()}


def section_models() -> dict[str, type[BaseModel]]:
    """Return the models of the sections by name."""
    return {
        name: info.annotation
        for name, info in Settings.model_fields.items()
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel)
    }


def is_setting(key: str) -> bool:
    """Tell whether a dotted key is a setting; cognitive levels may have any name.

    Examples
    --------
    >>> is_setting("blueprint.items"), is_setting("blueprint.cognitive_levels.evaluation")
    (True, True)
    >>> is_setting("blueprint"), is_setting("blueprint.items.many")
    (False, False)
    """
    section, _, rest = key.partition(".")
    name, _, level = rest.partition(".")
    fields = section_models()[section].model_fields if section in section_models() else {}
    return name in fields and isinstance(fields[name].default, dict) == bool(level)


def nearest_setting(key: str) -> str | None:
    """Return the setting that a key was probably meant to be, or None.

    Examples
    --------
    >>> nearest_setting("blueprint.itmes"), nearest_setting("rounding")
    ('blueprint.items', 'blueprint.rounding')
    """
    keys = setting_keys()
    by_name = {known.partition(".")[2]: known for known in keys}
    return nearest(key, keys) or by_name.get(nearest(key.rpartition(".")[2], by_name) or "")
