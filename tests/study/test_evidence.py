"""The evidence bundle: whole, the same each time, and nothing personal."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile

import pandas as pd
import pytest

from rds.errors import InputError
from rds.files import sha256
from rds.study.decide import decide
from rds.study.evidence import evidence_bundle
from rds.study.export import export
from rds.study.run import run
from rds.study.study import Study
from tests.study.signing import opened
from tests.test_cli import rds


def members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def bundle(sealed):
    return evidence_bundle(Study.open(sealed))


def test_the_bundle_is_the_same_each_time(sealed, bundle):
    assert evidence_bundle(Study.open(sealed)) == bundle


def test_the_bundle_holds_what_proves_the_numbers(sealed, bundle):
    files = members(bundle)
    for name, content in files.items():
        assert content, name
    assert files["tables/task_weights.csv"] == (sealed / "out/tables/task_weights.csv").read_bytes()
    assert files["record.jsonl"] == (sealed / "record.jsonl").read_bytes()
    copies = "approved/v1-2027-01-05/manifest.json"
    assert files[copies] == (sealed / copies).read_bytes()
    manifest = json.loads(files["manifest.json"])
    assert manifest["record"]["head"] == Study.open(sealed).record.head
    assert manifest["inputs"]["study.xlsx"] == sha256((sealed / "study.xlsx").read_bytes())
    hashes = pd.read_csv(io.BytesIO(files["hashes.csv"])).set_index("file")["sha256"]
    assert hashes.to_dict() == {n: sha256(c) for n, c in files.items() if n != "hashes.csv"}
    assert "kane" in files["methods.csv"].decode()
    text = files["README.txt"].decode()
    assert "APPROVED version 1" in text
    assert manifest["record"]["head"] in text


def test_the_bundle_holds_nothing_restricted_or_personal(bundle):
    files = members(bundle)
    assert not [name for name in files if "restricted" in name or name.startswith("study/")]
    for name, content in files.items():
        if not name.endswith(".xlsx"):
            found = re.search(rb"\bR[0-9a-f]{10}\b|@|\bP\d+\b", content)
            assert found is None, (name, found)


def test_words_with_an_address_are_left_out_and_the_chain_can_still_be_followed(ready, tmp_path):
    folder = shutil.copytree(ready, tmp_path / "s")
    decide(opened(folder), "T01", "keep", role="chair", reason="ask ada@example.org")
    decide(opened(folder), "T02", "keep", role="chair", reason="vital")
    files = members(evidence_bundle(Study.open(folder)))
    assert not [name for name, content in files.items() if b"ada@example" in content]
    _, first, second = map(json.loads, files["record.jsonl"].splitlines())
    assert first["words"] == "left out"
    assert second["previous"] == first["hash"]
    assert "(lines\n2)" in files["README.txt"].decode()


def test_with_inputs_the_study_can_be_run_again_to_the_same_tables(sealed, tmp_path):
    made = export(Study.open(sealed), "evidence", to=tmp_path / "e", with_inputs=True)
    assert made[0].name == "demo-test-evidence-restricted.zip"
    with zipfile.ZipFile(made[0]) as archive:
        archive.extractall(tmp_path / "again")
    files = members(made[0].read_bytes())
    assert "RESTRICTED" in files["README.txt"].decode()
    run(Study.open(tmp_path / "again" / "study"))
    out = tmp_path / "again" / "study" / "out"
    tables = {name: content for name, content in files.items() if name.startswith("tables/")}
    assert tables
    assert {name: (out / name).read_bytes() for name in tables} == tables


def test_the_command_says_where_it_wrote_and_inputs_belong_to_evidence_only(approved):
    answer = rds("export", approved, "evidence")
    assert answer.exit_code == 0
    assert (approved / "export" / "evidence" / "demo-test-evidence-public.zip").exists()
    with pytest.raises(InputError, match="--with-inputs"):
        export(opened(approved), "assembly", with_inputs=True)
    with pytest.raises(InputError, match="no format"):
        export(opened(approved), "evidence", formats=["csv"])
