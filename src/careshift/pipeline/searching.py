"""Let the book's search find numbers: Sphinx's own drops every term that is only digits."""

from __future__ import annotations

import re

from sphinx.search.en import SearchEnglish

# A number with its separators, or a word. A number is indexed as "n" and its digits: 30,418 becomes n30418.
WORD = re.compile(r"\d(?:[\d,]*\d)?(?:\.\d+)?(?!\w)|\w+")


class SearchWithNumbers(SearchEnglish):
    """English, with numbers as words of their own; the script splits a query in the same way."""

    lang = "en"
    js_splitter_code = r"""
var splitQuery = (query) =>
  (query.match(/\d(?:[\d,]*\d)?(?:\.\d+)?(?![\p{L}\p{N}_])|[\p{L}\p{N}_]+/gu) || [])
    .map((word) => (/^\d[\d,.]*$/.test(word) ? "n" + word.replaceAll(",", "") : word));
"""

    def split(self, input: str) -> list[str]:
        """Return the words of a text; "rose to 30,418" gives rose, to, n30418."""
        return [
            f"n{word.replace(',', '')}" if word[0].isdigit() and not re.search(r"[^\d,.]", word) else word
            for word in WORD.findall(input)
        ]
