"""The demonstration study says what was published, and no more."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rds.demo import massachusetts
from rds.outline.build import build_outline
from rds.ratings.frames import NOT_SHOWN
from rds.ratings.summaries import grim_table
from rds.scales import build_scales
from rds.settings_reader import settings_from_rows, validate_settings
from rds.study.phase_one import phase_one_advice
from rds.values import read_text

SOURCE = Path(__file__).parents[1] / "data" / "ma-cps-2011"
DATA = Path(massachusetts.__file__).with_name("data")
APPENDICES = ("appendix_f_importance_participants.csv", "appendix_g_importance_supervisors.csv")


def printed(file):
    return pd.read_csv(SOURCE / file, dtype=str).set_index("item")


def column(item):
    return f"{'K' if item in (5, 15, 19) else 'T'}{item:02d}_importance"


@pytest.fixture(scope="module")
def answers():
    return massachusetts.responses()


@pytest.fixture
def rows(as_read):
    return as_read(massachusetts.study_rows())


def test_the_published_tables_are_the_ones_the_tests_check(rows):
    for file in APPENDICES:
        assert (DATA / file).read_bytes() == (SOURCE / file).read_bytes()


def test_the_outline_holds_22_tasks_in_three_domains_and_38_ksas_of_which_3_were_rated(rows):
    outline, problems = build_outline(rows)
    assert problems == []
    titles = [read_text(title) for title in massachusetts.DOMAINS.values()]
    assert [domain.title for domain in outline.domains] == titles
    domains = [task.domain_id for task in outline.active_tasks]
    assert [domains.count(domain) for domain in ("D1", "D2", "D3")] == [9, 8, 5]
    assert len(outline.active_ksas) == 38
    assert {ksa.ksa_id: ksa.kind for ksa in outline.ksas[:3]} == {
        "K05": "attitude",
        "K15": "attitude",
        "K19": "knowledge",
    }


def test_every_item_of_the_source_stands_in_the_outline_once_with_its_label_as_rated():
    study = massachusetts.study_rows()
    rated = [row for row in [*study["Tasks"], *study["KSAs"]] if "S1, item" in row["source"]]
    assert {row["source"] for row in rated} == {
        f"S1, item {item}: “{text}”" for item, text in printed(APPENDICES[0])["text"].items()
    }
    assert len(rated) == 25
    assert len({row["statement"] for row in rated}) == 25


def test_nobody_rated_the_ksas_that_the_panel_added(answers):
    added = [row["ksa_id"] for row in massachusetts.study_rows()["KSAs"][3:]]
    for frame in answers.values():
        assert (frame[[f"{name}_importance" for name in added]] == NOT_SHOWN).all(axis=None)


def test_themes_requirements_and_links_name_what_there_is_and_their_count_is_stable(rows):
    _, problems = build_outline(rows)
    assert problems == []
    counts = {name: len(rows[name]) for name in ("Panel", "Linkage", "Requirements", "Themes")}
    assert counts == {"Panel": 16, "Linkage": 96, "Requirements": 21, "Themes": 26}
    served = [row.text("sme_id") for row in rows["Panel"] if row.values["served"]]
    assert served == [f"SME{number:02d}" for number in range(1, 15)]


def test_the_scale_has_the_published_labels_and_is_asked_about_tasks_and_ksas(rows):
    (scale,), problems = build_scales(rows["Scales"])
    assert problems == []
    assert scale.role == "importance"
    assert {point.value: point.label for point in scale.points} == {
        1: "Not at all important",
        2: "Somewhat important",
        3: "Important",
        4: "Very important",
    }
    assert scale.applies_to == ("tasks", "KSAs")


def test_the_settings_are_valid_and_let_practitioners_set_the_weights(rows):
    given, problems = settings_from_rows(rows["Settings"])
    settings, wrong = validate_settings(given)
    assert problems + wrong == []
    assert settings.study.id == "demo-ma-cps-2011"
    assert settings.respondents.weight_from == ("practitioners",)
    assert settings.respondents.compare == ("supervisors",)
    assert settings.weights.model == "importance_only"
    assert settings.weights.scales == ("importance",)
    assert settings.weights.rationale
    assert set(settings.respondents.weight_from + settings.respondents.compare) == set(
        massachusetts.responses()
    )


def test_there_is_a_column_for_every_rated_statement(rows, answers):
    outline, _ = build_outline(rows)
    (scale,), _ = build_scales(rows["Scales"])
    expected = {f"{name}_importance" for name in outline.statements_rated_on(scale.applies_to)}
    for frame in answers.values():
        assert frame.columns[0] == "respondent"
        assert set(frame.columns[1:]) == expected


@pytest.mark.parametrize(
    ("group", "file", "mean"),
    [("practitioners", APPENDICES[0], "mean_t3"), ("supervisors", APPENDICES[1], "mean")],
)
def test_rounded_means_equal_the_published_ones(answers, group, file, mean):
    for item, text in printed(file)[mean].items():
        given = answers[group][column(int(item))].dropna()
        exact = Decimal(int(given.sum())) / len(given)
        assert exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) == Decimal(text)


def test_numbers_of_answers_equal_the_published_ones(answers):
    practitioners, supervisors = answers["practitioners"], answers["supervisors"]
    assert (len(practitioners), len(supervisors)) == (28, 15)
    for item, n in printed(APPENDICES[0])["n_t3"].items():
        assert practitioners[column(int(item))].count() == int(n)
    fewer = {name: n for name, n in supervisors.iloc[:, 1:26].count().items() if n != 15}
    # Table 7 of the source prints 14 for both.
    assert fewer == {"T20_importance": 14, "T23_importance": 14}


def test_all_published_means_used_are_possible(rows):
    scales, _ = build_scales(rows["Scales"])
    assert grim_table(massachusetts.published_means(), scales=scales)["possible"].all()


def test_answers_lie_on_neighbouring_points(answers):
    for frame in answers.values():
        spread = frame.iloc[:, 1:26].max() - frame.iloc[:, 1:26].min()
        assert (spread <= 1).all()


def test_columns_hang_together_neither_way(answers):
    for frame in answers.values():
        correlations = frame.iloc[:, 1:26].astype(float).corr().to_numpy()
        between = correlations[np.triu_indices_from(correlations, k=1)]
        assert abs(np.nanmean(between)) < 0.01


def test_rows_are_named_as_rows_and_no_name_is_used_twice(answers):
    names = pd.concat([frame["respondent"] for frame in answers.values()])
    assert names.is_unique
    assert names.str.fullmatch(r"(practitioners|supervisors)-row-\d\d").all()


def test_the_same_answers_come_out_every_time(answers):
    for group, frame in massachusetts.responses().items():
        pd.testing.assert_frame_equal(frame, answers[group])


def test_readme_and_narrative_say_what_is_published_reconstructed_and_simulated():
    sections = {row["section"] for row in massachusetts.study_rows()["Narrative"]}
    assert {"Published", "Reconstructed", "Simulated"} <= sections
    for word in ("published", "reconstructed", "simulated", "only n and means are real"):
        assert word in massachusetts.readme()
    assert "reconstructed" in massachusetts.SETTINGS["study.title"]


def test_readme_says_what_the_panel_left_open(rows):
    outline, _ = build_outline(rows)
    found = " ".join(problem.found for problem in phase_one_advice(rows, outline, None))
    for name in ("SME12", "SME07", "T22", "K32", "K48", "R01", "K50", "S2"):
        assert name in massachusetts.readme()
        assert name in found
    assert "5 tasks that nothing prepares for" in found
    assert "nothing prepares for five tasks" in massachusetts.readme()
