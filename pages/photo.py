"""Your photo: bring one, see its noise taken off at full size and which garment it shows."""

import streamlit as st

from imaging.photos import PhotoError
from ui import photo_html
from ui.components import show_share_button, show_zoom
from ui.photo_controls import ask_what_it_is, choose_noise, choose_strength, read_answer
from ui.photo_downloads import show_downloads, show_zip
from ui.photo_model import open_photo_model
from ui.photo_pack import for_zoom
from ui.photo_source import choose_photos
from ui.photo_verdict import classify, read_crop
from ui.photo_work import forget_all_but, work_on

title, share = st.columns([5, 1], vertical_alignment="bottom")
title.html(
    "<h1>Take the noise off your own photo.</h1>"
    "<p class='lead'>Full size, any camera. It also tells which garment it sees.</p>"
)
with share:
    show_share_button(key="share")
model = open_photo_model()
if model is None:
    st.info("The model for photos is not installed here, so photos cannot be denoised for now.")
    st.stop()

source, photos = choose_photos()
forget_all_but({source.digest, *(photo.digest for photo in photos)})
result = st.container(key="result")
settings = choose_noise(source)

with result:
    bar = st.progress(0.0, "Denoising")
    try:
        work = work_on(source, model, settings, bar.progress)
    except PhotoError as error:
        st.error(f"{source.name}: {error}")
        st.stop()
    finally:
        bar.empty()
    before_name = "noisy" if settings.adds_noise else source.origin
    pictures, words = st.columns([5, 3], gap="large")
    with pictures:
        zoom = show_zoom(
            key="zoom", data=for_zoom(work, source, before_name), on_crop_change=lambda: None
        )
        downloads = st.container(horizontal=True, vertical_alignment="center", key="downloads")
        if source.credit:
            st.html(f"<p class='terms'>{source.credit}</p>")
    with words:
        told = st.container(key="told")
        strength = choose_strength()
    crop = read_crop(zoom.get("crop"), source.digest)
    answer = read_answer(source)
    found = classify(model, work, crop, strength)
    with told:
        st.html(photo_html.verdict(found, before_name, answer))
        ask_what_it_is(source, model.classes)
        st.html(photo_html.bars(found, before_name, answer))
        st.html(photo_html.noise(work))
        st.html(photo_html.seen(found))
    with downloads:
        show_downloads(source, work, strength)
        show_zip(photos, model, settings, strength)
        st.html(photo_html.facts(work), width="content")
