"""From ratings to a blueprint."""

import pandas as pd
import pytest
from numpy.testing import assert_allclose

from rds.analysis.analysis import analyze_ratings
from rds.analysis.retention import open_reviews
from rds.blueprint.build import build
from rds.blueprint.cells import CELLS
from rds.blueprint.decided_cells import DECIDED
from rds.blueprint.items import TIES
from rds.blueprint.other_choices import ALL_EQUAL
from rds.blueprint.plan_tables import DOMAIN_WEIGHTS, TASK_WEIGHTS
from rds.blueprint.sensitivity import SENSITIVITY, items_moved
from rds.errors import InfeasibleError, InputError
from rds.ratings.ratings import Ratings
from tests.blueprint.examples import outline, ratings, settings


def built(study_outline=None, *, decisions=None, seed=1, **sections):
    study_outline = study_outline or outline()
    answers, chosen = ratings(study_outline, seed), settings(**sections)
    analysis = analyze_ratings(answers, study_outline, chosen)
    return build(study_outline, answers, chosen, analysis, task_decisions=decisions)


def reasons(blueprint, kind):
    return [(note.row, note.reason) for note in blueprint.notes if note.kind == kind]


@pytest.mark.parametrize("model", ["kane", "product", "product_of_means", "additive"])
def test_totals_are_exact_at_every_level(model):
    blueprint = built(weights={"model": model}, blueprint={"items": 117})
    tasks = blueprint.task_weights.groupby("domain_id")["items"].sum()
    cells = blueprint.cells.groupby("domain_id")["items"].sum()
    domains = blueprint.domain_weights.set_index("domain_id")["items"]
    assert domains.sum() == 117
    assert tasks.to_dict() == cells.to_dict() == domains.to_dict()


def test_weights_sum_to_one_and_quotas_to_the_exam_length():
    blueprint = built()
    for table in (blueprint.task_weights, blueprint.domain_weights):
        assert_allclose([table["weight"].sum(), table["quota"].sum()], [1, 100])


def test_a_task_dropped_by_decision_keeps_its_row_without_weight_and_says_why():
    blueprint = built(decisions={"T01": "drop"})
    row = blueprint.task_weights.set_index("task_id").loc["T01"]
    assert not row["retained"]
    assert (row["weight"], row["items"]) == (0, 0)
    assert ("T01", "dropped by decision") in reasons(blueprint, "dropped")


def test_dropping_a_task_shares_its_weight_among_the_others():
    with_task, without = (
        built(weights={"model": "additive"}),
        built(weights={"model": "additive"}, decisions={"T01": "drop"}),
    )
    before = with_task.task_weights.set_index("task_id")["weight"].drop("T01")
    after = without.task_weights.set_index("task_id")["weight"].drop("T01")
    assert_allclose(after, before / before.sum())


def test_the_baseline_says_what_equal_ratings_would_give():
    rows = built().sensitivity.query("variant == @ALL_EQUAL", local_dict={"ALL_EQUAL": ALL_EQUAL})
    # 5, 4 and 3 of 12 tasks: quotas 41.67, 33.33 and 25 of 100 items.
    assert rows["items"].tolist() == [42, 33, 25]


def test_models_declared_for_comparison_stand_in_sensitivity():
    table = built(sensitivity={"models": ["additive", "importance_only"]}).sensitivity
    models = table.loc[table["dimension"] == "model", "variant"]
    assert models.unique().tolist() == ["kane", "additive", "importance_only"]
    moved = table.groupby("variant")["items_moved"].sum()
    assert (moved == 0).all()


def test_items_moved_counts_each_item_once():
    assert items_moved(pd.DataFrame({"items_moved": [2, -1, -1]})) == 2


def test_a_binding_minimum_is_noted_with_what_it_moved():
    blueprint = built(outline(D3={"minimum_items": 40}))
    assert blueprint.domain_weights["items"].tolist()[2] == 40
    (_, reason) = next(entry for entry in reasons(blueprint, "assumed") if entry[0] == "D3")
    assert reason.startswith("the minimum of 40 items holds; without bounds it")


def test_minima_that_exceed_the_exam_are_refused():
    with pytest.raises(InfeasibleError):
        built(outline(D1={"minimum_items": 80}, D2={"minimum_items": 80}))


def test_pretest_items_have_rows_of_their_own_and_no_bounds():
    blueprint = built(outline(D3={"minimum_items": 40}), blueprint={"pretest_items": 12})
    sets = blueprint.cells.groupby("set")["items"].sum()
    assert sets.to_dict() == {"form": 100, "pretest": 12}


def test_levels_from_tasks_and_prescribed_levels_both_work():
    prescribed = built().cells.groupby("cognitive_level")["target"].sum()
    assert prescribed.to_dict() == pytest.approx({"recall": 30, "application": 50, "analysis": 20})
    from_tasks = built(blueprint={"cognitive_source": "tasks"}).cells
    assert from_tasks["target"].sum() == pytest.approx(100)


@pytest.mark.parametrize("cell_rounding", ["controlled", "biproportional"])
def test_cells_add_up_to_the_domains_and_to_the_prescribed_levels(cell_rounding):
    blueprint = built(blueprint={"items": 45, "cell_rounding": cell_rounding, "pretest_items": 7})
    form = blueprint.cells[blueprint.cells["set"] == "form"]
    # 30, 50 and 20 % of 45 items: 13.5, 22.5 and 9; the tie goes to the larger share.
    levels = form.groupby("cognitive_level")["items"].sum()
    assert levels.to_dict() == {"recall": 13, "application": 23, "analysis": 9}
    domains = form.groupby("domain_id")["items"].sum().tolist()
    assert domains == blueprint.domain_weights["items"].tolist()
    assert (form["lower"] <= form["target"]).all()
    assert (form["target"] <= form["upper"]).all()
    assert "cognitive levels" in blueprint.ties["where"].tolist()
    pretest = blueprint.cells[blueprint.cells["set"] == "pretest"]
    assert pretest.groupby("cognitive_level")["items"].sum().to_dict() == {
        "recall": 2,
        "application": 4,
        "analysis": 1,
    }


def test_cells_of_levels_that_no_task_has_stay_empty():
    form = built(blueprint={"cognitive_source": "tasks"}).cells
    assert (form.loc[form["target"] == 0, "items"] == 0).all()
    assert ((form["items"] - form["target"]).abs() < 1.5).all()


def test_tasks_not_examined_have_no_weight():
    base = outline()
    from dataclasses import replace

    tasks = (replace(base.tasks[0], assessed_by=("training",)), *base.tasks[1:])
    blueprint = built(replace(base, tasks=tasks))
    (reason,) = (text for row, text in reasons(blueprint, "dropped") if row == "T01")
    assert reason.startswith("not assessed by the exam; it would have ")
    assert blueprint.task_weights.set_index("task_id").loc["T01", "weight"] == 0
    # The weight that was removed is the weight it has where the exam assesses it too.
    own = built(base).task_weights.set_index("task_id").loc["T01", "percent_of_exam"]
    assert reason.endswith(f"{own:.1f} percent, shared among the others")
    assert "not assessed" in set(blueprint.sensitivity["dimension"])


def test_effective_weights_of_kane_stand_beside_the_unadjusted_ones():
    table = built().effective_weights
    assert table["model"].unique().tolist() == ["kane", "kane, unadjusted"]
    assert table.loc[table["model"] == "kane", "effective"].tolist() == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize(
    ("sections", "place"),
    [
        ({"weights": {"model": ""}}, "weights.model"),
        ({"weights": {"rationale": ""}}, "weights.rationale"),
        ({"weights": {"domain_rule": "direct"}}, "Domains"),
        ({"weights": {"panel_share_percent": 20}}, "Domains"),
        ({"weights": {"unrated_tasks": ["T99"]}}, "weights.unrated_tasks"),
        ({"weights": {"model": "importance_only"}}, "weights.model"),
        ({"weights": {"model": "kanee"}}, "weights.model"),
        ({"sensitivity": {"models": ["addditive"]}}, "sensitivity.models"),
    ],
)
def test_what_cannot_be_built_is_refused_by_its_setting(sections, place):
    with pytest.raises(InputError) as error:
        built(**sections)
    assert [problem.place for problem in error.value.problems] == [place]


def test_all_reasons_against_building_come_at_once():
    with pytest.raises(InputError) as error:
        built(weights={"model": "", "rationale": ""})
    assert len(error.value.problems) == 2


def test_kane_needs_ten_tasks():
    with pytest.raises(InputError, match="at least 10"):
        built(outline((3, 3)))


def test_dropping_every_task_is_refused():
    with pytest.raises(InputError, match="no task that is kept"):
        built(decisions={f"T{k:02d}": "drop" for k in range(1, 13)})


def test_tasks_without_ratings_are_named():
    study_outline = outline()
    answers = ratings(study_outline).of_statements([f"T{k:02d}" for k in range(2, 13)])
    analysis = analyze_ratings(answers, study_outline, settings())
    with pytest.raises(InputError, match="no usable ratings for T01"):
        build(study_outline, answers, settings(), analysis)


def test_tables_have_the_documented_columns():
    blueprint = built()
    assert tuple(blueprint.task_weights) == TASK_WEIGHTS
    assert tuple(blueprint.domain_weights) == DOMAIN_WEIGHTS
    assert tuple(blueprint.cells) == (*CELLS, *DECIDED)
    assert tuple(blueprint.sensitivity) == SENSITIVITY
    assert tuple(blueprint.ties) == TIES


def test_the_order_of_tasks_in_the_outline_changes_no_number():
    from dataclasses import replace

    base = outline()
    turned = replace(base, tasks=tuple(reversed(base.tasks)))
    answers, chosen = ratings(base), settings()
    analysis = analyze_ratings(answers, base, chosen)
    first = build(base, answers, chosen, analysis).task_weights.set_index("task_id")
    second = build(turned, answers, chosen, analysis).task_weights.set_index("task_id")
    assert first["items"].to_dict() == second["items"].to_dict()


def test_a_blueprint_shows_itself_as_text_html_and_table():
    blueprint = built()
    assert "DRAFT blueprint: 100 items" in repr(blueprint)
    assert "<table>" in blueprint._repr_html_()
    assert blueprint.as_frame()["items"].sum() == 100


def test_a_task_below_the_cut_is_dropped_by_the_declared_rule_and_a_decision_wins():
    base = outline()
    answers = ratings(base)
    low = answers.frame("importance").assign(T01=1)
    changed = Ratings.from_frames(
        scales=answers.scales, importance=low, frequency=answers.frame("frequency")
    )
    chosen = settings(retention={"cut": "2"})

    def weight(decisions, values):
        analysis = analyze_ratings(changed, base, chosen, decisions=decisions)
        built_one = build(base, changed, chosen, analysis, task_decisions=values)
        return built_one.task_weights.set_index("task_id").loc["T01", "weight"]

    assert weight({}, {}) == 0
    assert weight({"T01": ("keep", "rare but vital", "panel")}, {"T01": "keep"}) > 0


def test_open_reviews_count_as_kept_and_sensitivity_shows_the_other_end():
    blueprint = built(retention={"cut": "2.2"}, weights={"model": "additive"})
    reviews = open_reviews(blueprint.analysis.retention)
    assert 0 < len(reviews) < 12
    assert blueprint.task_weights.set_index("task_id").loc[reviews, "retained"].all()
    assert "reviews dropped" in set(blueprint.sensitivity["variant"])
    assert f"Under review, kept until decided: {', '.join(reviews)}." in repr(blueprint)


def test_a_declared_comparison_that_cannot_be_made_is_said_and_stops_nothing():
    blueprint = built(
        weights={"model": "importance_only", "scales": ["importance"]},
        sensitivity={"models": ["product", "importance_only"]},
    )
    models = blueprint.sensitivity.query("dimension == 'model'")["variant"]
    assert models.unique().tolist() == ["importance_only"]
    notes = [(n.row, n.reason) for n in blueprint.notes if n.table == "sensitivity"]
    assert notes == [("product", "the model “product” takes 2 to 3 scales, not 1")]
