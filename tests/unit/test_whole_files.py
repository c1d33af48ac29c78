"""A file that cannot be written whole leaves the one that was there, and nothing half made."""

import errno
from pathlib import Path

import pytest

from careshift.project import CareshiftError, replace_whole, write_whole


@pytest.fixture
def full(monkeypatch):
    """Let the disk be full after a few bytes, whoever writes."""

    def write(name: str):
        plain = getattr(Path, name)

        def until_full(file: Path, content, **more) -> None:
            plain(file, content[:3], **more)
            raise OSError(errno.ENOSPC, "No space left on device")

        return until_full

    for name in ("write_text", "write_bytes"):
        monkeypatch.setattr(Path, name, write(name))


@pytest.mark.parametrize(
    ("whole", "content", "error"),
    [(write_whole, "another", OSError), (replace_whole, b"another", CareshiftError)],
)
def test_a_full_disk_leaves_the_file_that_was_there(tmp_path, request, whole, content, error) -> None:
    file = tmp_path / "a.json"
    file.write_text("the last good one")
    request.getfixturevalue("full")
    with pytest.raises(error, match="No space left on device"):
        whole(file, content)
    assert file.read_text() == "the last good one"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(("whole", "content"), [(write_whole, "new"), (replace_whole, b"new")])
def test_a_file_takes_the_place_of_the_old_one(tmp_path, whole, content) -> None:
    file = tmp_path / "a.json"
    file.write_text("old")
    whole(file, content)
    assert file.read_text() == "new"
    assert list(tmp_path.iterdir()) == [file]
