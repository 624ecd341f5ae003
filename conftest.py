"""What every test run shares: the documentation's examples, and the rule for missing components."""

import os
import shutil
from contextlib import ExitStack, chdir
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

COMPONENTS = {
    "libreoffice": ("LibreOffice", "soffice"),
    "node": ("Node.js", "node"),
    "chromium": ("Chromium", "chromium"),
    "odk": ("Java", "java"),
    "pspp": ("PSPP", "pspp"),
    "haven": ("R with haven", "Rscript"),
}

# How long an example takes says something of the machine, not of the code.
settings.register_profile("rds", deadline=None)
settings.load_profile("rds")


def enter_scratch_folder(namespace):
    """Let the examples of one document write where they like."""
    scratch = ExitStack()
    scratch.enter_context(chdir(scratch.enter_context(TemporaryDirectory())))
    namespace["_leave"] = scratch.close


def leave_scratch_folder(namespace):
    namespace["_leave"]()


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(doctest_optionflags=ELLIPSIS | NORMALIZE_WHITESPACE)],
    patterns=["README.md", "docs/*.md"],
    setup=enter_scratch_folder,
    teardown=leave_scratch_folder,
).pytest()


def pytest_runtest_setup(item):
    """Skip a test whose component is absent; fail it where all components are promised."""
    for marker, (component, command) in COMPONENTS.items():
        if item.get_closest_marker(marker) and shutil.which(command) is None:
            stop = pytest.fail if os.environ.get("RDS_ALL_COMPONENTS") == "1" else pytest.skip
            stop(f"{component} ({command}) is not installed")
