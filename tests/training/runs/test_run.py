import pytest

from training.runs.run import Run, RunError, RunState


@pytest.fixture
def run(tmp_path):
    run = Run(tmp_path / "a-run")
    run.create("classic", {})
    return run


def test_a_new_run_is_queued(run):
    assert run.state is RunState.QUEUED
    assert run.config == {"recipe": "classic", "changes": {}}
    assert run.metrics == []


def test_a_folder_keeps_its_run(run):
    run.create("classic", {})
    with pytest.raises(RunError, match="holds another run"):
        run.create("fashion", {})


@pytest.mark.parametrize("end", [RunState.DONE, RunState.STOPPED, RunState.FAILED, RunState.LOST])
def test_a_run_ends_and_only_an_unfinished_one_goes_on(run, end):
    run.move_to(RunState.RUNNING)
    run.move_to(end, "why")
    if end is RunState.DONE:
        with pytest.raises(RunError, match="cannot become running"):
            run.move_to(RunState.RUNNING)
    else:
        run.move_to(RunState.RUNNING)


@pytest.mark.parametrize("state", [RunState.DONE, RunState.FAILED])
def test_a_queued_run_cannot_end_before_it_ran(run, state):
    with pytest.raises(RunError, match="cannot become"):
        run.move_to(state)


def test_one_process_at_a_time(run):
    with run.locked(), pytest.raises(RunError, match="already running"), run.locked():
        pass
    with run.locked():
        pass


def test_metrics_survive_a_line_cut_short_and_forget_what_is_trained_again(run):
    for epoch in (1, 2, 3):
        run.add_metrics({"stage": "classifier", "epoch": epoch})
    run.add_metrics({"stage": "denoiser", "epoch": 1})
    with (run.folder / "metrics.jsonl").open("a") as file:
        file.write('{"stage": "denoi')
    run.forget_metrics("classifier", from_epoch=3)
    assert [(entry["stage"], entry["epoch"]) for entry in run.metrics] == [
        ("classifier", 1),
        ("classifier", 2),
        ("denoiser", 1),
    ]


@pytest.mark.parametrize("config", [None, "", "{"])
def test_a_damaged_folder_is_one_sentence(run, config):
    (run.folder / "config.json").unlink()
    if config is not None:
        (run.folder / "config.json").write_text(config)
    with pytest.raises(RunError, match="no readable config"):
        _ = run.config
