"""A small study folder to work on."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from rds.documents.study_workbook import study_workbook

SETTINGS = {
    "study.id": "demo-test",
    "study.title": "A study for tests",
    "study.credential": "Test",
    "study.opened": date(2026, 3, 1),
    "study.effective": date(2027, 1, 1),
    "weights.model": "kane",
    "weights.rationale": "Both scales matter.",
    # The lowest point as cut: random ratings keep every task.
    "retention.cut": "1",
    "resampling.replicates": 100,
}


def rows():
    domains = [{"domain_id": f"D{k}", "title": f"Domain {k}"} for k in (1, 2, 3)]
    tasks = [
        {"task_id": f"T{k:02d}", "domain_id": f"D{1 + k % 3}", "statement": f"Do part {k} well."}
        for k in range(1, 13)
    ]
    questions = [{"question_id": "Q1", "question": "Where do you work?", "kind": "choice"}]
    return {"Domains": domains, "Tasks": tasks, "Demographics": questions}


def make_study(folder: Path, *, sheets=None, **settings) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    chosen = {**SETTINGS, **{key.replace("__", "."): value for key, value in settings.items()}}
    content = study_workbook({**rows(), **(sheets or {})}, settings=chosen, date=date(2026, 3, 1))
    (folder / "study.xlsx").write_bytes(content)
    return folder


def answers(n=30, seed=1, prefix="P"):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"respondent": [f"{prefix}{k}" for k in range(n)]})
    frame["Q1"] = rng.choice(["Community", "Hospital"], n)
    frame["email"] = "nobody@example.org"
    for k in range(1, 13):
        frame[f"T{k:02d}_importance"] = rng.integers(1, 5, n)
        frame[f"T{k:02d}_frequency"] = rng.integers(0, 6, n)
    return frame


def write_answers(path: Path, frame=None, **options) -> Path:
    (answers(**options) if frame is None else frame).to_csv(path, index=False)
    return path
