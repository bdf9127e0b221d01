"""What the web server does around the pages: warm up, guard the responses, own up to errors."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware

from model_store import ModelError, list_cards, open_model
from training.datasets import DatasetError, load_split
from training.runs.jobs import start_dispatcher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger(__name__)

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


@asynccontextmanager
async def warm_up(app: st.App) -> AsyncIterator[None]:  # noqa: ARG001 - Streamlit passes it
    """Load models and test images before the first visitor needs them; start waiting runs."""
    start_dispatcher()
    loading = asyncio.create_task(asyncio.to_thread(_load))
    yield
    await loading


def _load() -> None:
    try:
        pictures = load_split("test").images(slice(64))  # enough to keep every worker busy
        for card in list_cards("samples"):
            open_model(card.id)(pictures)
    except (ModelError, DatasetError) as error:
        _log.warning("%s", error)  # the page that needs it tells its visitor


def tell_visitor(error: Exception) -> bool:
    """Log an error that no page took up, and show one plain sentence in place of its traceback."""
    _log.error("A page failed.", exc_info=error)
    if isinstance(error, ModelError | DatasetError):
        st.error(str(error))
    else:
        st.error("Something went wrong here, and it is not your doing. Reload the page to go on.")
    return True


class SecurityHeaders:
    """Adds headers that keep browsers from guessing, leaking and asking."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the ASGI application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and its response back, with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers)


MIDDLEWARE = [Middleware(SecurityHeaders)]
