"""Figures, each drawn on a Matplotlib axis that it takes or makes, and returns.

In Jupyter a figure shows itself at the end of the cell; a semicolon behind the call keeps the
axis from being printed as well. Elsewhere it is a plain Matplotlib figure that needs no window
system: save it with ``ax.figure.savefig("plan.png", dpi=200)``. A figure that is made here is as
high as its rows ask for; to decide yourself, pass an axis.
"""

from __future__ import annotations

from rds.documents.figure_blueprint import domain_items, sensitivity
from rds.documents.figure_ratings import distribution, group_means, task_ratings
from rds.documents.figure_respondents import respondents_for_blueprint

__all__ = [
    "distribution",
    "domain_items",
    "group_means",
    "respondents_for_blueprint",
    "sensitivity",
    "task_ratings",
]
