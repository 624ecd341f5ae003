"""Simulated ratings: what the model says must be seen in what it makes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.ratings.frames import NO_ANSWER, NOT_SHOWN
from rds.ratings.simulate import Spread, simulate_ratings
from rds.scales import Point, Scale, ordinal

IMPORTANCE = ordinal("importance", {1: "a", 2: "b", 3: "c", 4: "d"}, role="importance")
FREQUENCY = ordinal(
    "frequency", {0: "never", 1: "a", 2: "b", 3: "c", 4: "d"}, role="frequency", not_performed=0
)
TASKS = {f"T{number:02d}": f"D{number % 3}" for number in range(30)}
COMPLETE = {"not_performed_percent": 0, "missing_percent": 0, "break_off_percent": 0}


def simulate(scales=(IMPORTANCE, FREQUENCY), n=300, seed=1, tasks=TASKS, **options):
    return simulate_ratings(tasks=tasks, scales=scales, n_respondents=n, seed=seed, **options)


def complete(**options):
    return simulate(**{**COMPLETE, **options})


def only(**parts):
    """A spread in which the named parts vary and next to nothing else does."""
    nothing = dict.fromkeys(("task", "shared", "leniency", "domain", "group"), 0.0)
    return Spread(**{**nothing, "rest": 0.05, **parts})


def correlation(first, second):
    return np.corrcoef(first, second)[0, 1]


def test_respondents_are_marked_as_simulated():
    people = simulate(n=12).respondents
    assert people.index.tolist()[::11] == ["SIM0001", "SIM0012"]
    assert set(people["nature"]) == {"simulated"}
    assert set(people["wave"]) == {"1"}
    assert set(people["group"]) == {""}


def test_numbers_of_respondents_grow_with_their_count():
    assert simulate(n=10_001, tasks={"T01": "D1"}).respondents.index[0] == "SIM00001"


@given(st.integers(0, 2**32))
@settings(max_examples=20)
def test_the_same_seed_gives_the_same_ratings(seed):
    first, second = (simulate(n=20, seed=seed, groups={"a": 0.5, "b": 0.5}) for _ in range(2))
    assert first.to_wide().equals(second.to_wide())
    assert not first.to_wide().equals(simulate(n=20, seed=seed + 1).to_wide())


def test_points_are_chosen_in_rising_proportion():
    # Expected from the docstring: 1 : 2 : 3 : 4. Small shared effects, so that shares are precise.
    spread = only(rest=1.0)
    answers = complete(n=4000, spread=spread).values("importance")
    shares = [(answers == point).mean() for point in (1, 2, 3, 4)]
    assert shares == pytest.approx([0.1, 0.2, 0.3, 0.4], abs=0.01)


def test_not_performed_lies_below_the_rated_points():
    ratings = complete(n=4000, spread=only(rest=1.0), not_performed_percent=20)
    answers = ratings.values("frequency")
    shares = [(answers == point).mean() for point in range(5)]
    assert shares == pytest.approx([0.20, 0.08, 0.16, 0.24, 0.32], abs=0.01)


def test_who_does_not_perform_a_task_is_not_asked_how_important_it_is():
    ratings = simulate()
    never = ratings.codes["frequency"] == 0
    assert never.any()
    assert np.array_equal(ratings.codes["importance"] == NOT_SHOWN, never)
    assert not (ratings.codes["frequency"] == NOT_SHOWN).any()


def test_a_scale_with_its_own_point_for_it_says_not_performed_too():
    own = ordinal("importance", {0: "not mine", 1: "a", 2: "b"}, not_performed=0)
    ratings = simulate(scales=(own, FREQUENCY))
    assert np.array_equal(ratings.codes["importance"] == 0, ratings.codes["frequency"] == 0)


def test_without_a_frequency_scale_the_first_that_can_tell_decides_who_performs():
    own = ordinal("importance", {0: "not mine", 1: "a", 2: "b"}, not_performed=0)
    other = ordinal("harm", {1: "a", 2: "b"})
    ratings = simulate(scales=(other, own))
    assert np.array_equal(ratings.codes["harm"] == NOT_SHOWN, ratings.codes["importance"] == 0)


def test_scales_on_which_everybody_rates_have_no_one_left_out():
    ratings = complete(scales=(IMPORTANCE,), not_performed_percent=40)
    assert (ratings.codes["importance"] >= 1).all()


def test_points_that_mean_not_applicable_are_never_chosen():
    points = (*IMPORTANCE.points, Point(9, "does not apply", "not applicable"))
    ratings = simulate(scales=(Scale("importance", "", "importance", points),))
    assert not (ratings.codes["importance"] == 9).any()


def test_answers_go_missing_as_often_as_asked():
    ratings = simulate(n=2000, missing_percent=7, break_off_percent=0, not_performed_percent=0)
    for codes in ratings.codes.values():
        assert (codes == NO_ANSWER).mean() == pytest.approx(0.07, abs=0.005)


def test_whoever_breaks_off_answers_nothing_later_on_any_scale():
    ratings = simulate(n=2000, missing_percent=0, break_off_percent=25)
    blank = ratings.codes["importance"] == NO_ANSWER
    assert np.array_equal(blank, ratings.codes["frequency"] == NO_ANSWER)
    assert (np.diff(blank.astype(int), axis=0) >= 0).all()
    assert not blank[0].any()
    assert blank[-1].mean() == pytest.approx(0.25, abs=0.03)


def test_a_survey_of_one_task_cannot_be_broken_off():
    ratings = simulate(tasks={"T01": "D1"}, missing_percent=0, break_off_percent=100)
    assert not (ratings.codes["frequency"] == NO_ANSWER).any()


@pytest.mark.parametrize(("shared", "low", "high"), [(1.0, 0.9, 1.0), (0.0, -0.3, 0.3)])
def test_task_effects_are_shared_between_scales_as_far_as_asked(shared, low, high):
    tasks = {f"T{number:03d}": "D1" for number in range(150)}
    ratings = complete(tasks=tasks, spread=only(task=1.0, shared=shared, rest=0.5))
    means = [ratings.values(scale).mean(axis=1) for scale in ("importance", "frequency")]
    assert low <= correlation(*means) <= high


def test_lenient_respondents_are_lenient_everywhere():
    ratings = complete(spread=only(leniency=1.0, rest=0.5))
    totals = [ratings.values(scale).mean(axis=0) for scale in ("importance", "frequency")]
    assert correlation(*totals) > 0.9


def test_a_leaning_towards_a_domain_stays_in_that_domain():
    ratings = complete(n=2000, spread=only(domain=1.0, rest=0.5))
    domain = np.array([TASKS[task] for task in ratings.statements["importance"]])
    values = ratings.values("importance")
    means = {name: values[domain == name] for name in ("D0", "D1")}
    halves = means["D0"][::2].mean(axis=0), means["D0"][1::2].mean(axis=0)
    assert correlation(*halves) > 0.9
    assert abs(correlation(means["D0"].mean(axis=0), means["D1"].mean(axis=0))) < 0.1


def test_groups_have_the_shares_asked_for_and_differ_over_tasks():
    shares = {"practitioners": 0.7, "supervisors": 0.3}
    ratings = complete(groups=shares, spread=only(group=1.0, rest=0.5))
    assert ratings.respondents["group"].value_counts().to_dict() == {
        "practitioners": 210,
        "supervisors": 90,
    }
    means = [ratings.of_groups([group]).values("importance").mean(axis=1) for group in shares]
    assert abs(correlation(*means)) < 0.5
    assert np.abs(means[0] - means[1]).mean() > 0.3


def test_groups_are_alike_when_nothing_is_said_to_set_them_apart():
    ratings = complete(n=2000, groups={"a": 0.5, "b": 0.5}, spread=only(task=1.0, rest=0.5))
    means = [ratings.of_groups([group]).values("importance").mean(axis=1) for group in "ab"]
    assert np.abs(means[0] - means[1]).max() < 0.15


def test_without_groups_their_spread_changes_nothing():
    first, second = (simulate(spread=Spread(group=group)) for group in (0.0, 3.0))
    assert first.to_wide().equals(second.to_wide())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tasks": {}}, "found 0 tasks"),
        ({"scales": ()}, "0 scales"),
        ({"n": 0}, "0 respondents"),
        ({"groups": {"a": 0.5, "b": 0.4}}, "shares that sum to 1"),
        ({"groups": {"a": 1.5, "b": -0.5}}, "shares that sum to 1"),
        ({"missing_percent": 101}, "found 101 percent"),
        ({"not_performed_percent": -1}, "found -1 percent"),
        (
            {"scales": (Scale("pot", "", "other", IMPORTANCE.points, kind="allocation of 100"),)},
            "shares out 100 points",
        ),
    ],
)
def test_what_cannot_be_simulated_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        simulate(**options)


@pytest.mark.parametrize("parts", [{"shared": 1.2}, {"task": -0.1}, {"rest": 0}])
def test_a_spread_that_cannot_be_is_refused(parts):
    with pytest.raises(ValueError, match="wanted none below 0"):
        Spread(**parts)
