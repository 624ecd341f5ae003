"""Shipped templates are found wherever rds lies, and hold what the code writes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from rds import templates
from rds.documents.study_workbook import TEMPLATE_DATE, study_workbook, write_templates
from rds.errors import FolderError
from rds.outline.build import build_outline
from rds.settings import PROPOSED_SETTINGS, Settings
from rds.settings_reader import settings_from_toml, validate_settings
from rds.settings_toml import settings_toml
from rds.sheets import read_tables
from rds.templates import template
from tests.workbooks import messages


def members(content: bytes) -> dict[str, bytes]:
    """Return what a zip file holds; how tightly it is packed depends on the machine."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_workbook_is_what_the_code_writes():
    shipped = template("study.xlsx").read_bytes()
    assert members(shipped) == members(study_workbook(date=TEMPLATE_DATE))


def test_the_text_is_what_the_code_writes():
    assert template("study.toml").read_text(encoding="utf-8") == settings_toml(PROPOSED_SETTINGS)


def test_the_command_in_the_readme_writes_both(tmp_path):
    write_templates(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["study.toml", "study.xlsx"]
    readme = template("README.md").read_text(encoding="utf-8")
    assert "python -m rds.documents.study_workbook templates" in readme


def test_all_that_the_template_lacks_is_what_only_the_study_knows():
    tables = read_tables(template("study.xlsx"))
    assert (tables.problems, tables.ignored, tables.assumed) == ((), (), ())
    mend = "To mend: replace the example row with your own."
    assert messages(build_outline(tables.rows)[1]) == [
        f"study.xlsx, {name}: found no rows; wanted at least one row in {name}. {mend}"
        for name in ("Domains", "Tasks")
    ]


def test_the_text_reads_as_the_template_values():
    given, tables = settings_from_toml(template("study.toml"))
    settings, problems = validate_settings(given)
    assert [*problems, *tables.problems] == []
    assert settings.weights.model == "kane"
    assert settings.model_dump(exclude={"weights"}) == Settings().model_dump(exclude={"weights"})


def test_an_installed_rds_finds_its_templates_inside_the_package(tmp_path, monkeypatch):
    monkeypatch.setattr(templates, "_PACKAGE", tmp_path / "rds")
    inside = tmp_path / "rds" / "_templates"
    inside.mkdir(parents=True)
    (inside / "study.xlsx").touch()
    (tmp_path / "templates").mkdir()
    assert template("study.xlsx") == inside / "study.xlsx"


def test_templates_of_another_project_beside_an_installed_rds_are_not_ours(tmp_path, monkeypatch):
    monkeypatch.setattr(templates, "_PACKAGE", tmp_path / "rds")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "study.xlsx").touch()
    with pytest.raises(
        FolderError, match=r"^The templates of rds are missing; install rds again\."
    ):
        template("study.xlsx")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("study.xls", "rds has no template “study.xls”; did you mean “study.xlsx”?"),
        ("../pyproject.toml", "rds has no template “../pyproject.toml”; there are "),
        ("", "rds has no template “”; there are "),
    ],
)
def test_a_template_that_is_not_shipped_is_refused_in_a_sentence(name, message):
    with pytest.raises(FolderError) as refused:
        template(name)
    assert str(refused.value).startswith(message)


def test_a_template_is_a_path():
    assert isinstance(template("study.xlsx"), Path)
