"""The server around the pages."""

import pytest

pytestmark = pytest.mark.browser


def test_responses_carry_the_guarding_headers(server, open_tab):
    headers = open_tab(server.url).request.get(server.url).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["permissions-policy"].startswith("camera=(self)")
