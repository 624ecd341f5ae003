"""Parquet: plain tables in, and tables that carry their codebook."""

import datetime
import io
import sys

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.errors import InputError
from rds.survey.export import ExportColumn
from rds.survey.platforms import parquet, spss
from rds.survey.platforms.parquet import write_parquet
from tests.survey.platforms.spss_files import cells, opened


def saved(table, tmp_path, name="answers.parquet"):
    target = io.BytesIO()
    pq.write_table(table, target)
    return opened(tmp_path, target.getvalue(), name)


def test_a_plain_table_is_read_as_a_table_of_answers(tmp_path):
    table = pa.table(
        {
            "respondent": ["A", "B"],
            "T01_importance": pa.array([4, None], pa.int8()),
            "T02_importance": pa.array(["N/A", "None"]),
            "big": pa.array([2**60 + 1, None], pa.int64()),
            "share": [12.5, float("nan")],
            "asked": pa.array(["x", "y"]).dictionary_encode(),
            "day": [datetime.date(2026, 5, 4), None],
            "moment": pa.array([datetime.datetime(2026, 5, 4, 10, 20, 31)] * 2, pa.timestamp("us")),
            "yes": [True, False],
            "many": [["a", "b"], []],
        }
    )
    file = saved(table, tmp_path)
    assert parquet.recognise(file)
    assert not spss.recognise(file)
    export = parquet.read(file)
    assert (export.layout, export.platform, export.described) == ("wide", "parquet", ())
    found = cells(export)
    assert found["T01_importance"] == ["4", ""]
    assert found["T02_importance"] == ["N/A", "None"]
    assert found["big"] == ["1152921504606846977", ""]
    assert found["share"] == ["12.5", ""]
    assert found["day"] == ["2026-05-04", ""]
    assert found["moment"] == ["2026-05-04T10:20:31"] * 2
    assert found["yes"] == ["1", "0"]
    assert found["many"] == ["a;b", ""]


def test_an_index_without_a_name_is_left_out(tmp_path):
    frame = pd.DataFrame({"respondent": ["A"], "T01": [4]}, index=[7])
    target = io.BytesIO()
    frame.to_parquet(target)
    export = parquet.read(opened(tmp_path, target.getvalue()))
    assert export.columns == ("respondent", "T01")


def test_the_codebook_in_the_file_describes_its_columns(tmp_path):
    columns = (
        ExportColumn("id", "respondent"),
        ExportColumn("a", question="D1", row="T01", row_text="Ask – “ü”", labels={"1": "Low"}),
    )
    content = write_parquet(pd.DataFrame({"id": ["A"], "a": [1]}), columns)
    assert content == write_parquet(pd.DataFrame({"id": ["A"], "a": [1]}), columns)
    assert parquet.read(opened(tmp_path, content)).described == columns


@settings(max_examples=30, deadline=None)
@given(text=st.text(max_size=30))
def test_any_text_survives_the_codebook(tmp_path_factory, text):
    text = text.encode(errors="ignore").decode()
    columns = (ExportColumn("a", question_text=text, labels={"1": text}),)
    content = write_parquet(pd.DataFrame({"a": [f"{text}x"]}), columns)
    export = parquet.read(opened(tmp_path_factory.mktemp("parquet"), content))
    assert export.described == columns
    assert cells(export)["a"] == [f"{text}x"]


@pytest.mark.parametrize("said", [b"{", b'{"format": 2, "columns": {}}', b"[]", b'{"format": 1}'])
def test_a_codebook_that_does_not_fit_is_refused(tmp_path, said):
    table = pa.table({"a": [1]}).replace_schema_metadata({parquet.CODEBOOK: said})
    with pytest.raises(InputError, match="a codebook that does not fit the table"):
        parquet.read(saved(table, tmp_path))


@pytest.mark.parametrize("part", [0.1, 0.5, 0.99])
def test_a_cut_off_file_is_refused(tmp_path, part):
    target = io.BytesIO()
    pq.write_table(pa.table({"respondent": ["A"], "T01": [4]}), target)
    content = target.getvalue()[: int(len(target.getvalue()) * part)]
    with pytest.raises(InputError, match="damaged or incomplete Parquet file"):
        parquet.read(opened(tmp_path, content))


def test_a_table_without_rows_is_refused(tmp_path):
    with pytest.raises(InputError, match="headers only"):
        parquet.read(saved(pa.table({"respondent": pa.array([], pa.string())}), tmp_path))


def test_a_missing_library_is_named_with_its_extra(tmp_path, monkeypatch):
    file = saved(pa.table({"a": [1]}), tmp_path)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"pip install 'role-delineation\[parquet\]'"):
        parquet.read(file)
