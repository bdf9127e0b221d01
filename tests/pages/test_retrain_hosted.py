"""The retrain page where strangers share a machine."""

from tests.pages.retrain_page import address, click, html, labels
from tests.run_folders import make_run
from training.runs import jobs


def test_hosted_visitors_have_an_id_in_their_address(open_page, monkeypatch):
    monkeypatch.setenv("HOSTED", "on")
    make_run("quick-1", owner="x" * 22)
    app = open_page("retrain")
    assert "me" not in app.query_params
    assert "Your runs" not in html(app)
    click(app, "Start training")
    me = address(app, "me")
    assert jobs.snapshot(address(app, "run")).owner == me
    assert me not in html(app)
    assert "keep it to yourself" in html(app)


def test_hosted_visitors_may_look_at_the_run_of_another_only(open_page, monkeypatch):
    monkeypatch.setenv("HOSTED", "on")
    make_run("quick-1", owner="x" * 22)
    app = open_page("retrain", run="quick-1", me="y" * 22)
    assert "<h2>Done</h2>" in html(app)
    assert not {"Delete", "Save"} & labels(app)
    assert "x" * 22 not in html(app)
    mine = open_page("retrain", run="quick-1", me="x" * 22)
    assert {"Delete", "Save"} <= labels(mine)


def test_the_owner_of_a_machine_cannot_be_claimed(open_page, monkeypatch):
    make_run("quick-1", owner="own-machine")
    monkeypatch.setenv("HOSTED", "on")
    app = open_page("retrain", run="quick-1", me="own-machine")
    assert "Delete" not in labels(app)


def test_somebody_elses_training_is_told_without_a_way_to_it(open_page, monkeypatch):
    monkeypatch.setenv("HOSTED", "on")
    make_run("quick-1", state="running", owner="x" * 22, title="My secret")
    app = open_page("retrain")
    assert "Somebody else's <b>Quick</b>" in html(app)
    assert "Watch it" not in labels(app)
    assert "My secret" not in html(app)
