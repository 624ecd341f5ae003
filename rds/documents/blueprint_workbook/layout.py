"""Where everything stands on the sheet “Blueprint”, so that other sheets can point at it."""

from __future__ import annotations

from dataclasses import dataclass

from rds.documents.blueprint_workbook.cells import block, fixed
from rds.documents.blueprint_workbook.inputs import BLUEPRINT
from rds.documents.blueprint_workbook.page import BODY
from rds.documents.blueprint_workbook.plan import Plan

SHEET = BLUEPRINT

DOMAIN, TITLE, PERCENT, EXACT, ITEMS, MINIMUM, MAXIMUM = range(7)
PREVIEW_ROW, INPUT_ROW, REASON_ROW, NOTE_ROW, HINT_ROW, HEADER_ROW = range(BODY, BODY + 6)
FIRST = HEADER_ROW + 1
INPUT_COLUMN = PERCENT
LENGTH = fixed(INPUT_ROW, INPUT_COLUMN)

WHOLE, REMAINDER, PLACE, ORDER = range(2, 6)
"""Columns of the domains' workings."""

STEPS = (
    "share of the domain",
    "exact items",
    "whole part",
    "remainder",
    "place by remainder",
    "items",
)
SHARE, EXACT_CELL, WHOLE_CELL, REMAINDER_CELL, PLACE_CELL, ITEMS_CELL = range(len(STEPS))
FIRST_LEVEL_WORKINGS = 2


@dataclass(frozen=True)
class Layout:
    """Rows and columns, counted from 0, of a plan on the sheet “Blueprint”."""

    n_domains: int
    n_levels: int
    part_sizes: tuple[int, ...]
    is_bounded: bool
    has_pretest: bool
    domains_live: bool
    cells_live: bool

    @classmethod
    def of(cls, plan: Plan) -> Layout:
        """Return the layout of a plan."""
        pretest = any(domain.pretest for domain in plan.domains)
        return cls(
            n_domains=len(plan.domains),
            n_levels=len(plan.levels),
            part_sizes=tuple(len(part.domains) for part in plan.parts),
            is_bounded=plan.is_bounded,
            has_pretest=pretest,
            domains_live=plan.domains_live,
            cells_live=plan.cells_live,
        )

    @property
    def last(self) -> int:
        """Row of the last domain."""
        return FIRST + self.n_domains - 1

    @property
    def total(self) -> int:
        """Row of the totals."""
        return self.last + 1

    @property
    def target(self) -> int:
        """Row of the levels' targets; differences and checks stand in the two rows below."""
        return self.total + 1

    @property
    def first_level(self) -> int:
        """Column of the first cognitive level."""
        return MAXIMUM + 1 if self.is_bounded else ITEMS + 1

    @property
    def sum(self) -> int:
        """Column of the sums over levels."""
        return self.first_level + self.n_levels

    @property
    def check(self) -> int:
        """Column of the checks."""
        return self.sum + 1

    @property
    def change(self) -> int:
        """Column that says what was changed."""
        return self.sum + 2

    @property
    def reason(self) -> int:
        """Column of the reasons, the last one."""
        return self.sum + 3

    @property
    def parts(self) -> int:
        """Row of the heading of the exam's parts; a hint and the header follow."""
        return self.target + 4

    @property
    def pretest(self) -> int:
        """Row of the heading of the pretest items."""
        if not self.part_sizes:
            return self.parts
        return self.parts + 3 + sum(self.part_sizes) + len(self.part_sizes) + 1

    @property
    def changes(self) -> str:
        """The cells that begin with “PREVIEW” where a row was changed."""
        first = self.parts + 3 if self.part_sizes else FIRST
        last = self.pretest - 2 if self.part_sizes else self.last
        return block(first, self.change, last, self.change)

    def part_row(self, part: int) -> int:
        """Return the first row of a part; its total stands below its last."""
        return self.parts + 3 + sum(self.part_sizes[:part]) + part

    @property
    def workings(self) -> int:
        """Row of the heading of the workings; an explanation stands below it."""
        return self.pretest + (self.n_domains + 4 if self.has_pretest else 0)

    @property
    def domain_workings(self) -> int:
        """Row of the header of the domains' workings."""
        return self.workings + 2

    @property
    def left_over(self) -> int:
        """Row of the items that are left over for the largest remainders."""
        return self.domain_workings + self.n_domains + 1

    @property
    def cell_workings(self) -> int:
        """Row of the header of the cells' workings; the order of the levels' names follows it."""
        return self.left_over + 2 if self.domains_live else self.domain_workings

    @property
    def end(self) -> int:
        """The last row of the sheet."""
        if self.cells_live:
            return self.step(self.n_domains - 1, len(STEPS) - 1)
        return self.left_over if self.domains_live else self.workings - 1

    def step(self, domain: int, step: int) -> int:
        """Return the row of a step (`STEPS`) of a domain's workings."""
        return self.cell_workings + 2 + len(STEPS) * domain + step

    def domain_rows(self, column: int) -> str:
        """Return a column of the main table over all domains."""
        return block(FIRST, column, self.last, column)

    def working_rows(self, column: int) -> str:
        """Return a column of the domains' workings over all domains."""
        return block(self.domain_workings + 1, column, self.left_over - 1, column)

    def level_cells(self, row: int) -> str:
        """Return a row of the cells' workings over all levels."""
        return block(row, FIRST_LEVEL_WORKINGS, row, FIRST_LEVEL_WORKINGS + self.n_levels - 1)
