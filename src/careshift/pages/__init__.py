"""What the book's pages are made of."""

from careshift.pages.markup import Markdown, escape, say, table

__all__ = ["Markdown", "escape", "say", "table"]
