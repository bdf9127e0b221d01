import pytest

from training.knobs import OFFERS, check_changes, knobs, to_changes
from training.recipes import RECIPES
from training.runs.run import JobError
from training.settings import change

ALL = [(recipe, knob) for recipe in OFFERS for knob in knobs(recipe)]


@pytest.mark.parametrize("recipe", OFFERS)
def test_offers_explain_themselves(recipe):
    assert OFFERS[recipe].title
    assert OFFERS[recipe].purpose.endswith(".")
    keys = [knob.key for knob in knobs(recipe)]
    assert len(set(keys)) == len(keys)
    assert ("bottleneck" in keys) == (recipe == "classic")


@pytest.mark.parametrize("recipe", OFFERS)
def test_knobs_that_nobody_turned_change_nothing(recipe):
    assert to_changes(recipe, {knob.key: knob.value for knob in knobs(recipe)}) == {}


@pytest.mark.parametrize(("recipe", "knob"), ALL, ids=[f"{r}-{k.key}" for r, k in ALL])
def test_every_knob_works_from_end_to_end(recipe, knob):
    ends = knob.choices or (knob.lowest, knob.highest)
    if not knob.choices:
        assert knob.lowest <= knob.value <= knob.highest
    for value in ends:
        changed = change(RECIPES[recipe], to_changes(recipe, {knob.key: value}))
        assert (changed == RECIPES[recipe]) == (value == knob.value)


@pytest.mark.parametrize(("recipe", "knob"), ALL, ids=[f"{r}-{k.key}" for r, k in ALL])
def test_no_knob_turns_beyond_its_ends(recipe, knob):
    wrong = ["", "nan", "inf", "1e309", "-1", "abc", "x" * 5000]
    if not knob.choices:
        wrong += [str(knob.highest * 1.01 + 1), str(knob.lowest - 1)]
    if knob.kind == "whole":
        wrong += [str(knob.lowest + 0.5)]
    for text in wrong:
        with pytest.raises(JobError) as caught:
            check_changes(recipe, {knob.key: text})
        assert knob.label in str(caught.value)
        assert len(str(caught.value)) < 200


@pytest.mark.parametrize("changes", [{"tuning.epochs": "3"}, {"": "1"}, {"x" * 999: "1"}])
def test_only_knobs_can_be_turned(changes):
    with pytest.raises(JobError, match="no knob"):
        check_changes("fashion", changes)


@pytest.mark.parametrize("recipe", ["photo", "held_out", "", "x" * 999])
def test_only_what_is_offered_can_be_retrained(recipe):
    with pytest.raises(JobError, match="no recipe"):
        knobs(recipe)


def test_the_environment_sets_the_ends(monkeypatch):
    monkeypatch.setenv("TRAINING_LEAST_IMAGES", "100")
    monkeypatch.setenv("TRAINING_MOST_EPOCHS", "7")
    ends = {knob.key: (knob.lowest, knob.highest) for knob in knobs("quick")}
    assert ends["images"][0] == 100
    assert ends["denoiser.epochs"] == (1, 7)
