"""What the public may see, and nothing else."""

from __future__ import annotations

import datetime
import io

import pandas as pd
import pytest
from openpyxl import load_workbook

from rds.documents.out_read_me import out_read_me
from rds.documents.public_outline import (
    CONTENT_OUTLINE,
    content_outline,
    method_sentences,
    public_files,
)
from rds.documents.version import Version
from tests.blueprint.test_build import built

DAY = datetime.date(2027, 1, 5)
DRAFT, APPROVED = Version(1), Version(1, "approved", approved_on=DAY)


@pytest.fixture(scope="module")
def blueprint():
    return built(blueprint={"items": 60, "pretest_items": 6})


def test_domains_have_the_percent_of_their_items_and_tasks_have_none(blueprint):
    table = content_outline(blueprint, APPROVED)
    assert tuple(table) == CONTENT_OUTLINE
    domains = table[table["kind"] == "domain"]
    assert domains["items"].sum() == 60
    assert (
        domains["percent_of_exam"] * 60 / 100 - domains["items"].astype(float)
    ).abs().max() < 1e-9
    assert table.loc[table["kind"] == "task", ["items", "percent_of_exam"]].isna().all().all()


def test_every_row_and_sheet_says_whether_it_is_approved(blueprint):
    assert set(content_outline(blueprint, DRAFT)["status"]) == {
        "DRAFT version 1, not approved: not to be handed out"
    }
    content = public_files(blueprint, APPROVED, date=DAY)["public/content-outline-public.xlsx"]
    for sheet in load_workbook(io.BytesIO(content)):
        assert sheet["A2"].value == "APPROVED version 1, approved on 2027-01-05"


def test_the_files_are_named_public_and_the_same_each_time(blueprint):
    first = public_files(blueprint, DRAFT, date=DAY)
    assert all("public" in name.rpartition("/")[2] for name in first)
    assert public_files(blueprint, DRAFT, date=DAY) == first


def with_groups(blueprint, **counts):
    from dataclasses import replace

    rows = [{"group": name, "wave": "", "nature": "answers", "n": n} for name, n in counts.items()]
    analysis = replace(blueprint.analysis, respondents=pd.DataFrame(rows))
    return replace(blueprint, analysis=analysis)


def test_small_groups_are_not_told_nor_what_would_give_them_away(blueprint):
    text = " ".join(method_sentences(with_groups(blueprint, nurses=40, aides=12, chiefs=3)))
    assert "55 respondents (among them 40 nurses)" in text
    assert "aides" not in text
    assert "chiefs" not in text
    alone = " ".join(method_sentences(with_groups(blueprint, chiefs=3)))
    assert "fewer than 5 people" in alone
    assert " 3 " not in alone


def test_the_method_names_model_source_rounding_and_levels(blueprint):
    text = " ".join(method_sentences(blueprint))
    for part in ("Kane, Kingsbury", "60 scored items", "largest remainders", "6 further items"):
        assert part in text


def test_the_read_me_lists_every_file_under_whom_it_is_for():
    text = out_read_me(
        ["tables/ties.csv", "public/a-public.csv", "restricted/x.xlsx"], APPROVED, title="Peers"
    ).decode()
    assert text.index("public/\nFor everybody") < text.index("a-public.csv")
    assert text.index("restricted/\nFor the committee") < text.index("x.xlsx")
    assert "APPROVED version 1" in text
