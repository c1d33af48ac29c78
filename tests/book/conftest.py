"""A real browser and a local server for the tests of the built book."""

import os
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from careshift.project import BUILD

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# A page of every kind, which `make test` opens each time; the audit opens all.
SAMPLE = (
    "intro.html",
    "chapters/what_is_known/index.html",
    "chapters/scotland/index.html",
    "chapters/scotland/care_home_residents.html",
    "chapters/scotland/delayed_discharge.html",
    "chapters/areas/index.html",
    "chapters/areas/fife.html",
    "chapters/documents/kingsfund2013.html",
    "chapters/methods/expected_counts.html",
    "chapters/methods/reproducibility.html",
    "chapters/methods/glossary.html",
    "chapters/ledger/index.html",
    "chapters/ledger/all.html",
    "chapters/ledger/kingsfund2013-scotland-change-fund.html",
    "chapters/ledger/contradictions.html",
    "chapters/ledger/wanted.html",
    "chapters/ledger/coverage.html",
    "chapters/ledger/data.html",
    "chapters/ledger/references.html",
    "search.html",
    "404.html",
)


# No colour is measured half-way from light to dark.
STILL = """addEventListener("DOMContentLoaded", () => {
  const still = document.createElement("style");
  still.textContent = "*, ::before, ::after { transition: none !important; animation: none !important; }";
  document.head.append(still);
});"""


def find_browser() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def every_page() -> list[str]:
    site = BUILD / "html"
    found = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    return [name for name in found if name != "index.html" and "_static" not in name]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that takes `page` the sample, or every page for the audit."""
    if "page" in metafunc.fixturenames and metafunc.module.__name__.endswith("test_every_page"):
        names = every_page()
        if not metafunc.config.getoption("--every-page"):
            names = list(SAMPLE)
        metafunc.parametrize("page", names)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say last what the audit looked at and measured, for whoever keeps its result."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput") or not config.getoption("--every-page"):
        return
    tests = {kind: reporter.stats.get(kind, []) for kind in ("passed", "failed", "error")}
    noted = [note for reports in tests.values() for report in reports for note in report.user_properties]
    pages = {value for name, value in noted if name == "page"}
    looked = (
        f"{len(pages)} pages, in light and dark, at three widths, by keyboard, over HTTP and from a folder"
    )
    measured = [looked] * bool(pages) + [value for name, value in noted if name == "measured"]
    counts = ", ".join(f"{len(reports)} {kind}" for kind, reports in tests.items())
    print("; ".join([*measured, f"tests: {counts}"]))


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    path = find_browser()
    if path is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, capture_output=True)
        path = find_browser()
    if path is None:
        pytest.skip("no Chromium or Chrome found, and none could be installed")
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=path, args=list(OPTIONS))
        yield opened
        opened.close()


class Quiet(SimpleHTTPRequestHandler):
    """Serve files without a line for each, and the book's own page for what is not there."""

    def log_message(self, *words: object) -> None:
        pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        body = Path(self.directory, "404.html").read_bytes()
        self.send_response(code, message)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="session")
def server(built) -> str:
    """Give the address of a server on this machine that serves the book."""
    served = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(built.resolve())))
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
    served.server_close()
    thread.join()


class Visit:
    """One tab that remembers what went wrong in it, and what it loaded."""

    def __init__(self, context, own: tuple[str, ...]) -> None:
        self.tab = context.new_page()
        self.complaints: list[str] = []
        self.loaded: dict[str, int] = {}
        self.own = own
        self.tab.on("console", self._said)
        self.tab.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.tab.on("requestfailed", self._failed)
        self.tab.on("request", self._asked)
        self.tab.on("response", self._answered)

    def _said(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text}")

    def _failed(self, request) -> None:
        # A page that the reader leaves drops what it still waits for; nothing was missing.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url}: {request.failure}")

    def _asked(self, request) -> None:
        if not request.url.startswith(self.own):
            self.complaints.append(f"outside: {request.url}")

    def _answered(self, response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")

    def open(self, address: str) -> None:
        self.tab.goto(address, wait_until="load")


@pytest.fixture(scope="session")
def window(browser):
    """Give the one context that the worker's tests share; each opens a tab of its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.add_init_script(STILL)
    context.set_default_timeout(60_000)  # a busy machine is no failure
    yield context
    context.close()


@pytest.fixture
def visit(window, server, built):
    """Give a fresh tab that may load from the book alone, over the server or from its folder."""
    visited = Visit(window, (server, built.resolve().as_uri(), "data:", "about:", "blob:"))
    visited.tab.emulate_media(color_scheme="light")
    yield visited
    visited.tab.close()
