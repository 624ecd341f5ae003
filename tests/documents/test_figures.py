"""Figures say what the tables say, completely and legibly.

Numbers are compared with the tables they are drawn from, or with small answers counted by hand.
"""

import io
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from rds.analysis.analysis import Analysis, analyze_ratings
from rds.blueprint.build import build
from rds.blueprint.plan import Blueprint
from rds.blueprint.sensitivity import other_choice_rows
from rds.documents.figure_style import Row, colours_of, stack
from rds.documents.figures import (
    distribution,
    domain_items,
    group_means,
    sensitivity,
    task_ratings,
)
from rds.errors import WithheldError
from rds.outline.outline import Domain, Outline, Task
from rds.ratings.ratings import Ratings
from rds.scales import Point, ordinal
from rds.settings import Settings
from tests.documents.examples import bounded_blueprint, example_domains, example_tasks, many_tasks

IMPORTANCE = ordinal(
    "importance",
    {1: "Not important", 2: "Somewhat important", 3: "Important", 4: "Very important"},
    role="importance",
)
FREQUENCY = ordinal(
    "frequency",
    {0: "I do not do this", 1: "Once a year", 2: "A few times a year", 3: "Every month"},
    role="frequency",
    not_performed=0,
)
SETTINGS = Settings.model_validate(
    {
        "weights": {"model": "product_of_means", "rationale": "Both scales matter."},
        "sensitivity": {"models": ["product", "additive", "importance_only"]},
        "resampling": {"replicates": 100},
    }
)


@dataclass(frozen=True)
class Example:
    """A small study: two groups, two scales; nobody rates anything “Not important”."""

    outline: Outline
    analysis: Analysis
    blueprint: Blueprint


def example(tasks, *, n=40, nature="simulated", seed=1):
    random = np.random.default_rng(seed)
    names = [task.task_id for task in tasks]
    ratings = Ratings.from_frames(
        importance=pd.DataFrame(random.integers(2, 5, (n, len(names))), columns=names),
        frequency=pd.DataFrame(random.integers(0, 4, (n, len(names))), columns=names),
        scales=[IMPORTANCE, FREQUENCY],
        group=["north", "south"] * (n // 2),
        nature=nature,
    )
    outline = Outline(tuple(example_domains()), tuple(tasks))
    analysis = analyze_ratings(ratings, outline, SETTINGS)
    return Example(outline, analysis, build(outline, ratings, SETTINGS, analysis))


@cache
def study(size):
    """Return a study of 12 or 60 tasks; both are made once."""
    return example(many_tasks(60) if size == "large" else example_tasks())


@cache
def drawn(name, size="small"):
    """Return a figure that tests may read but not change."""
    ax = FIGURES[name](study(size))
    ax.figure.draw_without_rendering()
    return ax


@pytest.fixture
def small():
    return study("small")


@pytest.fixture(scope="module")
def reconstructed():
    return example(example_tasks(), nature="reconstructed")


def one_task(importance, *, scale=IMPORTANCE, statement="Listen.", group=None):
    """Return analysis and outline of one task, for answers that can be counted by hand."""
    outline = Outline((Domain("D1", "Support"),), (Task("T1", "D1", statement),))
    frame = pd.DataFrame({"T1": importance})
    ratings = Ratings.from_frames(importance=frame, scales=[scale], group=group)
    return analyze_ratings(ratings, outline, SETTINGS), outline


FIGURES = {
    "domain_items": lambda it, **kw: domain_items(it.blueprint, **kw),
    "sensitivity": lambda it, **kw: sensitivity(it.blueprint, **kw),
    "task_ratings": lambda it, **kw: task_ratings(it.analysis, it.outline, scale=IMPORTANCE, **kw),
    "group_means": lambda it, **kw: group_means(
        it.analysis, it.outline, scale=FREQUENCY, groups=("north", "south"), **kw
    ),
    "distribution": lambda it, **kw: distribution(
        it.analysis, it.outline, scale=FREQUENCY, group="north", **kw
    ),
}
each_figure = pytest.mark.parametrize("name", FIGURES)


def texts_of(ax):
    """Return everything that can be read, with its place on the drawn figure."""
    legend = ax.get_legend()
    low, high = ax.get_xlim()
    texts = [
        *ax.texts,
        *(label for label in ax.get_xticklabels() if low <= label.get_position()[0] <= high),
        *ax.get_yticklabels(),
        *(legend.get_texts() if legend else []),
        ax.title,
        ax._left_title,
        ax.xaxis.label,
    ]
    return [(text, text.get_window_extent()) for text in texts if text.get_text()]


def words_of(ax):
    return " ".join(" ".join(text.get_text().split()) for text, _ in texts_of(ax))


def rows_of(ax):
    """Return the words of the rows by their place."""
    return {
        round(float(tick), 6): " ".join(label.get_text().split())
        for tick, label in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
    }


def marks_of(ax, marker):
    """Return where the marks of a kind stand: value by the first word of the row."""
    rows = rows_of(ax)
    (line,) = [line for line in ax.lines if line.get_marker() == marker]
    return {
        rows[round(float(y), 6)].split()[0]: x
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }


def means(analysis, scale, group, base):
    table = analysis.statement_ratings
    rows = table[(table["scale"] == scale) & (table["group"] == group) & (table["base"] == base)]
    return rows.set_index("statement_id")["mean"]


# What every figure keeps to


@each_figure
@pytest.mark.parametrize("size", ["small", "large"])
def test_nothing_is_clipped_and_no_words_overlap(name, size):
    ax = drawn(name, size)
    edges = ax.figure.bbox
    places = texts_of(ax)
    for text, box in places:
        assert edges.x0 <= box.x0 <= box.x1 <= edges.x1, text
        assert edges.y0 <= box.y0 <= box.y1 <= edges.y1, text
    crossing = [
        (one.get_text(), other.get_text())
        for (one, a), (other, b) in combinations(places, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1
    ]
    assert crossing == []


@each_figure
def test_a_figure_that_is_made_is_as_high_as_its_rows_ask_for(name):
    few, many = drawn(name, "small"), drawn(name, "large")
    lines_few, lines_many = (ax.get_ylim()[0] for ax in (few, many))
    high_few, high_many = (ax.bbox.height / ax.figure.dpi for ax in (few, many))
    assert high_many / lines_many == pytest.approx(high_few / lines_few, rel=0.02)


@each_figure
def test_the_axis_given_is_drawn_on_and_returned_and_its_figure_keeps_its_size(name, small):
    figure = Figure(figsize=(9, 7), layout="constrained")
    left, right = figure.subplots(1, 2)
    assert FIGURES[name](small, ax=right) is right
    assert tuple(figure.get_size_inches()) == (9, 7)
    assert not left.texts
    assert not left.patches


@each_figure
def test_the_same_figure_twice_is_the_same_to_the_byte(name, small):
    pictures = []
    for _ in range(2):
        file = io.BytesIO()
        FIGURES[name](small).figure.savefig(file, format="png", dpi=50)
        pictures.append(file.getvalue())
    assert pictures[0] == pictures[1]


@each_figure
def test_simulated_data_are_called_so_on_the_figure(name):
    assert "SIMULATED DATA: north (20), south (20)." in words_of(drawn(name))


@pytest.mark.parametrize("name", ["domain_items", "sensitivity", "task_ratings", "group_means"])
def test_reconstructed_data_are_called_so_on_the_figure(name, reconstructed):
    words = words_of(FIGURES[name](reconstructed))
    assert "RECONSTRUCTED DATA: north (20), south (20)." in words
    assert "SIMULATED" not in words


def test_answers_of_people_get_no_warning():
    analysis, outline = one_task([1, 2, 3, 4, 4])
    words = words_of(task_ratings(analysis, outline, scale=IMPORTANCE))
    assert not re.search("SIMULATED|RECONSTRUCTED", words)


def test_dollar_signs_stay_dollar_signs():
    analysis, outline = one_task([1, 2, 3, 4, 4], statement="Give $5 of every $10 to $peers.")
    ax = task_ratings(analysis, outline, scale=IMPORTANCE)
    written = [label.get_text().replace(r"\$", "$") for label in ax.get_yticklabels()]
    assert written == ["D1  Support", "T1  Give $5 of every $10 to $peers."]
    assert not any(label._preprocess_math(label.get_text())[1] for label in ax.get_yticklabels())


def test_drawing_needs_no_pyplot_and_importing_no_matplotlib():
    program = (
        "import sys\n"
        "from rds.documents.figures import domain_items\n"
        "assert 'matplotlib' not in sys.modules\n"
        "from tests.documents.examples import bounded_blueprint\n"
        "domain_items(bounded_blueprint()).figure.savefig(sys.stdout.buffer, format='png')\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.stderr == b""
    assert done.stdout.startswith(b"\x89PNG")


def test_in_jupyter_the_figure_is_one_that_pyplot_shows(small, monkeypatch):
    from matplotlib import pyplot

    pyplot.switch_backend("agg")
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=object))
    ax = domain_items(small.blueprint)
    assert pyplot.gcf() is ax.figure
    pyplot.close(ax.figure)


# Items by domain


def test_bars_and_numbers_are_the_items_of_each_domain_in_outline_order(small):
    ax = drawn("domain_items")
    items = small.blueprint.domain_weights["items"].tolist()
    bars = sorted(ax.patches, key=lambda bar: -bar.get_window_extent().y0)
    assert [bar.get_width() for bar in bars] == items
    assert [text.get_text() for text in ax.texts[: len(items)]] == list(map(str, items))
    title = ax.get_title(loc="left")
    assert title.startswith("DRAFT blueprint: 100 items by domain")


def test_marks_show_the_items_that_equal_ratings_would_give(small):
    table = small.blueprint.sensitivity
    equal = table[table["dimension"] == "baseline"]["items"]
    ax = drawn("domain_items")
    marks = [lines.get_segments()[0][0][0] for lines in ax.collections]
    assert marks == equal.tolist()
    assert "items if all ratings were equal" in words_of(ax)


def test_a_maximum_that_decided_is_named():
    labels = [text.get_text() for text in domain_items(bounded_blueprint()).texts]
    assert labels == ["35 (its maximum)", "29", "36"]


# Other choices


def test_every_choice_has_its_mark_and_its_number_in_every_domain(small):
    ax = drawn("sensitivity")
    marks = [line for line in ax.lines if line.get_marker() == "D"]
    table = other_choice_rows(small.blueprint.sensitivity)
    in_order = table.sort_values("domain_id", kind="stable")["items"].tolist()
    assert [int(x) for line in marks for x in line.get_xdata()] == in_order
    for row in table.itertuples():
        moved = f" ({row.items_moved:+d})".replace("-", "−") if row.items_moved else ""
        assert f"{row.items}{moved}" in {text.get_text() for text in ax.texts}
    assert {"all ratings equal", "model “product”", "model “additive”"} <= set(rows_of(ax).values())


# Means of tasks


def test_marks_and_numbers_are_the_means_of_performers(small):
    ax = task_ratings(small.analysis, small.outline, scale=IMPORTANCE, group="north")
    expected = means(small.analysis, "importance", "north", "performers")
    drawn = marks_of(ax, "o")
    assert drawn == pytest.approx(expected[list(drawn)].to_dict())
    assert len(drawn) == 12
    assert {f"{mean:.2f}" for mean in expected} <= {text.get_text() for text in ax.texts}


def test_means_of_frequency_count_those_who_do_not_perform_a_task(small):
    ax = task_ratings(small.analysis, small.outline, scale=FREQUENCY)
    expected = means(small.analysis, "frequency", "all", "all")
    assert marks_of(ax, "o") == pytest.approx(expected.to_dict())
    assert "of everybody, not performed counting with its own point" in words_of(ax)


def test_tasks_stand_in_their_domain_highest_mean_first(small):
    ax = drawn("task_ratings")
    rows = [words.split()[0] for _, words in sorted(rows_of(ax).items())]
    expected = means(small.analysis, "importance", "all", "performers")
    wanted = []
    for domain in small.outline.domains:
        own = [
            name for name, home in small.outline.task_domains.items() if home == domain.domain_id
        ]
        wanted += [domain.domain_id, *expected[own].sort_values(ascending=False).index]
    assert rows == wanted


def test_lines_are_the_intervals(small):
    ax = drawn("task_ratings")
    table = small.analysis.statement_ratings
    rows = table[
        (table["scale"] == "importance")
        & (table["base"] == "performers")
        & (table["group"] == "all")
    ]
    lines = sorted((line[0][0], line[1][0]) for line in ax.collections[0].get_segments())
    wanted = sorted(zip(rows["ci_low"], rows["ci_high"], strict=True))
    assert np.allclose(lines, wanted)


def test_the_axis_shows_every_point_of_the_scale_also_those_nobody_chose(small):
    ax = drawn("task_ratings")
    labels = [" ".join(label.get_text().split()) for label in ax.get_xticklabels()]
    assert labels == ["1 Not important", "2 Somewhat important", "3 Important", "4 Very important"]
    low, high = ax.get_xlim()
    assert low < 1
    assert high > 4


def test_words_of_points_that_do_not_fit_are_left_out_and_numbers_stay():
    words = {n: f"{n} times in an unforeseeably-long-while" for n in range(1, 8)}
    scale = ordinal("importance", words, role="importance")
    analysis, outline = one_task([1, 2, 3, 4, 5, 6, 7], scale=scale)
    labels = task_ratings(analysis, outline, scale=scale).get_xticklabels()
    assert [label.get_text().split()[0] for label in labels] == list("1234567")
    assert [len(label.get_text()) > 1 for label in labels] == [True, *[False] * 5, True]


def test_withheld_spread_is_said_on_the_figure_and_no_interval_drawn(reconstructed):
    ax = task_ratings(reconstructed.analysis, reconstructed.outline, scale=IMPORTANCE)
    assert "Spread and intervals are withheld: answers reconstructed" in words_of(ax)
    assert not any(len(line) for line in ax.collections[0].get_segments())


def test_a_mean_of_fewer_than_five_is_a_dash():
    analysis, outline = one_task([1, 2, 3, 4])
    ax = task_ratings(analysis, outline, scale=IMPORTANCE)
    assert np.isnan(marks_of(ax, "o")["T1"])
    assert "–" in [text.get_text() for text in ax.texts]
    assert "No intervals: fewer than 10 answers, or all alike." in words_of(ax)


def test_tasks_without_an_interval_are_named():
    outline = Outline(
        (Domain("D1", "Support"),), (Task("T1", "D1", "Listen."), Task("T2", "D1", "Write."))
    )
    frame = pd.DataFrame({"T1": [1, 2, 3, 4] * 5, "T2": [3] * 20})
    ratings = Ratings.from_frames(importance=frame, scales=[IMPORTANCE])
    ax = task_ratings(analyze_ratings(ratings, outline, SETTINGS), outline, scale=IMPORTANCE)
    assert "No interval (fewer than 10 answers, or all alike): T2." in words_of(ax)


# Whose ratings, on which scale


def test_a_group_has_to_be_chosen_where_there_are_several_and_no_pool():
    analysis, outline = one_task([1, 2] * 10, group=["north", "south"] * 10)
    table = analysis.statement_ratings
    parted = Analysis(
        table[table["group"] != "all"],
        analysis.distributions,
        analysis.reliability,
        analysis.retention,
        analysis.respondents,
        (),
    )
    with pytest.raises(ValueError, match="no group was chosen; wanted one of “north”, “south”"):
        task_ratings(parted, outline, scale=IMPORTANCE)


def test_a_group_that_is_unknown_is_refused_with_the_names_that_are_known(small):
    with pytest.raises(ValueError, match="no group “east”; wanted one of “all”, “north”, “south”"):
        task_ratings(small.analysis, small.outline, scale=IMPORTANCE, group="east")


def test_waves_are_told_apart():
    outline = Outline((Domain("D1", "Support"),), (Task("T1", "D1", "Listen."),))
    ratings = Ratings.from_frames(
        importance=pd.DataFrame({"T1": [1] * 6 + [4] * 6}),
        scales=[IMPORTANCE],
        group=["north"] * 12,
        wave=["spring"] * 6 + ["autumn"] * 6,
    )
    analysis = analyze_ratings(ratings, outline, SETTINGS)
    ax = task_ratings(analysis, outline, scale=IMPORTANCE, group="north, autumn")
    assert marks_of(ax, "o") == {"T1": 4.0}


def test_a_scale_by_name_alone_is_refused_since_its_points_are_needed(small):
    with pytest.raises(ValueError, match="wanted the declared scale"):
        task_ratings(small.analysis, small.outline, scale="importance")


def test_a_scale_that_nobody_was_asked_is_refused_with_those_that_were(small):
    risk = ordinal("risk", {1: "Low", 2: "High"})
    with pytest.raises(ValueError, match="“risk”; tasks were rated on importance, frequency"):
        task_ratings(small.analysis, small.outline, scale=risk)


# Two groups


def test_each_task_has_the_means_of_both_groups_in_its_own_row(small):
    ax = drawn("group_means")
    for marker, group in (("o", "north"), ("D", "south")):
        expected = means(small.analysis, "frequency", group, "all")
        assert marks_of(ax, marker) == pytest.approx(expected.to_dict())


def test_differences_are_the_first_group_minus_the_second():
    importance = [4, 1] * 6
    analysis, outline = one_task(importance, group=["north", "south"] * 6)
    ax = group_means(analysis, outline, scale=IMPORTANCE, groups=("south", "north"))
    assert "−3.00" in [text.get_text() for text in ax.texts]
    assert "Difference: south minus north." in words_of(ax)
    assert "south, n = 6" in words_of(ax)


# Distributions


def test_parts_of_each_bar_are_the_percents_of_its_points():
    analysis, outline = one_task([2, 3, 3, 4])
    few = distribution(analysis, outline, scale=IMPORTANCE)
    assert not few.patches
    assert "No bar where fewer than 5 answered." in words_of(few)
    analysis, outline = one_task([2, 3, 3, 4, 4])
    ax = distribution(analysis, outline, scale=IMPORTANCE)
    parts = [(round(bar.get_x()), round(bar.get_width())) for bar in ax.patches]
    assert parts == [(0, 0), (0, 20), (20, 40), (60, 40)]
    assert [text.get_text() for text in ax.texts] == ["5", "n", "20", "40", "40"]


def test_a_point_that_nobody_chose_keeps_its_colour_and_its_place_in_the_legend():
    used, outline = one_task([1, 2, 3, 4, 4])
    unused, _ = one_task([2, 2, 3, 4, 4])
    one, other = (distribution(it, outline, scale=IMPORTANCE) for it in (used, unused))
    colours = [[to_hex(bar.get_facecolor()) for bar in ax.patches] for ax in (one, other)]
    assert colours[0] == colours[1] == colours_of(IMPORTANCE.points)
    labels = [text.get_text() for text in other.get_legend().get_texts()]
    assert labels == ["1 Not important", "2 Somewhat important", "3 Important", "4 Very important"]


def test_not_performed_is_hatched_and_ratings_are_not():
    ax = drawn("distribution")
    assert {bar.get_hatch() for bar in ax.patches[:12]} == {"////"}
    assert {bar.get_hatch() for bar in ax.patches[12:]} == {None}


def test_a_distribution_of_reconstructed_answers_is_withheld_in_a_plain_sentence(reconstructed):
    sentence = (
        "The distribution of frequency (north) is withheld: answers reconstructed from published "
        "figures: only n and the rounded means are real."
    )
    with pytest.raises(WithheldError) as caught:
        FIGURES["distribution"](reconstructed)
    assert str(caught.value) == sentence


# Laws


@given(st.lists(st.tuples(st.text(st.characters(codec="ascii")), st.booleans()), min_size=1))
def test_rows_never_overlap(words):
    rows = stack([Row(str(i), text, heading) for i, (text, heading) in enumerate(words)])
    halves = [(row.label.count("\n") + 1) / 2 for row in rows.rows]
    tops = [centre - half for centre, half in zip(rows.centres, halves, strict=True)]
    bottoms = [centre + half for centre, half in zip(rows.centres, halves, strict=True)]
    assert tops[0] >= 0
    assert bottoms[-1] <= rows.height
    assert all(above <= below for above, below in zip(bottoms, tops[1:], strict=False))


@given(st.integers(2, 12))
def test_every_rated_point_has_a_colour_of_its_own(n):
    colours = colours_of([Point(value, str(value)) for value in range(n)])
    assert len(set(colours)) == n
    assert "#ffffff" not in colours
