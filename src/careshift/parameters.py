"""A chapter's parameters: read from its parameters cell, checked before and inside the run."""

from __future__ import annotations

import ast
import difflib
import json
import tokenize
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from careshift.project import CHAPTERS, CareshiftError

Value = str | int | float | bool
Rule = Callable[[Value], str | None]
INJECTED = "# Parameters\n"  # how the cell starts that papermill puts below that of the parameters
WORDS = {"int": "a whole number", "float": "a number", "str": "a text", "bool": "true or false"}


class ParameterError(CareshiftError):
    """A parameter with a wrong name, type or value; the text says what would be right."""


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell: its name, type, default and what its comment says."""

    name: str
    type: str
    default: Value
    help: str

    def accepts(self, value: object) -> bool:
        """Return whether the value has the parameter's type (whole numbers count as numbers)."""
        kinds: dict[str, tuple[type, ...]] = {
            "int": (int,),
            "float": (int, float),
            "str": (str,),
            "bool": (bool,),
        }
        return isinstance(value, kinds[self.type]) and (self.type == "bool" or not isinstance(value, bool))


def chapters() -> list[str]:
    """Return the names of all chapters, sorted, such as "scotland/care_home_residents"."""
    return sorted(p.relative_to(CHAPTERS).with_suffix("").as_posix() for p in CHAPTERS.rglob("*.ipynb"))


def notebook_of(chapter: str) -> Path:
    """Return the notebook of a chapter such as "scotland/care_home_residents".

    Raises ParameterError, naming the nearest chapters, where there is none.
    """
    known = chapters()
    if chapter not in known:
        near = difflib.get_close_matches(chapter, known, n=3, cutoff=0.3) or known
        raise ParameterError(f'There is no chapter "{chapter}". Did you mean {" or ".join(near)}?')
    return CHAPTERS / f"{chapter}.ipynb"


def declared(notebook: Path) -> dict[str, Parameter]:
    """Return the parameters that the cell tagged `parameters` declares, by name.

    Only `name: type = literal  # help` lines count. Raises ParameterError for anything else in that cell.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    tagged = [c for c in cells if "parameters" in c["metadata"].get("tags", [])]
    if len(tagged) != 1:
        raise ParameterError(f"{notebook.name}: expected one cell tagged parameters, found {len(tagged)}.")
    source = "".join(tagged[0]["source"])
    comments = {
        t.start[0]: t.string.lstrip("# ")
        for t in tokenize.generate_tokens(StringIO(source).readline)
        if t.type == tokenize.COMMENT
    }
    return {p.name: p for p in (_parameter(s, comments, notebook) for s in ast.parse(source).body)}


def _parameter(statement: ast.stmt, comments: Mapping[int, str], notebook: Path) -> Parameter:
    match statement:
        case ast.AnnAssign(
            target=ast.Name(id=name), annotation=ast.Name(id=kind), value=ast.expr() as value
        ) if kind in WORDS:
            return Parameter(name, kind, ast.literal_eval(value), _comment(statement, comments))
    raise ParameterError(
        f"{notebook.name}, parameters cell, line {statement.lineno}: write `name: type = value  # help` "
        f"with a type among {', '.join(WORDS)}."
    )


def _comment(statement: ast.stmt, comments: Mapping[int, str]) -> str:
    lines = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    return next((comments[line] for line in lines if line in comments), "")


def told(chapter: str | None) -> list[str]:
    """Return the lines that list a chapter's parameters with their defaults, or all chapters."""
    if chapter is None:
        return chapters()
    known = declared(notebook_of(chapter)).values()
    lines = [f"{p.name}={p.default}" for p in known]
    width = max(map(len, lines), default=0)
    return [f"{line:{width}}  {p.help}".rstrip() for line, p in zip(lines, known, strict=True)]


def check_given(notebook: Path, given: Mapping[str, object]) -> None:
    """Refuse a parameter whose name or type the chapter does not declare, before anything runs.

    Papermill alone only warns about an unknown name. Raises ParameterError with the remedy.
    """
    known = declared(notebook)
    for name, value in given.items():
        _require_known(name, known, notebook.stem)
        _check_type(known[name], value)


def _require_known(name: str, known: Collection[str], notebook: str) -> None:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise ParameterError(f"{notebook} has no parameter {name}.{hint} It has {', '.join(known)}.")


def parse(notebook: Path, given: Sequence[str]) -> dict[str, Value]:
    """Return `NAME=VALUE` texts as parameters of the types that the chapter declares.

    Raises ParameterError for an unknown name or a text that is not of the type.
    """
    pairs = dict(item.partition("=")[::2] for item in given)
    missing = [name for name in given if "=" not in name]
    if missing:
        raise ParameterError(f"Write NAME=VALUE, not {missing[0]!r}.")
    if len(pairs) < len(given):
        raise ParameterError(f"A name is given twice: {', '.join(given)}. Give each one once.")
    known = declared(notebook)
    check_given(notebook, {name: known[name].default if name in known else "" for name in pairs})
    return {name: _typed(known[name], text) for name, text in pairs.items()}


def _typed(parameter: Parameter, text: str) -> Value:
    booleans = {"true": True, "false": False}
    try:
        match parameter.type:
            case "int":
                return int(text)
            case "float":
                return float(text)
            case "bool":
                return booleans[text.lower()]
    except (ValueError, KeyError):
        _check_type(parameter, text)
    return text


def _check_type(parameter: Parameter, value: object) -> None:
    if not parameter.accepts(value):
        raise ParameterError(
            f"{parameter.name} must be {WORDS[parameter.type]}, such as {parameter.default!r}; got {value!r}."
        )


def check(namespace: Mapping[str, Any], **rules: Rule) -> None:
    """Check, in a chapter's first code cell, every parameter's name and type and the values that have a rule.

    `namespace` is the notebook's globals(), whose annotations give the names and types:
    `check(globals(), base_year=one_of(range(2009, 2020)))`. A parameter that plain papermill was given and
    that the notebook does not declare stops the run here. Raises ParameterError.
    """
    declared_here = namespace.get("__annotations__", {})
    for name in _injected(namespace.get("In", ())):
        _require_known(name, declared_here, "This notebook")
    for name, kind in declared_here.items():
        word = kind if isinstance(kind, str) else getattr(kind, "__name__", str(kind))
        if word in WORDS:
            _check_type(Parameter(name, word, _example(word), ""), namespace[name])
    for name, rule in rules.items():
        complaint = rule(namespace[name])
        if complaint:
            raise ParameterError(f"{name} must be {complaint}; got {namespace[name]!r}.")


def _injected(cells: Sequence[str]) -> Iterator[str]:
    """Yield the names that papermill's own cell of parameters gives a value, of the cells run so far."""
    for source in cells:
        if source.startswith(INJECTED):
            for statement in ast.parse(source).body:
                if isinstance(statement, ast.Assign):
                    yield from (target.id for target in statement.targets if isinstance(target, ast.Name))


def _example(word: str) -> Value:
    examples: dict[str, Value] = {"int": 2010, "float": 0.95, "str": "data/table.csv", "bool": True}
    return examples[word]


def one_of(values: Any) -> Rule:
    """Return a rule that allows only the values listed."""
    allowed = list(values)
    return lambda value: None if value in allowed else f"one of {', '.join(map(str, allowed))}"


def between(low: float, high: float) -> Rule:
    """Return a rule that allows numbers strictly between low and high."""
    return lambda value: None if low < float(value) < high else f"between {low} and {high}"
