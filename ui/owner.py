"""Who the visitor is, as far as their runs go.

On one's own machine everybody who opens the app sees all runs, and there is nothing to tell.
Where strangers share a machine (`HOSTED`), a visitor is an unguessable id in the address of these
pages. So there is no cookie, no account, and a bookmark brings one's runs back on any device; who
is given that address, owns the runs too, which the page says. The id is made with the first run.
"""

from __future__ import annotations

import re

import streamlit as st

from training.runs.jobs import RunSnapshot, new_owner, read_limits

PARAMETER = "me"
_OWN_MACHINE = "own-machine"
_FORM = re.compile(r"[A-Za-z0-9_-]{22}")  # so nobody can claim to be the owner of a machine


def read_owner() -> str | None:
    """Return the visitor's id; None for one who has none yet."""
    if not read_limits().hosted:
        return _OWN_MACHINE
    for told in (st.query_params.get(PARAMETER, ""), st.session_state.get(PARAMETER, "")):
        if _FORM.fullmatch(told):
            _keep(told)
            return str(told)
    return None


def read_or_make_owner() -> str:
    """Return the visitor's id, a new one when there is none."""
    owner = read_owner()
    if owner is None:
        owner = new_owner()
        _keep(owner)
    return owner


def _keep(owner: str) -> None:
    st.session_state[PARAMETER] = owner  # for the way back from other pages
    if st.query_params.get(PARAMETER) != owner:
        st.query_params[PARAMETER] = owner


def may_change(seen: RunSnapshot, owner: str | None) -> bool:
    """Whether this visitor may stop, rename and delete a run."""
    return not read_limits().hosted or (owner is not None and seen.owner == owner)
