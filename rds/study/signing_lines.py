"""Who has signed, and who has still to sign, in plain words."""

from __future__ import annotations

from rds.study.signing import SignOff, sign_offs, standing_approval, version_number
from rds.study.study import Study
from rds.study.versions import fingerprint


def standing_sign_offs(study: Study) -> tuple[tuple[SignOff, ...], tuple[SignOff, ...]]:
    """Return the signatures of the version being worked on: those that hold, those that are void.

    Whether tables are still those that were signed is looked at when somebody signs; here, a change
    of settings, inputs or decisions makes a signature void.
    """
    own, state = sign_offs(study.record), fingerprint(study)
    holding = {one.role: one for one in own if one.fingerprint == state}
    void = {one.role: one for one in own if one.role not in holding}
    return tuple(holding.values()), tuple(void.values())


def approval_lines(study: Study) -> tuple[str, ...]:
    """Return which version this is and who has signed it, one sentence each."""
    number, approval = version_number(study.record), standing_approval(study.record)
    if study.settings_or_none is None:
        return ()
    if approval is not None:
        changed = approval.fingerprint != fingerprint(study)
        lines = [f"version {number} was approved on {approval.approved_on}: {approval.folder}"]
        return (*lines, *(["settings or inputs were changed since: rds verify"] if changed else []))
    holding, void = standing_sign_offs(study)
    signed = [f"{one.role} signed on {one.date} (line {one.line})" for one in holding]
    signed += [
        f"the signature of {one.role} (line {one.line}) is void: the study was changed since"
        for one in void
    ]
    missing = _missing(study, holding)
    waiting = f"has still to be signed by {', '.join(missing)}" if missing else "all have signed"
    return (f"version {number} is a draft and {waiting}", *signed)


def next_signature(study: Study) -> str:
    """Return the role to sign next once somebody has, or the last that did if all have."""
    holding, _ = standing_sign_offs(study)
    missing = _missing(study, holding)
    return (missing or [one.role for one in holding])[0] if holding else ""


def _missing(study: Study, holding: tuple[SignOff, ...]) -> list[str]:
    """Return the roles that have not signed."""
    signed = {one.role for one in holding}
    return [role for role in study.settings.approval.roles if role not in signed]
