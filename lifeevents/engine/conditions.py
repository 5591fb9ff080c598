"""The rule language: SQL boolean expressions over feature names, with SQL's three-valued logic.

Allowed: and, or, not, = <> < <= > >=, in, between, is [not] null, known(x), literals (numbers, 'words', dates
as 'YYYY-MM-DD', true, false) and names: a feature (`age_years`) or the anchor's payload (`event.order`).
No functions and no arithmetic: what needs computing is a feature. Parsed and checked once, then either asked
of one person in Python or run over a population as DuckDB SQL, with the same answers.

Unknown (NULL) never refuses: a rule that is neither true nor false answers "ask".
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from lifeevents.domain.errors import RuleError, did_you_mean
from lifeevents.domain.occasion import Fact, FactValue, Term, Verdict
from lifeevents.domain.register import ValueType

Facts = Mapping[str, Any]
Known = Mapping[str, ValueType]
_Asked = Callable[[Facts], FactValue]

_ORDERED = (exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between)
_COMPARE: dict[type[exp.Expr], Callable[[Any, Any], bool]] = {
    exp.EQ: lambda a, b: bool(a == b),
    exp.NEQ: lambda a, b: bool(a != b),
    exp.LT: lambda a, b: bool(a < b),
    exp.LTE: lambda a, b: bool(a <= b),
    exp.GT: lambda a, b: bool(a > b),
    exp.GTE: lambda a, b: bool(a >= b),
}
_VERDICT: dict[bool | None, Verdict] = {True: "yes", False: "no", None: "ask"}


class Condition:
    """A parsed rule. `names` are the features it reads; `terms` its top-level `and`-terms."""

    def __init__(self, text: str, terms: tuple["RuleTerm", ...]) -> None:
        self.text = text
        self.terms = terms
        self.names = frozenset(name for term in terms for name in term.names)

    @classmethod
    def parse(cls, text: str, known: Known) -> "Condition":
        """Read a rule over `known` names. Raises RuleError naming what is wrong and the nearest right thing."""
        try:
            tree = sqlglot.parse_one(text, dialect="duckdb")
        except SqlglotError as error:
            raise RuleError(f'"{text}" cannot be read: {str(error).splitlines()[0]}') from None
        return cls(text, tuple(RuleTerm(part, known) for part in _and_terms(tree)))

    def ask(self, facts: Facts) -> tuple[Verdict, tuple[Term, ...]]:
        """The answer for one person, and each term's own answer with the facts it read.

        A name that `facts` lacks is unknown. "no" if any term is false, else "ask" if any is unknown, else "yes".
        """
        terms = tuple(term.ask(facts) for term in self.terms)
        answers = {term.answer for term in terms}
        return ("no" if "no" in answers else "ask" if "ask" in answers else "yes"), terms

    def sql(self) -> str:
        """The rule as a DuckDB boolean expression (true, false or NULL) over quoted column names."""
        return " AND ".join(f"({term.sql})" for term in self.terms)


def names_in(text: str) -> frozenset[str]:
    """The names a rule reads, without checking them."""
    tree = sqlglot.parse_one(text, dialect="duckdb")
    return frozenset(column_name(column) for column in tree.find_all(exp.Column))


class RuleTerm:
    """One `and`-term: its text, its SQL and its Python form; `types` are those of the names it reads."""

    def __init__(self, tree: exp.Expr, known: Known) -> None:
        self.tree = tree
        self.text = tree.sql(dialect="duckdb").replace('"', "")
        self.names = tuple(dict.fromkeys(column_name(column) for column in tree.find_all(exp.Column)))
        self._asked = _boolean(tree, known)
        self.types = {name: known[name] for name in self.names}
        self.sql = _typed(tree, known).sql(dialect="duckdb")

    def ask(self, facts: Facts) -> Term:
        answer = self._asked(facts)
        read = tuple(Fact(name=name, value=facts.get(name)) for name in self.names)
        return Term(text=self.text, answer=_VERDICT[None if answer is None else bool(answer)], facts=read)


def _and_terms(tree: exp.Expr) -> list[exp.Expr]:
    inner = tree.unnest()
    if isinstance(inner, exp.And):
        return [*_and_terms(inner.left), *_and_terms(inner.right)]
    return [tree]


def column_name(column: exp.Column) -> str:
    """The feature that a column of a rule's tree stands for."""
    return f"{column.table}.{column.name}" if column.table else column.name


def _type_of(column: exp.Column, known: Known) -> ValueType:
    name = column_name(column)
    if name not in known:
        raise RuleError(f'unknown feature "{name}".{did_you_mean(name, known)}')
    return known[name]


def _boolean(tree: exp.Expr, known: Known) -> _Asked:
    """Compile a boolean expression; three-valued (None is unknown)."""
    match tree:
        case exp.Paren():
            return _boolean(tree.this, known)
        case exp.And() | exp.Or():
            decides = isinstance(tree, exp.Or)
            return _junction(_boolean(tree.left, known), _boolean(tree.right, known), decides)
        case exp.Not():
            inner = _boolean(tree.this, known)
            return lambda facts: None if (value := inner(facts)) is None else not value
        case exp.Boolean():
            literal = bool(tree.this)
            return lambda facts: literal
        case exp.Column():
            if _type_of(tree, known) != "flag":
                raise RuleError(f'"{column_name(tree)}" is not a flag; compare it with something.')
            return _read(column_name(tree))
        case exp.Anonymous() if tree.name.lower() == "known" and len(tree.expressions) == 1:
            return _is_known(tree.expressions[0], known)
        case exp.Is() if isinstance(tree.expression, exp.Null):
            known_one = _is_known(tree.this, known)
            return lambda facts: not known_one(facts)
        case exp.In() if tree.expressions:
            return _one_of(tree, known)
        case exp.Between():
            low, high = tree.args["low"], tree.args["high"]
            return _junction(
                _comparison(exp.GTE(this=tree.this, expression=low), known),
                _comparison(exp.LTE(this=tree.this, expression=high), known),
                False,
            )
        case _ if type(tree) in _COMPARE:
            return _comparison(tree, known)
    raise RuleError(
        f'"{tree.sql(dialect="duckdb")}" is outside the rule language (and, or, not, comparisons, in, between, '
        "is null, known(x)). What needs computing is a feature: add one in features/groups."
    )


def _junction(left: _Asked, right: _Asked, decides: bool) -> _Asked:
    """Kleene's `or` (decides=True) or `and` (decides=False)."""

    def asked(facts: Facts) -> FactValue:
        one = left(facts)
        if one is decides:
            return decides
        two = right(facts)
        if two is decides:
            return decides
        return None if one is None or two is None else not decides

    return asked


def _read(name: str) -> _Asked:
    return lambda facts: facts.get(name)


def _is_known(tree: exp.Expr, known: Known) -> _Asked:
    if not isinstance(tree, exp.Column):
        raise RuleError(f'known(...) takes one feature name, not "{tree.sql(dialect="duckdb")}".')
    _type_of(tree, known)
    read = _read(column_name(tree))
    return lambda facts: read(facts) is not None


def _one_of(tree: exp.In, known: Known) -> _Asked:
    kind = _kind(tree.this, known)
    if kind is None or not isinstance(tree.this, exp.Column):
        raise RuleError(f'"{tree.sql(dialect="duckdb")}": write a feature name before "in".')
    choices = frozenset(literal_value(choice, kind) for choice in tree.expressions)
    read = _read(column_name(tree.this))
    return lambda facts: None if (value := read(facts)) is None else value in choices


def _comparison(tree: exp.Expr, known: Known) -> _Asked:
    left, right = tree.this, tree.expression
    kinds = [kind for kind in (_kind(left, known), _kind(right, known)) if kind]
    text = tree.sql(dialect="duckdb")
    if not kinds:
        raise RuleError(f'"{text}" compares no feature.')
    if len({_comparable(kind) for kind in kinds}) > 1:
        raise RuleError(f'"{text}" compares a {kinds[0]} with a {kinds[1]}.')
    if isinstance(tree, _ORDERED) and _comparable(kinds[0]) in ("flag", "category"):
        raise RuleError(f'"{text}": a {kinds[0]} has no order; use =, <> or in.')
    compare = _COMPARE[type(tree)]
    one, two = _operand(left, kinds[0]), _operand(right, kinds[0])

    def asked(facts: Facts) -> FactValue:
        a, b = one(facts), two(facts)
        return None if a is None or b is None else compare(a, b)

    return asked


def _comparable(kind: ValueType) -> str:
    return "number" if kind == "integer" else kind


def _kind(tree: exp.Expr, known: Known) -> ValueType | None:
    """The type of a name; None for a literal."""
    return _type_of(tree, known) if isinstance(tree, exp.Column) else None


def _operand(tree: exp.Expr, kind: ValueType) -> _Asked:
    if isinstance(tree, exp.Column):
        return _read(column_name(tree))
    value = literal_value(tree, kind)
    return lambda facts: value


def literal_value(tree: exp.Expr, kind: ValueType) -> FactValue:
    """A literal as a value of `kind`. Raises RuleError when it is not one."""
    text = tree.sql(dialect="duckdb")
    inner = tree.this if isinstance(tree, exp.Cast) else tree
    try:
        match inner:
            case exp.Boolean() if kind == "flag":
                return bool(inner.this)
            case exp.Literal() if inner.is_string and kind == "date":
                return date.fromisoformat(str(inner.this))
            case exp.Literal() if inner.is_string and kind == "category":
                return str(inner.this)
            case exp.Literal() if not inner.is_string and kind in ("integer", "number"):
                return float(inner.this) if "." in str(inner.this) else int(inner.this)
            case exp.Neg() if kind in ("integer", "number"):
                value = literal_value(inner.this, kind)
                assert isinstance(value, int | float)
                return -value
    except ValueError:
        pass
    raise RuleError(f"{text} is not a {kind}.")


def _typed(tree: exp.Expr, known: Known) -> exp.Expr:
    """The same tree ready for DuckDB: quoted column names, known() spelled out, date literals typed."""

    def rewrite(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column):
            return exp.column(exp.to_identifier(column_name(node), quoted=True))
        if isinstance(node, exp.Anonymous) and node.name.lower() == "known":
            return exp.Not(this=exp.Is(this=rewrite(node.expressions[0]), expression=exp.Null()))
        if isinstance(node, exp.Literal) and node.is_string and _beside_a_date(node, known):
            return exp.cast(node.copy(), "date")
        return node

    return tree.copy().transform(rewrite)


def _beside_a_date(literal: exp.Literal, known: Known) -> bool:
    parent = literal.parent
    if parent is None or isinstance(parent, exp.Cast):
        return False
    names = [child for child in parent.iter_expressions() if isinstance(child, exp.Column)]
    return any(known.get(column_name(column)) == "date" for column in names)
