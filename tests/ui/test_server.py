import pytest

from model_store import ModelError
from training.datasets import DatasetError
from ui import server


@pytest.mark.parametrize("error", [ModelError("It is damaged."), DatasetError("It is missing.")])
def test_an_error_that_names_its_way_out_is_shown(monkeypatch, error):
    shown = []
    monkeypatch.setattr(server.st, "error", shown.append)
    assert server.tell_visitor(error)
    assert shown == [str(error)]


def test_any_other_error_is_one_plain_sentence_and_logged(monkeypatch, caplog):
    shown = []
    monkeypatch.setattr(server.st, "error", shown.append)
    assert server.tell_visitor(ZeroDivisionError("/secret/path.py"))
    assert len(shown) == 1
    assert "secret" not in shown[0]
    assert "secret" in caplog.text
