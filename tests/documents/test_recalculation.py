"""LibreOffice recalculates the committee's workbook and comes to the same numbers."""

import datetime
import io

import openpyxl
import pytest
import xlsxwriter

from rds.blueprint.apportion import allocate
from rds.documents.blueprint_workbook.inputs import inputs
from rds.documents.blueprint_workbook.workbook import blueprint_workbook
from tests.documents.examples import (
    RECONSTRUCTED,
    bounded_blueprint,
    built_blueprint,
    decided_blueprint,
    differing_blueprint,
    example_blueprint,
    many_tasks,
    parts_blueprint,
    tied_blueprint,
)
from tests.documents.libreoffice import (
    differences,
    errors,
    formulas,
    input_cell,
    recalculated,
    values,
    with_value,
)

pytestmark = pytest.mark.libreoffice

BLUEPRINTS = {
    "plain": example_blueprint(),
    "tied": tied_blueprint(),
    "bounded": bounded_blueprint(),
    "built": built_blueprint(),
    "pinned": built_blueprint(50),
    "decided": decided_blueprint(),
    "panel": differing_blueprint(),
    "parts": parts_blueprint(),
    "no levels": example_blueprint(levels={}),
    "one level": example_blueprint(levels={"all": 100.0}, rounding="webster"),
    "long": example_blueprint(
        tasks=many_tasks(60), dropped=["T03", "T40"], pretest_items=20, notes=[RECONSTRUCTED]
    ),
}
OTHER_LENGTHS = [
    ("plain", 1),
    ("plain", 87),
    ("plain", 150),
    ("tied", 7),
    ("tied", 20),
    ("pinned", 60),
]
PLANTED = 99
DAY = datetime.date(2026, 11, 21)
FILLED = [
    ("Tasks", "K9", "drop"), ("Tasks", "K10", "drop"), ("Tasks", "L10", "too rare"),
    ("Differences", "G9", "keep"), ("Differences", "H9", "rare but vital"),
    ("Comments", "C8", "D2 is short"), ("Comments", "D8", "Give D2 one more"),
    ("Comments", "E8", 7), ("Comments", "F8", 2), ("Comments", "D9", "Another motion"),
    ("Sign-off", "B8", "approve with changes"), ("Sign-off", "B9", "approve"),
    ("Sign-off", "C8", DAY), ("Sign-off", "C9", DAY),
]  # fmt: skip


@pytest.fixture(scope="module")
def books():
    """All workbooks of this module by name: as issued, with another length, and planted ones."""
    issued = {name: blueprint_workbook(blueprint) for name, blueprint in BLUEPRINTS.items()}
    changed = {
        f"{name} {length}": with_value(issued[name], *input_cell(issued[name]), length)
        for name, length in OTHER_LENGTHS
    }
    plant = with_value(issued["plain"], *place_of_items(issued["plain"]), PLANTED)
    moved = with_value(issued["plain"], "Blueprint", cell_of_input("D1 | recall"), 10)
    edited = with_value(moved, "Blueprint", cell_of_input("D2 | recall"), 11)
    return {
        **issued, **changed, "planted": plant, "harness": wrong_values(),
        "short": moved, "moved": edited, "filled": filled_in(issued["panel"]),
    }  # fmt: skip


@pytest.fixture(scope="module")
def found(books, tmp_path_factory):
    """What LibreOffice finds, all in one call."""
    return recalculated(books, tmp_path_factory.mktemp("libreoffice"))


def wrong_values():
    """Return a workbook whose formulas carry wrong values: a number and a text."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Sums")
        sheet.write_column(0, 0, [2, 3])
        sheet.write_formula("A3", "=A1+A2", None, 999)
        sheet.write_formula("A4", '=IF(A3=5,"five","other")', None, "wrong")
        sheet.write_formula("A5", "=A1*A2", None, 6)
    return target.getvalue()


def cell_of_input(key):
    """Return where the items of a cell stand in the plain workbook."""
    places = [own for own in inputs(BLUEPRINTS["plain"]) if own.field == "items"]
    row, column = divmod([own.key for own in places].index(key) - 1, 3)
    return f"{'FGH'[column]}{11 + row}"


def filled_in(content):
    """Return a workbook in which people typed decisions, votes and a sign-off."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    for sheet, place, value in FILLED:
        assert not workbook[sheet][place].protection.locked
        workbook[sheet][place] = value
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def place_of_items(content):
    """Return sheet and cell of the first domain's items."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    sheet, cells = workbook.defined_names["domain_items"].attr_text.split("!")
    return sheet, cells.split(":")[0].replace("$", "")


def items_at(recalculation, blueprint):
    """Return the items of domains, and of their cells, that the workings give."""
    cells = {
        place: value for (sheet, place), value in recalculation.items() if sheet == "Blueprint"
    }
    n = len(blueprint.domain_weights)
    levels = blueprint.settings.blueprint.cognitive_levels
    steps = sorted(int(place[1:]) for place, value in cells.items() if value == "items")
    rows = [[cells[f"{'CDE'[i]}{row}"] for i in range(len(levels))] for row in steps]
    return [cells[f"E{11 + i}"] for i in range(n)], rows


def test_the_harness_recalculates_in_spite_of_the_values_that_are_stored(books, found):
    assert values(books["harness"])["Sums", "A3"] == 999
    assert found["harness"]["Sums", "A3"] == 5
    assert found["harness"]["Sums", "A4"] == "five"


def test_the_harness_names_wrong_values_and_no_others(books, found):
    assert differences(books["harness"], found["harness"]) == [
        "Sums!A3: stored 999, recalculated 5",
        "Sums!A4: stored 'wrong', recalculated 'five'",
    ]


def test_a_wrong_value_planted_in_the_workbook_is_found(books, found):
    sheet, cell = place_of_items(books["plain"])
    assert differences(books["planted"], found["planted"]) == [
        f"{sheet}!{cell}: stored {PLANTED}, recalculated 42"
    ]


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_every_formula_recalculates_to_the_value_stored_beside_it(books, found, name):
    assert len(formulas(books[name])) > 60
    assert differences(books[name], found[name]) == []


def test_no_cell_holds_an_error_at_any_length(found):
    assert {name: errors(cells) for name, cells in found.items() if errors(cells)} == {}


@pytest.mark.parametrize(("name", "length"), OTHER_LENGTHS)
def test_another_length_gives_the_items_of_the_apportionment(found, name, length):
    blueprint = BLUEPRINTS[name]
    weights = blueprint.domain_weights.set_index("domain_id")["adopted_weight"]
    levels = dict(blueprint.settings.blueprint.cognitive_levels)
    items = [*allocate(dict(weights), items=length)]
    cells = [[*allocate(levels, items=own)] if own else [0] * len(levels) for own in items]
    assert items_at(found[f"{name} {length}"], blueprint) == (items, cells)


def test_a_cell_that_is_too_small_is_named_in_its_row_and_in_the_total(found):
    cells = found["short"]
    assert cells["Blueprint", "J11"] == "3 short"
    assert cells["Blueprint", "J14"] == "3 short"
    assert cells["Blueprint", "K11"] == "PREVIEW: issued 13, 21, 8; reason missing"
    assert cells["Blueprint", "A5"].startswith("PREVIEW: items changed in 1 row.")


def test_items_moved_between_domains_keep_the_total_and_reach_the_summary(found):
    cells = found["moved"]
    assert [cells["Blueprint", f"J{row}"] for row in (11, 12, 14)] == ["3 short", "3 over", "OK"]
    assert [cells["Summary", f"E{row}"] for row in range(7, 11)] == [39, 29, 32, 100]
    assert cells["Summary", "A5"].startswith("PREVIEW: items changed in 2 rows.")


def test_checks_follow_what_people_type(found):
    cells = found["filled"]
    assert cells["Tasks", "A5"].startswith("PREVIEW: decisions changed: 2")
    assert [cells["Tasks", f"M{row}"] for row in (9, 10, 11)] == [
        "PREVIEW: reason missing", "PREVIEW: OK", "OK",
    ]  # fmt: skip
    # The resolution of T02 says keep, the sheet Tasks drop.
    assert cells["Differences", "I9"] == "PREVIEW: Tasks says drop"
    assert [cells["Comments", f"I{row}"] for row in (8, 9, 10)] == ["passed", "point missing", "OK"]
    assert [cells["Sign-off", f"G{row}"] for row in (8, 9)] == ["say what and why", "OK"]


@pytest.mark.parametrize(("name", "length"), OTHER_LENGTHS)
def test_another_length_is_announced_as_a_preview_on_both_sheets(found, name, length):
    issued = BLUEPRINTS[name].settings.blueprint.items
    said = f"PREVIEW: exam length changed from the issued {issued} to {length} items."
    for sheet in ("Summary", "Blueprint"):
        texts = [value for (where, _), value in found[f"{name} {length}"].items() if where == sheet]
        assert any(str(text).startswith(said) for text in texts)


def test_the_summary_follows_the_length(found):
    cells = found["plain 87"]
    items = [cells["Summary", f"E{row}"] for row in range(7, 11)]
    weights = BLUEPRINTS["plain"].domain_weights["adopted_weight"]
    assert items == [*allocate(list(weights), items=87), 87]
    assert cells["Summary", "G7"] == "–"
