"""Exports of a study to other programs."""

import json
import re

import pandas as pd
import pytest

from rds.errors import InputError
from rds.study.export import EXPORTS, export
from rds.study.read_file import Told
from rds.study.receive import receive
from rds.study.study import Study
from tests.study.examples import make_study, write_answers
from tests.test_cli import rds


@pytest.fixture
def folder(tmp_path):
    made = make_study(tmp_path / "study")
    receive(Study.open(made), write_answers(tmp_path / "a.csv"), told=Told(group="practitioners"))
    return made


def test_the_item_bank_gets_the_outline_and_nothing_personal(folder):
    made = rds("export", folder, "item-bank")
    assert made.exit_code == 0
    assert made.output.strip().splitlines()[-1].startswith("Next: rds ")
    written = folder / "export" / "item-bank"
    outline = pd.read_csv(written / "outline.csv", dtype=str)
    assert set(outline["id"]) == {"D1", "D2", "D3", *(f"T{k:02d}" for k in range(1, 13))}
    text = "".join(path.read_text(encoding="utf-8") for path in written.iterdir())
    assert not re.search(r"@|\bR[0-9a-f]{10}\b|\bP\d", text)


def test_assembly_constraints_are_those_of_the_blueprint(folder):
    csv, other = export(Study.open(folder), "assembly")
    table = pd.read_csv(csv)
    assert table.loc[table["scope"] == "total", "minimum"].tolist() == [100]
    assert len(json.loads(other.read_text(encoding="utf-8"))["constraints"]) == len(table)


def test_the_same_study_exports_the_same_bytes(folder, tmp_path):
    first = [p.read_bytes() for p in export(Study.open(folder), "item-bank")]
    again = export(Study.open(folder), "item-bank", to=tmp_path / "elsewhere")
    assert [p.read_bytes() for p in again] == first


def test_an_unknown_kind_is_refused_with_the_nearest(folder):
    with pytest.raises(InputError, match="write “item-bank”"):
        export(Study.open(folder), "item_bank")
    assert rds("export", folder, "questions").exit_code == 1


def test_data_is_one_of_the_kinds_and_folder_and_kind_may_be_turned_round(folder):
    assert rds("export", folder, "data").exit_code == 0
    assert (folder / "export" / "data.csv").exists()
    assert rds("export", "assembly", folder).exit_code == 0


def test_a_format_that_a_kind_does_not_have_is_refused(folder):
    answer = rds("export", folder, "assembly", "--format", "spss")
    assert answer.exit_code == 1
    assert "leave it out" in answer.stderr


def test_every_kind_is_documented():
    from pathlib import Path

    text = (Path(__file__).parents[2] / "docs" / "tables.md").read_text(encoding="utf-8")
    assert [kind for kind in EXPORTS if f"rds export FOLDER {kind}" not in text] == []
