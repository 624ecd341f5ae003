"""Which statements belong together: by their words, with identifiers to settle ties."""

from hypothesis import given
from hypothesis import strategies as st

from rds.outline.matching import match_statements

words = st.sampled_from(["assess", "risk", "plan", "care", "file", "reports", "lead", "groups"])
lists = st.lists(st.lists(words, min_size=1, max_size=5).map(" ".join), max_size=6)


def named(texts, letter):
    return {f"{letter}{k}": text for k, text in enumerate(texts)}


@given(lists, lists, st.booleans())
def test_old_and_new_may_change_places(old, new, same_names):
    one, other = named(old, "A"), named(new, "A" if same_names else "B")
    there, back = match_statements(one, other), match_statements(other, one)
    assert {(m.old, m.new) for m in there.found} == {(m.new, m.old) for m in back.found}
    assert (there.removed, there.added) == (back.added, back.removed)


@given(lists, lists)
def test_every_statement_stands_in_one_match_or_in_none(old, new):
    one, other = named(old, "A"), named(new, "B")
    found = match_statements(one, other)
    assert sorted([*found.removed, *(n for m in found.found for n in m.old)]) == sorted(one)
    assert sorted([*found.added, *(n for m in found.found for n in m.new)]) == sorted(other)
    assert all(min(len(m.old), len(m.new)) == 1 for m in found.found)


def test_identifiers_decide_between_texts_that_are_the_same():
    old = {"A": "Plan care", "B": "Plan care"}
    assert match_statements(old, {"B": "Plan care", "A": "Plan care"}).singles == {
        "A": "A",
        "B": "B",
    }


def test_identifiers_do_not_hold_different_texts_together():
    found = match_statements({"A": "Plan care"}, {"A": "Lead groups"})
    assert (found.found, found.removed, found.added) == ((), ("A",), ("A",))
