"""What changed in a statement, word by word."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher


def word_changes(before: str, after: str) -> str:
    """Return a statement with what changed in it: ~~left out~~ and __put in__.

    Parameters
    ----------
    before, after
        The statement in its old and its new words; spaces between words play no part.

    Examples
    --------
    >>> word_changes("Help people set goals.", "Help persons to set goals.")
    'Help ~~people~~ → __persons to__ set goals.'
    >>> word_changes("Help people.", "Really help.")
    '~~Help people.~~ → __Really help.__'
    """
    return " ".join(_parts(before.split(), after.split()))


def _parts(old: list[str], new: list[str]) -> Iterator[str]:
    """Yield runs of words: kept as they are, left out and put in with their marks."""
    for tag, i, i_end, j, j_end in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        left_out, put_in = " ".join(old[i:i_end]), " ".join(new[j:j_end])
        if tag == "equal":
            yield put_in
        elif tag == "replace":
            yield f"~~{left_out}~~ → __{put_in}__"
        else:
            yield f"~~{left_out}~~" if left_out else f"__{put_in}__"
