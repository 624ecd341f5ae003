"""Respondents are known by keyed pseudonyms, the same in every wave."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.ratings.pseudonyms import key_fingerprint, pseudonym


@pytest.mark.parametrize(
    ("key", "identifier", "digest"),
    [
        (b"\x0b" * 20, "Hi There", "b0344c61d8"),
        (b"Jefe", "what do ya want for nothing?", "5bdcc146bf"),
        (
            b"\xaa" * 131,
            "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591e",
        ),
    ],
)
def test_pseudonyms_are_the_start_of_hmac_sha_256(key, identifier, digest):
    """RFC 4231, test cases 1, 2 and 6."""
    assert pseudonym(identifier, key) == f"R{digest}"


@given(identifier=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_pseudonym_is_a_letter_and_ten_hexadecimal_digits(identifier):
    assert re.fullmatch("R[0-9a-f]{10}", pseudonym(identifier, b"key"))


def test_another_key_gives_another_pseudonym():
    assert pseudonym("ann", b"one") != pseudonym("ann", b"two")


@pytest.mark.parametrize(("identifier", "key"), [("", b"key"), ("ann", b"")])
def test_neither_an_empty_identifier_nor_an_empty_key_has_a_pseudonym(identifier, key):
    with pytest.raises(ValueError, match="empty"):
        pseudonym(identifier, key)


def test_a_key_is_recognised_by_a_fingerprint_that_is_no_part_of_a_pseudonym():
    assert re.fullmatch("[0-9a-f]{12}", key_fingerprint(b"key"))
    assert key_fingerprint(b"key") == key_fingerprint(b"key")
    assert key_fingerprint(b"key") != key_fingerprint(b"Key")
    assert pseudonym("ann", b"key")[1:] not in key_fingerprint(b"key")
