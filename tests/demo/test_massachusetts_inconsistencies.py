"""The eleven inconsistencies are found, and go when what is printed is corrected."""

from dataclasses import replace

import pytest

from rds.demo.massachusetts_claims import CLAIMS
from rds.demo.massachusetts_inconsistencies import INCONSISTENCIES_COLUMNS, inconsistencies
from rds.demo.massachusetts_report import read_report

REPORT = read_report()


def with_means(changes, report=REPORT):
    """The report with other means: {(place, wave, statement): mean}."""
    means = report.means.set_index(["place", "wave", "statement_id"])["mean"].copy()
    for key, mean in changes.items():
        assert key in means.index
        means[key] = mean
    return replace(report, means=report.means.assign(mean=means.to_numpy()))


def with_claim(name, **numbers):
    claim = CLAIMS[name]
    return {**CLAIMS, name: replace(claim, numbers={**claim.numbers, **numbers})}


def numbers(report=REPORT, claims=CLAIMS):
    return inconsistencies(report, claims=claims)["number"].tolist()


def without(number):
    return [other for other in range(1, 12) if other != number]


def found(number, report=REPORT, claims=CLAIMS):
    table = inconsistencies(report, claims=claims).set_index("number")
    return table.loc[number, "found"]


def means_of_appendix_f():
    """Means that Table 10 would print if it were of all who answered."""
    return {
        ("Table 10", wave, name): mean
        for wave in ("T1", "T2")
        for name, mean in REPORT.means_of("Appendix F", wave=wave)["mean"].items()
        if name in set(REPORT.paired["statement_id"])
    }


def test_the_eleven_inconsistencies_are_found_with_place_and_check():
    table = inconsistencies()
    assert tuple(table.columns) == INCONSISTENCIES_COLUMNS
    assert table["number"].tolist() == list(range(1, 12))
    assert (table[["place", "printed", "found", "check"]].map(len) > 0).all(axis=None)


@pytest.mark.parametrize(
    ("number", "what"),
    [
        (1, "15 answers cannot have the mean 3.79 of statement 20, 14 can, and Table 7 prints"),
        (1, "15 answers cannot have the mean 3.71 of statement 23, 14 can, and Table 7 prints"),
        (2, "10 p are below 0.05, not that of statement 24 (p = .051)"),
        (2, "statement 13 has p = .000"),
        (3, "Table 10 lists 10; Appendix F marks 10 with *: 4, 6, 8, 11, 12, 18, 21, 23, 24, 25"),
        (4, "35 pairs for statement 18"),
        (5, "falls from 3.93 to 3.82; only 28 answered at T3"),
        (6, "statements 9, 10, 13 are marked ***"),
        (7, "2.72 for statement 7; the range is 3.88 − 2.72 = 1.16"),
        (8, "for participants, statement 17 is not among the 4 highest (rank 5 of 25)"),
        (8, "for participants, statement 16 is not among the 4 lowest"),
        (9, "Table 12 leaves out 6, which has the 3.00 of 24"),
        (9, "Table 13 leaves out 8, which has the 3.33 of 15"),
        (9, "Table 14 leaves out 13, which has the 2.67 of 7, 14, 16"),
        (10, "one point has two labels; 19 of 20 means in Table 10 differ"),
        (11, "lifts a mean by 0.067"),
    ],
)
def test_what_is_found_says_which_numbers_disagree(number, what):
    assert what in found(number)


def test_supervisors_agree_with_what_the_text_says_of_them():
    assert "for supervisors" not in found(8)


@pytest.mark.parametrize(
    ("number", "claims"),
    [
        (3, with_claim("rose", count=10)),
        (4, with_claim("pairs", lowest=35)),
        (6, with_claim("marks", marks=("*", "**", "***"))),
        (7, with_claim("lowest", statement=7, mean="2.72", spread="1.16")),
        (8, with_claim("agreed", highest=(20, 23), lowest=(7,))),
    ],
)
def test_a_corrected_claim_is_no_inconsistency(number, claims):
    assert numbers(claims=claims) == without(number)


def test_possible_means_are_no_inconsistency():
    assert numbers(
        with_means({("Appendix G", "", "T20"): "3.80", ("Appendix G", "", "T23"): "3.73"})
    ) == without(1)


def test_p_values_that_are_small_and_not_nothing_are_no_inconsistency():
    p = REPORT.contrasts["p"].replace({".051": ".049", ".000": ".001"})
    assert numbers(replace(REPORT, contrasts=REPORT.contrasts.assign(p=p))) == without(2)


def test_marks_that_differ_from_the_table_are_found():
    marks = REPORT.marks.replace("***", "")
    marks["T01"] = "*"
    claims = with_claim("rose", count=10)
    assert "table and marks differ in 1" in found(3, replace(REPORT, marks=marks), claims)


def test_a_real_rise_of_28_people_is_no_inconsistency():
    report = with_means({("Appendix F", "T3", "T17"): "3.96"})
    assert "falls" not in found(5, report)
    assert numbers(report, with_claim("later_rise", n=28)) == without(5)


def test_lists_without_ties_at_their_edge_are_no_inconsistency():
    apart = with_means(
        {
            ("Appendix H", "T3", "T06"): "3.04",
            ("Appendix I", "", "T08"): "3.27",
            ("Appendix I", "", "T13"): "2.73",
        }
    )
    assert numbers(apart) == without(9)
    assert "Table 11 lists 4" in found(9, apart, with_claim("lists", count=5))


def test_one_label_and_the_same_means_are_no_inconsistency():
    report = with_means(means_of_appendix_f())
    assert found(10, report) == "one point has two labels"
    one_label = with_claim("labels", other="Not important")
    assert numbers(report, one_label) == without(10)


def test_ranks_are_stable_where_one_answer_cannot_reach_the_next_mean():
    # Totals of 15, 17, …, 57 and three of 60: nowhere is the next mean one answer away.
    totals = [*range(15, 58, 2), 60, 60, 60]
    means = [f"{total / 15:.2f}" for total in totals]
    keys = [("Appendix G", "", name) for name in REPORT.means_of("Appendix G").index]
    spaced = with_means(dict(zip(keys, means, strict=True)))
    assert 11 not in numbers(spaced)


def test_a_mean_that_nobody_can_have_is_said_to_fit_no_n():
    assert "4.20 of statement 1, fewer cannot either" in found(
        1, with_means({("Appendix G", "", "T01"): "4.20"})
    )
