"""Groups, waves and the panel in a study folder."""

import pandas as pd
import pytest

from rds.errors import InputError
from rds.study.building import analyze, build_blueprint
from rds.study.decide import decide
from rds.study.read_file import Told
from rds.study.receive import receive
from rds.study.status import status
from rds.study.study import Study
from tests.study.examples import answers, make_study, write_answers

QUESTION = {
    "question_id": "Q1",
    "question": "Where do you work?",
    "kind": "choice",
    "options": "Community; Hospital; Other",
    "compare": "yes",
}


def made(tmp_path, sources, *, question=None, **settings):
    """Return a study that received answers, each as (name, frame, group, wave)."""
    sheets = {"Demographics": [question or QUESTION]}
    folder = make_study(tmp_path / "study", sheets=sheets, **settings)
    for name, frame, group, wave in sources:
        path = write_answers(tmp_path / f"{name}.csv", frame)
        receive(Study.open(folder), path, told=Told(group=group, wave=wave))
    return folder


def field(n=60, **options):
    return ("field", answers(n=n, **options), "practitioners", "")


def panel(n=14):
    frame = answers(n=n, seed=6, prefix="SME")
    frame["T07_importance"] = 4
    return ("panel", frame, "panel", "")


def test_respondents_are_compared_by_the_questions_marked_for_it(tmp_path):
    found = analyze(Study.open(made(tmp_path, [field()]))).comparisons.subgroups
    assert set(found["variable"]) == {"Q1"}
    assert found[["group_a", "group_b"]].drop_duplicates().values.tolist() == [
        ["Community", "Hospital"]
    ]
    unmarked = made(tmp_path / "b", [], question={**QUESTION, "compare": "no"})
    assert Study.open(unmarked).compared_questions == {}


def test_a_question_whose_answers_make_no_groups_is_advised_against_and_left_out(tmp_path):
    folder = made(tmp_path, [], question={**QUESTION, "kind": "number"})
    study = Study.open(folder)
    assert [problem.severity for problem in study.problems] == ["advice"]
    assert study.compared_questions == {}


def test_groups_that_are_only_compared_are_compared_with_those_that_set_the_weights(tmp_path):
    others = ("others", answers(n=25, seed=3, prefix="S"), "supervisors", "")
    folder = made(
        tmp_path,
        [field(), others],
        respondents__weight_from="practitioners",
        respondents__compare="supervisors",
    )
    table = analyze(Study.open(folder)).comparisons.subgroups
    pairs = table[["variable", "group_a", "group_b"]].drop_duplicates().values.tolist()
    assert pairs == [["Q1", "Community", "Hospital"], ["group", "practitioners", "supervisors"]]


def test_the_panels_answers_never_count_among_the_weights(tmp_path):
    alone = build_blueprint(Study.open(made(tmp_path / "a", [field()])))
    both = build_blueprint(
        Study.open(made(tmp_path / "b", [field(), panel()], respondents__panel="panel"))
    )
    pd.testing.assert_frame_equal(alone.domain_weights, both.domain_weights)
    pd.testing.assert_frame_equal(alone.analysis.statement_ratings, both.analysis.statement_ratings)
    table = both.analysis.comparisons.panel_vs_field
    assert set(table["n_panel"]) <= set(range(15))
    assert table["n_field"].max() == 60
    reasons = [note.reason for note in both.notes if note.row == "panel (14)"]
    assert reasons == ["the panel's answers: compared with the field, never part of the weights"]


def test_without_a_panel_it_is_said_that_it_was_not_assessed(tmp_path):
    found = analyze(Study.open(made(tmp_path, [field()]))).comparisons
    assert found.panel_vs_field.empty
    assert [n.reason for n in found.notes if n.table == "panel_vs_field"] == [
        "not assessed: no group of the panel's answers is named (respondents.panel)"
    ]


def test_each_flagged_difference_is_open_until_a_decision_is_recorded(tmp_path):
    folder = made(tmp_path, [field(), panel()], respondents__panel="panel")
    before = status(Study.open(folder)).open_matters
    assert any(line.startswith("T07: panel and field differ (importance:") for line in before)
    decide(Study.open(folder), "T07", "keep", role="panel chair", reason="needed at entry")
    after = status(Study.open(folder)).open_matters
    assert after == tuple(line for line in before if not line.startswith("T07"))
    table = analyze(Study.open(folder)).comparisons.panel_vs_field
    row = table[(table["statement_id"] == "T07") & (table["scale"] == "importance")].iloc[0]
    assert row["resolution"] == "keep: needed at entry (panel chair)"


def test_a_decision_on_a_ksa_is_recorded_and_concerns_no_task(tmp_path):
    ksas = [{"ksa_id": "K01", "kind": "knowledge", "statement": "Knowledge of rights."}]
    folder = make_study(tmp_path / "study", sheets={"KSAs": ksas})
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"))
    decide(Study.open(folder), "K01", "keep", role="board", reason="asked for")
    study = Study.open(folder)
    assert list(study.statement_decisions) == ["K01"]
    assert study.task_decisions == {}
    assert "K01" not in set(analyze(study).retention["task_id"])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"respondents__panel": "pannel"}, "nobody in the group “pannel”"),
        ({"respondents__panel": "practitioners"}, "answers of the panel alone"),
    ],
)
def test_a_panel_that_nobody_belongs_to_or_that_is_everybody_is_refused(
    tmp_path, settings, message
):
    with pytest.raises(InputError, match=message):
        analyze(Study.open(made(tmp_path, [field()], **settings)))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"respondents__panel": "sme", "respondents__weight_from": "sme"},
            "“sme” as the panel and among the respondents",
        ),
        ({"comparison__hypotheses": "T07 is higher"}, "a statement, a scale, a variable"),
        ({"comparison__hypotheses": "T99 importance Q1: A > B"}, "an active task or KSA"),
        ({"comparison__hypotheses": "T07 importance Q9: A > B"}, "a question marked “compare”"),
        ({"comparison__hypotheses": "T07 risk Q1: A > B"}, "a scale of the survey"),
    ],
)
def test_contradictory_settings_are_problems_with_their_cell(tmp_path, settings, message):
    folder = make_study(tmp_path / "study", sheets={"Demographics": [QUESTION]}, **settings)
    with pytest.raises(InputError, match=message) as refused:
        Study.open(folder)
    assert all("Settings!B" in problem.place for problem in refused.value.problems)


def test_the_same_respondents_may_come_again_in_another_wave(tmp_path):
    first, second = answers(n=40), answers(n=40, seed=2)
    sources = [("a", first, "", "2021"), ("b", second, "", "2026")]
    folder = made(tmp_path, sources, respondents__weight_waves="2026")
    study = Study.open(folder)
    assert len(study.ratings) == 80
    blueprint = build_blueprint(study)
    assert set(blueprint.analysis.comparisons.waves["design"]) == {"paired"}
    alone = build_blueprint(Study.open(made(tmp_path / "only", sources[1:])))
    assert blueprint.domain_weights["weight"].tolist() == pytest.approx(
        alone.domain_weights["weight"].tolist()
    )
    pooled = blueprint.analysis.statement_ratings.query("group == 'all'")
    assert pooled["n"].max() == 40


def test_nobody_counts_twice_in_the_weights(tmp_path):
    sources = [("a", answers(n=40), "", "2021"), ("b", answers(n=40, seed=2), "", "2026")]
    folder = made(tmp_path, sources)
    with pytest.raises(InputError, match="40 respondents who answered in more than one wave"):
        build_blueprint(Study.open(folder))


def test_a_wave_that_nobody_answered_in_is_refused(tmp_path):
    folder = made(tmp_path, [field()], respondents__weight_waves="2031")
    with pytest.raises(InputError, match="nobody in the wave “2031”"):
        build_blueprint(Study.open(folder))


def test_the_same_respondents_in_the_same_wave_are_still_refused(tmp_path):
    folder = made(tmp_path, [("a", answers(n=20), "", "2021")])
    path = write_answers(tmp_path / "again.csv", answers(n=20, seed=9))
    with pytest.raises(InputError, match="20 respondents whose answers were received before"):
        receive(Study.open(folder), path, told=Told(wave="2021"))
