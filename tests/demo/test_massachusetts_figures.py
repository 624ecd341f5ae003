"""The figures show the whole scale and every statement."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from rds.demo.massachusetts_figures import dot_plot, plot_importance, plot_support
from rds.demo.massachusetts_report import read_report


@pytest.fixture
def axes():
    return Figure().add_subplot()


def positions(collection):
    return collection.get_offsets()[:, 0].tolist()


@pytest.mark.parametrize("plot", [plot_importance, plot_support])
def test_a_figure_draws_25_statements_over_the_whole_scale(plot, axes):
    assert plot(read_report(), axes=axes) is axes
    assert len(axes.get_yticklabels()) == 25
    assert axes.get_xticks().tolist() == [1, 2, 3, 4]
    low, high = axes.get_xlim()
    assert low < 1
    assert high > 4


def test_the_dots_lie_at_the_means(axes):
    plot_importance(read_report(), axes=axes)
    _, participants, supervisors = axes.collections
    assert positions(participants)[0] == 3.93
    assert positions(supervisors)[0] == 3.71
    assert axes.get_yticklabels()[0].get_text() == "Being a positive role model  T23"
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["participants, T3", "supervisors"]


def test_the_first_statement_is_on_top(axes):
    dot_plot(
        pd.DataFrame({"mean": [3.0, 2.0]}, index=["a", "b"]),
        points={1: "Low", 4: "High"},
        title="",
        axes=axes,
    )
    bottom, top = axes.get_ylim()
    assert bottom > top


def test_a_figure_makes_its_own_axes():
    from matplotlib import pyplot

    pyplot.switch_backend("agg")
    axes = plot_support(read_report())
    assert axes.figure.get_size_inches()[1] > 7
    pyplot.close(axes.figure)


def test_more_than_two_series_are_refused(axes):
    means = pd.DataFrame({"a": [1], "b": [2], "c": [3]})
    with pytest.raises(ValueError, match="found 3 series; wanted one or two"):
        dot_plot(means, points={1: "Low", 4: "High"}, title="", axes=axes)
