"""Both demonstrations hold a whole Phase I, with the gaps that are planted in it, and say so."""

from collections import Counter

import pandas as pd
import pytest
from openpyxl import load_workbook

from rds.demo import massachusetts, simulated
from rds.demo.drafting import massachusetts_drafts
from rds.demo.judging import REMARK, simulate_judgements
from rds.demo.panels import massachusetts_panel, simulated_panel
from rds.demo.write import write_demonstration, write_study
from rds.documents.form_book import COVER
from rds.outline.judgements import gaps
from rds.study.judgement_store import read_judgements, receipt_of, simulated_judges
from rds.study.judging_rounds import read_rounds
from rds.study.judging_status import open_judgements
from rds.study.study import Study

EVERYBODY = [f"SME{number:02d}" for number in range(1, 15)]
CAME = [name for name in EVERYBODY if name != "SME10"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "massachusetts"
    return folder, write_demonstration(folder).blueprint


@pytest.fixture(scope="module")
def folder(made):
    return made[0]


@pytest.fixture(scope="module")
def drafted(folder):
    return pd.read_csv(folder / "out/tables/drafted.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def simulated_folder(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("made") / "simulated", simulated=True)


def inputs(folder):
    """The bytes of every file that a study holds before it runs, by path."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {name: p.read_bytes() for name, p in found.items() if p.is_file() and name[:3] != "out"}


def test_everybody_who_serves_got_a_form_and_one_draft_is_missing(folder):
    assert sorted(path.stem for path in (folder / "forms/drafts-1").glob("*.xlsx")) == EVERYBODY
    assert sorted(path.stem for path in (folder / "received/drafts-1").glob("*.xlsx")) == CAME


def test_every_draft_and_the_proposal_say_on_their_cover_that_nobody_wrote_them(folder):
    forms = [*(folder / "received/drafts-1").glob("*.xlsx"), folder / "study-proposed.xlsx"]
    for path in forms:
        cover = load_workbook(path, read_only=True)[COVER]
        assert "Simulated" in [row[0] for row in cover.iter_rows(values_only=True)], path.name


def test_every_drafted_line_has_its_decision_and_none_is_lost(drafted):
    made = massachusetts_drafts()
    statements = drafted[~drafted["decision"].isin(["accept", "decline"])]
    words = {text.casefold().strip(".").replace(",", "") for text in statements["drafted"]}
    assert {
        str(r["statement"]).casefold().strip(".").replace(",", "") for r in made.drafts
    } == words
    assert Counter(drafted["decision"]) == {
        "keep": 2,
        "merge into": 14,
        "drop": 5,
        "outside the role": 6,
        "accept": 2,
        "decline": 5,
    }
    assert (drafted.loc[drafted["decision"] != "keep", "reason"] != "").all()
    assert set(drafted["decided_by"]) == {"panel chair (simulated)"}


def test_planted_duplicates_are_found_exact_ones_as_one_line_near_ones_side_by_side(folder):
    page = load_workbook(folder / "study-proposed.xlsx")["Tasks"]
    lines = {row[0]: row for row in page.iter_rows(min_row=2, values_only=True)}
    by = {name: row[2] for name, row in lines.items()}
    assert [by[name] for name in ("T29", "T33")] == ["SME05, SME08", "SME11, SME12"]
    assert lines["T29"][3] == lines["T31"][3]
    assert lines["T38"][4] == "T22: the same words"


def test_the_tasks_keep_their_identifiers_and_two_ksas_join(folder):
    outline = Study.open(folder).outline
    rows = massachusetts.study_rows()
    assert [task.task_id for task in outline.tasks] == [row["task_id"] for row in rows["Tasks"]]
    before = [row["ksa_id"] for row in rows["KSAs"]]
    assert [ksa.ksa_id for ksa in outline.ksas] == [*before, "K61", "K62"]
    changed = {row["task_id"]: row["statement"] for row in rows["Tasks"]}
    reworded = [t.task_id for t in outline.tasks if t.statement != changed[t.task_id]]
    assert reworded == ["T23"]


def test_the_workbook_holds_what_the_record_accepted(folder):
    study = Study.open(folder)
    assert not any("as accepted" in one.wanted or one.severity == "error" for one in study.problems)
    assert study.record.entries[0].subject == "outline, round 1"
    assert study.record.entries[0].time == "2026-04-11T17:00:00Z"
    assert study.record.entries[0].reason.startswith("SIMULATED")


@pytest.mark.parametrize("which", ["folder", "simulated_folder"])
def test_gaps_are_planted_in_the_judgements_and_named(which, request):
    folder = request.getfixturevalue(which)
    assert read_rounds(Study.open(folder).folder)[0].tasks.keys() == set(EVERYBODY)
    missing, sme06, sme11 = open_judgements(Study.open(folder))
    assert missing == "round 1 of judgements: no form of SME10 yet"
    assert sme06.startswith("SME06 left open in round 1:")
    assert "of links" in sme06
    assert sme11.startswith("SME11 left open in round 1:")
    assert "of percents" in sme11


@pytest.mark.parametrize("which", ["folder", "simulated_folder"])
def test_whoever_judged_is_said_to_be_simulated(which, request):
    place = Study.open(request.getfixturevalue(which)).folder
    assert simulated_judges(place) == CAME
    for path in (place.root / "judgements/round-1").glob("*.csv"):
        assert receipt_of(path)["remarks"] == [REMARK]


@pytest.mark.parametrize(
    ("which", "plan"), [("folder", massachusetts_panel), ("simulated_folder", simulated_panel)]
)
def test_stored_judgements_can_all_be_given_on_the_form(which, plan, request):
    place = Study.open(request.getfixturevalue(which)).folder
    (one,) = read_rounds(place)
    table = read_judgements(place)
    percents = table[table["part"] == "percents"].astype({"value": float})
    assert (percents.groupby("sme_id")["value"].sum() == 100).all()
    assert (percents["value"] > 0).all()
    allowed = {
        "sorting": {*one.ask.domains, "none"},
        "relevance": {"1", "2", "3", "4"},
        "levels": set(one.ask.levels),
        "links": {"0", "1", "2", "3"},
    }
    for part, values in allowed.items():
        assert set(table.loc[table["part"] == part, "value"]) <= values
    for member, judged in simulate_judgements(one, plan()).items():
        if member not in ("SME06", "SME11"):
            assert gaps(one.ask, judged.keys(), tasks=one.tasks[member]) == {}


def test_planted_disagreements_are_found(made):
    panel = made[1].analysis.panel
    relevance = panel.judgements[panel.judgements["part"] == "relevance"]
    assert set(relevance.nsmallest(3, "mean")["statement_id"]) == {"T04", "T14", "K30"}
    flagged = panel.sorting[panel.sorting["flagged"].astype(bool)]
    assert {"T13", "T25"} <= set(flagged["task_id"])
    assert any("T06" in text for text in panel.sentences if text.startswith("Cognitive levels"))


def test_links_judged_find_what_the_sheet_leaves_open(folder):
    found = pd.read_csv(folder / "out/tables/linkage_gaps.csv")
    assert list(found["id"]) == ["T22", "K30", "K31", "K32", "K48"]
    for name in found["id"]:
        assert name in massachusetts.readme()


def test_the_blueprint_and_its_workbook_say_that_the_panel_is_simulated(made):
    folder, blueprint = made
    assert "SIMULATED DATA, the panel (13)" in str(blueprint)
    notes = pd.read_csv(folder / "out/tables/notes.csv").query("kind == 'simulated'")
    assert list(notes["row"]) == ["the panel (13)"]
    book = load_workbook(folder / "out/restricted/blueprint.xlsx", read_only=True)
    cells = [v for r in book["Blueprint"].iter_rows(values_only=True) for v in r if v]
    banner = next(str(text) for text in cells if "SIMULATED" in str(text))
    assert "SIMULATED PANEL" in banner
    assert "SIMULATED DATA" not in banner


def test_the_simulated_panel_rates_and_differs_from_the_field_where_that_is_planted(
    simulated_folder,
):
    table = read_judgements(Study.open(simulated_folder).folder)
    rated = table[(table["part"] == "ratings") & (table["aspect"] == "importance")]
    panel = rated.astype({"value": float}).groupby("statement_id")["value"].mean()
    answers = pd.concat(simulated.responses().values()).filter(like="_importance")
    field = answers.mask(answers == -3).mean().rename(lambda name: name.partition("_")[0])
    difference = (panel - field).sort_values()
    assert difference.index[0] == "T36"
    assert set(difference.index[-2:]) == {"T13", "T18"}


def test_readmes_name_who_left_gaps_and_where_the_panel_differs():
    for name in ("SME10", "SME06", "SME11", "K61", "K62", "T23", "K42", "T04", "T14", "K30"):
        assert name in massachusetts.readme()
    for name in ("SME10", "SME06", "SME11", "T13", "T18", "T36"):
        assert name in simulated.readme()


def test_everything_is_the_same_every_time(folder, tmp_path):
    assert inputs(write_study(tmp_path / "again")) == inputs(folder)
