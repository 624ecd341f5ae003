"""Tasks that respondents missed: what they wrote, how coders coded it, and how far they agree."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pandas as pd

from rds.analysis.chance_corrected import chance_corrected_agreement, krippendorff_alpha
from rds.errors import WithheldError

WRITE_INS = (
    "write_in_id", "coder_a", "coder_b", "disposition", "task_id", "settled_by", "decision",
)  # fmt: skip
WRITE_IN_AGREEMENT = ("coefficient", "value", "n_write_ins", "n_coders")
CODINGS = ("coder", "write_in_id", "disposition", "task_id", "comment")

COVERED, NEW_TASK = "covered by task", "new task"
CODER_DISPOSITIONS = (COVERED, NEW_TASK, "out of scope", "no task named")
"""What a coder may say of a write-in."""

CODERS = ("a", "b")
CONSENSUS = "consensus"
"""Who settles what the two coders coded differently."""

_NOTHING = frozenset({"", "-", "no", "none", "n/a", "na", "nothing", "nil", "not applicable"})


def write_in_texts(respondents: pd.DataFrame) -> pd.DataFrame:
    r"""Return what respondents wrote, one row a line of theirs.

    Parameters
    ----------
    respondents
        Indexed by ``respondent_id``, with the columns ``missing`` and ``wave``, if known.

    Returns
    -------
    DataFrame
        ``write_in_id`` (W and eight digits, the same as long as person and words are), ``text``.
        Lines such as “none” are left out. The order does not tell who wrote what.

    Examples
    --------
    >>> people = pd.DataFrame({"missing": ["Drive people\nNone", ""]}, index=["R1", "R2"])
    >>> write_in_texts(people)["text"].tolist()
    ['Drive people']
    """
    rows = []
    if "missing" in respondents:
        waves = respondents.get("wave", pd.Series("", index=respondents.index))
        for person, wave, text in zip(
            respondents.index, waves, respondents["missing"].fillna(""), strict=True
        ):
            for line in str(text).splitlines():
                if line.strip().strip(".!").casefold() not in _NOTHING:
                    rows.append((_identifier(f"{person}|{wave}|{line.strip()}"), line.strip()))
    table = pd.DataFrame(sorted(set(rows)), columns=["write_in_id", "text"])
    return table.drop_duplicates("write_in_id", ignore_index=True)


def write_ins_table(codings: pd.DataFrame, decisions: Mapping[str, str]) -> pd.DataFrame:
    """Return what became of each write-in, without its words.

    Parameters
    ----------
    codings
        Columns `CODINGS`; each coder coded each write-in once at most.
    decisions
        What was decided about new tasks, by write-in.

    Returns
    -------
    DataFrame
        Columns `WRITE_INS`. ``disposition`` and ``task_id`` hold what both coders said, or what
        was settled by consensus; they are empty while neither is known.
    """
    rows = []
    for name, own in codings.groupby("write_in_id", sort=True):
        said = {row.coder: (str(row.disposition), str(row.task_id)) for row in own.itertuples()}
        first, second = (said.get(coder) for coder in CODERS)
        settled, by = said.get(CONSENSUS), CONSENSUS
        if settled is None and first is not None and first == second:
            settled, by = first, "both coders"
        codes = [coded[0] if coded else "" for coded in (first, second)]
        end = (*settled, by) if settled else ("", "", "")
        rows.append((str(name), *codes, *end, decisions.get(str(name), "")))
    return pd.DataFrame(rows, columns=list(WRITE_INS))


def write_in_agreement(codings: pd.DataFrame) -> pd.DataFrame:
    """Return how far the two coders agree on dispositions, plain and corrected for chance.

    Returns
    -------
    DataFrame
        Columns `WRITE_IN_AGREEMENT`: percent agreement (a share), AC1, Fleiss' kappa,
        Brennan-Prediger, Conger's kappa (of two coders Cohen's), Krippendorff's alpha;
        ``n_write_ins`` counts those that both coded.

    Raises
    ------
    WithheldError
        When the two have no write-in in common.
    """
    judgements = (
        codings[codings["coder"].isin(CODERS)]
        .pivot(index="coder", columns="write_in_id", values="disposition")
        .astype(object)
    )
    judgements = judgements.where(judgements.notna())
    if len(judgements) < 2 or not judgements.notna().all(axis=0).any():
        raise WithheldError("two coders have no write-in in common yet")
    both = judgements.loc[:, judgements.notna().all(axis=0)]
    found = chance_corrected_agreement(both, categories=CODER_DISPOSITIONS)
    alpha = krippendorff_alpha(both, categories=CODER_DISPOSITIONS).value
    rows = [*zip(found["coefficient"], found["value"], strict=True), ("Krippendorff", alpha)]
    return pd.DataFrame(
        [(name, value, both.shape[1], 2) for name, value in rows],
        columns=list(WRITE_IN_AGREEMENT),
    )


def _identifier(text: str) -> str:
    """Return the identifier of a write-in."""
    return "W" + hashlib.sha256(text.encode()).hexdigest()[:8].upper()
