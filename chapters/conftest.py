"""Let `pytest --nbval-lax chapters` compare all that a chapter's cells give, figures too, and none left unrun.

nbval compares the cells with a tag only, and nothing where a cell was never run. Pictures are not committed: they are
drawn from the data, the title and the words of a figure, which are committed and compared.
"""

import pytest

PICTURES = ("image/svg+xml", "image/png")


def is_cell(item: pytest.Item) -> bool:
    """Return whether nbval made this item from a cell of a notebook."""
    return hasattr(item, "cell") and hasattr(item.parent, "skip_compare")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Compare the cell's outputs whatever its tags say, all but the pictures."""
    if is_cell(item):
        item.options["check"] = True
        item.parent.skip_compare = tuple({*item.parent.skip_compare, *PICTURES})


@pytest.hookimpl(trylast=True)  # after the cell has run here, since later ones need what it makes
def pytest_runtest_call(item: pytest.Item) -> None:
    """Fail a cell that was committed without having been run."""
    if is_cell(item) and item.cell.execution_count is None:
        pytest.fail(f"{item.nodeid} was committed without being run: make refresh", pytrace=False)
