"""Role delineation studies and exam blueprints.

The public names are resolved when first used, so that importing rds is instant.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rds.analysis.analysis import Analysis as Analysis
    from rds.analysis.bimodality import bimodal as bimodal
    from rds.analysis.chance_corrected import (
        chance_corrected_agreement as chance_corrected_agreement,
    )
    from rds.analysis.chance_corrected import krippendorff_alpha as krippendorff_alpha
    from rds.analysis.comparison import ComparisonPlan as ComparisonPlan
    from rds.analysis.components import variance_components as variance_components
    from rds.analysis.concordance import kendall_w as kendall_w
    from rds.analysis.content_validity import content_validity as content_validity
    from rds.analysis.gaps import compare_scales as compare_scales
    from rds.analysis.generalizability import dstudy as dstudy
    from rds.analysis.generalizability import respondents_needed as respondents_needed
    from rds.analysis.group_agreement import group_agreement as group_agreement
    from rds.analysis.intraclass import icc as icc
    from rds.analysis.judgements_table import ConsensusRules as ConsensusRules
    from rds.analysis.judgements_table import judgements_table as judgements_table
    from rds.analysis.linkage import LinkRule as LinkRule
    from rds.analysis.linkage import linkage_gaps as linkage_gaps
    from rds.analysis.linkage import linkage_table as linkage_table
    from rds.analysis.paired import paired_tests as paired_tests
    from rds.analysis.panel_agreement import panel_agreement as panel_agreement
    from rds.analysis.panel_vs_field import panel_against_field as panel_against_field
    from rds.analysis.ranks import extremes as extremes
    from rds.analysis.ranks import ranked as ranked
    from rds.analysis.reliability import cronbach_alpha as cronbach_alpha
    from rds.analysis.reported import paired_t_from_report as paired_t_from_report
    from rds.analysis.reported import welch_from_report as welch_from_report
    from rds.analysis.split_half import split_half as split_half
    from rds.analysis.subgroups import compare_groups as compare_groups
    from rds.analysis.two_coders import two_coder_agreement as two_coder_agreement
    from rds.analysis.two_samples import detectable_effect as detectable_effect
    from rds.analysis.two_samples import two_sample_tests as two_sample_tests
    from rds.analysis.waves import compare_waves as compare_waves
    from rds.analysis.within_group import within_group_agreement as within_group_agreement
    from rds.blueprint.apportion import allocate as allocate
    from rds.blueprint.apportion_table import allocate_table as allocate_table
    from rds.blueprint.direct import direct_weights as direct_weights
    from rds.blueprint.domain_rules import DomainRule as DomainRule
    from rds.blueprint.errors_of_weights import weight_errors as weight_errors
    from rds.blueprint.linkage import link_weights as link_weights
    from rds.blueprint.models import combined_ratings as combined_ratings
    from rds.blueprint.models import register_model as register_model
    from rds.blueprint.plan import Blueprint as Blueprint
    from rds.blueprint.rating_scale import rating_scale as rating_scale
    from rds.blueprint.simulated_surveys import AssumedSpread as AssumedSpread
    from rds.blueprint.simulated_surveys import (
        respondents_for_blueprint as respondents_for_blueprint,
    )
    from rds.blueprint.weights import weights as weights
    from rds.documents import figures as plot  # noqa: F401
    from rds.documents.blueprint_workbook.workbook import write_workbook as write_workbook
    from rds.documents.trace import trace_table as trace_table
    from rds.outline.changes import compare_outlines as compare_outlines
    from rds.outline.near_duplicates import near_duplicates as near_duplicates
    from rds.outline.outline import Outline as Outline
    from rds.outline.outline_rules import outline_findings as outline_findings
    from rds.ratings.published import Published as Published
    from rds.ratings.raking import rake as rake
    from rds.ratings.ratings import Ratings as Ratings
    from rds.ratings.representativeness import representativeness as representativeness
    from rds.ratings.response_rates import response_rates as response_rates
    from rds.ratings.screening import Screening as Screening
    from rds.ratings.screening import screen as screen
    from rds.ratings.screening_rules import register_rule as register_rule
    from rds.ratings.summaries import grim_table as grim_table
    from rds.scales import Scale as Scale
    from rds.study.building import analyze as analyze
    from rds.study.building import build_blueprint as build_blueprint
    from rds.study.building import build_blueprints as build_blueprints
    from rds.study.study import Study as Study
    from rds.study.trace import trace as trace
    from rds.study.verify import verify as verify
    from rds.survey.sample_size import sample_size as sample_size
    from rds.survey.sample_size import sample_size_for_mean as sample_size_for_mean

_PUBLIC = {
    "Analysis": "rds.analysis.analysis",
    "AssumedSpread": "rds.blueprint.simulated_surveys",
    "Blueprint": "rds.blueprint.plan",
    "ComparisonPlan": "rds.analysis.comparison",
    "DomainRule": "rds.blueprint.domain_rules",
    "Outline": "rds.outline.outline",
    "Published": "rds.ratings.published",
    "Ratings": "rds.ratings.ratings",
    "Scale": "rds.scales",
    "Screening": "rds.ratings.screening",
    "Study": "rds.study.study",
    "allocate": "rds.blueprint.apportion",
    "allocate_table": "rds.blueprint.apportion_table",
    "analyze": "rds.study.building",
    "bimodal": "rds.analysis.bimodality",
    "build_blueprint": "rds.study.building",
    "build_blueprints": "rds.study.building",
    "chance_corrected_agreement": "rds.analysis.chance_corrected",
    "combined_ratings": "rds.blueprint.models",
    "compare_groups": "rds.analysis.subgroups",
    "compare_outlines": "rds.outline.changes",
    "compare_scales": "rds.analysis.gaps",
    "compare_waves": "rds.analysis.waves",
    "content_validity": "rds.analysis.content_validity",
    "cronbach_alpha": "rds.analysis.reliability",
    "dstudy": "rds.analysis.generalizability",
    "detectable_effect": "rds.analysis.two_samples",
    "direct_weights": "rds.blueprint.direct",
    "extremes": "rds.analysis.ranks",
    "grim_table": "rds.ratings.summaries",
    "group_agreement": "rds.analysis.group_agreement",
    "icc": "rds.analysis.intraclass",
    "kendall_w": "rds.analysis.concordance",
    "krippendorff_alpha": "rds.analysis.chance_corrected",
    "ConsensusRules": "rds.analysis.judgements_table",
    "judgements_table": "rds.analysis.judgements_table",
    "panel_agreement": "rds.analysis.panel_agreement",
    "link_weights": "rds.blueprint.linkage",
    "near_duplicates": "rds.outline.near_duplicates",
    "outline_findings": "rds.outline.outline_rules",
    "paired_tests": "rds.analysis.paired",
    "panel_against_field": "rds.analysis.panel_vs_field",
    "paired_t_from_report": "rds.analysis.reported",
    "rake": "rds.ratings.raking",
    "ranked": "rds.analysis.ranks",
    "rating_scale": "rds.blueprint.rating_scale",
    "register_model": "rds.blueprint.models",
    "respondents_for_blueprint": "rds.blueprint.simulated_surveys",
    "representativeness": "rds.ratings.representativeness",
    "response_rates": "rds.ratings.response_rates",
    "register_rule": "rds.ratings.screening_rules",
    "respondents_needed": "rds.analysis.generalizability",
    "sample_size": "rds.survey.sample_size",
    "sample_size_for_mean": "rds.survey.sample_size",
    "screen": "rds.ratings.screening",
    "split_half": "rds.analysis.split_half",
    "trace": "rds.study.trace",
    "trace_table": "rds.documents.trace",
    "two_sample_tests": "rds.analysis.two_samples",
    "variance_components": "rds.analysis.components",
    "verify": "rds.study.verify",
    "weight_errors": "rds.blueprint.errors_of_weights",
    "weights": "rds.blueprint.weights",
    "welch_from_report": "rds.analysis.reported",
    "within_group_agreement": "rds.analysis.within_group",
    "write_workbook": "rds.documents.blueprint_workbook.workbook",
    "LinkRule": "rds.analysis.linkage",
    "linkage_gaps": "rds.analysis.linkage",
    "linkage_table": "rds.analysis.linkage",
    "two_coder_agreement": "rds.analysis.two_coders",
}

__all__ = sorted([*_PUBLIC, "plot"])  # noqa: PLE0605
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import a public name on first use."""
    if name == "plot":
        return import_module("rds.documents.figures")
    if name not in _PUBLIC:
        raise AttributeError(f"module “rds” has no attribute “{name}”")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return [*__all__, "__version__"]
