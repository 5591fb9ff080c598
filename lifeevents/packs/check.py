"""What a pack must satisfy beyond its schema: names that exist, rules that parse, words in every language."""

from collections.abc import Mapping
from string import Formatter

from lifeevents.domain.calendar import Period
from lifeevents.domain.errors import PackError, RuleError, did_you_mean
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.pack import Pack, Representation
from lifeevents.domain.procedure import Procedure
from lifeevents.domain.register import ValueType
from lifeevents.domain.script import Script
from lifeevents.engine.conditions import Condition
from lifeevents.engine.eligibility import event_types
from lifeevents.packs.check_forecasts import check_forecast
from lifeevents.packs.check_registers import check_registers, check_relatives

Features = Mapping[str, ValueType]


def check(pack: Pack, features: Features) -> None:
    """Raises PackError on the first thing that does not hold, naming the file and what would be right."""
    check_registers(pack.registers)
    check_relatives(pack.registers, pack.vocabulary)
    for milestone in pack.milestones.values():
        _check_milestone(pack, milestone, features)
    for procedure in pack.procedures.values():
        _check_procedure(pack, procedure, features)
    for rule in pack.law.values():
        if rule.after and features.get(rule.after) != "date":
            near = _near_date(rule.after, features)
            raise PackError(f'{rule.id}.yaml: after: "{rule.after}" is no date feature.{near}')
    for number, one in enumerate(pack.representatives):
        _check_representation(pack, number, one, features)
    for script in pack.stories.values():
        _check_script(pack, script, features)
    for forecast in pack.forecasts.values():
        check_forecast(pack.vocabulary, forecast, dict(features))
    _check_words(pack)


def _check_script(pack: Pack, script: Script, features: Features) -> None:
    file = f"stories/{script.id}.yaml"
    _rule(file, "cast", script.cast, features)
    register = pack.registers.get(script.register_id)
    if register is None:
        near = did_you_mean(script.register_id, pack.registers)
        raise PackError(f'{file}: unknown register "{script.register_id}".{near}')
    asked = [("event", row.event, tuple(register.events)) for row in script.events]
    asked += [("attribute", row.name, tuple(register.attributes)) for row in script.attributes]
    asked += [("relation", row.relation, register.relations) for row in script.relations]
    for what, name, delivered in asked:
        if name not in delivered:
            near = did_you_mean(name, delivered)
            raise PackError(f'{file}: {register.id} delivers no {what} "{name}".{near}')


def _check_representation(pack: Pack, number: int, one: Representation, features: Features) -> None:
    where = f"representatives[{number}]"
    _rule("pack.yaml", f"{where}.when", one.when, features)
    for role in one.by:
        if role not in pack.vocabulary.relations:
            near = did_you_mean(role, pack.vocabulary.relations)
            raise PackError(f'pack.yaml: {where}.by: no register delivers the relation "{role}".{near}')
    _named_facts("pack.yaml", one.about, features)


def _check_milestone(pack: Pack, milestone: Milestone, features: Features) -> None:
    file = f"{milestone.id}.yaml"
    events = pack.vocabulary.events
    for field in ("on", "outcome", "after"):
        name = getattr(milestone, field)
        if name is not None and name not in events:
            raise PackError(f'{file}: {field}: unknown event type "{name}".{did_you_mean(name, events)}')
    if milestone.outcome and not milestone.lacking and pack.vocabulary.is_sensitive(milestone.outcome):
        raise PackError(
            f'{file}: outcome: "{milestone.outcome}" is sensitive; whether it comes is never predicted for one person. '
            "Tell it once it is on record (kind: registered), or whether help is lacking after it (lacking: true)."
        )
    if milestone.due is not None and features.get(milestone.due) != "date":
        raise PackError(f'{file}: due: "{milestone.due}" is no date feature.{_near_date(milestone.due, features)}')
    for name in milestone.monotone:
        if features.get(name) not in ("integer", "number"):
            numbers = [feature for feature, kind in features.items() if kind in ("integer", "number")]
            raise PackError(f'{file}: monotone: "{name}" is no number.{did_you_mean(name, numbers)}')
    for field in ("within", "settle", "lead", "until", "horizon", "cooldown"):
        _period(file, field, getattr(milestone, field))
    known = {**features, **event_types(pack, milestone.on)}
    _rule(file, "when", milestone.when, known)
    _rule(file, "at_risk", milestone.at_risk, known)
    _one_link(pack, milestone)
    _alternatives(pack, milestone)
    for case in milestone.cases:
        for name in (*case.given, *(f"event.{n}" for n in case.event)):
            if name not in known:
                raise PackError(f'{file}: case "{case.name}": unknown feature "{name}".{did_you_mean(name, known)}')
    _placeholders(file, milestone, known)


def _check_procedure(pack: Pack, procedure: Procedure, features: Features) -> None:
    file = f"{procedure.id}.yaml"
    known = dict(features)
    for milestone_id in procedure.answers:
        if milestone_id not in pack.milestones:
            near = did_you_mean(milestone_id, pack.milestones)
            raise PackError(f'{file}: answers: unknown milestone "{milestone_id}".{near}')
    offered_on = [m.id for m in pack.milestones.values() if procedure in pack.offers(m.id)]
    for milestone_id in offered_on:
        known |= event_types(pack, pack.milestones[milestone_id].on)
    if offered_on and procedure.who is None:
        raise PackError(f'{file}: offered on {", ".join(offered_on)}, so it needs "who" (write `true` for everybody).')
    if offered_on and procedure.unprompted is not None:
        raise PackError(
            f'{file}: offered on {", ".join(offered_on)}, so people are told of it; take "unprompted" or the link away.'
        )
    _rule(file, "who", procedure.who, known)
    _rule(file, "done_when", procedure.done_when, known)
    for name in (procedure.deadline and procedure.deadline.after, procedure.entitlement_from):
        if name and known.get(name) != "date":
            raise PackError(f'{file}: "{name}" is no date feature.{_near_date(name, known)}')
    if procedure.deadline:
        _period(file, "deadline.period", procedure.deadline.period)
    for need in procedure.needs:
        if need.register_id is not None and need.register_id not in pack.registers:
            near = did_you_mean(need.register_id, pack.registers)
            raise PackError(f'{file}: need "{need.id}": unknown register "{need.register_id}".{near}')
        if need.feature is not None and need.feature not in known:
            near = did_you_mean(need.feature, known)
            raise PackError(f'{file}: need "{need.id}": unknown feature "{need.feature}".{near}')


def _one_link(pack: Pack, milestone: Milestone) -> None:
    """A milestone and a procedure are linked from one side, never from both."""
    for procedure_id in milestone.procedures:
        if procedure_id not in pack.procedures:
            near = did_you_mean(procedure_id, pack.procedures)
            raise PackError(f'{milestone.id}.yaml: procedures: unknown procedure "{procedure_id}".{near}')
        if milestone.id in pack.procedures[procedure_id].answers:
            raise PackError(
                f"{milestone.id}.yaml names {procedure_id}, whose file names {milestone.id} too: keep one of the two."
            )


def _alternatives(pack: Pack, milestone: Milestone) -> None:
    """Both a step that costs a right and what to consider first are offered on the milestone."""
    offered = [procedure.id for procedure in pack.offers(milestone.id)]
    for one in milestone.alternatives:
        for name in (one.procedure, one.consider):
            if name not in offered:
                near = did_you_mean(name, offered)
                raise PackError(f'{milestone.id}.yaml: alternatives: "{name}" is not offered on it.{near}')


def _rule(file: str, field: str, text: str | None, known: Features) -> None:
    if text is None:
        return
    try:
        Condition.parse(text, known)
    except RuleError as error:
        raise PackError(f"{file}: {field}: {error}") from None


def _period(file: str, field: str, text: str) -> None:
    try:
        Period.parse(text)
    except ValueError as error:
        raise PackError(f"{file}: {field}: {error}") from None


def _near_date(name: str, known: Features) -> str:
    return did_you_mean(name, [feature for feature, kind in known.items() if kind == "date"])


def _placeholders(file: str, milestone: Milestone, known: Features) -> None:
    """A text names known facts only, and no date or number before a lawyer has verified the milestone."""
    _named_facts(file, milestone.text.why, known)
    for text in milestone.text.why.values():
        for name in _facts_in(file, text):
            if not milestone.verified and known[name] in ("date", "integer", "number"):
                raise PackError(f"{file}: text: {{{name}}} would show a date or an amount; verify the milestone first.")


def _named_facts(file: str, text: Mapping[str, str], known: Features) -> None:
    for line in text.values():
        for name in _facts_in(file, line):
            if name not in known:
                raise PackError(f'{file}: text: unknown feature "{{{name}}}".{did_you_mean(name, known)}')


def _facts_in(file: str, text: str) -> list[str]:
    """The names in braces. Raises PackError where a brace is left open or stands alone."""
    try:
        return [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise PackError(f'{file}: text: "{text}": {error}. A fact stands between two braces: {{born_on}}.') from None


def _check_words(pack: Pack) -> None:
    for language in pack.languages:
        if language not in pack.words:
            raise PackError(f"pack.yaml names the language {language}; locales/{language}.yaml is missing.")
    for language in pack.words:
        if language not in pack.languages:
            raise PackError(f"locales/{language}.yaml: pack.yaml does not name {language} among its languages; add it.")
    every = {key for words in pack.words.values() for key in words}
    for language, words in pack.words.items():
        for text in words.values():
            _facts_in(f"locales/{language}.yaml", text)
        missing = sorted(every - words.keys())
        if missing:
            raise PackError(f"locales/{language}.yaml: no text for {', '.join(missing)}.")
    for procedure in pack.procedures.values():
        key = f"code.portal_group.{procedure.portal_group}"
        if procedure.portal_group and key not in every:
            near = did_you_mean(key, every)
            raise PackError(f'{procedure.id}.yaml: portal_group: no locale has a text for "{key}".{near}')
