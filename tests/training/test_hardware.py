from pathlib import Path

import pytest

from training import hardware


@pytest.fixture(autouse=True)
def forget():
    hardware.computes_bfloat16.cache_clear()
    yield
    hardware.computes_bfloat16.cache_clear()


@pytest.mark.parametrize(
    ("flags", "can"),
    [
        ("flags : fpu avx2 avx512f avx512_bf16", True),
        ("flags : fpu amx_bf16 amx_tile", True),
        ("Features : fp asimd bf16", True),
        ("flags : fpu avx2 fma", False),
        ("", False),
    ],
)
def test_bfloat16_is_for_processors_that_have_it(tmp_path, monkeypatch, flags, can):
    processor = tmp_path / "cpuinfo"
    processor.write_text(f"processor : 0\n{flags}\n")
    monkeypatch.setattr(hardware, "_PROCESSOR", processor)
    assert hardware.computes_bfloat16() is can


def test_what_cannot_be_found_out_counts_as_no(monkeypatch):
    monkeypatch.setattr(hardware, "_PROCESSOR", Path("/nowhere/cpuinfo"))
    assert hardware.computes_bfloat16() is False
