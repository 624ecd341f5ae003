"""How results show themselves."""

from dataclasses import dataclass

import pandas as pd

import rds
from rds.show import Shown, ShownFields, View, as_html, as_text, rounded

TABLE = pd.DataFrame({"title": ["<b> & co"], "weight": [2 / 3], "percent": [66.66], "n": [7]})


def test_numbers_are_rounded_only_when_shown():
    assert rounded(TABLE).iloc[0].tolist() == ["<b> & co", "0.667", "66.7", "7"]
    assert TABLE["weight"][0] == 2 / 3


def test_missing_numbers_show_as_a_dash_and_truth_as_words():
    table = pd.DataFrame({"mean": [float("nan")], "retained": [True]})
    assert rounded(table).iloc[0].tolist() == ["–", "yes"]


def test_text_aligns_numbers_right_and_ends_with_the_notes():
    lines = as_text(View("Weights", TABLE, ("Simulated.",))).splitlines()
    assert lines[0] == "Weights"
    assert lines[2].endswith("  7")
    assert lines[-1] == "Simulated."


def test_html_escapes_what_people_wrote():
    html = as_html(View("A < B", TABLE))
    assert "&lt;b&gt; &amp; co" in html
    assert "A &lt; B" in html


def test_a_result_shows_itself_in_three_ways():
    class Result(Shown):
        def view(self):
            return View("Weights", TABLE)

    result = Result()
    assert repr(result).startswith("Weights")
    assert "<table>" in result._repr_html_()
    assert result.as_frame() is TABLE


def test_a_result_of_single_values_shows_as_one_row():
    @dataclass(frozen=True, repr=False)
    class Coefficient(ShownFields):
        value: float
        n: int

    assert repr(Coefficient(0.5, 30)).splitlines() == ["Coefficient", "value   n", "0.500  30"]


def test_every_public_result_shows_itself_in_three_ways():
    table = pd.DataFrame([[1, 3, 5], [2, 3, 4], [1, 2, 5]])
    importance = pd.DataFrame({"A": [1, 2, 3] * 6, "B": [3, 4, 4] * 6})
    results = [
        rds.allocate([0.5, 0.5], items=3),
        rds.cronbach_alpha(table),
        rds.variance_components(table),
        rds.kendall_w(table),
        rds.krippendorff_alpha(table, categories=[1, 2, 3, 4, 5]),
        rds.sample_size(incumbents=1200),
        rds.weight_errors(
            rds.Ratings.from_frames(importance=importance),
            domains={"A": "D1", "B": "D2"},
            model="importance_only",
        ),
    ]
    for result in results:
        assert len(repr(result).splitlines()) >= 3
        assert "<table>" in result._repr_html_()
        assert len(result.as_frame()) >= 1
