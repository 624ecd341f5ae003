"""How tests sign a study."""

from __future__ import annotations

import datetime

from rds.study.approve import Signature, approve
from rds.study.study import Study

TODAY = datetime.date(2027, 1, 5)
CHAIR, BOARD = "panel chair", "board"


def opened(folder):
    return Study.open(folder, strict=False)


def sign(folder, role, *, day=TODAY, **options):
    return approve(opened(folder), Signature(role, day, **options), today=TODAY)
