import pytest


@pytest.fixture
def made(tmp_path):
    """Write a small made file and answer its path: made("name.csv", "text")."""

    def write(name: str, text: str, encoding: str = "utf-8"):
        file = tmp_path / name
        file.write_bytes(text.encode(encoding))
        return file

    return write
