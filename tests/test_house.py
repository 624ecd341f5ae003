"""The house around the package: what is committed, locked, documented and loaded, and bootstrap."""

import ast
import importlib.util
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

HOUSE = Path(__file__).resolve().parent.parent
HEAVY = {"numpy", "pandas", "scipy", "openpyxl", "xlsxwriter", "matplotlib", "pydantic"}

# One letter of each pattern stands in brackets, so that this file does not match itself.
INDEX_ADDRESS = re.compile(
    r"pypi\.org|pythonhosted\.org|[p]ypi-more|--(?:extra-)?[i]ndex-url|--[f]ind-links"
    r"|[t]rusted-host|[l]ocalhost:\d|127\.0\.0\.1:"
)
MACHINE_PATH = re.compile(
    r"(?<![\w.~-])/(?:[w]ork|[h]ome|[r]oot|[U]sers)/[\w.-]|/[o]pt/(?:rdsenv|wheels|pypi)"
    r"|\b[A-Za-z]:[\\/]+[U]sers[\\/]|\.\./[s]hared\b"
)


def committed_files():
    """Name what git holds or would add; an unpacked archive without git has nothing to ask."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    if not (HOUSE / ".git").exists() or shutil.which("git") is None:
        pytest.skip("this folder is not a git checkout")
    listed = subprocess.run(
        [*command, "--cached", "--others", "--exclude-standard"],
        cwd=HOUSE,
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    paths = (HOUSE / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def texts_of(path):
    """Yield the text of a file, and of every member if it is a zip (docx, xlsx)."""
    yield path.read_bytes().decode("latin-1")
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield archive.read(name).decode("latin-1")


def run_python(*arguments, **options):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=options.pop("cwd", HOUSE),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        **options,
    )


@pytest.mark.parametrize("pattern", [INDEX_ADDRESS, MACHINE_PATH], ids=["index", "machine"])
def test_no_committed_file_names_an_address_of_an_index_or_a_path_of_a_machine(pattern):
    found = [
        f"{path.relative_to(HOUSE)}: {match.group()}"
        for path in committed_files()
        for text in texts_of(path)
        if (match := pattern.search(text))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (INDEX_ADDRESS, "--" + "index-url https://example.org"),
        (INDEX_ADDRESS, "https://" + "pypi" + ".org/simple"),
        (MACHINE_PATH, "open('/" + "home/ada/study.xlsx')"),
        (MACHINE_PATH, "C:\\" + "Users\\ada"),
        (MACHINE_PATH, "/" + "work/main"),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern, text):
    assert pattern.search(text)


def locked_requirements():
    text = (HOUSE / "requirements.lock").read_text(encoding="ascii").replace("\\\n", "")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_the_lock_holds_names_versions_markers_and_hashes_and_nothing_else():
    entry = re.compile(r"[a-z0-9-]+==[\w.]+( ; [\w .'=<>!*()]+?)?(\s+--hash=sha256:[0-9a-f]{64})+")
    assert [line for line in locked_requirements() if not entry.fullmatch(line)] == []


def test_the_lock_meets_every_dependency_that_pyproject_names():
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    locked = {}
    for line in locked_requirements():
        name, version = re.match(r"([^=]+)==(\S+)", line).groups()
        locked.setdefault(name, []).append(version)
    unmet = [
        text
        for text in wanted
        if not any(
            version in Requirement(text).specifier
            for version in locked.get(Requirement(text).name.lower(), [])
        )
    ]
    assert unmet == []


def test_every_public_name_has_a_docstring_of_its_own():
    import rds

    def is_documented(name):
        text = inspect.getdoc(getattr(rds, name)) or ""
        return bool(text) and not text.startswith(f"{name}(")  # what dataclasses write themselves

    assert rds.__all__
    assert [name for name in rds.__all__ if not is_documented(name)] == []


def test_every_command_is_documented_in_the_readme():
    from typer.main import get_command

    from rds.cli.app import app

    readme = (HOUSE / "README.md").read_text(encoding="utf-8")
    commands = get_command(app).commands
    assert commands
    assert [name for name in commands if not re.search(rf"\brds {name}\b", readme)] == []


def test_help_comes_without_loading_a_heavy_library():
    answer = run_python("-X", "importtime", "-m", "rds", "--help")
    assert answer.returncode == 0, answer.stderr
    lines = answer.stderr.splitlines()
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}
    assert "rds" in loaded
    assert loaded & HEAVY == set()


def test_outline_errors_and_apportionment_load_without_numpy_and_pandas():
    code = """
import importlib, json, pkgutil, sys
import rds.blueprint.apportion, rds.errors, rds.outline
for module in pkgutil.iter_modules(rds.outline.__path__, "rds.outline."):
    importlib.import_module(module.name)
print(json.dumps(sorted({"numpy", "pandas"} & sys.modules.keys())))
"""
    answer = run_python("-c", code)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == []


@pytest.mark.parametrize(
    ("promised", "outcome"), [("", "1 skipped"), ("1", "1 error")], ids=["skips", "fails"]
)
def test_a_test_without_its_component_skips_by_name_and_fails_where_all_are_promised(
    tmp_path, promised, outcome
):
    shutil.copy(HOUSE / "conftest.py", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = libreoffice: needs it\n")
    (tmp_path / "test_office.py").write_text(
        "import pytest\n\n@pytest.mark.libreoffice\ndef test_pages(): pass\n"
    )
    environment = {**os.environ, "PATH": str(tmp_path), "RDS_ALL_COMPONENTS": promised}
    answer = run_python("-m", "pytest", "-rsE", cwd=tmp_path, env=environment)
    assert outcome in answer.stdout
    assert "LibreOffice (soffice) is not installed" in answer.stdout


@pytest.fixture
def bootstrap(tmp_path, monkeypatch):
    """Load bootstrap.py with an environment folder of its own."""
    spec = importlib.util.spec_from_file_location("bootstrap", HOUSE / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ENVIRONMENT", tmp_path)
    monkeypatch.setattr(module, "STAMP", tmp_path / "stamp")
    return module


def test_bootstrap_uses_the_standard_library_alone():
    tree = ast.parse((HOUSE / "bootstrap.py").read_text(encoding="utf-8"))
    names = {
        alias.name for node in ast.walk(tree) if type(node) is ast.Import for alias in node.names
    }
    names |= {node.module for node in ast.walk(tree) if type(node) is ast.ImportFrom}
    assert names
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_bootstrap_refuses_an_older_python_in_a_sentence(bootstrap):
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer, and this is Python 3\.9"):
        bootstrap.main(["demo"], version=(3, 9, 18))


def test_bootstrap_says_how_it_is_used_when_it_does_not_know_what_to_do(bootstrap, capsys):
    assert bootstrap.main(["tset"]) == 2
    assert "bootstrap.py demo [FOLDER]" in capsys.readouterr().out


def test_bootstrap_names_the_missing_debian_package(bootstrap, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="sudo apt install python3-venv"):
        bootstrap.make_environment()


def test_an_environment_is_ready_only_when_stamped_for_this_lock_and_its_python_runs(
    bootstrap, monkeypatch
):
    python_runs = True
    monkeypatch.setattr(bootstrap, "succeeds", lambda *command: python_runs)
    assert not bootstrap.is_ready()
    bootstrap.STAMP.write_text(bootstrap.fingerprint())
    assert bootstrap.is_ready()
    python_runs = False
    assert not bootstrap.is_ready()
    python_runs = True
    monkeypatch.setattr(bootstrap, "LOCK", HOUSE / "LICENSE")
    assert not bootstrap.is_ready()


def test_a_failing_check_is_named_and_the_tests_still_run_last(bootstrap, monkeypatch, capsys):
    ran = []

    def succeeds(*command, folder):
        ran.append(command)
        return command[0] != "mypy"

    monkeypatch.setattr(bootstrap, "succeeds", succeeds)
    assert bootstrap.run_checks(["-x"]) == 1
    assert [command[0] for command in ran] == ["ruff", "ruff", "mypy", "lint-imports", "pytest"]
    assert ran[-1][0] == "pytest"
    assert ran[-1][-1] == "-x"
    assert capsys.readouterr().out == "Failed before the tests: mypy.\n"


def test_every_check_passing_is_success(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap, "succeeds", lambda *command, folder: True)
    assert bootstrap.run_checks([]) == 0
