"""Retrain: choose a recipe, start it, watch it learn, stop it, compare it, use it."""

import streamlit as st

from training.runs.jobs import list_runs
from ui.components import show_share_button
from ui.knob_controls import choose_knobs
from ui.owner import PARAMETER, read_owner
from ui.recipe_cards import DEFAULT_RECIPE, choose_recipe
from ui.run_compare import show_comparison_of_models
from ui.run_end import show_end, show_undo
from ui.run_list import show_runs
from ui.run_monitor import find_run, watch
from ui.run_start import show_start
from ui.run_strip import show_strip

owner = read_owner()
runs = list_runs(owner)
wanted = st.query_params.get("run")
run = find_run(wanted)

title, share = st.columns([5, 1], vertical_alignment="bottom")
title.html(
    "<h1>Retrain it, and watch it learn.</h1>"
    "<p class='lead'>Runs in the background. Leave the page, come back, stop it when you like: the "
    "best so far is kept.</p>"
)
if run:
    with share:
        show_share_button(key="share", data={"without": [PARAMETER]})
show_undo(owner)
if wanted and not run:
    st.info("There is no such run any more, or its address is not complete. Train another one.")

recipe = choose_recipe(default=run.recipe if run else DEFAULT_RECIPE)
watched, settings = st.columns([3, 2], gap="large")
with settings, st.container(border=True, key="controls"):
    changes = choose_knobs(recipe)
    show_start(recipe, changes, owner, is_watching=bool(run and run.is_live))
with watched:
    if run is None:
        st.html(
            "<ol class='way'><li><b>Choose a recipe</b> above. It says what it does, how long it "
            "takes on this machine, and which share of noisy pictures its model recognises once "
            "they are denoised.</li><li><b>Turn the knobs</b>, or leave them: every recipe is good "
            "as it is.</li><li><b>Start.</b> Two networks learn: one takes noise off, the other "
            "names what is left. Here you see how well they do after each round, an epoch.</li>"
            "<li><b>Compare</b> your model with the original on the same noise, and use it on the "
            "start page. The shipped models stay as they are.</li></ol>"
        )
    elif run.is_live:
        watch(run, owner)
    else:
        show_end(run, owner)
if run:
    show_strip(run)
    if run.has_model and not run.is_live:
        show_comparison_of_models(run.id)
show_runs(runs, run.id if run else None)
