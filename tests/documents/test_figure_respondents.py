"""The figure of respondents needed shows the numbers of the table."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from rds.blueprint.simulated_surveys import respondents_for_blueprint as simulate
from rds.documents.figures import respondents_for_blueprint
from rds.ratings.ratings import Ratings

ANSWERS = pd.DataFrame({"T1": [4, 3, 4, 2] * 10, "T2": [2, 3, 1, 4] * 10})


@pytest.fixture(scope="module")
def found():
    return simulate(
        Ratings.from_frames(importance=ANSWERS),
        domains={"T1": "A", "T2": "B"},
        model="importance_only",
        items=50,
        sizes=[50, 200, 800],
    )


def test_each_domain_and_all_together_have_a_line_with_the_shares_of_the_table(found):
    ax = respondents_for_blueprint(found)
    for line, (_, rows) in zip(
        ax.lines, found.table.groupby("domain_id", sort=False), strict=False
    ):
        assert line.get_xdata().tolist() == rows["n_respondents"].tolist()
        assert line.get_ydata().tolist() == pytest.approx((100 * rows["share_within"]).tolist())


def test_the_number_needed_is_marked_and_written(found):
    ax = respondents_for_blueprint(found)
    assert f"{found.needed()} respondents" in [text.get_text() for text in ax.texts]


def test_it_is_drawn_on_the_axis_that_is_given(found):
    axis = Figure().subplots()
    assert respondents_for_blueprint(found, ax=axis) is axis


def test_where_no_size_is_enough_nothing_is_marked():
    few = simulate(
        Ratings.from_frames(importance=ANSWERS),
        domains={"T1": "A", "T2": "B"},
        model="importance_only",
        items=900,
        sizes=[15, 20],
    )
    ax = respondents_for_blueprint(few)
    assert not [text for text in ax.texts if "respondents" in text.get_text().split("\n")[0][:16]]
