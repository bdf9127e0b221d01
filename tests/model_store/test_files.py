import threading

import pytest

from model_store.files import replace_file, replace_folder, write_json


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path):
    path = tmp_path / "state.json"
    write_json(path, {"a": 1})

    def half(temporary):
        temporary.write_text("{")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        replace_file(path, half)
    assert [p.name for p in tmp_path.iterdir()] == ["state.json"]
    assert path.read_text() == '{\n  "a": 1\n}\n'


def test_many_writers_leave_one_whole_file(tmp_path):
    path = tmp_path / "state.json"
    threads = [
        threading.Thread(target=write_json, args=(path, {"a": "x" * 1000 * n})) for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text().endswith('"\n}\n')
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("is_linux", [True, False])
def test_folders_change_places(tmp_path, monkeypatch, is_linux):
    if not is_linux:
        monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    replace_folder(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old" / "file").read_text() == "new"
    assert (tmp_path / "new" / "file").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 2
