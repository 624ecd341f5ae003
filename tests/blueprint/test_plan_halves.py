"""Split-half of the plan against the exact hypergeometric distribution and errors of weights."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from rds.blueprint.apportion import allocate
from rds.blueprint.drawn import Form
from rds.blueprint.errors_of_weights import weight_errors
from rds.blueprint.plan_halves import PLAN_HALVES, WHOLE_PLAN, halves_sentence, plan_halves
from rds.blueprint.weighing import Weighing
from rds.errors import WithheldError
from rds.ratings.ratings import Ratings
from tests.blueprint import examples
from tests.blueprint.test_precision import built

TWO = Weighing({"T1": "A", "T2": "B"}, "importance_only")


def importance(first, second):
    return Ratings.from_frames(importance=pd.DataFrame({"T1": first, "T2": second}))


def test_differences_follow_the_exact_hypergeometric_distribution():
    # T2 is 3 for ten of twenty and 1 for the others: k of them fall into the first half.
    def items(high):
        mean = (3 * high + 10 - high) / 10
        return allocate([2.0, mean], items=60, identifiers=["A", "B"]).items[0]

    exact: dict[int, float] = {}
    for k in range(11):
        apart = abs(items(k) - items(10 - k))
        exact[apart] = exact.get(apart, 0) + stats.hypergeom.pmf(k, 20, 10, 10)
    found = plan_halves(importance([2] * 20, [1, 3] * 10), TWO, Form(60), splits=4000)
    own = found.distribution.query("domain_id == 'A'").set_index("difference")["share_of_splits"]
    for apart, share in exact.items():
        assert own.get(apart, 0.0) == pytest.approx(share, abs=0.032)


def test_halves_differ_by_about_twice_the_error_of_the_whole():
    rng = np.random.default_rng(2)
    ratings = importance(rng.integers(1, 6, 300), rng.integers(1, 6, 300))
    found = plan_halves(ratings, TWO, Form(10_000), splits=1000)
    se = weight_errors(ratings, domains=TWO.domains, model=TWO.model).domains.loc["A", "se"]
    # The mean of |x| is √(2/π) of the standard deviation.
    expected = 2 * 10_000 * se * np.sqrt(2 / np.pi)
    assert found.mean_difference["A"] == pytest.approx(expected, rel=0.1)


def test_items_that_change_their_domain_are_counted_once():
    outline = examples.outline()
    weighing = Weighing(outline.task_domains, "kane", ["importance", "frequency"])
    found = plan_halves(examples.ratings(outline), weighing, Form(100), splits=50)
    by_domain = found.mean_difference.drop(WHOLE_PLAN)
    assert found.mean_difference[WHOLE_PLAN] == pytest.approx(by_domain.sum() / 2)
    shares = found.distribution.groupby("domain_id")["share_of_splits"].sum()
    assert shares.tolist() == pytest.approx([1.0] * 4)


def test_respondents_who_all_agree_give_halves_with_the_same_plan():
    found = plan_halves(importance([4] * 20, [2] * 20), TWO, Form(50))
    assert (found.mean_difference == 0).all()
    assert "differ by 0.0 items on average" in repr(found)


@pytest.mark.parametrize(("n", "message"), [(19, "need 20 respondents"), (10, "15 respondents")])
def test_too_few_respondents_are_not_split(n, message):
    with pytest.raises(WithheldError, match=message):
        plan_halves(importance([4] * n, [2] * n), TWO, Form(50))


def test_a_blueprint_says_how_far_its_halves_lie_apart():
    blueprint = built()
    assert tuple(blueprint.plan_halves) == PLAN_HALVES
    assert halves_sentence(blueprint.plan_halves) in repr(blueprint)


def test_where_respondents_are_too_few_the_halves_are_withheld_with_the_reason():
    blueprint = built(16)
    assert blueprint.plan_halves.empty
    assert halves_sentence(blueprint.plan_halves) == ""
    (note,) = [note for note in blueprint.notes if note.table == "plan_halves"]
    assert "halves of the plan need 20 respondents" in note.reason
