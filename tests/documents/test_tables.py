"""Tables as files."""

import numpy as np
import pandas as pd

from rds.documents.tables import csv_bytes, table_files


def test_a_table_looks_the_same_on_every_machine():
    table = pd.DataFrame(
        {
            "id": ["D1", "D2"],
            "weight": [1 / 3, np.nan],
            "items": pd.array([33, None], dtype="Int64"),
            "retained": [True, False],
        }
    )
    assert csv_bytes(table) == b"id,weight,items,retained\nD1,0.333333333333,33,yes\nD2,,,no\n"


def test_text_with_commas_quotes_and_umlauts_survives():
    content = csv_bytes(pd.DataFrame({"text": ['Über "x", y']}))
    assert content.decode("utf-8") == 'text\n"Über ""x"", y"\n'


def test_an_empty_table_still_has_its_header():
    assert csv_bytes(pd.DataFrame(columns=["where", "rule"])) == b"where,rule\n"


def test_tables_lie_in_their_folder():
    assert set(table_files({"ties": pd.DataFrame({"a": []})})) == {"tables/ties.csv"}
