"""Numbers from elsewhere, with the script or citation that gave them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def oracle(name: str) -> Any:
    """Return the content of an oracle file."""
    return json.loads((Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8"))
