"""LibreOffice recalculates the committee's workbook and comes to the same numbers."""

import io

import openpyxl
import pytest
import xlsxwriter

from rds.blueprint.apportion import allocate
from rds.documents.blueprint_workbook.workbook import blueprint_workbook
from tests.documents.examples import (
    RECONSTRUCTED,
    bounded_blueprint,
    built_blueprint,
    example_blueprint,
    many_tasks,
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


@pytest.fixture(scope="module")
def books():
    """All workbooks of this module by name: as issued, with another length, and planted ones."""
    issued = {name: blueprint_workbook(blueprint) for name, blueprint in BLUEPRINTS.items()}
    changed = {
        f"{name} {length}": with_value(issued[name], *input_cell(issued[name]), length)
        for name, length in OTHER_LENGTHS
    }
    plant = with_value(issued["plain"], *place_of_items(issued["plain"]), PLANTED)
    return {**issued, **changed, "planted": plant, "harness": wrong_values()}


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


def place_of_items(content):
    """Return sheet and cell of the first domain's items."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    sheet, cells = workbook.defined_names["domain_items"].attr_text.split("!")
    return sheet, cells.split(":")[0].replace("$", "")


def table(content, recalculation, width):
    """Return the rows of the main table, as wide as asked, from the items to the right."""
    sheet, first = place_of_items(content)
    start = openpyxl.utils.cell.coordinate_to_tuple(first)
    n = len(BLUEPRINTS["plain"].domain_weights)
    return [
        [
            recalculation[
                sheet, f"{openpyxl.utils.get_column_letter(start[1] + i)}{start[0] + row}"
            ]
            for i in range(width)
        ]
        for row in range(n + 1)
    ]


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
    assert len(formulas(books[name])) > 50
    assert differences(books[name], found[name]) == []


def test_no_cell_holds_an_error_at_any_length(found):
    assert {name: errors(cells) for name, cells in found.items() if errors(cells)} == {}


@pytest.mark.parametrize(("name", "length"), OTHER_LENGTHS)
def test_another_length_gives_the_items_of_the_apportionment(books, found, name, length):
    blueprint, book = BLUEPRINTS[name], f"{name} {length}"
    weights = blueprint.domain_weights.set_index("domain_id")["adopted_weight"]
    levels = dict(blueprint.settings.blueprint.cognitive_levels)
    items = allocate(dict(weights), items=length)
    *domains, total = table(books[book], found[book], 3 + len(levels))
    for row, expected in zip(domains, items, strict=True):
        assert row == [
            expected,
            *(allocate(levels, items=expected) if expected else [0] * len(levels)),
            expected,
            "OK",
        ]
    assert (total[0], total[-2:]) == (length, [length, "OK"])


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
