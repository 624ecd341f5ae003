"""The panel judges: forms out, fourteen back with gaps, refused or kept, and what they come to."""

import json

import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from typer.testing import CliRunner

from rds.cli.app import app
from rds.errors import InputError
from rds.study.building import build_blueprint
from rds.study.decide import decide
from rds.study.form_kinds import FormWishes, issue_forms, kind_of_file
from rds.study.judgement_store import (
    current_judgements,
    first_judged,
    link_judgements,
    read_judgements,
    store_judgements,
)
from rds.study.judgements import receive_judgements
from rds.study.judging import issue_judgement_forms
from rds.study.panel_ratings import panel_ratings
from rds.study.panel_results import panel_results
from rds.study.panel_run import panel_only, run_panel
from rds.study.receive import receive
from rds.study.run import run
from rds.study.status import outputs_are_current, status
from rds.study.study import Study
from tests.study.examples import make_study, rows, write_answers

KSAS = [
    {"ksa_id": f"K{k}", "kind": "skill", "statement": f"Skill in thing {k}."} for k in range(1, 5)
]
LINKS = [{"task_id": "T01", "ksa_id": "K1", "level": 2}]
SMES = [f"SME{k:02d}" for k in range(1, 15)]


def sheets(n=6, **more):
    domains = rows()["Domains"]
    panel = [{"sme_id": name, "served": True} for name in SMES[:n]]
    return {"Panel": [*panel, {"sme_id": "SME99", "served": False}], "KSAs": KSAS,
            "Domains": domains, **more}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    return make_study(tmp_path / "study", sheets=sheets())


def issue(folder, **wishes):
    return issue_judgement_forms(Study.open(folder), **wishes)


def take(folder, path, **options):
    return receive_judgements(Study.open(folder), path, **options)


def fill(path, answers, *, notes=()):
    """Fill in a form as SMEs do: {sheet: {(identifier, column): value}}; “*” stands for all."""
    workbook = load_workbook(path)
    for page in workbook.worksheets:
        wanted = answers.get(page.title) or answers.get(page.title.rstrip("0123456789 "), {})
        names = {str(cell.value).split("\n")[0]: cell.column for cell in page[1]}
        for row in range(2, page.max_row + 1):
            key = page.cell(row, 1).value
            for (name, column), value in wanted.items():
                if key not in (None, "Sum") and name in (key, "*") and column in names:
                    page.cell(row, names[column]).value = value
    for place, text in notes:
        sheet, _, cell = place.partition("!")
        workbook[sheet][cell].comment = Comment(text, "somebody")
    workbook.save(path)
    return path


PERCENTS = {("D1", "percent"): 50, ("D2", "percent"): 30, ("D3", "percent"): 20}
WHOLE = {
    "Sorting": {("*", "domain_id"): "D1"},
    "Relevance": {("*", "relevance"): 4},
    "Cognitive levels": {("*", "level"): "recall"},
    "Links": {("K1", f"T{k:02d}"): 3 for k in range(1, 13)},
    "Domain percents": PERCENTS,
    "Ratings of tasks": {("*", "importance"): 4, ("*", "frequency"): 5},
}


def without(answers, sheet, **gaps):
    """Leave out cells: sheet and the identifiers left empty."""
    return {**answers, sheet: {**answers[sheet], **dict.fromkeys(gaps.items())}}


def test_everybody_who_served_gets_a_form_that_is_known_again(folder, tmp_path):
    done = issue(folder)
    assert [path.stem for path in done.written] == SMES[:6]
    assert "Each form takes about" in done.remarks[0]
    assert kind_of_file(folder / done.written[0]).name == "judge"
    held = json.loads((folder / "forms/judgements-1/round.json").read_text(encoding="utf-8"))
    assert held["ask"]["tasks"]["T01"] == "Do part 1 well."
    assert load_workbook(folder / done.written[0])["About this form"]["B5"].value == "SME01"


def test_tasks_to_be_sorted_show_no_domain_and_stand_in_an_order_of_their_own(folder):
    issue(folder)
    orders = []
    for name in SMES[:2]:
        page = load_workbook(folder / f"forms/judgements-1/{name}.xlsx")["Sorting"]
        orders.append([page.cell(row, 1).value for row in range(2, 14)])
        assert all(page.cell(row, 3).value is None for row in range(2, 14))
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]


def test_fourteen_forms_with_planted_gaps_come_back(tmp_path):
    folder = make_study(tmp_path / "study", sheets=sheets(14))
    issue(folder)
    root = folder / "forms/judgements-1"
    gaps = {
        "SME03": without(WHOLE, "Relevance", T04="relevance", K2="relevance"),
        "SME07": {k: v for k, v in WHOLE.items() if k != "Domain percents"},
        "SME09": without(WHOLE, "Ratings of tasks", T05="importance"),
        "SME11": without(WHOLE, "Links", K1="T02"),
    }
    for name in SMES[:13]:
        done = take(folder, fill(root / f"{name}.xlsx", gaps.get(name, WHOLE)))
        assert bool(done.gaps) == (name in gaps)
    now = status(Study.open(folder))
    assert now.panel == "round 1 of judgements: 13 of 14 forms came back"
    assert now.open_matters[-5:] == (
        "round 1 of judgements: no form of SME14 yet",
        "SME03 left open in round 1: 2 of relevance (T04, K2)",
        "SME07 left open in round 1: 3 of percents (D1, D2, D3)",
        "SME09 left open in round 1: 1 of ratings (T05 importance)",
        "SME11 left open in round 1: 1 of links (T02)",
    )
    assert now.next_command.endswith("FORM.xlsx")
    table = panel_results(Study.open(folder)).judgements.set_index(["part", "statement_id"])
    assert table.loc[("relevance", "T04"), "n"] == 12
    assert table.loc[("percents", "D1"), "n"] == 12
    assert set(table.loc[("links", "T02"), "n"]) == {12}
    assert table.loc[("sorting", "T01"), "n"] == 13


def test_a_ksa_left_empty_beside_a_judged_task_is_not_needed(folder):
    issue(folder, people=["SME01"])
    take(folder, fill(folder / "forms/judgements-1/SME01.xlsx", {"Links": {("K1", "T01"): 3}}))
    links = link_judgements(Study.open(folder))
    assert links["task_id"].unique().tolist() == ["T01"]
    assert links["level"].tolist() == [3, 0, 0, 0]


def test_forms_join_the_round_until_their_holder_has_answered(folder):
    issue(folder, people=["sme01", "SME02"])
    assert issue(folder, people=["SME03"]).written[0].parent.name == "judgements-1"
    path = fill(folder / "forms/judgements-1/SME01.xlsx", WHOLE)
    filled = path.read_bytes()
    issue(folder, people=["SME01"])
    assert path.read_bytes() == filled
    take(folder, path)
    assert issue(folder, people=["SME02"]).written[0].parent.name == "judgements-1"
    assert issue(folder, people=["SME01"]).written[0].parent.name == "judgements-2"
    assert issue(folder, parts=["levels"]).written[0].parent.name == "judgements-3"


def test_a_later_form_of_the_same_round_adds_and_replaces_and_says_so(folder):
    issue(folder, people=["SME01"], parts=["levels"])
    path = folder / "forms/judgements-1/SME01.xlsx"
    fill(path, {"Cognitive levels": {("T01", "level"): "recall", ("T02", "level"): "recall"}})
    take(folder, path)
    assert "received before; nothing changed" in take(folder, path).as_lines()[0]
    fill(path, {"Cognitive levels": {("T01", "level"): "analysis", ("T02", "level"): None,
                                     ("T03", "level"): "recall"}})  # fmt: skip
    done = take(folder, path)
    assert (done.n_new, done.n_changed, done.n_kept) == (1, 1, 1)
    assert "1 replace others, 1 of before stay" in done.as_lines()[1]
    kept = read_judgements(Study.open(folder).folder).set_index("statement_id")["value"]
    assert kept.to_dict() == {"T01": "analysis", "T02": "recall", "T03": "recall"}
    names = sorted(own.name for own in (folder / "received").iterdir())
    assert names == ["judgements-1-SME01-2.xlsx", "judgements-1-SME01.xlsx"]


def test_percentages_near_100_are_brought_there_and_others_refused(folder):
    issue(folder, people=["SME01"], parts=["percents"])
    path = folder / "forms/judgements-1/SME01.xlsx"
    fill(path, {"Domain percents": {**PERCENTS, ("D1", "percent"): 56}})
    with pytest.raises(InputError, match="percentages that add up to 106"):
        take(folder, path)
    fill(path, {"Domain percents": {("D1", "percent"): 60, ("D2", "percent"): 36,
                                    ("D3", "percent"): None}})  # fmt: skip
    done = take(folder, path)
    assert "add up to 96; they were brought to 100" in done.remarks[0]
    assert "count as 0: D3" in done.remarks[1]
    values = read_judgements(Study.open(folder).folder)["value"].astype(float)
    assert values.tolist() == pytest.approx([62.5, 37.5, 0])


def test_a_form_of_an_older_outline_is_refused_with_what_differs(folder, tmp_path):
    issue(folder, people=["SME01"], parts=["levels"])
    path = fill(folder / "forms/judgements-1/SME01.xlsx", WHOLE)
    own = rows()["Tasks"]
    own[0]["statement"] = "Do part 1 better."
    own[1]["status"] = "dropped"
    own.append({"task_id": "T13", "domain_id": "D1", "statement": "Do part 13 well."})
    make_study(folder, sheets=sheets(Tasks=own))
    with pytest.raises(InputError) as error:
        take(folder, path)
    (problem,) = error.value.problems
    for words in (
        "T01 was reworded: “Do part 1 well.” became “Do part 1 better.”",
        "T02 was removed",
        "T13 was added",
    ):
        assert words in problem.found


def test_a_change_elsewhere_in_the_outline_makes_no_form_older(folder):
    issue(folder, people=["SME01"], parts=["levels"])
    path = fill(folder / "forms/judgements-1/SME01.xlsx", WHOLE)
    make_study(folder, sheets=sheets(KSAs=KSAS[:1]))
    assert take(folder, path).n_judgements == 12


def test_judgements_of_what_was_reworded_since_no_longer_count(folder):
    issue(folder, people=["SME01"], parts=["levels"])
    take(folder, fill(folder / "forms/judgements-1/SME01.xlsx", WHOLE))
    own = rows()["Tasks"]
    own[0]["statement"] = "Do part 1 better."
    make_study(folder, sheets=sheets(Tasks=own))
    table, n_left_out = current_judgements(Study.open(folder))
    assert (len(table), n_left_out) == (11, 1)
    notes = panel_results(Study.open(folder)).notes
    assert any("reworded or removed since" in note.reason for note in notes)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"Relevance": {("T01", "relevance"): 5}}, "Relevance!D2: found “5”; wanted one of 1"),
        ({"Relevance": {("T01", "statement_id"): "T77"}}, "found “T77”"),
        ({"Relevance": {("T01", "statement_id"): "T02"}}, "each identifier once"),
        ({"Links": {("K1", "T01"): "x"}}, "found “x”"),
        ({"Links": {("K1", "ksa_id"): "K9"}}, "an identifier as the form was issued"),
        ({"Cognitive levels": {("T01", "level"): "recal"}}, "write “recall”"),
        ({"Sorting": {("T01", "domain_id"): "D9"}}, "one of D1, D2, D3, none"),
        ({"Ratings of tasks": {("T01", "importance"): 0}}, "one of 1, 2, 3, 4"),
        ({"About this form": {("Study", "Judgements of the panel, round 1"): "x"}}, "study “"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(folder, answers, words):
    issue(folder, people=["SME01"])
    path = fill(folder / "forms/judgements-1/SME01.xlsx", answers)
    if "About this form" in answers:
        workbook = load_workbook(path)
        workbook["About this form"]["B4"] = "another"
        workbook.save(path)
    with pytest.raises(InputError, match=words):
        take(folder, path)
    assert not (folder / "judgements").exists()


def test_links_to_statements_that_nobody_asked_about_are_refused(folder):
    issue(folder, people=["SME01"], parts=["links"])
    path = folder / "forms/judgements-1/SME01.xlsx"
    workbook = load_workbook(path)
    workbook["Links 1"].cell(1, 12).value, workbook["Links 1"].cell(2, 12).value = "T55", 3
    workbook.save(path)
    with pytest.raises(InputError, match="links to “T55”"):
        take(folder, path)


def test_a_sheet_sorted_by_one_column_alone_is_noticed(folder):
    issue(folder, people=["SME01"], parts=["relevance"])
    path = folder / "forms/judgements-1/SME01.xlsx"
    workbook = load_workbook(path)
    page = workbook["Relevance"]
    page["A2"], page["A3"] = page["A3"].value, page["A2"].value
    workbook.save(path)
    with pytest.raises(InputError, match="whose statement stands in this row"):
        take(folder, path)


def test_whole_rows_may_be_sorted_and_comments_are_kept(folder):
    issue(folder, people=["SME01"], parts=["relevance"])
    path = folder / "forms/judgements-1/SME01.xlsx"
    fill(path, {"Relevance": {("*", "relevance"): 3, ("T02", "comment"): "rare",
                              ("T03", "statement"): "Do it."}},
         notes=[("Relevance!D5", "hard to say")])  # fmt: skip
    workbook = load_workbook(path)
    page = workbook["Relevance"]
    for column in range(1, 6):
        first, second = page.cell(2, column).value, page.cell(9, column).value
        page.cell(2, column).value, page.cell(9, column).value = second, first
    workbook.save(path)
    done = take(folder, path)
    assert set(done.comments) == {
        ("T02", "rare"),
        ("T03", "reworded: Do it."),
        ("Relevance!D5", "hard to say"),
    }
    assert (folder / "received/judgements-1-SME01.xlsx").read_bytes() == path.read_bytes()
    stored = read_judgements(Study.open(folder).folder)
    assert (stored["part"] == "comment").sum() == 3
    assert first_judged(Study.open(folder).folder).keys() == {"SME01"}


def test_forms_of_nobody_and_of_rounds_that_there_are_not_are_refused(folder):
    issue(folder, people=["SME01"])
    path = folder / "forms/judgements-1/SME01.xlsx"
    for cell, value, words in (("B5", "SME55", "a form for “SME55”"), ("B7", "8", "round “8”")):
        workbook = load_workbook(path)
        old = workbook["About this form"][cell].value
        workbook["About this form"][cell] = value
        workbook.save(path)
        with pytest.raises(InputError, match=words):
            take(folder, path)
        workbook["About this form"][cell] = old
        workbook.save(path)


def test_a_dry_run_stores_nothing(folder):
    issue(folder, people=["SME01"])
    done = take(folder, fill(folder / "forms/judgements-1/SME01.xlsx", WHOLE), dry_run=True)
    assert done.as_lines()[-1] == "Nothing was stored."
    assert not (folder / "judgements").exists()
    assert not (folder / "received").exists()


def test_proposals_count_only_where_somebody_went_through_them(tmp_path):
    domains = [
        {**own, "panel_percent": p} for own, p in zip(rows()["Domains"], (50, 30, 20), strict=True)
    ]
    given = sheets(Linkage=LINKS, Domains=domains)
    folder = make_study(tmp_path / "study", sheets=given)
    issue(folder, people=["SME01", "SME02"], parts=["links", "percents"], prefill=True)
    root = folder / "forms/judgements-1"
    page = load_workbook(root / "SME01.xlsx")["Links 1"]
    assert page["D2"].value == 2
    left = take(folder, fill(root / "SME01.xlsx", {"Links": {("K2", "T02"): 3}}))
    assert "Nobody confirmed the proposals for links, percents" in left.remarks[0]
    assert set(link_judgements(Study.open(folder))["task_id"]) == {"T02"}
    take(folder, fill(root / "SME02.xlsx", {"Proposals": {("*", "gone_through"): "yes"}}))
    own = read_judgements(Study.open(folder).folder)
    own = own[own["sme_id"] == "SME02"]
    assert own.loc[own["part"] == "percents", "value"].tolist() == ["50", "30", "20"]
    assert own.loc[own["statement_id"] == "T01", "value"].tolist() == ["2", "0", "0", "0"]
    assert any("proposals stood" in note.reason for note in panel_results(Study.open(folder)).notes)


def test_nothing_to_propose_is_said(folder):
    with pytest.raises(InputError, match="no links, levels or percentages"):
        issue(folder, parts=["links"], prefill=True)


def test_a_large_grid_is_split_with_five_smes_or_more_for_each_link(tmp_path):
    folder = make_study(tmp_path / "study", sheets=sheets(14), judgements__links_per_sme=20)
    done = issue(folder, parts=["links"])
    assert "each task is judged by 5 SMEs" in done.remarks[1]
    held = json.loads((folder / "forms/judgements-1/round.json").read_text(encoding="utf-8"))
    counts = pd.Series([task for own in held["tasks"].values() for task in own]).value_counts()
    assert set(counts) == {5}
    assert {len(own) for own in held["tasks"].values()} == {4, 5}


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (FormWishes(parts=("relevence",)), "write “relevance”"),
        (FormWishes(people=("SME99",)), "an SME of the sheet Panel"),
        (FormWishes(platforms=("excel",)), "--to for the form judge"),
    ],
)
def test_wishes_that_cannot_be_met_are_refused(folder, wishes, words):
    with pytest.raises(InputError, match=words):
        issue_forms(Study.open(folder), "judge", wishes)


def test_a_study_without_panel_or_ksas_says_what_is_missing(tmp_path):
    folder = make_study(tmp_path / "study")
    with pytest.raises(InputError, match="no SME who serves"):
        issue(folder)
    other = make_study(tmp_path / "other", sheets={"Panel": [{"sme_id": "SME01"}]})
    with pytest.raises(InputError, match="nothing to ask about for links"):
        issue(other, parts=["links"])


def test_reviewers_findings_stay_apart_and_wait_until_decided(folder):
    issue(folder, who="independent", people=["REV1"])
    path = folder / "forms/independent-1/REV1.xlsx"
    assert kind_of_file(path).name == "independent"
    workbook = load_workbook(path)
    page = workbook["Findings"]
    page["A2"], page["B2"], page["C2"] = "T03", "Two ideas.", "Split it."
    workbook.save(path)
    done = take(folder, fill(path, {"Relevance": {("*", "relevance"): 1}}))
    assert done.n_findings == 1
    study = Study.open(folder)
    assert read_judgements(study.folder).empty
    assert panel_results(study).judgements.empty
    (matter,) = (own for own in status(study).open_matters if "REV1" in own)
    assert "of REV1 on T03 (Two ideas.): decide resolve or reject" in matter
    decide(study, matter.split()[0], "resolve", role="panel chair", reason="Split.")
    assert not any("REV1" in own for own in status(Study.open(folder)).open_matters)
    with pytest.raises(InputError, match="and no SME"):
        issue(folder, who="independent", people=["SME01"])


def answered(folder, n=5, answers=WHOLE):
    """Let n SMEs send the same answers."""
    issue(folder, people=SMES[: n + 1])
    for name in SMES[:n]:
        take(folder, fill(folder / f"forms/judgements-1/{name}.xlsx", answers))
    return folder


def test_before_the_survey_a_run_shows_where_the_panel_agrees_and_proposes_it(folder):
    answered(folder)
    study = Study.open(folder)
    assert panel_only(study)
    done = run_panel(study)
    assert outputs_are_current(Study.open(folder))
    assert set(done.published.written) == {
        "restricted/study-proposed.xlsx", "tables/agreement.csv", "tables/domain_percents.csv",
        "tables/judgements.csv", "tables/notes.csv", "tables/sorting.csv",
    }  # fmt: skip
    assert done.panel.sentences[0].startswith("Sorting: 8 of 12 tasks")
    (folder / "study.xlsx").write_bytes(
        (folder / "out/restricted/study-proposed.xlsx").read_bytes()
    )
    outline = Study.open(folder).outline
    assert {task.cognitive_level for task in outline.active_tasks} == {"recall"}
    assert [domain.panel_percent for domain in outline.domains] == [50, 30, 20]
    assert [(link.task_id, link.ksa_id, link.level) for link in outline.links] == [
        (f"T{k:02d}", "K1", 3) for k in range(1, 13)
    ]
    # Taken up, there is nothing left to propose.
    assert "restricted/study-proposed.xlsx" in run_panel(Study.open(folder)).published.removed


def test_the_panel_s_ratings_are_compared_with_the_field_and_never_mixed_with_it(folder, tmp_path):
    answered(folder)
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"))
    study = Study.open(folder)
    ratings = panel_ratings(study)
    assert (len(ratings), set(ratings.respondents["group"])) == (5, {"panel"})
    blueprint = build_blueprint(study)
    table = blueprint.analysis.comparisons.panel_vs_field
    assert set(table["n_panel"]) == {5}
    assert set(table["n_field"]) <= set(range(20, 31))
    assert set(table.loc[table["scale"] == "importance", "panel_mean"]) == {4.0}
    assert any("panel and field differ" in own for own in status(study).open_matters)


def test_links_that_smes_judged_pass_the_weights_on(folder, tmp_path):
    answered(folder, n=4)
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"))
    run(Study.open(folder))
    weights = pd.read_csv(folder / "out/tables/ksa_weights.csv").set_index("ksa_id")["weight"]
    assert weights["K1"] == pytest.approx(1)
    assert weights["K2"] == 0
    links = pd.read_csv(folder / "out/tables/linkage.csv")
    assert set(links["basis"]) == {"judgements"}
    assert set(links["n_sme"]) == {4}
    assert outputs_are_current(Study.open(folder))
    take(folder, fill(folder / "forms/judgements-1/SME05.xlsx", WHOLE))
    assert not outputs_are_current(Study.open(folder))


def test_the_sheet_linkage_comes_first_where_the_study_says_so(tmp_path):
    given = sheets(Linkage=[{"task_id": f"T{k:02d}", "ksa_id": "K2", "level": 3}
                            for k in range(1, 13)])  # fmt: skip
    folder = make_study(tmp_path / "study", sheets=given, linkage__links_from="sheet")
    answered(folder, n=2)
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"))
    table = build_blueprint(Study.open(folder)).ksa_weights.set_index("ksa_id")["weight"]
    assert table["K2"] == pytest.approx(1)


def test_simulated_judgements_are_said_to_be_simulated(folder):
    issue(folder)
    place = Study.open(folder).folder
    judged = {("levels", "T01", ""): "recall"}
    store_judgements(place, "judgements", 1, "SME01", judged, receipt={"nature": "simulated"})
    notes = panel_results(Study.open(folder)).notes
    assert next(note.kind for note in notes) == "simulated"


def test_the_commands_lead_from_one_to_the_next(folder):
    runner = CliRunner()
    said = runner.invoke(app, ["form", "judge", str(folder), "--part", "levels", "--for", "SME01"])
    assert said.exit_code == 0, said.output
    assert "Each form takes about" in said.output
    path = fill(folder / "forms/judgements-1/SME01.xlsx", WHOLE)
    said = runner.invoke(app, ["receive", str(folder), str(path)])
    assert "SME01, round 1: 12 judgements." in said.output
    assert "rds status" in said.output
    said = runner.invoke(app, ["status", str(folder)])
    assert "round 1 of judgements: 1 of 1 forms came back" in said.output
    said = runner.invoke(app, ["run", str(folder)])
    assert said.exit_code == 0, said.output
    assert "the survey has not come back yet" in said.output
    said = runner.invoke(app, ["run", str(folder), "--json"])
    assert json.loads(said.output)["sentences"] == []


def test_the_same_forms_have_the_same_bytes(folder, tmp_path):
    issue(folder, people=["SME01"])
    other = make_study(tmp_path / "other", sheets=sheets())
    issue(other, people=["SME01"])
    name = "forms/judgements-1/SME01.xlsx"
    assert (folder / name).read_bytes() == (other / name).read_bytes()
