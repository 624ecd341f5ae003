"""Making everything in ``out/``, and saying what it follows from."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version

from rds.blueprint.models import find_model
from rds.blueprint.plan import Blueprint
from rds.documents.version import Version
from rds.errors import InputError
from rds.files import canonical_json, sha256
from rds.settings import FORMAT_VERSION
from rds.study.credentials import SHEET, credentials
from rds.study.folder import copy_problems
from rds.study.guard import lock
from rds.study.made import make_outputs
from rds.study.outputs import Published, publish
from rds.study.study import Study
from rds.study.versions import as_of, current_version, refuse_changed_inputs, study_inputs

_LIBRARIES = ("role-delineation", "numpy", "pandas", "scipy", "XlsxWriter")


@dataclass(frozen=True)
class Run:
    """What a run made.

    Parameters
    ----------
    blueprint
        The blueprint; of several credentials that of the first.
    published
        What became of the files below ``out/``; None if nothing was to be written.
    others
        The blueprints of the other credentials, by name.
    """

    blueprint: Blueprint
    published: Published | None
    others: Mapping[str, Blueprint] = field(default_factory=dict)


def run(study: Study, *, force: bool = False, dry_run: bool = False) -> Run:
    """Make everything in ``out/``.

    Parameters
    ----------
    study
        The study, opened.
    force
        Keep outputs that somebody edited under another name, instead of stopping.
    dry_run
        Compute, write nothing.

    Raises
    ------
    InputError, InfeasibleError
        As `build_blueprints`; and when an approved study has other inputs than were approved.
    FolderError
        When an output was edited or is open elsewhere; nothing is replaced.
    """
    problems = copy_problems(study.folder)
    if problems:
        raise InputError(problems)
    refuse_changed_inputs(study)
    made = make_outputs(study, current_version(study))
    others = dict(list(made.blueprints.items())[1:])
    published = None if dry_run else put_in_place(study, made.files, force=force)
    return Run(made.blueprint, published, others)


def put_in_place(study: Study, files: Mapping[str, bytes], *, force: bool = False) -> Published:
    """Bring ``out/`` up to date; see `publish`."""
    with lock(study.folder.root):
        about = manifest(study, current_version(study))
        return publish(study.folder.root, files, about, force=force)


def manifest(study: Study, shown: Version) -> Mapping[str, object]:
    """Return what the outputs follow from: settings, inputs, record and versions."""
    settings = study.settings.model_dump(mode="json")
    return {
        "format": FORMAT_VERSION,
        "study": study.settings.study.id,
        "as_of": as_of(study).isoformat(),
        "version": {"number": shown.number, "state": shown.state},
        "fingerprint": shown.fingerprint,
        "settings": settings,
        "settings_sha256": sha256(canonical_json(settings).encode()),
        **_of_credentials(study),
        "inputs": study_inputs(study),
        "record": {"head": study.record.head, "length": study.record.length},
        "versions": versions_used(study),
    }


def versions_used(study: Study) -> dict[str, str]:
    """Return the versions of the software that numbers follow from."""
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
        **_version_of_model(study),
    }


def _of_credentials(study: Study) -> dict[str, object]:
    """Return the settings of every credential, if there are several."""
    own = credentials(study)
    dumped = {name: one.settings.model_dump(mode="json") for name, one in own.items()}
    return {"credentials": dumped} if study.rows.get(SHEET) else {}


def _version_of_model(study: Study) -> dict[str, str]:
    """Return which package, in which version, the weight model comes from, if it is not ours."""
    origin = find_model(study.settings.weights.model).origin
    return {"model": origin} if origin else {}
