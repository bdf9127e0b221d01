"""Lengths of time and times of day, as people say them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st


def roughly(seconds: float) -> str:
    """Return a length of time that is only known roughly: `about 45 s`, `about 3 min`."""
    if seconds < 90:
        return f"about {max(5 * round(seconds / 5), 5)} s"
    if seconds < 5400:
        return f"about {round(seconds / 60)} min"
    return f"about {round(seconds / 3600)} h"


def duration(seconds: float) -> str:
    """Return a length of time: `48 s`, `3 min 40 s`, `2 h 5 min`."""
    whole = max(round(seconds), 0)
    minutes, rest = divmod(whole, 60)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def time_left(seconds: float) -> str:
    """Return how long something takes still; foreseen times run out before the thing is done."""
    return f"{duration(seconds)} left" if seconds >= 1 else "nearly done"


def time_of_day(seconds: float) -> str:
    """Return the visitor's time of day, with the date when that is another day than today."""
    zone = _zone()
    told, now = (datetime.fromtimestamp(moment, zone) for moment in (seconds, time.time()))
    return f"{told:%H:%M}" if told.date() == now.date() else f"{told:%d %b %Y, %H:%M}"


def _zone() -> tzinfo:
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a browser may send anything
        return UTC
