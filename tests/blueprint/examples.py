"""A small study to build blueprints from."""

import numpy as np
import pandas as pd

from rds.outline.outline import Domain, Outline, Task
from rds.ratings.ratings import Ratings
from rds.settings import Settings

LEVELS = ("recall", "application", "analysis")


def outline(tasks_per_domain=(5, 4, 3), **domain_bounds):
    domains, tasks = [], []
    for number, count in enumerate(tasks_per_domain, start=1):
        name = f"D{number}"
        domains.append(Domain(name, f"Domain {number}", **domain_bounds.get(name, {})))
        for _ in range(count):
            task = f"T{len(tasks) + 1:02d}"
            level = LEVELS[len(tasks) % 3]
            tasks.append(Task(task, name, f"Do {task}.", cognitive_level=level))
    return Outline(tuple(domains), tuple(tasks))


def ratings(study_outline, seed=1, respondents=40):
    rng = np.random.default_rng(seed)
    names = [task.task_id for task in study_outline.tasks]
    shape = (respondents, len(names))
    return Ratings.from_frames(
        importance=pd.DataFrame(rng.integers(1, 5, shape), columns=names),
        frequency=pd.DataFrame(rng.integers(0, 6, shape), columns=names),
        not_performed={"frequency": 0},
    )


def settings(**sections):
    given = {
        "weights": {"model": "kane", "rationale": "Both scales matter."},
        # The lowest point as cut: random ratings keep every task.
        "retention": {"cut": "1"},
    }
    for name, values in sections.items():
        given[name] = {**given.get(name, {}), **values}
    return Settings.model_validate(given)
