"""The evidence bundle of a study: one zip, the same bytes each time."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from rds.blueprint.plan import Blueprint
from rds.documents.evidence_index import evidence_index
from rds.documents.methods_list import methods_list
from rds.documents.tables import csv_bytes
from rds.documents.trace import trace_table
from rds.errors import InputError, Problem
from rds.files import canonical_json, deterministic_zip, sha256, write_atomically
from rds.outline.outline import Outline
from rds.study.guard import lock
from rds.study.made import make_outputs
from rds.study.manifests import approved_listings
from rds.study.outputs import MANIFEST
from rds.study.run import manifest
from rds.study.study import Study
from rds.study.trace import provenance
from rds.study.versions import as_of, current_version, study_inputs

_ADDRESS = re.compile(rb"[\w.+-]+@[\w-]+\.\w+")
_FOR_EVERYBODY = ("tables/", "public/")


def evidence_bundle(study: Study, *, with_inputs: bool = False) -> bytes:
    """Return the evidence of a study as a zip.

    Parameters
    ----------
    study
        The study, opened.
    with_inputs
        Whether to add the inputs, answers included; the bundle is restricted then.

    Returns
    -------
    bytes
        The same for the same study and software.

    Raises
    ------
    InputError
        When no blueprint can be built.
    """
    shown = current_version(study)
    made = make_outputs(study, shown)
    blueprint, outputs = made.blueprint, made.files
    about = manifest(study, shown)
    record, withheld = _record(study)
    title = study.settings.study.title or study.settings.study.id
    readme = evidence_index(about, shown, title=title, withheld=withheld, restricted=with_inputs)
    files = {
        "README.txt": readme,
        "manifest.json": _readable(about),
        "record.jsonl": record,
        **{name: outputs[name] for name in outputs if name.startswith(_FOR_EVERYBODY)},
        **_approved(study),
        **{f"outline/{name}.csv": csv_bytes(t) for name, t in _outline(study.outline).items()},
        "methods.csv": csv_bytes(methods_list(blueprint)),
        "sources.csv": csv_bytes(_sources(study)),
        "trace.csv": csv_bytes(_trace(study, blueprint)),
        **(_inputs(study) if with_inputs else {}),
    }
    files = {name: _without_addresses(name, content) for name, content in files.items()}
    return _zipped({**files, "hashes.csv": csv_bytes(_hashes(files))}, study)


def export_evidence(
    study: Study, to: Path | None, formats: Sequence[str], *, with_inputs: bool = False
) -> Sequence[Path]:
    """Write the bundle; its name says whether it is restricted.

    Raises
    ------
    InputError
        For a format, of which there is none; otherwise as `evidence_bundle`.
    """
    if formats:
        found, mend = f"--format {', '.join(formats)}", "leave it out"
        raise InputError([Problem("rds export", "evidence", found, "no format", mend)])
    content = evidence_bundle(study, with_inputs=with_inputs)
    folder = to or study.folder.root / "export" / "evidence"
    name = f"{study.settings.study.id}-evidence-{'restricted' if with_inputs else 'public'}.zip"
    with lock(study.folder.root):
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / name, content)
    return [folder / name]


def _record(study: Study) -> tuple[bytes, list[int]]:
    """Return the record, the words of lines with an address left out, and the numbers of these."""
    lines, withheld = [], []
    whole = study.folder.record.read_bytes().splitlines() if study.folder.record.exists() else []
    for entry, line in zip(study.record.entries, whole, strict=False):
        if not _ADDRESS.search(line):
            lines.append(line + b"\n")
            continue
        withheld.append(entry.sequence)
        kept = {"sequence": entry.sequence, "hash": entry.hash, "words": "left out"}
        lines.append(canonical_json(kept).encode() + b"\n")
    return b"".join(lines), withheld


def _approved(study: Study) -> dict[str, bytes]:
    """Return the lists of approved files."""
    places = [listing.place for listing in approved_listings(study.folder) if listing.data]
    return {
        f"{place}/{MANIFEST}": (study.folder.root / place / MANIFEST).read_bytes()
        for place in places
    }


def _outline(outline: Outline) -> dict[str, pd.DataFrame]:
    """Return the outline as tables, without notes."""
    domains = [(d.domain_id, d.parent_id, d.title, d.description) for d in outline.domains]
    tasks = [
        (t.task_id, t.domain_id, t.statement, t.status, t.cognitive_level) for t in outline.tasks
    ]
    ksas = [(k.ksa_id, str(k.kind), k.statement, k.status) for k in outline.ksas]
    links = [(link.task_id, link.ksa_id, link.level) for link in outline.links]
    about = ["domain_id", "parent_id", "title", "description"]
    asked = ["task_id", "domain_id", "statement", "status", "cognitive_level"]
    return {
        "domains": pd.DataFrame(domains, columns=about),
        "tasks": pd.DataFrame(tasks, columns=asked),
        "ksas": pd.DataFrame(ksas, columns=["ksa_id", "kind", "statement", "status"]),
        "linkage": pd.DataFrame(links, columns=["task_id", "ksa_id", "level"]),
    }


def _sources(study: Study) -> pd.DataFrame:
    """Return what was received, without the names that its senders gave the files."""
    rows = [
        (s.name, s.sha256, s.stored_sha256, s.received, s.nature, s.report.get("n_respondents"))
        for s in study.sources
    ]
    names = ["source", "sha256", "stored_sha256", "received", "nature", "n_respondents"]
    return pd.DataFrame(rows, columns=names)


def _trace(study: Study, blueprint: Blueprint) -> pd.DataFrame:
    """Return the trace of every domain and task, without the names of files as they came."""
    known = provenance(study)
    nameless = tuple(replace(source, file=source.name) for source in known.sources)
    return trace_table(blueprint, provenance=replace(known, sources=nameless))


def _without_addresses(name: str, content: bytes) -> bytes:
    """Return a table without the addresses that people typed into reasons; inputs stay whole."""
    is_table = name.endswith(".csv") and not name.startswith("study/")
    return _ADDRESS.sub(b"(address left out)", content) if is_table else content


def _inputs(study: Study) -> dict[str, bytes]:
    """Return the study folder without its outputs."""
    names = [*study_inputs(study), *([study.folder.record.name] if study.record.length else [])]
    return {f"study/{name}": (study.folder.root / name).read_bytes() for name in names}


def _readable(about: Mapping[str, object]) -> bytes:
    """Return JSON for people and machines."""
    data = json.loads(canonical_json(about))
    return (json.dumps(data, sort_keys=True, ensure_ascii=False, indent=2) + "\n").encode()


def _hashes(files: Mapping[str, bytes]) -> pd.DataFrame:
    """Return the hash of every file."""
    rows = [(name, sha256(files[name])) for name in sorted(files)]
    return pd.DataFrame(rows, columns=["file", "sha256"])


def _zipped(files: Mapping[str, bytes], study: Study) -> bytes:
    """Return the files as a zip that carries the date of the outputs."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return deterministic_zip(target.getvalue(), date=as_of(study))
