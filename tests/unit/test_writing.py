"""Formulas and terms of the glossary, as the book's extension writes them."""

import pytest
from docutils import nodes
from docutils.core import publish_doctree

from careshift.pipeline import formulas, glossary
from careshift.project import CareshiftError


def test_a_formula_becomes_mathml_and_a_wrong_one_is_named() -> None:
    assert "<mfrac>" in formulas.mathml(r"\frac{a}{b}", as_block=True)
    with pytest.raises(CareshiftError, match="nosuchthing"):
        formulas.mathml(r"\nosuchthing{a}", as_block=False)


def test_the_first_use_of_a_term_becomes_a_link_and_no_other() -> None:
    terms = {"bed day": ("term-bed-day", "One bed for one day.")}
    parts = list(glossary._parted("Bed days, then a bed day.", terms, "glossary.html"))
    assert [part.astext() for part in parts] == ["Bed days", ", then a bed day."]
    assert parts[0][0]["refuri"] == "glossary.html#term-bed-day"
    assert parts[0][0]["reftitle"] == "One bed for one day."
    assert not terms


def test_a_term_inside_another_word_is_none() -> None:
    parts = list(glossary._parted("an embedded day", {"bed": ("term-bed", "x")}, "g.html"))
    assert [part.astext() for part in parts] == ["an embedded day"]


def test_headings_and_tables_keep_their_words() -> None:
    table = "=======  ====\nbed day  x\n=======  ====\n1        2\n=======  ====\n"
    tree = publish_doctree(f"Top\n===\n\nbed day\n-------\n\nA bed day.\n\n{table}")
    assert [node.astext() for node in tree.findall(nodes.Text) if glossary._is_prose(node)] == ["A bed day."]
