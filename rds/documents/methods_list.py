"""Every method that a blueprint rests on, with its source."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from rds.blueprint.models import find_model
from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.words import CELL_ROUNDING, DOMAIN_RULES, ROUNDING

METHODS_LIST = ("step", "choice", "description", "source")

_ROUNDING = "Balinski and Young (2001), Fair Representation; Pukelsheim (2017)"
_CELLS = {
    "controlled": "Causey, Cox and Ernst (1985); Cox (1987), JASA 82",
    "biproportional": "Balinski and Demange (1989)",
}
_ERRORS = "Cochran (1977), Sampling Techniques; Efron and Tibshirani (1993)"


def methods_list(blueprint: Blueprint) -> pd.DataFrame:
    """Return one row for each method: ``step``, ``choice``, ``description``, ``source``."""
    return pd.DataFrame(list(_rows(blueprint)), columns=list(METHODS_LIST))


def _rows(blueprint: Blueprint) -> Iterator[tuple[str, str, str, str]]:
    """Yield the methods in the order of the work."""
    settings = blueprint.settings
    if blueprint.analysis.screening is not None:
        for row in blueprint.analysis.screening.rules.to_dict("records"):
            yield "screening", str(row["rule"]), str(row["description"]), str(row["source"])
    if settings.weighting.method != "none":
        source = "Deming and Stephan (1940); Kish (1965), Survey Sampling"
        text = "Respondents count so that they stand for the population."
        yield "survey weights", settings.weighting.method, text, source
    text = f"{settings.retention.scale} against {settings.retention.cut}"
    yield "retention", settings.retention.rule, text, "as declared by the study"
    model = find_model(settings.weights.model)
    yield "combined rating", model.name, model.description, model.source
    rule = settings.weights.domain_rule
    yield "domain weights", rule, DOMAIN_RULES.get(rule, rule), "as declared by the study"
    if len(blueprint.ksa_weights):
        text = "Tasks hand their weight to the KSAs they need, in proportion to the links' levels."
        yield "KSA weights", "linkage", text, "after Wang, Schnipke and Witt (2005)"
    replicates = f"{settings.resampling.replicates} resamples"
    text = "Standard errors, intervals and ranges of items from resampling the respondents."
    yield "errors", replicates, text, _ERRORS
    method = settings.blueprint.rounding
    yield "whole items", method, ROUNDING[method], _ROUNDING
    cells = settings.blueprint.cell_rounding
    yield "cells", cells, CELL_ROUNDING.get(cells, cells), _CELLS.get(cells, "")
    if len(blueprint.analysis.reliability):
        text = "Consistency of ratings; see the table reliability."
        yield "reliability", "several coefficients", text, "Cronbach (1951); Feldt (1965)"
    if len(blueprint.analysis.dstudy):
        text = "What ratings vary by, and by how many respondents a profile holds."
        source = "Cronbach, Gleser, Nanda and Rajaratnam (1972); Brennan (2001)"
        yield "generalizability", "variance components", text, source
