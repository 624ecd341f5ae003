"""The record only grows; whatever else happens to it is noticed and said."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.errors import InputError, RecordError
from rds.record import (
    EMPTY_HEAD,
    append,
    read_record,
    standing_decisions,
    withdraw,
)

STUDY = "cps-2026"
NOON = datetime.datetime(2026, 11, 21, 12, 0, 0, 999, tzinfo=datetime.UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "record.jsonl"


def decide(path, subject, value="keep", **changes):
    words = {"study": STUDY, "role": "panel chair", "kind": "decision", "reason": "Agreed."}
    return append(path, subject=subject, value=value, **{"now": NOON, **words, **changes})


def five_lines(path):
    for number in range(1, 6):
        decide(path, f"retention.T0{number}")
    return path.read_bytes().splitlines(keepends=True)


def message_of(path, study=STUDY):
    with pytest.raises(RecordError) as caught:
        read_record(path, study=study)
    return str(caught.value)


def is_noticed(path):
    """Tell whether reading shows that something is wrong."""
    try:
        return read_record(path, study=STUDY).torn is not None
    except RecordError:
        return True


# Reading what was appended


def test_a_missing_or_empty_file_is_an_empty_record(path):
    missing = read_record(path, study=STUDY)
    path.touch()
    assert missing == read_record(path, study=STUDY)
    assert (missing.entries, missing.head, missing.length, missing.torn) == ((), "0" * 64, 0, None)


def test_an_entry_says_all_that_it_was_given_with_the_time_in_utc(path):
    berlin = datetime.timezone(datetime.timedelta(hours=2))
    now = datetime.datetime(2026, 7, 1, 0, 30, 59, 900_000, tzinfo=berlin)
    entry = decide(path, "blueprint.items", 120, now=now, details={"from": 100, "cells": ["D1"]})
    assert (entry.sequence, entry.time) == (1, "2026-06-30T22:30:59Z")
    assert (entry.subject, entry.value, entry.kind) == ("blueprint.items", 120, "decision")
    assert entry.details == {"from": 100, "cells": ["D1"]}
    assert read_record(path, study=STUDY).entries == (entry,)


def test_without_a_given_time_the_clock_is_used(path):
    entry = decide(path, "a", now=None)
    recorded = datetime.datetime.fromisoformat(entry.time)
    assert abs(datetime.datetime.now(datetime.UTC) - recorded) < datetime.timedelta(minutes=1)


def test_the_chain_can_be_followed_with_any_sha256_and_no_rds(path):
    lines = [line.rstrip(b"\n") for line in five_lines(path)]
    hashes = [hashlib.sha256(line).hexdigest() for line in lines]
    assert [json.loads(line)["previous"] for line in lines] == [EMPTY_HEAD, *hashes[:-1]]
    record = read_record(path, study=STUDY)
    assert [entry.hash for entry in record.entries] == hashes
    assert (record.head, record.length) == (hashes[-1], 5)


def test_lines_end_in_a_line_feed_on_every_system(path):
    five_lines(path)
    assert path.read_bytes().count(b"\n") == 5
    assert b"\r" not in path.read_bytes()


def test_appending_never_changes_what_stands(path):
    decide(path, "a")
    before = path.read_bytes()
    decide(path, "b")
    assert path.read_bytes().startswith(before)


texts = st.text(max_size=12)
values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
said = texts.filter(str.strip)
entries = st.fixed_dictionaries(
    {
        "role": said,
        "kind": st.sampled_from(["decision", "note", "received", "revision"]),
        "subject": texts,
        "value": values,
        "reason": said,
        "details": st.dictionaries(texts, values | st.lists(values, max_size=2), max_size=2),
    }
)


@settings(deadline=None, max_examples=40)
@given(st.lists(entries, max_size=6))
def test_any_chain_reads_back_as_it_was_appended(chain):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "record.jsonl")
        appended = tuple(append(path, study=STUDY, **words) for words in chain)
        record = read_record(path, study=STUDY)
    assert record.entries == appended
    assert [entry.sequence for entry in record.entries] == list(range(1, len(chain) + 1))
    assert [(entry.value, entry.details) for entry in appended] == [
        (words["value"], words["details"]) for words in chain
    ]
    assert record.torn is None


# Whatever else happens to the file


@settings(deadline=None, max_examples=40)
@given(st.lists(entries, min_size=1, max_size=4), st.data())
def test_any_changed_byte_is_noticed(chain, data):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "record.jsonl")
        for words in chain:
            append(path, study=STUDY, now=NOON, **words)
        content = bytearray(path.read_bytes())
        position = data.draw(st.integers(0, len(content) - 1))
        content[position] ^= data.draw(st.integers(1, 255))
        path.write_bytes(bytes(content))
        assert is_noticed(path)


def test_every_byte_of_the_last_line_is_guarded_though_no_line_follows(path):
    decide(path, "a")
    content = path.read_bytes()
    for position in range(len(content)):
        flipped = bytearray(content)
        flipped[position] ^= 1
        path.write_bytes(bytes(flipped))
        assert is_noticed(path), position


@pytest.mark.parametrize("number", [1, 3, 5])
def test_an_edited_line_is_named_even_if_it_is_the_last(path, number):
    lines = five_lines(path)
    lines[number - 1] = lines[number - 1].replace(b'"keep"', b'"drop"')
    path.write_bytes(b"".join(lines))
    assert f"line {number} was altered" in message_of(path)
    assert message_of(path).count("line ") == 1


def resealed(line, **changes):
    """Alter a line as someone who knows the checksum would."""
    fields = json.loads(line)
    del fields["checksum"]
    fields |= changes
    plain = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    fields["checksum"] = hashlib.sha256(plain.encode()).hexdigest()
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def test_an_edited_line_with_a_new_checksum_breaks_the_chain_after_it(path):
    lines = five_lines(path)
    lines[1] = resealed(lines[1], value="drop")
    path.write_bytes(b"".join(lines))
    assert "line 3 does not carry the hash of the line before" in message_of(path)


def test_an_edited_last_line_with_a_new_checksum_changes_the_head(path):
    lines = five_lines(path)
    head = read_record(path, study=STUDY).head
    lines[4] = resealed(lines[4], value="drop")
    path.write_bytes(b"".join(lines))
    assert read_record(path, study=STUDY).head != head


def test_a_resealed_line_of_another_shape_is_refused(path):
    for changes in ({"sequence": "one"}, {"value": ["keep"]}, {"extra": 1}):
        (line,) = [five_lines(path)[0]]
        path.write_bytes(resealed(line, **changes))
        assert "line 1 was altered" in message_of(path)
        path.unlink()


def test_a_removed_line_is_noticed_where_it_is_missing(path):
    lines = five_lines(path)
    path.write_bytes(b"".join(lines[:2] + lines[3:]))
    assert "line 3 is entry 4 where entry 3 belongs" in message_of(path)
    path.write_bytes(b"".join(lines[1:]))
    assert "line 1 is entry 2 where entry 1 belongs" in message_of(path)


def test_lines_missing_at_the_end_show_in_length_and_head(path):
    lines = five_lines(path)
    whole = read_record(path, study=STUDY)
    path.write_bytes(b"".join(lines[:-1]))
    cut = read_record(path, study=STUDY)
    assert (cut.length, cut.head) == (4, whole.entries[3].hash) != (whole.length, whole.head)


def test_moved_and_repeated_lines_are_noticed(path):
    one, two, three, four, five = five_lines(path)
    path.write_bytes(one + three + two + four + five)
    assert "line 2 is entry 3 where entry 2 belongs" in message_of(path)
    path.write_bytes(one + two + two + three + four + five)
    assert "line 3 is entry 2 where entry 3 belongs" in message_of(path)


def test_lines_of_another_study_are_named(path):
    five_lines(path)
    assert "line 1 belongs to the study “cps-2026”, not to “rn-2027”" in message_of(path, "rn-2027")
    assert message_of(path, "rn-2027").count("belongs to the study") == 5


def test_a_line_put_in_from_another_study_is_noticed(path, tmp_path):
    lines = five_lines(path)
    other = tmp_path / "other.jsonl"
    for number in range(3):
        decide(other, f"x{number}", study="rn-2027")
    foreign = other.read_bytes().splitlines(keepends=True)[2]
    path.write_bytes(b"".join([*lines[:2], foreign, *lines[3:]]))
    message = message_of(path)
    assert "line 3 belongs to the study “rn-2027”" in message
    assert "line 3 does not carry the hash" in message
    assert "line 4 does not carry the hash" in message


def test_two_records_joined_by_hand_are_noticed(path, tmp_path):
    five_lines(path)
    other = tmp_path / "other.jsonl"
    decide(other, "b")
    path.write_bytes(path.read_bytes() + other.read_bytes())
    assert "line 6 is entry 1 where entry 6 belongs" in message_of(path)


def test_all_problems_come_in_one_message(path):
    lines = five_lines(path)
    lines[0] = b"not even JSON\n"
    lines[3] = lines[3].replace(b"Agreed", b"Argued")
    path.write_bytes(b"".join(lines))
    assert "line 1 was altered or cannot be read; line 4 was altered" in message_of(path)


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"[]",
        b"7",
        b'"text"',
        b"null",
        b"NaN",
        b'{"checksum":1}',
        b"\xff\xfe",
        b'"\\ud800"',
        b"",
    ],
)
def test_any_rubbish_between_lines_is_a_problem_and_not_a_crash(path, line):
    lines = five_lines(path)
    path.write_bytes(b"".join([*lines[:2], line + b"\n", *lines[2:]]))
    assert "line 3 was altered or cannot be read" in message_of(path)


def test_respaced_json_counts_as_altered(path):
    lines = five_lines(path)
    lines[4] = json.dumps(json.loads(lines[4])).encode() + b"\n"
    path.write_bytes(b"".join(lines))
    assert "line 5 was altered" in message_of(path)


def test_line_ends_translated_by_another_program_do_no_harm(path):
    five_lines(path)
    before = read_record(path, study=STUDY)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_record(path, study=STUDY) == before
    decide(path, "retention.T06")
    assert read_record(path, study=STUDY).length == 6


def test_nothing_is_appended_to_a_broken_chain(path):
    lines = five_lines(path)
    path.write_bytes(b"".join(lines[1:]))
    with pytest.raises(RecordError):
        decide(path, "b")
    with pytest.raises(RecordError):
        withdraw(path, 1, study=STUDY, role="panel chair", reason="Wrong.")
    assert path.read_bytes() == b"".join(lines[1:])


# A torn last line


@pytest.mark.parametrize("cut", [1, 2, 40])
def test_a_torn_last_line_is_shown_and_set_aside_by_the_next_entry(path, cut):
    lines = five_lines(path)
    torn = lines[4][:-cut]
    path.write_bytes(b"".join(lines[:4]) + torn)
    record = read_record(path, study=STUDY)
    assert (record.length, record.torn) == (4, torn.decode())

    entry = decide(path, "after")

    assert (entry.sequence, entry.previous) == (5, record.head)
    assert path.read_bytes().startswith(b"".join(lines[:4]))
    assert (path.parent / "record.torn-1.txt").read_bytes() == torn
    assert read_record(path, study=STUDY).torn is None


@pytest.mark.parametrize("rest", [b"\0" * 50 + b"\n", b"{\n", b"\n", b"\xe2\x82"])
def test_a_last_line_that_is_no_json_is_torn_with_or_without_line_end(path, rest):
    lines = five_lines(path)
    path.write_bytes(b"".join(lines) + rest)
    assert read_record(path, study=STUDY).torn == rest.decode("utf-8", errors="replace")
    assert decide(path, "after").sequence == 6
    assert (path.parent / "record.torn-1.txt").read_bytes() == rest


def test_torn_lines_are_numbered_and_none_is_lost(path):
    decide(path, "a")
    for rest in (b"{first", b"{second"):
        path.write_bytes(path.read_bytes() + rest)
        decide(path, "b")
    set_aside = sorted(path.parent.glob("record.torn-*.txt"))
    assert [file.read_bytes() for file in set_aside] == [b"{first", b"{second"]
    assert read_record(path, study=STUDY).length == 3


def test_a_record_that_is_only_a_torn_line_starts_anew(path):
    path.write_bytes(b'{"seq')
    assert decide(path, "a").previous == EMPTY_HEAD


def test_an_entry_that_could_not_be_written_whole_leaves_the_record_usable(path, monkeypatch):
    decide(path, "a")

    def fail(_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        decide(path, "b")
    monkeypatch.undo()
    before = read_record(path, study=STUDY).length
    assert decide(path, "c").sequence == before + 1


def test_a_failure_while_setting_aside_loses_nothing(path, monkeypatch):
    decide(path, "a")
    good = path.read_bytes()
    path.write_bytes(good + b"{torn")
    replace, calls = os.replace, []

    def fail_second(source, target):
        calls.append(target)
        if len(calls) == 2:
            raise OSError("disk full")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail_second)
    with pytest.raises(OSError, match="disk full"):
        decide(path, "b")
    monkeypatch.undo()
    assert path.read_bytes() == good + b"{torn"
    assert decide(path, "b").sequence == 2


# What must be said


def test_role_and_reason_are_both_asked_for_at_once(path):
    with pytest.raises(InputError) as caught:
        decide(path, "a", role=" ", reason="")
    assert [problem.found for problem in caught.value.problems] == ["no role", "no reason"]
    assert not path.exists()


@pytest.mark.parametrize("value", [float("nan"), ["keep"], {"a": 1}, b"keep", object()])
def test_a_value_that_a_line_cannot_hold_is_refused_before_anything_is_written(path, value):
    with pytest.raises(ValueError, match=r"JSON cannot hold|neither text"):
        decide(path, "a", value)
    assert not path.exists()


def test_a_time_without_zone_is_refused(path):
    with pytest.raises(ValueError, match="no time zone"):
        decide(path, "a", now=datetime.datetime(2026, 1, 1))


# What holds now


def standing(path):
    decisions = standing_decisions(read_record(path, study=STUDY))
    return {subject: entry.value for subject, entry in decisions.items()}


def take_back(path, sequence, reason="Misread."):
    return withdraw(path, sequence, study=STUDY, role="panel chair", reason=reason, now=NOON)


def test_the_last_decision_on_each_subject_holds(path):
    decide(path, "T07", "keep")
    decide(path, "T08", "drop")
    decide(path, "T07", "drop")
    assert standing(path) == {"T07": "drop", "T08": "drop"}


def test_only_decisions_decide(path):
    decide(path, "T07", "keep")
    decide(path, "T07", "drop", kind="note")
    decide(path, "T07", "drop", kind="received")
    assert standing(path) == {"T07": "keep"}


def test_withdrawing_the_latest_lets_the_one_before_hold_again(path):
    decide(path, "T07", "keep")
    decide(path, "T07", "drop")
    entry = take_back(path, 2)
    assert (entry.kind, entry.subject, entry.value) == ("withdrawal", "T07", 2)
    assert standing(path) == {"T07": "keep"}
    take_back(path, 1)
    assert standing(path) == {}


def test_a_replaced_decision_that_was_withdrawn_does_not_come_back(path):
    for value in ("keep", "drop", "merge"):
        decide(path, "T07", value)
    take_back(path, 2)
    assert standing(path) == {"T07": "merge"}
    take_back(path, 3)
    assert standing(path) == {"T07": "keep"}


def test_what_was_withdrawn_can_be_decided_again(path):
    decide(path, "T07", "keep")
    take_back(path, 1)
    decide(path, "T07", "keep")
    assert standing(path) == {"T07": "keep"}


@pytest.mark.parametrize("sequence", [0, -1, 2, 3, 99])
def test_an_unknown_or_undecided_number_cannot_be_withdrawn(path, sequence):
    decide(path, "T07", "keep")
    decide(path, "file", kind="received")
    decide(path, "T08", "drop")
    take_back(path, 3)
    before = path.read_bytes()
    with pytest.raises(InputError) as caught:
        take_back(path, sequence)
    assert "1 (T07 = keep)" in str(caught.value)
    assert "T08 =" not in str(caught.value)
    assert ("withdrawn already" in str(caught.value)) == (sequence == 3)
    assert path.read_bytes() == before


def test_nothing_to_withdraw_is_said_plainly(path):
    with pytest.raises(InputError, match="there is none"):
        take_back(path, 1)


def test_a_withdrawal_needs_a_reason(path):
    decide(path, "T07")
    with pytest.raises(InputError, match="no reason"):
        take_back(path, 1, reason="")


steps = st.lists(
    st.tuples(st.just("decide"), st.sampled_from("ABC"), st.integers(0, 9))
    | st.tuples(st.just("withdraw"), st.integers(1, 8), st.none()),
    max_size=8,
)


@settings(deadline=None, max_examples=40)
@given(steps)
def test_what_holds_is_the_top_of_each_subjects_pile(steps):
    piles = {"A": [], "B": [], "C": []}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "record.jsonl")
        for step, which, value in steps:
            owner = [pile for pile in piles.values() if any(s == which for s, _ in pile)]
            if step == "decide":
                entry = decide(path, which, value)
                piles[which].append((entry.sequence, value))
            elif owner:
                take_back(path, which)
                owner[0][:] = [(s, v) for s, v in owner[0] if s != which]
            else:
                with pytest.raises(InputError):
                    take_back(path, which)
        assert standing(path) == {s: pile[-1][1] for s, pile in piles.items() if pile}


def test_a_record_of_a_newer_version_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "record.jsonl"
    path.write_text('{"format": 99, "sequence": 1}\n', encoding="utf-8")
    with pytest.raises(RecordError, match="newer version"):
        read_record(path, study="cps-2026")
