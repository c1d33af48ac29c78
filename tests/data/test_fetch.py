"""`careshift fetch` against a server on this machine that plays the portals, failures included."""

import hashlib
import http.server
import io
import json
import ssl
import stat
import subprocess
import threading
import zipfile

import pytest

from careshift import downloads, tables
from careshift.downloads import Address, DownloadError, Trust
from careshift.pipeline import fetching
from careshift.project import CareshiftError

RAW = (
    b"Date,KeyStatistic,CA,CAQF,MainClientGroup,Sector,Unit,Value,ValueQF\n"
    b"20190331,Number of Female Long Stay Residents Aged 65-74,S92000003,,All Adults,All Sectors,,3032,\n"
    b"20190331,Number of Male Long Stay Residents Aged 65-74,S92000003,,All Adults,All Sectors,,2841,\n"
)


class Portal:
    """What the server answers, for each path one by one, the last for ever; and what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, list] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.waits: list[float] = []

    def plays(self, path, *answers) -> None:
        self.answers[path] = list(answers)

    def next(self, path):
        answers = self.answers.get(path, [(404, {}, b"gone")])
        return answers.pop(0) if len(answers) > 1 else answers[0]


def handler(portal):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            portal.asked.append((self.path, dict(self.headers)))
            status, headers, body = portal.next(self.path)
            body = body(self.headers) if callable(body) else body
            if isinstance(body, tuple):
                status, extra, body = body
                headers = headers | extra
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    key, made = folder / "key.pem", folder / "certificate.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    command += " -addext subjectAltName=DNS:localhost"
    subprocess.run(
        [*command.split(), "-keyout", str(key), "-out", str(made)], check=True, capture_output=True
    )
    return key, made


@pytest.fixture
def portal(certificate):
    """Give a portal with its `trust` and its address `at`."""
    portal = Portal()
    server = http.server.ThreadingHTTPServer(("localhost", 0), handler(portal))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[1], certificate[0])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *words: None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    host = f"localhost:{server.server_port}"
    portal.at = f"https://{host}"
    portal.trust = Trust(frozenset({host}), str(certificate[1]), local=True, sleep=portal.waits.append)
    yield portal
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def fetch(portal, tmp_path):
    """Fetch an address of the portal; a good file from before is there, and must survive every failure."""
    there = tmp_path / "care_home_residents" / "raw.csv"
    there.parent.mkdir()
    there.write_bytes(b"the file from before")

    def run(url="/raw.csv", trust=None, **more):
        entry = {"table": "care_home_residents", "file": "raw.csv", "kind": "csv", "url": portal.at + url}
        told = fetching.fetch(
            Address(**{**entry, **more}), tmp_path, lambda text: None, trust or portal.trust
        )
        assert there.read_bytes() == (RAW if told.arrived else b"the file from before")
        assert not list(there.parent.glob(".new.*"))
        return told

    run.there = there
    return run


OK = (200, {"Content-Type": "text/csv", "ETag": '"one"'}, RAW)


def test_a_file_arrives_and_is_noted(portal, fetch) -> None:
    portal.plays("/raw.csv", OK)
    told = fetch()
    assert told.arrived
    assert "Next: careshift import" in told.text
    note = json.loads((fetch.there.parent / "downloads.json").read_text())["raw.csv"]
    assert note["sha256"] == hashlib.sha256(RAW).hexdigest()
    assert note["url"] == portal.at + "/raw.csv"
    fetch.there.write_bytes(RAW)
    assert "the same file as before" in fetch().text
    assert not list(fetch.there.parent.glob("*.part*"))


FAILURES = {
    "an error page with status 200": (
        [(200, {"Content-Type": "text/html"}, b"<html>Sorry</html>")],
        "a web page, not the file",
    ),
    "an error page that says it is CSV": (
        [(200, {"Content-Type": "text/csv"}, b"<!DOCTYPE html><html>Sorry</html>")],
        "a web page, not a table",
    ),
    "an empty body": ([(200, {}, b"")], "the file is empty"),
    "a body that always stops short": ([(200, {"Content-Length": "9999"}, RAW)], "Tried 5 times"),
    "changed columns": (
        [(200, {}, RAW.replace(b"KeyStatistic", b"Measure"))],
        '"KeyStatistic" is missing',
    ),
    "an unreadable cell": ([(200, {}, RAW.replace(b"3032", b"3O32"))], '"3O32" is not a whole number'),
    "not found": ([(404, {}, b"")], "answers 404. Has the address changed?"),
    "not allowed": ([(403, {}, b"")], "answers 403"),
    "busy for too long": ([(429, {"Retry-After": "9999"}, b"")], "asks us to come back in 9,999 s"),
    "always failing": ([(500, {}, b"")], "answers 500"),
    "a redirect to another host": (
        [(302, {"Location": "https://example.org/raw.csv"}, b"")],
        "another host; refused",
    ),
    "a redirect to plain http": ([(302, {"Location": "http://localhost/raw.csv"}, b"")], "refused"),
    "a redirect to a local address": (
        [(302, {"Location": "https://127.0.0.1/raw.csv"}, b"")],
        "another host",
    ),
    "redirects without end": ([(302, {"Location": "/raw.csv"}, b"")], "more than 3 redirects"),
    "a size that is too large": (
        [(200, {"Content-Length": str(2**40)}, b"")],
        "1,099,511,627,776 bytes, more than 268,435,456; refused",
    ),
    "a binary file": ([(200, {}, b"PK\x03\x04\x00\x00")], "a binary file"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_told_and_the_good_file_stays(portal, fetch, name) -> None:
    answers, message = FAILURES[name]
    portal.plays("/raw.csv", *answers)
    told = fetch()
    assert not told.arrived
    assert message in told.text
    assert told.text.startswith("raw.csv: not fetched. ")


def test_a_body_without_length_is_bounded(portal, fetch, monkeypatch) -> None:
    monkeypatch.setattr(downloads, "LARGEST", 100)
    portal.plays("/raw.csv", (200, {"Content-Length": "x"}, RAW))
    assert "more than 100 bytes; refused" in fetch().text


def zipped(*members: tuple[str, bytes], mode: int = stat.S_IFREG | 0o644) -> bytes:
    """Pack members into an archive, as a publisher or an attacker would; `mode` is that of the last one."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(members, 1):
            about = zipfile.ZipInfo(name)
            about.external_attr = (mode if number == len(members) else stat.S_IFREG | 0o644) << 16
            about.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(about, data)
    return content.getvalue()


def test_the_file_is_taken_out_of_an_archive(portal, fetch) -> None:
    body = zipped(("folder/", b""), ("folder/Notes.txt", b"read me"), ("folder/file9b.csv", RAW))
    portal.plays("/raw.csv", (200, {"Content-Type": "application/zip"}, body))
    assert fetch(member="FILE9B").arrived
    assert sorted(p.name for p in fetch.there.parent.iterdir()) == ["downloads.json", "raw.csv"]
    note = json.loads((fetch.there.parent / "downloads.json").read_text())["raw.csv"]
    assert note["sha256"] == hashlib.sha256(RAW).hexdigest()


ENCRYPTED = bytearray(zipped(("file9b.csv", RAW)))
for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
    ENCRYPTED[ENCRYPTED.index(mark) + place] |= 1
LYING = bytearray(zipped(("file9b.csv", RAW)))
CLAIMED = LYING.index(b"PK\x01\x02") + 24  # where an archive says how large the file is
LYING[CLAIMED : CLAIMED + 4] = (5).to_bytes(4, "little")
HOSTILE = {
    "a path that climbs out": (zipped(("../../file9b.csv", RAW)), "leads out of the archive; refused"),
    "an absolute path": (zipped(("/etc/file9b.csv", RAW)), "leads out of the archive; refused"),
    "a path of another system": (zipped(("..\\file9b.csv", RAW)), "leads out of the archive; refused"),
    "a drive": (zipped(("C:file9b.csv", RAW)), "leads out of the archive; refused"),
    "a path that climbs out beside the file": (
        zipped(("file9b.csv", RAW), ("a/../../evil", b"x")),
        "leads out of the archive; refused",
    ),
    "a symbolic link": (
        zipped(("file9b.csv", b"/etc/passwd"), mode=stat.S_IFLNK | 0o777),
        "is a link or a device",
    ),
    "a device": (zipped(("file9b.csv", RAW), ("dev", b""), mode=stat.S_IFCHR | 0o666), "is a link or a"),
    "an encrypted file": (bytes(ENCRYPTED), "is encrypted; refused"),
    "a size that is a lie": (bytes(LYING), "not a whole zip archive"),
    "a file that swells": (zipped(("file9b.csv", b"0" * 10**6)), "more than 300,000 bytes; refused"),
    "very many files": (
        zipped(("file9b.csv", RAW), *((f"{n}.txt", b"") for n in range(1000))),
        "1,001 files, more than 1,000",
    ),
    "two files that fit": (zipped(("a/file9b.csv", RAW), ("b/file9b.csv", RAW)), "holds 2 files with"),
    "no file that fits": (
        zipped(("file10.csv", RAW)),
        'holds 0 files with "file9b" in the name. Files: "file10',
    ),
    "an archive in the archive": (zipped(("file9b.csv", zipped(("file9b.csv", RAW)))), "a binary file"),
    "half an archive": (zipped(("file9b.csv", RAW))[:-30], "not a whole zip archive"),
    "no archive": (RAW, "not a whole zip archive"),
    "a web page in the archive": (zipped(("file9b.csv", b"<html>gone</html>")), "a web page, not a table"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_archive_is_refused_and_leaves_nothing(
    portal, fetch, tmp_path, monkeypatch, name
) -> None:
    body, message = HOSTILE[name]
    monkeypatch.setattr(downloads, "LARGEST", 300_000)
    portal.plays("/raw.csv", (200, {"Content-Type": "application/zip"}, body))
    told = fetch(member="file9b")
    assert not told.arrived
    assert message in told.text
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [fetch.there]


def test_a_wrong_checksum_is_refused(portal, fetch) -> None:
    portal.plays("/raw.csv", OK)
    assert "another file than the one this release had" in fetch(sha256="0" * 64).text
    assert fetch(sha256=hashlib.sha256(RAW).hexdigest()).arrived


@pytest.mark.parametrize("kind", ["xlsx", "xls", "parquet"])
def test_the_first_bytes_must_be_of_the_kind(portal, fetch, kind) -> None:
    portal.plays("/raw.csv", OK)
    assert f"not a file of the kind {kind}" in fetch(kind=kind).text


def test_a_busy_server_is_asked_again_when_it_says(portal, fetch) -> None:
    busy = [(429, {"Retry-After": "7"}, b""), (503, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, b"")]
    portal.plays("/raw.csv", *busy, (500, {}, b""), OK)
    assert fetch().arrived
    assert portal.waits == [7.0, 0.0, 4.0]


def half_then_rest(headers):
    """Return the part that is asked for."""
    start = int(headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
    if not start:
        return 200, {"ETag": '"one"', "Content-Length": str(len(RAW))}, RAW[:100]
    assert headers["If-Range"] == '"one"'
    return 206, {"ETag": '"one"', "Content-Range": f"bytes {start}-{len(RAW) - 1}/{len(RAW)}"}, RAW[start:]


def test_an_interrupted_download_goes_on_where_it_stopped(portal, fetch) -> None:
    portal.plays("/raw.csv", (200, {}, half_then_rest))
    assert fetch().arrived
    assert [asked.get("Range") for _, asked in portal.asked] == [None, "bytes=100-"]


def test_it_goes_on_in_another_run_too(portal, fetch) -> None:
    portal.plays("/raw.csv", *[(200, {"ETag": '"one"', "Content-Length": str(len(RAW))}, RAW[:100])] * 5)
    portal.answers["/raw.csv"] = [(200, {"ETag": '"one"', "Content-Length": str(len(RAW))}, RAW[:100])]
    assert not fetch().arrived
    assert fetch.there.with_name("raw.csv.part").read_bytes() == RAW[:100]
    portal.asked.clear()
    portal.plays("/raw.csv", (200, {}, half_then_rest))
    assert fetch().arrived
    assert portal.asked[0][1]["Range"] == "bytes=100-"


def test_a_file_that_changed_meanwhile_is_taken_anew(portal, fetch) -> None:
    first = (200, {"ETag": '"old"', "Content-Length": str(len(RAW))}, b"x" * 100)
    portal.plays("/raw.csv", first, OK)
    assert fetch().arrived
    wrong = (206, {"Content-Range": "bytes 3-9/10"}, b"x" * 7)
    fetch.there.write_bytes(b"the file from before")
    portal.plays("/raw.csv", first, wrong, OK)
    assert fetch().arrived
    fetch.there.write_bytes(b"the file from before")
    portal.plays("/raw.csv", first, (416, {}, b""), OK)
    assert fetch().arrived


@pytest.mark.parametrize("name", ["../raw.csv", "/etc/cron.d/raw", "a/raw.csv", "..", ".netrc", ""])
def test_the_name_of_a_file_is_no_path(name) -> None:
    with pytest.raises(DownloadError, match="no plain name of a file"):
        Address("care_home_residents", name, "csv", "https://www.opendata.nhs.scot/x.csv")


def test_no_password_of_this_user_is_sent(portal, fetch, tmp_path, monkeypatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login reader password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    portal.plays("/raw.csv", OK)
    assert fetch().arrived
    assert "Authorization" not in portal.asked[0][1]


def test_three_redirects_are_followed_and_no_fourth(portal, fetch) -> None:
    for step in range(4):
        portal.plays(f"/{step}", (302, {"Location": f"/{step + 1}"}, b""))
    assert "more than 3 redirects" in fetch("/0").text
    assert [path for path, _ in portal.asked] == ["/0", "/1", "/2", "/3"]


def test_a_redirect_within_the_host_is_followed(portal, fetch) -> None:
    portal.plays("/old.csv", (301, {"Location": "/raw.csv"}, b""))
    portal.plays("/raw.csv", OK)
    assert fetch("/old.csv").arrived


def index(*names, at):
    listed = [{"name": name, "url": f"{at}/{name}"} for name in names]
    return (200, {}, json.dumps({"success": True, "result": {"resources": listed}}).encode())


def test_the_file_is_found_in_the_portals_list(portal, fetch) -> None:
    portal.plays("/api", index("file9b.csv", "file10.csv", at=portal.at))
    portal.plays("/file9b.csv", OK)
    assert fetch(url="", index=portal.at + "/api", match="FILE9B").arrived
    portal.plays("/api", index("file9b_old_name.csv", "file9b.csv", at=portal.at))
    fetch.there.write_bytes(b"the file from before")
    assert fetch(url="", index=portal.at + "/api", match="file9b.csv|file9b_old_name").arrived
    assert portal.asked[-1][0] == "/file9b.csv", "the newest name first"
    assert fetch(url="", index=portal.at + "/api", match="file9c|file9b.csv").arrived
    attachments = [{"title": "Database", "url": f"{portal.at}/file9b.csv"}]
    portal.plays("/api", (200, {}, json.dumps({"details": {"attachments": attachments}}).encode()))
    fetch.there.write_bytes(b"the file from before")
    assert fetch(url="", index=portal.at + "/api", match="Database").arrived


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda at: index("file9b.csv", "file9b_old.csv", at=at), "lists 2 files"),
        (
            lambda at: index("file10.csv", at=at),
            '0 files with "file9b" in the name. Files: "file10',
        ),
        (lambda at: index("file9b.csv", at="https://example.org"), "is not a host of data/datapackage.json"),
        (lambda at: index("file9b.csv", at="file:///etc"), "not an https address"),
        (lambda at: (200, {}, b"<html>"), "the answer is no JSON"),
        (lambda at: (200, {}, b'{"result": {}}'), "has another form"),
        (lambda at: (200, {}, b'[{"result": 1}]'), "has another form"),
    ],
)
def test_a_list_that_does_not_lead_to_one_file_is_refused(portal, fetch, answer, message) -> None:
    portal.plays("/api", answer(portal.at))
    assert message in fetch(url="", index=portal.at + "/api", match="file9b").text


def test_a_certificate_that_nobody_vouches_for_is_refused(portal, fetch) -> None:
    portal.plays("/raw.csv", OK)
    unknown = Trust(portal.trust.hosts, None, local=True, sleep=portal.waits.append)
    assert "certificate verify failed" in fetch(trust=unknown).text.lower()
    assert portal.asked == []
    assert portal.waits == [], "a wrong certificate is no failure that passes"


def test_this_machine_is_refused_unless_a_test_allows_it(portal, fetch) -> None:
    portal.plays("/raw.csv", OK)
    strict = Trust(portal.trust.hosts, portal.trust.authority, sleep=portal.waits.append)
    assert "an address of this machine or network; refused" in fetch(trust=strict).text
    assert portal.asked == []


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://www.opendata.nhs.scot/x.csv", "not an https address"),
        ("https://example.org/x.csv", "is not a host of"),
        ("https://www.opendata.nhs.scot@example.org/x.csv", "is not a host of"),
        ("https://www.opendata.nhs.scot:8443/x.csv", "is not a host of"),
        ("https://www.opendata.nhs.scot.example.org/x.csv", "is not a host of"),
        ("file:///etc/passwd", "not an https address"),
        ("https://\x1b[2J/x.csv", "\\x1b"),
    ],
)
def test_no_address_but_those_of_the_data_package(url, message) -> None:
    with pytest.raises(DownloadError) as error:
        downloads.allowed(url, Trust(downloads.hosts()))
    assert message in str(error.value)
    assert "\x1b" not in str(error.value)


def test_the_addresses_of_the_data_package_are_https_and_plain() -> None:
    for address in downloads.addresses():
        assert downloads.allowed(address.index or address.url, Trust(downloads.hosts(), local=True))
        assert address.file == address.file.replace("/", "").replace("\\", "").lstrip(".")
        assert address.kind in {"csv", "xls", "xlsx"}
        assert address.verified is False or len(str(address.verified)) == len("2026-01-31")
    assert Trust(downloads.hosts()).local is False
    assert Trust(downloads.hosts()).authority is None


def test_a_table_without_address_names_its_page() -> None:
    page = tables.describe("care_at_home")["sources"][0]["path"]
    with pytest.raises(CareshiftError, match=page):
        downloads.addresses("care_at_home")


def test_a_dry_run_asks_nobody(portal, tmp_path) -> None:
    address = Address("care_home_residents", "raw.csv", "csv", portal.at + "/raw.csv", member="9b.csv")
    told = fetching.what_it_would_do(address, tmp_path)
    assert "of the archive there the file with '9b.csv' in its name" in told
    assert "address not verified: no download from it has succeeded yet" in told
    assert portal.asked == []
