"""What may be allocated, and what comes out."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from rds.blueprint.apportion import allocate


@pytest.mark.parametrize(
    "weights",
    [
        (0.5, 0.3, 0.2),
        np.array([0.5, 0.3, 0.2]),
        np.array([0.5, 0.3, 0.2], dtype=np.float32),
        np.array([5, 3, 2]),
        pd.Series([0.5, 0.3, 0.2]),
        {"D1": 50, "D2": 30, "D3": 20},
        [Decimal("0.5"), Fraction(3, 10), 0.2],
        iter([5, 3, 2]),
    ],
    ids=lambda weights: type(weights).__name__,
)
def test_weights_may_come_in_many_kinds(weights):
    plan = allocate(weights, items=15)
    assert list(plan) == [8, 4, 3]  # quotas 7.5, 4.5 and 3: a tie, which the larger weight wins
    assert plan.weights == (0.5, 0.3, 0.2)
    assert plan.quotas == (7.5, 4.5, 3.0)
    assert [tie.rule for tie in plan.ties] == ["larger weight"]


def test_labels_of_a_series_and_keys_of_a_mapping_are_the_identifiers():
    series = pd.Series({"D2": 2, "D1": 1})
    named = allocate([2, 1], items=9, identifiers=["D2", "D1"])
    assert allocate(series, items=9) == allocate(series.to_dict(), items=9) == named
    assert named.identifiers == ("D2", "D1")


def test_bounds_may_be_one_for_all_one_each_or_by_identifier():
    each = allocate([6, 3, 1], items=10, minimum=[2, 2, 2], maximum=[5, None, None])
    by_name = allocate([6, 3, 1], items=10, minimum=2, maximum=pd.Series({"1": 5}))
    assert each == by_name
    assert (each.minimum, each.maximum) == ((2, 2, 2), (5, None, None))


def test_an_allocation_is_a_sequence_of_whole_numbers():
    plan = allocate([5, 3, 2], items=10)
    assert (len(plan), plan[0], plan[-2:], 3 in plan) == (3, 5, (3, 2), True)
    assert np.asarray(plan).tolist() == [5, 3, 2]


def test_frame_has_one_row_each_and_an_empty_cell_where_there_is_no_maximum():
    frame = allocate({"D1": 3, "D2": 1}, items=6, minimum={"D2": 1}, maximum={"D1": 4}).as_frame()
    assert frame.columns.tolist() == [
        "identifier",
        "weight",
        "quota",
        "minimum",
        "maximum",
        "items",
    ]
    assert frame.drop(columns="maximum").to_numpy().tolist() == [
        ["D1", 0.75, 4.5, 0, 4],
        ["D2", 0.25, 1.5, 1, 2],
    ]
    assert frame["maximum"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("weights", "found"),
    [
        ([], "Found 0 weights"),
        ([0, 0.0], "Found 2 weights, none above zero"),
        ({"D1": 0.5, "D2": -0.1}, "-0.1 for “D2”"),
        ([math.nan, 1, math.inf], "nan for “1” and inf for “3”"),
        ([Decimal("NaN"), 1], "NaN for “1”"),
        ([True, 1], "True for “1”"),
        ([np.True_, 1], "True for “1”"),
        ([None, 1], "None for “1”"),
        (["0.5", 1], "0.5 for “1”"),
        (np.array([[1, 2], [3, 4]]), "[1 2] for “1”"),
        (0.5, "weights is 0.5; it must be a sequence"),
        (pd.Series([1, 2], index=["D1", "D1"]), "found “D1” more than once"),
    ],
)
def test_unusable_weights_are_refused_with_what_was_found(weights, found):
    with pytest.raises(ValueError, match=re.escape(found)):
        allocate(weights, items=10)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"items": -1}, "items is -1"),
        ({"items": 9.5}, "items is 9.5"),
        ({"items": True}, "items is True"),
        ({"method": "hamiltn"}, "Unknown method “hamiltn”"),
        ({"method": "hamiltn"}, "Did you mean “hamilton”?"),
        ({"minimum": -1}, "minimum of “D1” is -1"),
        ({"maximum": [1.5, None]}, "maximum of “D1” is 1.5"),
        ({"minimum": [1, 1, 1]}, "Found 3 values of minimum for 2 weights"),
        ({"minimum": {"D3": 1}}, "Unknown identifier in minimum “D3”"),
        ({"identifiers": ["D1"]}, "Found 2 weights and 1 identifiers"),
        ({"identifiers": ["D1", "D1"]}, "found “D1” more than once"),
    ],
)
def test_unusable_arguments_are_refused_with_what_was_found(arguments, found):
    with pytest.raises(ValueError, match=re.escape(found)):
        allocate([2, 1], **{"items": 10, "identifiers": ["D1", "D2"], **arguments})


def test_identifiers_beside_labelled_weights_are_refused():
    with pytest.raises(ValueError, match="carry identifiers of their own"):
        allocate({"D1": 1}, items=1, identifiers=["D2"])


def test_module_works_without_numpy_and_pandas():
    code = (
        "import sys; sys.modules.update(numpy=None, pandas=None);"
        "from rds.blueprint.apportion import allocate; print(list(allocate([0.5, 0.5], items=3)))"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "[2, 1]"
