"""Weights of KSAs against R, by hand, and by their laws."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from rds.analysis.analysis import analyze_ratings
from rds.analysis.linkage import link_judgements, pooled_links
from rds.blueprint.build import build
from rds.blueprint.errors_of_weights import weight_errors
from rds.blueprint.linkage import KSA_WEIGHTS, UNLINKED, link_weights
from rds.errors import InputError
from rds.outline.outline import KSA, Link
from rds.ratings.ratings import Ratings
from tests.blueprint.examples import outline, ratings, settings
from tests.oracles import oracle

# Written by linkage.R: shares by loops in base R, standard errors by svyratio of package survey.
ORACLE = oracle("linkage")
WEIGHTS = pd.Series({"T1": 0.4, "T2": 0.3, "T3": 0.2, "T4": 0.1})

grids = st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=4, max_size=4).map(
    lambda rows: pd.DataFrame(rows, index=WEIGHTS.index, columns=["K1", "K2", "K3"])
)
positive = st.lists(st.integers(0, 50), min_size=4, max_size=4).filter(any)


def links(*rows, columns=("task_id", "ksa_id", "level")):
    return pd.DataFrame(rows, columns=list(columns))


def by_ksa(table, column="weight"):
    return dict(zip(table["ksa_id"], table[column], strict=True))


def expert_links():
    judged = np.array(ORACLE["judged"], dtype=float)
    rows = [
        (f"S{s}", f"T{t + 1}", f"K{k + 1}", judged[s, t, k]) for s, t, k in np.ndindex(judged.shape)
    ]
    return links(*rows, columns=("sme_id", "task_id", "ksa_id", "level"))


def test_weights_and_errors_agree_with_the_survey_package_of_r():
    names = [f"T{k}" for k in range(1, 7)]
    table = pd.DataFrame(ORACLE["ratings"], columns=names)
    errors = weight_errors(
        Ratings.from_frames(importance=table),
        domains={name: name for name in names},
        model="importance_only",
    )
    found = link_weights(errors.tasks["weight"], expert_links(), errors=errors)
    assert_allclose(found["weight"], [one["weight"] for one in ORACLE["ksas"]], rtol=1e-9)
    assert_allclose(found["se"], [one["se"] for one in ORACLE["ksas"]], rtol=1e-9)
    assert_allclose(found["n_tasks"], (np.array(ORACLE["shares"]) > 0).sum(axis=0))


def test_a_weight_is_passed_on_in_proportion_to_the_levels():
    # By hand: K1 gets .4·3/5 + .3, K2 .4·2/5; T3 has a link below the cut, T4 none.
    table = links(("T1", "K1", 3), ("T1", "K2", 2), ("T2", "K1", 2), ("T3", "K2", 1))
    found = link_weights(WEIGHTS, table)
    assert by_ksa(found) == pytest.approx({"K1": 0.54, "K2": 0.16, UNLINKED: 0.3})
    assert by_ksa(found, "n_tasks") == {"K1": 2, "K2": 1, UNLINKED: 2}
    assert found["se"].isna().all()


def test_links_pooled_before_give_the_same_weights_as_the_judgements_themselves():
    weights = pd.Series({f"T{k}": k / 21 for k in range(1, 7)})
    judged = expert_links()
    pooled = pooled_links(link_judgements(judged), minimum_level=2)
    ksas = list(dict.fromkeys(judged["ksa_id"]))
    for share in (0.3, 0.5, 0.7):
        options = {"minimum_share": share, "ksas": ksas}
        one, other = (link_weights(weights, table, **options) for table in (judged, pooled))
        pd.testing.assert_frame_equal(one, other)


def test_where_a_pooled_link_has_no_share_its_level_decides():
    table = links(
        ("T1", "K1", 1.5, 0.6),
        ("T1", "K2", 2.5, 0.4),
        ("T2", "K2", 2, None),
        columns=("task_id", "ksa_id", "level", "share"),
    ).astype({"share": float})
    found = link_weights(WEIGHTS[["T1", "T2"]] / 0.7, table)
    assert by_ksa(found) == pytest.approx({"K1": 4 / 7, "K2": 3 / 7, UNLINKED: 0})


def test_a_link_counts_from_the_declared_share_of_those_who_judged_it():
    rows = [("S1", "T1", "K1", 3), ("S2", "T1", "K1", 1), ("S1", "T1", "K2", 2)]
    rows += [("S2", "T1", "K2", None), ("S3", "T2", "K1", 2)]
    table = links(*rows, columns=("sme_id", "task_id", "ksa_id", "level"))
    weights = WEIGHTS[["T1", "T2"]] / 0.7
    # K1: levels 3 and 1, one of two reaches 2; K2: level 2 of the only one who judged it.
    found = link_weights(weights, table)
    assert by_ksa(found)["K2"] == pytest.approx(0.4 / 0.7 / 2)
    strict = link_weights(weights, table, minimum_share=0.51)
    assert by_ksa(strict)["K2"] == pytest.approx(0.4 / 0.7)


def test_an_expert_who_left_a_link_out_of_a_judged_task_gave_it_level_0():
    rows = [("S1", "T1", "K1", 3), ("S2", "T1", "K1", 3), ("S1", "T1", "K2", 2)]
    table = links(*rows, columns=("sme_id", "task_id", "ksa_id", "level"))
    # K2 has levels 2 and 0, mean 1, against 3 of K1.
    assert by_ksa(link_weights(WEIGHTS, table))["K2"] == pytest.approx(0.4 / 4)


@given(grids, positive, st.sampled_from([1, 2, 3]))
def test_linked_and_unlinked_weight_conserve_the_total(grid, weights, level):
    own = pd.Series(weights, index=grid.index, dtype=float)
    assert_allclose(link_weights(own, grid, minimum_level=level)["weight"].sum(), own.sum())


@given(grids, positive, st.permutations(range(4)))
def test_the_order_of_tasks_and_of_links_changes_nothing(grid, weights, order):
    own = pd.Series(weights, index=grid.index, dtype=float)
    long = grid.rename_axis("task_id").reset_index().melt("task_id", var_name="ksa_id")
    long = long.rename(columns={"value": "level"})
    turned = link_weights(own.iloc[list(order)], long.iloc[::-1], ksas=["K1", "K2", "K3"])
    pd.testing.assert_frame_equal(turned, link_weights(own, grid))


@given(grids, st.sampled_from([2, 3]))
def test_twice_the_level_of_every_link_that_counts_changes_nothing(grid, factor):
    counted = grid.where(grid >= 2, 0)
    assert_allclose(
        link_weights(WEIGHTS, counted * factor)["weight"], link_weights(WEIGHTS, grid)["weight"]
    )


def test_further_links_of_a_task_give_it_no_further_weight():
    one = link_weights(WEIGHTS, links(("T1", "K1", 3), ("T2", "K2", 3)))
    more = link_weights(WEIGHTS, links(("T1", "K1", 3), ("T1", "K3", 3), ("T2", "K2", 3)))
    assert by_ksa(more)["K1"] + by_ksa(more)["K3"] == pytest.approx(by_ksa(one)["K1"])
    assert by_ksa(more)["K2"] == by_ksa(one)["K2"]


def test_without_links_all_weight_is_unlinked():
    found = link_weights(WEIGHTS, links(), ksas=["K1"])
    assert by_ksa(found) == pytest.approx({"K1": 0, UNLINKED: 1})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unlinked": "refuse"}, "no link that counts for T2, T3, T4"),
        ({"ksas": ["K2"]}, "KSAs that are not given: K1"),
        ({"minimum_level": 0}, "above 0"),
        ({"task_weights": -WEIGHTS}, "zero or more"),
        ({"links": links(("T1", "K1", 3), ("T1", "K1", 2))}, "given twice"),
        ({"links": links(("T1", "K1", -1))}, "zero or more"),
        ({"links": links(("T1", UNLINKED, 3))}, "the name of the row"),
        ({"links": links(("T1", "K1"), columns=("task_id", "ksa_id"))}, "lack the column level"),
    ],
)
def test_what_cannot_be_passed_on_is_refused_in_a_sentence(change, message):
    given_values = {"task_weights": WEIGHTS, "links": links(("T1", "K1", 3)), **change}
    weights, table = given_values.pop("task_weights"), given_values.pop("links")
    with pytest.raises(ValueError, match=message):
        link_weights(weights, table, **given_values)


def linked_outline():
    base = outline()
    ksas = [KSA("K1", "knowledge", "Law."), KSA("K2", "skill", "Ask."), KSA("K3", "skill", "Rest.")]
    ksas.append(KSA("K4", "ability", "Gone.", status="dropped"))
    rows = [Link(task.task_id, "K1", 3) for task in base.tasks[:8]]
    rows += [Link(task.task_id, "K2", 2) for task in base.tasks[4:10]]
    rows += [Link("T11", "K2", 1), Link("T12", "K4", 3)]
    return replace(base, ksas=tuple(ksas), links=tuple(rows))


def built(**sections):
    study_outline, chosen = linked_outline(), settings(**sections)
    answers = ratings(study_outline)
    analysis = analyze_ratings(answers, study_outline, chosen)
    return build(study_outline, answers, chosen, analysis)


def test_a_run_weighs_the_active_ksas_and_keeps_what_is_not_linked_in_a_row():
    blueprint = built()
    table = blueprint.ksa_weights
    assert tuple(table) == KSA_WEIGHTS
    assert table["ksa_id"].tolist() == ["K1", "K2", "K3", UNLINKED]
    assert table["kind"].tolist() == ["knowledge", "skill", "skill", ""]
    assert_allclose(table["weight"].sum(), 1)
    assert table["items"].sum() == 100
    own = blueprint.task_weights.set_index("task_id")["weight"]
    assert_allclose(by_ksa(table)[UNLINKED], own["T11"] + own["T12"])
    assert (table["se"] > 0).tolist() == [True, True, False, True]
    notes = {(n.row, n.kind): n.reason for n in blueprint.notes if n.table == "ksa_weights"}
    assert notes["", "dropped"] == "1 of 15 links are below level 2 and do not count"
    assert notes[UNLINKED, "assumed"].endswith("T11, T12")
    assert ("K3", "dropped") in notes


def test_the_error_of_what_is_not_linked_is_that_of_its_tasks():
    blueprint = built(weights={"model": "importance_only", "scales": ["importance"]})
    study_outline = linked_outline()
    part = {t.task_id: "out" if t.task_id in ("T11", "T12") else "in" for t in study_outline.tasks}
    errors = weight_errors(
        ratings(study_outline), domains=part, model="importance_only", scales=["importance"]
    )
    assert_allclose(by_ksa(blueprint.ksa_weights, "se")[UNLINKED], errors.domains.loc["out", "se"])


def test_a_study_may_refuse_tasks_without_links():
    with pytest.raises(InputError, match="no link that counts for T11, T12"):
        built(linkage={"unlinked": "refuse"})


def test_judged_links_reach_the_weights_of_a_study():
    with_ksas = replace(
        outline(),
        ksas=(KSA("K1", "skill", "Ask."), KSA("K2", "skill", "Tell.")),
        links=(Link("T01", "K1", 3),),
    )
    answers = ratings(with_ksas)
    analysis = analyze_ratings(answers, with_ksas, settings())
    rows = [(f"S{s}", "T01", "K2", 3) for s in range(5)] + [("S0", "T01", "K1", 3)]
    said = links(*rows, columns=("sme_id", "task_id", "ksa_id", "level"))
    made = build(with_ksas, answers, settings(), analysis, judged_links=said)
    own = by_ksa(made.ksa_weights)
    weight = made.task_weights.set_index("task_id").loc["T01", "weight"]
    # One of five linked K1 at all: it does not count any more.
    assert own["K2"] == pytest.approx(weight)
    assert own["K1"] == 0
    assert any("by enough of those who judged them" in note.reason for note in made.notes)
