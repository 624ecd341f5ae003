"""Make `.venv` from `requirements.lock`, and run rds or its tests in it.

Needs Python 3.11 or newer and nothing else. `.venv` holds what the lock names and nothing more:
when the lock, `pyproject.toml` or the place of this folder changes, it is made afresh.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

USAGE = """\
python3 bootstrap.py demo [FOLDER]        write and run the demonstration study (demo-study)
python3 bootstrap.py test [OPTION ...]    run every check; options go to pytest
python3 bootstrap.py install              make .venv and stop
"""
OLDEST_PYTHON = (3, 11)
HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"
STAMP = ENVIRONMENT / "bootstrap-stamp"
LOCK = HERE / "requirements.lock"
PROJECT = HERE / "pyproject.toml"
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports", "--no-logo"),
)
PIP_INSTALL = ("-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input")


def program(name: str) -> Path:
    """Return where `.venv` keeps the program `name`."""
    if os.name == "nt":
        return ENVIRONMENT / "Scripts" / f"{name}.exe"
    return ENVIRONMENT / "bin" / name


def succeeds(name: str, *arguments: str, folder: Path | None = None) -> bool:
    """Run a program of `.venv`, and tell whether it ended well."""
    sys.stdout.flush()
    try:
        return subprocess.run([program(name), *arguments], cwd=folder, check=False).returncode == 0
    except OSError:
        return False


def fingerprint() -> str:
    """Return the state that `.venv` has to agree with."""
    state = hashlib.sha256(os.fsencode(HERE))
    state.update(LOCK.read_bytes())
    state.update(PROJECT.read_bytes())
    return state.hexdigest()


def is_ready() -> bool:
    """Tell whether `.venv` was finished for this lock, and whether its Python still runs."""
    stamped = STAMP.read_text(encoding="ascii") if STAMP.is_file() else ""
    return stamped == fingerprint() and succeeds("python", "-c", "")


def make_environment() -> None:
    """Make an empty `.venv`, in place of one that is broken, half made or out of date."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        sys.exit(
            "This Python cannot make virtual environments; on Debian or Ubuntu, run"
            " “sudo apt install python3-venv” and try again."
        )
    command = [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]
    if subprocess.run(command, check=False).returncode != 0:
        sys.exit(
            f"The folder {ENVIRONMENT} could not be made; close what uses it, delete it if it is"
            " there, and try again."
        )


def install() -> None:
    """Install what the lock names, with its hashes checked, and rds itself from this folder."""
    locked = ("--only-binary", ":all:", "--require-hashes", "--requirement", str(LOCK))
    if not succeeds("python", *PIP_INSTALL, *locked):
        sys.exit(
            "The packages in requirements.lock could not be installed; pip’s reason stands above."
            " If it speaks of connections or finds no versions, look to the network and try again."
        )
    editable = ("--no-deps", "--no-build-isolation", "--no-index", "--editable", str(HERE))
    if not succeeds("python", *PIP_INSTALL, *editable):
        sys.exit("rds itself could not be installed from this folder; pip’s reason stands above.")


def prepare() -> None:
    """Bring `.venv` up to date, if it is not."""
    if is_ready():
        return
    print("Making .venv and installing what requirements.lock names; this takes a minute or two.")
    sys.stdout.flush()
    make_environment()
    install()
    STAMP.write_text(fingerprint(), encoding="ascii")


def run_demo(arguments: list[str]) -> int:
    """Run `rds demo` where the user stands."""
    code = subprocess.run(
        [program("rds"), "demo", *(arguments or ["demo-study"])], check=False
    ).returncode
    if code == 0:
        print(f"(The command rds is {program('rds')}.)")
    return code


def run_checks(arguments: list[str]) -> int:
    """Run every check, the tests last so that their summary is the last thing seen."""
    failed = [" ".join(check) for check in CHECKS if not succeeds(*check, folder=HERE)]
    if failed:
        print(f"Failed before the tests: {'; '.join(failed)}.")
    spread = ("--numprocesses=auto", "--dist=loadfile")
    passed = succeeds("pytest", *spread, *arguments, folder=HERE)
    return 0 if passed and not failed else 1


def main(arguments: list[str], version: tuple[int, ...] = sys.version_info[:3]) -> int:
    """Do what the first argument says, and return the exit code."""
    if version < OLDEST_PYTHON:
        found, wanted = (".".join(map(str, numbers)) for numbers in (version, OLDEST_PYTHON))
        sys.exit(f"rds needs Python {wanted} or newer, and this is Python {found}.")
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command not in ("demo", "test", "install"):
        print(USAGE, end="")
        return 0 if command in ("-h", "--help") else 2
    prepare()
    if command == "install":
        return 0
    return run_demo(rest) if command == "demo" else run_checks(rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
