"""Downloads of publishers' files: from the addresses of the data package only, whole and right or not at all.

An address is https, at a host that the data package names, and answers with a file of the kind and size
expected. What is there already is replaced only by a file that has passed every check.
"""

from __future__ import annotations

import email.utils
import ipaddress
import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from careshift import archives, files, tables
from careshift.project import CareshiftError, inert, quoted

if TYPE_CHECKING:
    import requests

EITHER = "|"  # between the names that a file of an index has had
LARGEST = 256 * 2**20  # bytes of a file
LARGEST_INDEX = 16 * 2**20  # bytes of a portal's answer that lists files
PIECE = 2**16
ATTEMPTS = 5
REDIRECTS = 3
LONGEST_WAIT = 120.0  # seconds that a server may ask us to wait
TIMEOUT = (10, 60)  # seconds to connect, and between two pieces
OPENINGS = {"xlsx": b"PK\x03\x04", "xls": b"\xd0\xcf\x11\xe0", "parquet": b"PAR1"}
Tell = Callable[[int, int | None], None]
Accept = Callable[[Path], object]


class DownloadError(CareshiftError):
    """A download that was refused or did not succeed; the file that was there is untouched."""


class _PassingError(Exception):
    """A failure that may pass; `wait` is how many seconds the server asks for, if it does."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


@dataclass(frozen=True)
class Address:
    """Where a raw file of a table is published: itself (`url`) or found in an index (`ckan`, `content_api`).

    `kind` is csv, json, xls, xlsx or parquet; `match` a part of the file's name in the index, or several, the
    newest first, with a bar between; `member` a part of its name in the zip archive that the address serves,
    where it serves one; `sha256` the file's checksum
    where the release never changes; `verified` the day on which a download from it succeeded.
    """

    table: str
    file: str
    kind: str
    url: str
    index: str | None = None
    match: str = ""
    member: str = ""
    sha256: str | None = None
    verified: str | bool = False

    def __post_init__(self) -> None:
        """Refuse a name that leads out of its folder. Raises DownloadError."""
        if not self.file or Path(self.file).name != self.file or self.file.startswith("."):
            raise DownloadError(f"{quoted(self.file)} is no plain name of a file; refused.")


@dataclass(frozen=True)
class Trust:
    """Whom downloads trust. The defaults are what `careshift fetch` uses; a test trusts its own server.

    `hosts` are the names allowed, with a port where it is not 443; `authority` a file of certificates instead
    of the system's; `local` allows hosts of this machine or network.
    """

    hosts: frozenset[str]
    authority: str | None = None
    local: bool = False
    sleep: Callable[[float], None] = field(default=time.sleep)


def addresses(table: str | None = None) -> list[Address]:
    """Return the addresses of one table's raw files, or of all. Raises CareshiftError where it has none."""
    found = [
        Address(table=name, **{"url": "", **{key: entry[key] for key in entry if key != "hosts"}})
        for name in ([table] if table else tables.names())
        for entry in tables.describe(name).get("downloads", [])
    ]
    if not found:
        pages = (
            ", ".join(s["path"] for s in tables.describe(table)["sources"] if "path" in s) if table else ""
        )
        raise CareshiftError(f"{table} has no address of a file. Download it by hand from its page: {pages}")
    return found


def hosts() -> frozenset[str]:
    """Return the hosts that the data package's addresses name; no other is ever asked."""
    entries = [entry for name in tables.names() for entry in tables.describe(name).get("downloads", [])]
    named = [entry.get("url") or entry["index"] for entry in entries]
    files_at = [host for entry in entries for host in entry.get("hosts", [])]
    return frozenset({urlsplit(url).netloc for url in named} | set(files_at))


def allowed(url: str, trust: Trust) -> str:
    """Return the address if it may be asked. Raises DownloadError for any but https at a trusted host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise DownloadError(f"{inert(url)}: not an address.") from None
    if parts.scheme != "https" or not parts.hostname:
        raise DownloadError(f"{inert(url)}: not an https address; refused.")
    if parts.netloc not in trust.hosts:
        raise DownloadError(
            f"{inert(url)}: {quoted(parts.netloc)} is not a host of data/datapackage.json; refused."
        )
    if not trust.local:
        _refuse_local(parts.hostname)
    return url


def _refuse_local(host: str) -> None:
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, 443)}
    except OSError as error:
        raise DownloadError(f"{host}: no such host, or no network ({error}).") from None
    for number in found:
        if not ipaddress.ip_address(str(number).partition("%")[0]).is_global:
            raise DownloadError(f"{host} leads to {number}, an address of this machine or network; refused.")


def fetch(address: Address, folder: Path, trust: Trust, tell: Tell, accept: Accept) -> tuple[Path, bool]:
    """Return where the file now is, and whether it is another one than before.

    Part of a file that an interrupted download left is continued. `accept` is given the whole new file and
    raises CareshiftError to refuse it. Raises DownloadError; then the file that was there stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target, part = folder / address.file, folder / f"{address.file}.part"
    with _session(trust) as session:
        url = _find(address, session, trust)
        _patiently(lambda: _receive(session, url, part, trust, tell), trust, url)
    ready = folder / f".new.{address.file}"
    try:
        if address.member:
            archives.unpack(part, address.member, ready, LARGEST)
        else:
            part.replace(ready)
        sha256 = _refuse_wrong(address, ready)
        accept(ready)
        changed = not target.exists() or tables.sha256(target) != sha256
        ready.replace(target)
    finally:
        for left_over in (ready, part, _note_of(part)):
            left_over.unlink(missing_ok=True)
    _record(folder, address, url, target, sha256)
    return target, changed


def _session(trust: Trust) -> requests.Session:
    import requests

    session = requests.Session()
    session.trust_env = False  # no passwords from .netrc
    session.proxies = requests.utils.get_environ_proxies("https://example.org")
    session.verify = trust.authority or True
    session.headers.update({"User-Agent": "careshift", "Accept-Encoding": "identity"})
    return session


def _patiently(once: Callable[[], Any], trust: Trust, url: str) -> Any:
    """Return what `once` answers, tried again after failures that may pass. Raises DownloadError."""
    import requests
    import tenacity

    def pause(state: tenacity.RetryCallState) -> float:
        asked = getattr(state.outcome.exception() if state.outcome else None, "wait", None)
        return float(asked) if asked is not None else float(2 ** (state.attempt_number - 1))

    passing = (
        _PassingError,
        requests.ConnectionError,
        requests.Timeout,
        requests.exceptions.ChunkedEncodingError,
    )
    retrying = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(ATTEMPTS),
        wait=pause,
        retry=tenacity.retry_if_exception_type(passing)
        & tenacity.retry_if_not_exception_type(requests.exceptions.SSLError),
        sleep=trust.sleep,
        reraise=True,
    )
    try:
        return retrying(once)
    except (_PassingError, requests.RequestException) as error:
        raise DownloadError(
            f"{inert(url)}: {quoted(error, 200)}. Tried {retrying.statistics['attempt_number']} times; "
            "the file that was there is untouched. Try again later, or download it by hand."
        ) from None


def _ask(session: requests.Session, url: str, trust: Trust, headers: Mapping[str, str]) -> requests.Response:
    """Return the response, redirects followed only within the host. Raises DownloadError or _PassingError."""
    host = urlsplit(url).netloc
    for _ in range(REDIRECTS + 1):
        answer = session.get(
            allowed(url, trust), headers=headers, stream=True, timeout=TIMEOUT, allow_redirects=False
        )
        if not answer.is_redirect:
            return _refuse_failure(answer, url)
        answer.close()
        url = urljoin(url, answer.headers["Location"])
        if urlsplit(url).netloc != host:
            raise DownloadError(f"{host} sends us to {quoted(url, 120)}, another host; refused.")
    raise DownloadError(f"{inert(url)}: more than {REDIRECTS} redirects; refused.")


def _refuse_failure(answer: requests.Response, url: str) -> requests.Response:
    if answer.status_code in (429, 503):
        wait = _seconds(answer.headers.get("Retry-After", ""))
        answer.close()
        if wait is not None and wait > LONGEST_WAIT:
            raise DownloadError(f"{inert(url)}: busy; asks us to come back in {wait:,.0f} s.")
        raise _PassingError(f"answers {answer.status_code}", wait)
    if answer.status_code >= 500:
        answer.close()
        raise _PassingError(f"answers {answer.status_code}")
    if answer.status_code not in (200, 206, 416):
        answer.close()
        raise DownloadError(f"{inert(url)}: answers {answer.status_code}. Has the address changed?")
    return answer


def _seconds(text: str) -> float | None:
    """Return the seconds of a Retry-After header: a number, or a date."""
    if text.isdigit():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError):
        return None


def _find(address: Address, session: requests.Session, trust: Trust) -> str:
    """Return the address of the file: its own, or the one file of an index whose name has `match` in it."""
    if address.index is None:
        return address.url
    answer = _patiently(lambda: _json(session, address.index or "", trust), trust, address.index)
    listed = list(_listed(answer))
    found: list[str] = []
    for match in address.match.lower().split(EITHER):  # a file that was renamed has its newest name first
        found = found or [url for name, url in listed if match in f"{name} {url}".lower()]
    if len(found) != 1:
        names = "; ".join(quoted(name) for name, _ in listed[:12]) or "none"
        raise DownloadError(
            f"{address.index} lists {len(found)} files with {quoted(address.match)} in the name. "
            f"Files: {names}."
        )
    return allowed(found[0], trust)


def _json(session: requests.Session, url: str, trust: Trust) -> Any:
    with _ask(session, url, trust, {}) as answer:
        content = b"".join(_pieces(answer, LARGEST_INDEX, url))
    try:
        return json.loads(content)
    except ValueError:
        raise DownloadError(f"{url}: the answer is no JSON. Look at it in a browser.") from None


def _listed(answer: Any) -> Iterator[tuple[str, str]]:
    """Yield (name, address) of the files in an answer of CKAN's package_show or GOV.UK's content API."""
    try:
        if "result" in answer:
            yield from ((str(item["name"]), str(item["url"])) for item in answer["result"]["resources"])
        else:
            yield from ((str(item["title"]), str(item["url"])) for item in answer["details"]["attachments"])
    except (KeyError, TypeError):
        raise DownloadError(
            "The portal's list of files has another form. Download the file by hand."
        ) from None


def _receive(session: requests.Session, url: str, part: Path, trust: Trust, tell: Tell) -> None:
    """Receive the file into `part`, from where an earlier try stopped if it is still the same file."""
    start, tag = _started(part, url)
    headers = {"Range": f"bytes={start}-", "If-Range": tag} if start else {}
    with _ask(session, url, trust, headers) as answer:
        if answer.status_code == 416 or (answer.status_code == 206 and not _continues(answer, start)):
            part.unlink(missing_ok=True)
            raise _PassingError("does not continue the part that is here")
        start = start if answer.status_code == 206 else 0
        _refuse_page(answer, url)
        answer.raw.enforce_content_length = False  # a short body is counted below, and what came is kept
        length = answer.headers.get("Content-Length", "")
        whole = start + int(length) if length.isdigit() else None
        if (whole or 0) > LARGEST:
            raise DownloadError(f"{inert(url)}: {whole:,} bytes, more than {LARGEST:,}; refused.")
        tag = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
        _note_of(part).write_text(json.dumps({"url": url, "tag": tag}), encoding="utf-8")
        done = start
        with part.open("ab" if start else "wb") as out:
            for piece in _pieces(answer, LARGEST - start, url):
                out.write(piece)
                done += len(piece)
                tell(done, whole)
    if whole is not None and done != whole:
        raise _PassingError(f"stopped after {done:,} of {whole:,} bytes")


def _note_of(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _started(part: Path, url: str) -> tuple[int, str]:
    """Return how many bytes of this very address are here, and the server's tag of the file."""
    try:
        note = json.loads(_note_of(part).read_text(encoding="utf-8"))
        if note["url"] == url and note["tag"]:
            return part.stat().st_size, str(note["tag"])
    except (OSError, ValueError, KeyError):
        pass
    part.unlink(missing_ok=True)
    return 0, ""


def _continues(answer: requests.Response, start: int) -> bool:
    return answer.headers.get("Content-Range", "").startswith(f"bytes {start}-")


def _pieces(answer: requests.Response, largest: int, url: str) -> Iterator[bytes]:
    done = 0
    for piece in answer.iter_content(PIECE):
        done += len(piece)
        if done > largest:
            raise DownloadError(f"{inert(url)}: more than {largest:,} bytes; refused.")
        yield piece


def _refuse_page(answer: requests.Response, url: str) -> None:
    if "html" in answer.headers.get("Content-Type", "").lower():
        raise DownloadError(f"{inert(url)}: a web page, not the file. Look at it in a browser.")


def _refuse_wrong(address: Address, file: Path) -> str:
    """Return the file's checksum. Raises DownloadError or FileError for another kind or another file."""
    with file.open("rb") as handle:
        opening = handle.read(512)
    if not opening:
        raise DownloadError(f"{address.file}: the file is empty.")
    if address.kind in OPENINGS:
        if not opening.startswith(OPENINGS[address.kind]):
            raise DownloadError(f"{address.file}: not a file of the kind {address.kind}, by its first bytes.")
    else:
        files.text_of(file)
    sha256 = tables.sha256(file)
    if address.sha256 not in (None, sha256):
        raise DownloadError(f"{address.file}: another file than the one this release had (checksum).")
    return sha256


def _record(folder: Path, address: Address, url: str, target: Path, sha256: str) -> None:
    """Note in downloads.json what was received from where, so that it can be told apart later."""
    note = folder / "downloads.json"
    known = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
    day = time.strftime("%Y-%m-%d", time.gmtime())
    known[address.file] = {"url": url, "sha256": sha256, "bytes": target.stat().st_size, "received": day}
    note.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
