"""Stata: .dta in. Sample: tests/data/stata (made with pyreadstat)."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rds.errors import InputError
from rds.survey.platforms import spss, stata
from rds.survey.platforms.opening import open_file
from tests.survey.platforms.spss_files import (
    by_name,
    cells,
    opened,
    read_dta,
    roles,
    seen_by_haven,
)

SAMPLE = Path(__file__).parents[2] / "data" / "stata" / "gen.dta"


def test_every_column_of_the_sample_is_described():
    file = open_file(SAMPLE)
    assert stata.recognise(file)
    assert not spss.recognise(file)
    export = stata.read(file)
    assert roles(export) == {"resp_id": "respondent", "weight": "technical"}
    columns = by_name(export)
    assert columns["D1_imp_T01"].labels == {"1": "Low", "2": "Moderate", "3": "High"}
    assert columns["D1_freq_T01"].question_text.endswith("…")  # Stata cuts labels
    assert (columns["cert_C1"].question_text, columns["cert_C1"].option_text) == (
        "Certifications",
        "CISSP",
    )
    found = cells(export)
    assert found["D1_freq_T01"] == ["3", "99", ""]
    assert found["D1_imp_T01"] == ["2", "1", ""]
    assert found["weight"] == ["1.25", "0.8", "1"]


@pytest.mark.parametrize("version", [8, 10, 12, 13, 14, 15])
def test_every_version_of_the_format_reads_alike(tmp_path, version):
    export = read_dta(
        tmp_path,
        {"id": ["a", "b"], "T01": [1.0, 2.0]},
        version=version,
        column_labels={"T01": "How often?"},
        variable_value_labels={"T01": {1: "Never", 2: "Daily"}},
    )
    assert stata.recognise(open_file(tmp_path / "answers.dta"))
    assert cells(export) == {"id": ["a", "b"], "T01": ["1", "2"]}
    assert by_name(export)["T01"].labels == {"1": "Never", "2": "Daily"}


def test_missing_values_with_letters_become_what_their_labels_say(tmp_path):
    export = read_dta(
        tmp_path,
        {"T01": pd.Series([1, "a", "b", "c", np.nan], dtype=object)},
        missing_user_values={"T01": ["a", "b", "c"]},
        variable_value_labels={"T01": {1: "Low", "a": "Not applicable", "b": "Refused"}},
    )
    assert cells(export)["T01"] == ["1", "99", ".b", "", ""]
    assert by_name(export)["T01"].labels == {"1": "Low", ".b": "Refused"}


def test_dates_become_iso_text(tmp_path):
    moment = pd.Timestamp("2026-05-04 10:20:31")
    export = read_dta(tmp_path, {"submitdate": [moment, pd.NaT], "T01": [1.0, np.nan]})
    assert cells(export) == {"submitdate": ["2026-05-04T10:20:31", ""], "T01": ["1", ""]}


@pytest.mark.parametrize("part", [0.05, 0.5, 0.99])
def test_a_cut_off_file_is_refused(tmp_path, part):
    content = SAMPLE.read_bytes()
    with pytest.raises(InputError, match="damaged or incomplete file of Stata"):
        stata.read(opened(tmp_path, content[: int(len(content) * part)], "a.dta"))


def test_a_plain_table_is_not_recognised(tmp_path):
    file = opened(tmp_path, b"respondent,T01_importance\nA,4\n", "a.dta")
    assert not stata.recognise(file)


@pytest.mark.haven
def test_haven_sees_the_same_labels(tmp_path):
    seen = seen_by_haven(Path(shutil.copy(SAMPLE, tmp_path)))
    columns = by_name(stata.read(open_file(SAMPLE)))
    for name in ("D1_imp_T01", "role", "missing_tasks"):
        assert seen[name][0] == columns[name].question_text
    assert seen["role"][1] == "1 Analyst|2 Manager"


@pytest.mark.parametrize("kind", [object, float])
def test_no_answer_beside_missing_values_with_letters_is_no_zero(tmp_path, kind):
    cases = [1, np.nan, 2] if kind is float else [1, "a", np.nan, 2]
    export = read_dta(
        tmp_path,
        {"T01": pd.Series(cases, dtype=kind)},
        missing_user_values={"T01": ["a"]} if kind is object else None,
    )
    assert cells(export)["T01"] == [{1: "1", 2: "2"}.get(case, "") for case in cases]
