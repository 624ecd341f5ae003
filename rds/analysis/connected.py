"""How many parts a table with gaps falls into: what can be compared with what."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def count_parts(rows: NDArray[np.intp], columns: NDArray[np.intp], n: int, k: int) -> int:
    """Count the parts of a table of n rows and k columns that share neither rows nor columns.

    Parameters
    ----------
    rows, columns
        Where the filled cells are.
    n, k
        Size of the table.

    Examples
    --------
    >>> count_parts(np.array([0, 1, 1]), np.array([0, 1, 2]), 2, 3)
    2
    """
    graph = coo_array((np.ones(len(rows)), (rows, n + columns)), shape=(n + k, n + k))
    parts, _ = connected_components(graph, directed=False)
    return int(parts)
