"""A notebook's code run in this process, where a test needs its results and no kernel."""

import os
from pathlib import Path

import nbformat


def in_this_process(notebook, name, given, output, time_limit=None, folder=None) -> None:
    """Run a notebook's code here instead of in a kernel: the published answers need no kernel each."""
    book = nbformat.read(notebook, 4)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    here, namespace = Path.cwd(), {}
    os.chdir(folder)
    try:
        for cell in code:
            exec(compile(cell.source, str(notebook), "exec"), namespace)
            if "parameters" in cell.metadata.get("tags", []):
                namespace |= given
    finally:
        os.chdir(here)
    nbformat.write(book, output)
