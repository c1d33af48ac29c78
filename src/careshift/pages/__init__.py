"""What the book's pages are made of."""

from careshift.pages.explorer import Explorer, Result
from careshift.pages.frames import table
from careshift.pages.safe_text import Markdown, Title, escape, say
from careshift.pages.tiles import Tiles, linked_table

__all__ = ["Explorer", "Markdown", "Result", "Tiles", "Title", "escape", "linked_table", "say", "table"]
