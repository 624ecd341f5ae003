"""The analysis as one result."""

import numpy as np
import pandas as pd
import pytest

from rds.analysis.analysis import analyze_ratings
from rds.ratings.published import PUBLISHED_COLUMNS, Published
from rds.ratings.ratings import Ratings
from tests.blueprint.examples import outline, ratings, settings


def reasons(analysis, table, kind="withheld"):
    return {note.reason for note in analysis.notes if (note.table, note.kind) == (table, kind)}


def test_every_group_has_its_rows_and_the_pool_only_where_all_set_the_weights():
    study = outline()
    answers = ratings(study)
    answers.respondents["group"] = ["a"] * 30 + ["b"] * 10
    pooled = analyze_ratings(answers, study, settings())
    apart = analyze_ratings(answers, study, settings(respondents={"weight_from": ["a"]}))
    assert set(pooled.statement_ratings["group"]) == {"all", "a", "b"}
    assert set(apart.statement_ratings["group"]) == {"a", "b"}


def test_simulated_and_reconstructed_answers_are_named():
    study = outline()
    answers = ratings(study)
    answers.respondents["nature"] = "simulated"
    assert reasons(analyze_ratings(answers, study, settings()), "respondents", "simulated")
    answers.respondents["nature"] = "reconstructed"
    analysis = analyze_ratings(answers, study, settings())
    assert analysis.reliability.empty
    assert "reconstructed from published figures" in " ".join(reasons(analysis, "reliability"))


def test_reliability_is_of_tasks_and_says_what_it_rests_on():
    study = outline()
    analysis = analyze_ratings(ratings(study), study, settings())
    table = analysis.reliability
    assert set(table["domain_id"]) == {"D1", "D2", "D3", "all"}
    assert {"respondents as cases", "tasks as cases"} < set(table["orientation"])
    assert table.loc[table["domain_id"] == "all", "n_statements"].unique().tolist() == [12]


def test_what_holds_on_every_scale_is_noted_once():
    study = outline()
    analysis = analyze_ratings(ratings(study), study, settings())
    notes = [note for note in analysis.notes if note.row == "D3, tasks as cases"]
    assert [note.reason for note in notes] == [
        "Coefficients with tasks as cases need at least 10 statements; found 3."
    ]


def test_resampled_intervals_say_how_many_resamples_they_rest_on():
    study = outline()
    answers = ratings(study)
    gaps = {
        name: answers.frame(name).mask(np.random.default_rng(3).random((40, 12)) < 0.1)
        for name in ("importance", "frequency")
    }
    with_gaps = Ratings.from_frames(scales=answers.scales, **gaps)
    analysis = analyze_ratings(with_gaps, study, settings())
    assert reasons(analysis, "reliability", "assumed") == {
        "intervals of tables with gaps rest on 500 resamples"
    }


def test_answers_and_published_means_stand_in_one_analysis():
    study = outline()
    answers = ratings(study)
    rows = [("T01", "importance", "report", "", 15, 3.2, None, "3.20")]
    published = Published(answers.scales, pd.DataFrame(rows, columns=PUBLISHED_COLUMNS))
    analysis = analyze_ratings(answers, study, settings(), published=published)
    assert set(analysis.respondents["nature"]) == {"answers", "published"}
    assert analysis.statement_ratings["group"].iloc[-1] == "report"


def test_an_analysis_shows_itself():
    study = outline()
    analysis = analyze_ratings(ratings(study), study, settings())
    assert repr(analysis).startswith("Mean ratings")
    assert len(analysis.as_frame()) == len(analysis.statement_ratings)


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_respondents_changes_no_number(order):
    study = outline()
    answers = ratings(study)
    turned = Ratings.from_frames(
        scales=answers.scales,
        **{name: answers.frame(name).iloc[::order] for name in ("importance", "frequency")},
    )
    first = analyze_ratings(answers, study, settings()).statement_ratings
    second = analyze_ratings(turned, study, settings()).statement_ratings
    pd.testing.assert_frame_equal(first, second)


def test_a_declared_frame_narrows_the_errors_and_an_open_link_never_does():
    study = outline()
    answers = ratings(study)
    plain = analyze_ratings(answers, study, settings())
    sampling = {"design": "srs", "frame_size": 80}
    drawn = analyze_ratings(answers, study, settings(sampling=sampling))
    open_link = analyze_ratings(
        answers, study, settings(sampling={**sampling, "design": "open link"})
    )
    ratio = drawn.statement_ratings["se"] / plain.statement_ratings["se"]
    assert ratio.to_numpy() == pytest.approx(0.5**0.5)
    pd.testing.assert_frame_equal(open_link.statement_ratings, plain.statement_ratings)
    assert "frame of 80 people" in " ".join(reasons(drawn, "statement_ratings", "assumed"))
    stratified = analyze_ratings(
        answers, study, settings(sampling={**sampling, "design": "stratified"})
    )
    said = " ".join(reasons(stratified, "statement_ratings", "assumed"))
    assert "takes the strata of the frame together" in said


def test_published_means_have_no_reliability_and_say_so():
    rows = [("T01", "importance", "report", "", 15, 3.2, None, "3.20")]
    published = Published(ratings(outline()).scales, pd.DataFrame(rows, columns=PUBLISHED_COLUMNS))
    analysis = analyze_ratings(None, outline(), settings(), published=published)
    assert analysis.sentences == ()
    for name in ("reliability", "variance_components", "dstudy", "agreement"):
        assert getattr(analysis, name).empty
        assert reasons(analysis, name)
