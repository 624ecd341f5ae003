"""Files are written whole or not at all, and the same content gives the same bytes."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.files import (
    canonical_json,
    deterministic_zip,
    sha256,
    sha256_of_file,
    write_atomically,
)

DAY = datetime.date(2026, 11, 21)


def names_in(folder):
    return [path.name for path in folder.iterdir()]


def zipped(members, *, date_time=(2001, 2, 3, 4, 5, 6), compression=zipfile.ZIP_STORED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, date_time), content)
    return buffer.getvalue()


def members_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def written_by_xlsxwriter(created):
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer)
    workbook.set_properties({"title": "Blueprint", "created": created})
    workbook.add_worksheet("Blueprint").write(0, 0, 45)
    workbook.close()
    return buffer.getvalue()


# Writing


def test_a_new_file_holds_exactly_the_bytes_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "record.jsonl"
    write_atomically(path, b"line\nwith \r\n bytes\x00")
    assert path.read_bytes() == b"line\nwith \r\n bytes\x00"
    assert names_in(tmp_path) == ["record.jsonl"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("failure", [OSError("disk full"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_no_temporary_one(tmp_path, monkeypatch, step, failure):
    path = tmp_path / "study.json"
    path.write_bytes(b"old")

    def fail(*_):
        raise failure

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(type(failure)):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["study.json"]


def test_the_temporary_file_lies_in_the_same_folder_so_that_the_move_is_one_step(
    tmp_path, monkeypatch
):
    moves = []
    move = os.replace

    def note(source, target):
        moves.append((Path(source).parent, Path(target).parent))
        move(source, target)

    monkeypatch.setattr(os, "replace", note)
    write_atomically(tmp_path / "a.txt", b"")
    assert moves == [(tmp_path, tmp_path)]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_permissions_of_a_replaced_file_are_kept(tmp_path):
    path = tmp_path / "shared.csv"
    path.write_bytes(b"old")
    path.chmod(0o664)
    write_atomically(path, b"new")
    assert path.stat().st_mode & 0o777 == 0o664


def test_a_missing_folder_is_an_error_and_is_not_made(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "missing" / "a.txt", b"")
    assert names_in(tmp_path) == []


# Hashes


def test_sha256_of_nothing_is_the_published_value():
    # FIPS 180-4 example value for the empty message.
    assert sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@settings(deadline=None, max_examples=30)
@given(st.binary(max_size=300))
def test_a_file_hashes_as_its_content_does(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("hash") / "file"
    path.write_bytes(content)
    assert sha256_of_file(path) == sha256(content) == hashlib.sha256(content).hexdigest()


# Canonical JSON

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_canonical_json_reads_back_equal(value):
    assert json.loads(canonical_json(value)) == value


@given(st.dictionaries(st.text(max_size=4), st.integers(), max_size=6))
def test_the_order_of_keys_does_not_matter(mapping):
    backwards = dict(reversed(mapping.items()))
    assert canonical_json(backwards) == canonical_json(mapping)


def test_floats_are_written_as_the_shortest_decimal_that_reads_back():
    assert canonical_json([0.1, 1 / 3, 1e300, 2.0]) == "[0.1,0.3333333333333333,1e+300,2.0]"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, b"bytes", {1: 0, "1": 0}])
def test_what_json_cannot_hold_is_refused(value):
    with pytest.raises(ValueError, match="JSON cannot hold"):
        canonical_json(value)


# Zip containers


def test_order_dates_and_compression_of_the_source_do_not_matter():
    members = [("b/two.txt", b"2" * 100), ("a.txt", b"1"), ("b/one.txt", b"")]
    first = deterministic_zip(zipped(members), date=DAY)
    second = deterministic_zip(
        zipped(members[::-1], date_time=(2020, 1, 1, 0, 0, 0), compression=zipfile.ZIP_DEFLATED),
        date=DAY,
    )
    assert first == second
    assert members_of(first) == dict(members)
    assert list(members_of(first)) == ["a.txt", "b/one.txt", "b/two.txt"]


def test_content_types_come_first_even_before_names_that_sort_before_them():
    members = [("1.xml", b""), ("A.xml", b""), ("[Content_Types].xml", b"")]
    fixed = deterministic_zip(zipped(members), date=DAY)
    assert list(members_of(fixed)) == ["[Content_Types].xml", "1.xml", "A.xml"]


def test_members_carry_the_given_date_and_no_trace_of_the_machine():
    fixed = deterministic_zip(zipped([("a.txt", b"1"), ("folder/", b"")]), date=DAY)
    with zipfile.ZipFile(io.BytesIO(fixed)) as archive:
        file, folder = archive.infolist()
    assert file.date_time == folder.date_time == (2026, 11, 21, 0, 0, 0)
    assert file.create_system == folder.create_system == 3
    assert oct(file.external_attr >> 16) == "0o100644"
    assert oct(folder.external_attr >> 16) == "0o40755"
    assert file.extra == file.comment == b""


names = st.text("abc/.é", min_size=1, max_size=6).filter(lambda name: not name.endswith("/"))


@given(st.dictionaries(names, st.binary(max_size=50), max_size=5))
def test_rewriting_keeps_every_member_and_rewriting_twice_changes_nothing(members):
    once = deterministic_zip(zipped(members.items()), date=DAY)
    assert members_of(once) == members
    assert deterministic_zip(once, date=DAY) == once


def test_workbooks_made_at_different_times_become_the_same_bytes():
    morning = written_by_xlsxwriter(datetime.datetime(2026, 1, 1, 8, 0))
    evening = written_by_xlsxwriter(datetime.datetime(2026, 5, 9, 20, 0))
    assert morning != evening
    assert deterministic_zip(morning, date=DAY) == deterministic_zip(evening, date=DAY)


def openpyxl_bytes(workbook):
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "original",
    [written_by_xlsxwriter(datetime.datetime(2020, 1, 1)), openpyxl_bytes(openpyxl.Workbook())],
    ids=["XlsxWriter", "openpyxl"],
)
def test_a_workbook_still_opens_with_its_dates_fixed_and_content_types_first(original):
    fixed = deterministic_zip(original, date=DAY)
    workbook = openpyxl.load_workbook(io.BytesIO(fixed))
    assert workbook.properties.created == datetime.datetime(2026, 11, 21)
    assert workbook.properties.modified == datetime.datetime(2026, 11, 21)
    before, after = members_of(original), members_of(fixed)
    assert next(iter(after)) == "[Content_Types].xml"
    assert {n for n in before if before[n] != after[n]} == {"docProps/core.xml"}


def test_only_the_two_dates_of_the_core_properties_are_touched():
    # As Word and python-docx write them; the namespace may be declared on the element itself.
    core = (
        '<cp:coreProperties xmlns:cp="c"><dc:title>created 2020</dc:title><dcterms:created/>'
        '<dcterms:created xmlns:dcterms="http://purl.org/dc/terms/">2020-01-01T00:00:00Z'
        "</dcterms:created><dcterms:modified>2021</dcterms:modified>"
        "<cp:lastPrinted>2019</cp:lastPrinted></cp:coreProperties>"
    )
    fixed = members_of(deterministic_zip(zipped([("docProps/core.xml", core)]), date=DAY))
    expected = core.replace("2020-01-01T00:00:00Z", "2026-11-21T00:00:00Z")
    expected = expected.replace(">2021<", ">2026-11-21T00:00:00Z<")
    assert fixed["docProps/core.xml"].decode() == expected


def broken_zip():
    content = bytearray(zipped([("a.txt", b"x" * 1000)], compression=zipfile.ZIP_DEFLATED))
    content[60] ^= 0xFF
    return bytes(content)


def zip_with_a_member_twice():
    with pytest.warns(UserWarning, match="Duplicate name"):
        return zipped([("a.txt", b"1"), ("a.txt", b"2")])


@pytest.mark.parametrize(
    "content", [b"", b"no zip at all", zipped([("a", b"b")])[:-30], broken_zip()]
)
def test_what_is_no_readable_zip_is_refused(content):
    with pytest.raises(ValueError, match="not a readable zip container"):
        deterministic_zip(content, date=DAY)


def test_a_container_with_a_member_twice_is_refused_by_name():
    with pytest.raises(ValueError, match=r"more than one member a\.txt"):
        deterministic_zip(zip_with_a_member_twice(), date=DAY)


@pytest.mark.parametrize("year", [1979, 2108])
def test_a_date_that_no_zip_can_carry_is_refused(year):
    with pytest.raises(ValueError, match="1980 to 2107"):
        deterministic_zip(zipped([]), date=datetime.date(year, 1, 1))


# Floors


@pytest.mark.parametrize("module", ["files", "record", "study.guard", "study.outputs"])
def test_these_modules_load_without_heavy_libraries(module):
    program = (
        f"import sys, rds.{module}; "
        "print(sorted({'numpy', 'pandas', 'openpyxl', 'pydantic'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
