"""Models as HTML: a table to compare them by, and a card to read. Titles are a visitor's words."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ui.labels import (
    bytes_words,
    count_words,
    exact_percent,
    noise_name,
    noise_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from model_store.card import DataSource
    from ui.model_list import Entry

_NONE = "–"


def table(entries: Sequence[Entry]) -> str:
    """Return a line of figures for each model."""
    heads = (
        ("denoised", ""),
        ("noisy", "wide"),
        ("clean", "wide"),
        ("PSNR", ""),
        ("multiply-adds", "wide"),
        ("size", ""),
    )
    head = "".join(f"<th scope='col' class='{role}'>{name}</th>" for name, role in heads)
    return (
        f"<table class='compared models'><thead><tr><td></td>{head}</tr></thead>"
        f"<tbody>{''.join(map(_line, entries))}</tbody></table>"
    )


def _line(entry: Entry) -> str:
    cells = (
        (_figure(entry, "denoised_accuracy", exact_percent), ""),
        (_figure(entry, "noisy_accuracy", exact_percent), "wide"),
        (_figure(entry, "clean_accuracy", exact_percent), "wide"),
        (_figure(entry, "denoised_psnr", _decibels), ""),
        (f"{sum(entry.card.multiply_adds.values()) / 1e6:,.1f} M", "wide"),
        (bytes_words(entry.bytes), ""),
    )
    body = "".join(f"<td class='{role}'>{text}</td>" for text, role in cells)
    return f"<tr><th scope='row'>{escape(entry.card.title)}{_own(entry)}</th>{body}</tr>"


def _own(entry: Entry) -> str:
    return " <small>retrained</small>" if entry.is_run else ""


def protocols(entries: Sequence[Entry]) -> str:
    """Return what the figures were measured on, said once for models that have it in common."""
    titles: dict[str, list[str]] = {}
    for entry in entries:
        told = protocol_words(entry.card.metrics)
        if told:
            titles.setdefault(told, []).append(entry.card.title)
    if len(titles) == 1:
        return f"<p class='terms'>Measured on {next(iter(titles))}.</p>"
    lines = (
        f"{escape(', '.join(dict.fromkeys(named)))}: {told}." for told, named in titles.items()
    )
    return f"<p class='terms'>Measured on pictures they did not learn from. {' '.join(lines)}</p>"


def protocol_words(metrics: Mapping[str, Any]) -> str:
    """Return what a card's figures were measured on; nothing where it does not say."""
    protocol = metrics.get("protocol")
    if not isinstance(protocol, dict) or not {"kind", "level", "seeds", "images"} <= set(protocol):
        return ""
    kind = noise_name(str(protocol["kind"]))
    draws = "one draw" if protocol["seeds"] == 1 else f"the mean of {protocol['seeds']} draws"
    pictures = f"{protocol['images']:,} {escape(str(protocol.get('pictures', 'test images')))}"
    return f"{pictures} under {escape(kind)} noise {protocol['level']:g}, {draws}"


def card(entry: Entry) -> str:
    """Return everything a person may want to know of a model."""
    known = entry.card
    rows = (
        ("Takes off", escape(noise_words(known.trained_noise.kinds, known.trained_noise.levels))),
        ("Recognises", _recognises(entry)),
        ("No garment", _told_as_none(entry)),
        ("Picture quality", _quality(entry)),
        ("Measured on", protocol_words(known.metrics)),
        ("Networks", "<br>".join(map(escape, _networks(entry)))),
        ("Size", f"{bytes_words(entry.bytes)} as the app runs it"),
        ("Input", escape(known.input)),
        ("Classes", escape(", ".join(known.classes)) if len(known.classes) <= 20 else ""),
        ("Learned from", "<br>".join(map(_source, known.data))),
        ("Recipe", f"<code>{escape(entry.command)}</code>"),
    )
    body = "".join(f"<div><dt>{name}</dt><dd>{text}</dd></div>" for name, text in rows if text)
    return (
        f"<article class='model'><h3>{escape(known.title)}{_own(entry)}</h3>"
        f"<p>{escape(known.purpose)}</p><dl>{body}</dl></article>"
    )


def _recognises(entry: Entry) -> str:
    figures = ("denoised_accuracy", "noisy_accuracy", "clean_accuracy")
    denoised, noisy, clean = (_figure(entry, name, exact_percent) for name in figures)
    if denoised == _NONE:
        return ""
    return f"<b>{denoised}</b> of denoised pictures; {noisy} noisy, {clean} clean"


def _told_as_none(entry: Entry) -> str:
    told, lost = (
        entry.card.metrics.get(name, {}).get("denoised")
        for name in ("told_as_none", "lost_to_none")
    )
    if told is None or lost is None:
        return ""
    return f"<b>{exact_percent(told)}</b> are told as such; {exact_percent(lost)} of garments too"


def _quality(entry: Entry) -> str:
    before, after = (_figure(entry, f"{stage}_psnr", _decibels) for stage in ("noisy", "denoised"))
    if after == _NONE:
        return ""
    ssim = entry.figure("denoised_ssim")
    return f"PSNR {before} → <b>{after}</b>" + (f", SSIM {ssim:.2f}" if ssim is not None else "")


def _networks(entry: Entry) -> list[str]:
    known = entry.card
    units = {"denoiser": "tile" if known.domain == "photos" else "picture"}
    return [
        f"{part.capitalize()}: {count:,} parameters, "
        f"{count_words(known.multiply_adds.get(part, 0))} multiply-adds a "
        f"{units.get(part, 'picture')}"
        for part, count in sorted(known.parameters.items(), reverse=True)
    ]


def _source(source: DataSource) -> str:
    name = escape(source.name)
    if source.source.startswith("https://"):
        name = f"<a href='{escape(source.source)}' target='_blank' rel='noopener'>{name}</a>"
    return f"{name} ({escape(source.licence)})"


def _figure(entry: Entry, name: str, words: Callable[[float], str]) -> str:
    value = entry.figure(name)
    return _NONE if value is None else words(value)


def _decibels(value: float) -> str:
    return f"{value:.1f} dB"
