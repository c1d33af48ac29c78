"""One file out of a publisher's archive (zip), with nothing in the archive believed.

The archive's paths are never used as paths, and nothing but the one file is written. An archive that holds
what a publisher has no reason to send is refused whole.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from careshift.project import CareshiftError, quoted

MOST_FILES = 1_000
PIECE = 2**20
ENCRYPTED = 0x1


class ArchiveError(CareshiftError):
    """An archive that is damaged, hostile, or does not hold the file that is looked for."""


def unpack(archive: Path, match: str, into: Path, largest: int) -> None:
    """Write the one file of a zip archive that has `match` in its name to `into`, at most `largest` bytes.

    The bytes are counted as they come: what the archive says of itself does not matter. Raises ArchiveError;
    `into`, which may then hold a part, is for the caller to remove.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            _copy(opened, _wanted(opened, archive.name, match), into, largest)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        why = quoted(f"{type(error).__name__}: {error}", 120)
        raise ArchiveError(f"{archive.name}: not a whole zip archive ({why}). Download it again.") from None


def _wanted(opened: zipfile.ZipFile, name: str, match: str) -> zipfile.ZipInfo:
    """Return the one file that is looked for. Raises ArchiveError where any member is suspicious."""
    members = opened.infolist()
    if len(members) > MOST_FILES:
        raise ArchiveError(f"{name}: holds {len(members):,} files, more than {MOST_FILES:,}; refused.")
    for member in members:
        _refuse_hostile(name, member)
    files = [member for member in members if not member.is_dir()]
    found = [member for member in files if match.lower() in PurePosixPath(member.filename).name.lower()]
    if len(found) != 1:
        shown = "; ".join(quoted(member.filename) for member in files[:12]) or "none"
        raise ArchiveError(
            f"{name}: holds {len(found)} files with {quoted(match)} in the name. Files: {shown}."
        )
    return found[0]


def _refuse_hostile(name: str, member: zipfile.ZipInfo) -> None:
    """Raise ArchiveError for a member that points elsewhere, is a link or a device, or is encrypted."""
    path = member.orig_filename.replace("\\", "/")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if path.startswith("/") or ".." in path.split("/") or ":" in path or "\0" in path:
        raise ArchiveError(f"{name}: {quoted(path)} leads out of the archive; refused.")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ArchiveError(f"{name}: {quoted(path)} is a link or a device, not a file; refused.")
    if member.flag_bits & ENCRYPTED:
        raise ArchiveError(f"{name}: {quoted(path)} is encrypted; refused.")


def _copy(opened: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path, largest: int) -> None:
    done = 0
    with opened.open(member) as source, into.open("wb") as out:
        while piece := source.read(PIECE):
            done += len(piece)
            if done > largest:
                raise ArchiveError(f"{quoted(member.filename)}: more than {largest:,} bytes; refused.")
            out.write(piece)
