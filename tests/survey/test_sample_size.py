"""Respondents needed by formula."""

from __future__ import annotations

import json
from dataclasses import replace
from math import ceil, sqrt
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.scales import PROPOSED_SCALES, Point, Scale, ordinal
from rds.settings import SamplingSection
from rds.survey.sample_plan import PLAN_COLUMNS, plan_lines, plan_view
from rds.survey.sample_size import (
    HONEST_NOTES,
    invitations,
    range_over,
    raters_for_reliability,
    sample_size,
    sample_size_for_mean,
)

# Published numbers and those of R packages; sources stand in the file.
ORACLES = json.loads(
    (Path(__file__).parents[1] / "oracles" / "sample_size.json").read_text("utf-8")
)

populations = st.integers(1, 10**7)
shares = st.floats(0.01, 0.99)
margins = st.floats(0.005, 0.5)
confidences = st.floats(0.5, 0.999)


def margin_reached(n, population, sd, confidence):
    """Half the normal interval of a mean of n drawn without replacement; SD with divisor N."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    return z * sd * sqrt(max(population - n, 0) / (population - 1) / n)


@pytest.mark.parametrize("case", ORACLES["O-N1"]["cases"])
def test_published_numbers_come_out_and_are_rounded_up(case):
    size = replace(sample_size(incumbents=None), n0=case["n0"])
    found = range_over(size, incumbents=[case["incumbents"]]).iloc[0]
    assert found["needed"] == case["needed"] == case["published"] + 1
    if "n" in case:
        assert found["n"] == pytest.approx(case["n"], abs=1e-7)
    else:
        assert 0 < found["n"] - case["n_other_form"] < 1


def test_five_points_among_some_populations_take_the_numbers_of_the_specification():
    expected = ORACLES["O-N1"]["needed_at_5_points"]
    table = range_over(sample_size(incumbents=None), incumbents=map(int, expected))
    assert table["needed"].tolist() == list(expected.values())
    assert table["n0"].tolist() == pytest.approx([384.1459] * 4, abs=1e-4)


def test_the_table_of_krejcie_and_morgan_is_the_same_formula_rounded():
    for population, published in ORACLES["krejcie_morgan"]["needed_by_population"].items():
        size = sample_size(incumbents=int(population))
        assert round(size.n) == published
        assert size.needed == ceil(size.n)


@pytest.mark.parametrize("case", ORACLES["whSample"]["cases"])
def test_another_package_asks_for_as_many(case):
    case = dict(case)
    needed = case.pop("needed")
    assert sample_size(**case).needed == needed


def test_means_take_the_numbers_of_the_specification_rounded_once():
    for key, incumbents in (("unlimited", None), ("among_500", 500)):
        for margin, needed in ORACLES["mean"][key].items():
            size = sample_size_for_mean(incumbents=incumbents, margin=float(margin), sd=1)
            assert size.needed == needed


def test_spearman_brown_agrees_with_psychometric_and_sixteen_stays_sixteen():
    for single, row in ORACLES["spearman_brown"]["raters"].items():
        for target, raters in row.items():
            found = raters_for_reliability(single=float(single), target=float(target))
            assert found == ceil(raters)


@given(populations.filter(lambda number: number > 1), margins, shares, confidences)
def test_the_number_needed_reaches_the_margin_and_one_fewer_does_not(
    incumbents, margin, share, confidence
):
    size = sample_size(incumbents=incumbents, margin=margin, share=share, confidence=confidence)
    spread = sqrt(share * (1 - share))
    assert margin_reached(size.needed, incumbents, spread, confidence) <= margin * (1 + 1e-9)
    if size.needed > 1:
        fewer = margin_reached(size.needed - 1, incumbents, spread, confidence)
        assert fewer > margin * (1 - 1e-9)


@given(populations, margins, shares, confidences)
def test_never_more_than_there_are_nor_than_without_a_limit(incumbents, margin, share, confidence):
    size = sample_size(incumbents=incumbents, margin=margin, share=share, confidence=confidence)
    assert 1 <= size.needed <= incumbents
    assert size.n <= max(size.n0, 1) * (1 + 1e-12)
    assert size.needed == ceil(size.n)


@given(st.lists(populations, min_size=2, max_size=6))
def test_more_practitioners_never_take_fewer_respondents(numbers):
    table = range_over(sample_size(incumbents=1200), incumbents=sorted(numbers))
    assert table["needed"].is_monotonic_increasing
    assert table["incumbents"].tolist() == sorted(numbers)


def test_a_very_large_population_is_as_good_as_no_limit():
    size = sample_size(incumbents=10**12)
    assert size.needed == sample_size(incumbents=None).needed == 385
    assert size.n == pytest.approx(size.n0, rel=1e-8)


@given(populations, st.floats(0.02, 0.4), st.floats(0.1, 0.9))
def test_a_percentage_is_the_mean_of_yes_and_no(incumbents, margin, share):
    spread = sqrt(share * (1 - share))
    percentage = sample_size(incumbents=incumbents, margin=margin, share=share)
    mean = sample_size_for_mean(incumbents=incumbents, margin=margin, sd=spread)
    assert (mean.n0, mean.n, mean.needed) == (percentage.n0, percentage.n, percentage.needed)


def test_half_the_margin_takes_four_times_as_many_without_a_limit():
    wide = sample_size_for_mean(incumbents=None, margin=0.2, sd=1)
    narrow = sample_size_for_mean(incumbents=None, margin=0.1, sd=1)
    assert narrow.n0 == pytest.approx(4 * wide.n0)


def test_results_keep_their_inputs_and_the_range_repeats_the_result():
    size = sample_size(incumbents=np.int64(900), margin=0.04, share=0.3, confidence=0.9)
    assert (size.incumbents, size.margin, size.share, size.confidence) == (900, 0.04, 0.3, 0.9)
    row = range_over(size, incumbents=[900]).iloc[0]
    assert (row["n0"], row["n"], row["needed"]) == (size.n0, size.n, size.needed)


@given(st.integers(1, 10**6), st.integers(1, 100), st.integers(1, 100))
def test_invitations_are_the_fewest_that_are_expected_to_do(needed, response, eligible):
    asked = invitations(needed, expected_response=response / 100, eligible=eligible / 100)
    assert asked * response * eligible >= needed * 10**4 > (asked - 1) * response * eligible


def test_a_division_that_comes_out_even_is_not_rounded_up():
    assert 84 / 0.35 > 240
    assert invitations(84, expected_response=0.35) == 240
    assert invitations(385, expected_response=1) == 385


@given(st.floats(0.02, 0.98), st.floats(0.02, 0.98))
def test_so_many_raters_reach_the_reliability_and_one_fewer_does_not(single, target):
    k = raters_for_reliability(single=single, target=target)

    def reached(raters):
        return raters * single / (1 + (raters - 1) * single)

    assert reached(k) >= target - 1e-12
    if k > 1:
        assert reached(k - 1) < target + 1e-12


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sample_size(incumbents=0), "found incumbents 0; wanted a whole number, 1 or more"),
        (lambda: sample_size(incumbents=12.5), "found incumbents 12.5; wanted a whole number"),
        (lambda: sample_size(incumbents=True), "found incumbents True; wanted a whole number"),
        (lambda: sample_size(incumbents=9, margin=5), "found margin 5; wanted a share above 0"),
        (lambda: sample_size(incumbents=9, margin=float("nan")), "found margin nan; wanted"),
        (lambda: sample_size(incumbents=9, share=1), "found share 1; .* above 0, below 1"),
        (lambda: sample_size(incumbents=9, share="half"), "found share half; wanted a share"),
        (lambda: sample_size(incumbents=9, confidence=95), "found confidence 95; .* below 1"),
        (lambda: sample_size(incumbents=9, confidence=0.05), "at least 0.5"),
        (lambda: sample_size_for_mean(incumbents=9, margin=0, sd=1), "found margin 0; .* above 0"),
        (lambda: sample_size_for_mean(incumbents=9, margin=0.1, sd=-1), "found sd -1; .* above 0"),
        (lambda: range_over(sample_size(incumbents=9), incumbents=[-5]), "found incumbents -5"),
        (lambda: invitations(0, expected_response=0.3), "found needed 0; wanted a whole number"),
        (lambda: invitations(9, expected_response=30), "found expected_response 30; .* 1 at most"),
        (lambda: invitations(9, expected_response=0.3, eligible=0), "found eligible 0"),
        (lambda: raters_for_reliability(single=0, target=0.8), "found single 0; wanted a share"),
        (lambda: raters_for_reliability(single=0.2, target=1), "found target 1; .* below 1"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_result_shows_its_aim_its_assumption_and_the_honest_notes():
    text = repr(sample_size(incumbents=None))
    assert text.splitlines()[0] == (
        "Respondents needed for a percentage within ±5 percentage points, 95 % confidence, "
        "if 50 % say yes"
    )
    assert "no limit" in text
    assert text.splitlines()[-2:] == list(HONEST_NOTES)
    assert "<table>" in sample_size_for_mean(incumbents=9, margin=0.1, sd=0.8)._repr_html_()


def test_a_plan_covers_half_the_estimate_the_estimate_and_double():
    table = plan_view(SamplingSection(), PROPOSED_SCALES).table
    assert tuple(table.columns) == PLAN_COLUMNS
    assert table["practitioners"].tolist() == [600, 1200, 2400] * 3
    assert table["needed"].tolist() == [235, 292, 332, 235, 292, 332, 83, 89, 93]
    assert table["invitations"][1] == ceil(292 / 0.3)


def test_a_plan_follows_margin_response_and_estimate():
    sampling = SamplingSection(incumbents=500, margin=10, expected_response=50)
    first = plan_view(sampling, ()).table.set_index("practitioners").loc[500]
    assert first["needed"] == sample_size(incumbents=500, margin=0.1).needed
    assert first["invitations"] == 2 * first["needed"]


def test_scales_of_which_the_same_is_assumed_share_their_rows():
    short = ordinal("yes", {0: "No", 1: "Yes"})
    aims = plan_view(SamplingSection(), (*PROPOSED_SCALES, short)).table
    assumed = dict(zip(aims["aim"], aims["assumed"], strict=True))
    assert assumed["importance, frequency: a mean within ±0.1 points of the scale"] == "SD 1"
    assert assumed["yes: a mean within ±0.1 points of the scale"] == "SD 0.5"


def test_scales_that_are_not_rated_in_order_have_no_mean_to_plan_for():
    points = (Point(0, "none"), Point(100, "all"))
    hundred = Scale("split", "", "other", points, kind="allocation of 100")
    view = plan_view(SamplingSection(), (hundred,))
    assert len(view.table) == 3
    assert not any("SD" in note for note in view.notes)


def test_an_open_link_gets_targets_and_no_margins():
    notes = plan_view(SamplingSection(design="open link"), ()).notes
    assert notes[-1].startswith("Open link: the numbers are targets")
    assert set(HONEST_NOTES) <= set(notes)


def test_only_a_random_sample_from_a_list_gets_the_correction():
    listed = SamplingSection(design="srs", frame_size=950)
    view = plan_view(listed, ())
    assert view.table["practitioners"].tolist() == [600, 950, 1200, 2400]
    assert any("corrects for the finite list of 950" in note for note in view.notes)
    for design in ("srs", "stratified", "census", "open link"):
        notes = plan_view(SamplingSection(design=design), ()).notes
        assert any("no finite population correction" in note for note in notes)


def test_more_invitations_than_people_are_said_with_what_to_expect():
    notes = " ".join(plan_view(SamplingSection(), ()).notes)
    assert "With 600 practitioners" in notes
    assert "expect 180 respondents" in notes
    assert "With 1200" not in notes


def test_one_practitioner_and_the_widest_settings_still_have_a_plan():
    sampling = SamplingSection(incumbents=1, margin=100, expected_response=100)
    table = plan_view(sampling, PROPOSED_SCALES).table
    assert table["practitioners"].tolist() == [1, 2] * 3
    assert (table["needed"] <= table["practitioners"]).all()


def test_the_lines_to_print_begin_with_one_sentence_to_remember():
    sampling = SamplingSection()
    view = plan_view(sampling, PROPOSED_SCALES)
    lines = plan_lines(view, sampling)
    assert "292 respondents: 974 invitations if there are 1200 practitioners" in lines[0]
    assert lines[1:3] == ["", view.title]
    assert lines[-len(view.notes) :] == list(view.notes)


def test_the_sentence_says_when_there_are_too_few_people_to_invite():
    sampling = SamplingSection(incumbents=300)
    sentence = plan_lines(plan_view(sampling, ()), sampling)[0]
    assert sentence.endswith("if there are 300 practitioners, which is more than there are.")
