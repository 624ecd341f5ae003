"""Studies that were run, signed and approved, each made once."""

from __future__ import annotations

import shutil

import pytest

from rds.study.read_file import Told
from rds.study.receive import receive
from rds.study.run import run
from rds.study.study import Study
from tests.study.examples import make_study, write_answers
from tests.study.signing import BOARD, CHAIR, sign


@pytest.fixture(scope="session")
def ready(tmp_path_factory):
    """A study that was run, with nothing open."""
    root = tmp_path_factory.mktemp("ready")
    folder = make_study(root / "study", retention__rule="point")
    receive(Study.open(folder), write_answers(root / "a.csv"), told=Told(group="practitioners"))
    run(Study.open(folder))
    return folder


@pytest.fixture(scope="session")
def signed(ready, tmp_path_factory):
    """A study that the chair has signed."""
    folder = shutil.copytree(ready, tmp_path_factory.mktemp("signed") / "study")
    sign(folder, CHAIR)
    return folder


@pytest.fixture(scope="session")
def sealed(signed, tmp_path_factory):
    """A study that all roles have signed."""
    folder = shutil.copytree(signed, tmp_path_factory.mktemp("sealed") / "study")
    sign(folder, BOARD)
    return folder


@pytest.fixture
def approved(sealed, tmp_path):
    return shutil.copytree(sealed, tmp_path / "approved-study")
