"""Every output of a study, as bytes by its path below ``out/``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from rds.blueprint.plan import Blueprint
from rds.documents.committee import committee_files
from rds.documents.out_read_me import out_read_me
from rds.documents.public_outline import public_files
from rds.documents.tables import blueprint_tables, restricted_tables, table_files
from rds.documents.trace import trace_table
from rds.documents.version import Version
from rds.study.building import build_blueprints
from rds.study.compare import compared_if_known
from rds.study.credentials import credentials, folder_of
from rds.study.drafted import drafted_table
from rds.study.judgement_store import first_judged
from rds.study.outline_versions import outline_changes_if_known
from rds.study.panel_results import proposal_files
from rds.study.phase_one import phase_one
from rds.study.revisions import revisions, revisions_table
from rds.study.study import Study
from rds.study.trace import provenance
from rds.study.versions import as_of
from rds.study.weighting import survey_weights

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Made:
    """What a study comes to.

    Parameters
    ----------
    blueprints
        The blueprint of every credential by its name, the main one first, with all notes.
    files
        Every output by its path below ``out/``.
    """

    blueprints: Mapping[str, Blueprint]
    files: Mapping[str, bytes]

    @property
    def blueprint(self) -> Blueprint:
        """The blueprint of the main credential."""
        return next(iter(self.blueprints.values()))


def make_outputs(
    study: Study, shown: Version, *, blueprints: Mapping[str, Blueprint] | None = None
) -> Made:
    """Make every output of a study for a version of it.

    Parameters
    ----------
    study
        The study, opened.
    shown
        The version that documents show.
    blueprints
        Its blueprints, if they are built already.

    Raises
    ------
    InputError, InfeasibleError
        As `build_blueprints`.
    """
    variants = credentials(study)
    built = dict(build_blueprints(study) if blueprints is None else blueprints)
    main = next(iter(built))
    built[main], tables, hidden = _main_tables(study, built)
    files: dict[str, bytes] = {}
    known = provenance(study, signatures=False)
    for name, blueprint in built.items():
        own = tables if name == main else blueprint_tables(blueprint)
        below = "" if name == main else f"/{folder_of(name)}"
        screening = blueprint.analysis.screening
        restricted = restricted_tables(screening, survey_weights(variants[name]))
        restricted |= hidden if name == main else {}
        files |= {
            **table_files(own, folder=f"tables{below}"),
            **table_files(restricted, folder=f"restricted{below}"),
            **committee_files(
                blueprint,
                {**own, "trace": trace_table(blueprint, provenance=known)},
                date=as_of(study),
                version=shown,
                folder=f"restricted{below}",
            ),
            **public_files(blueprint, shown, date=as_of(study), folder=f"public{below}"),
        }
    files |= proposal_files(study, built[main].analysis.panel)
    title = study.settings.study.title or study.settings.study.id
    return Made(built, {**files, "README.txt": out_read_me(files, shown, title=title)})


def study_tables(study: Study) -> dict[str, bytes]:
    """Return the tables of a study, by their path below ``out/``."""
    built = build_blueprints(study)
    _, tables, _ = _main_tables(study, built)
    others = list(built.items())[1:]
    files = table_files(tables)
    for name, blueprint in others:
        files |= table_files(blueprint_tables(blueprint), folder=f"tables/{folder_of(name)}")
    return files


def _main_tables(study: Study, built: Mapping[str, Blueprint]) -> tuple[Blueprint, Tables, Tables]:
    """Return the main blueprint with all notes, every table beside it, and restricted ones."""
    blueprint = next(iter(built.values()))
    compared = compared_if_known(study.folder, blueprint)
    before = phase_one(study.rows, blueprint, judged=first_judged(study.folder))
    more = () if compared is None else compared.notes
    blueprint = replace(blueprint, notes=(*blueprint.notes, *more, *before.notes))
    tables = {
        **blueprint_tables(blueprint),
        **before.tables,
        "drafted": drafted_table(study.record),
        "revisions": revisions_table(revisions(study)),
        **outline_changes_if_known(study),
        **({} if compared is None else {"crosswalk": compared.table}),
    }
    if len(built) > 1:
        cells = [one.cells for one in built.values()]
        tables["blueprint"] = pd.concat(cells, ignore_index=True)
    return blueprint, tables, dict(before.restricted)
