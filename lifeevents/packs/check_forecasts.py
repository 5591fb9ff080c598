"""What a pack's forecasts for areas must say: an outcome that is recorded, a rule that parses, areas that exist."""

from lifeevents.domain.errors import PackError, RuleError, did_you_mean
from lifeevents.domain.forecast import Forecasting
from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.register import ValueType
from lifeevents.engine.conditions import Condition

CODED: tuple[ValueType, ...] = ("category", "flag")


def check_forecast(vocabulary: Vocabulary, forecast: Forecasting, known: dict[str, ValueType]) -> None:
    """Raises PackError on the first thing that does not hold, naming the file and what would be right."""
    file = f"forecasts/{forecast.id}.yaml"
    if forecast.outcome not in vocabulary.events:
        near = did_you_mean(forecast.outcome, vocabulary.events)
        raise PackError(f'{file}: outcome: unknown event type "{forecast.outcome}".{near}')
    try:
        Condition.parse(forecast.at_risk, known)
    except RuleError as error:
        raise PackError(f"{file}: at_risk: {error}") from None
    coded = {name: one for name, one in vocabulary.attributes.items() if one.type in CODED}
    for field, names in (("areas", forecast.areas), ("by", forecast.by)):
        for name in names:
            if name not in coded:
                raise PackError(f'{file}: {field}: "{name}" is no attribute with codes.{did_you_mean(name, coded)}')
            if not coded[name].detectors:
                raise PackError(
                    f'{file}: {field}: "{name}" is kept out of every model (detectors: false); leave it out.'
                )
    twice = {name for name in forecast.areas if name in forecast.by or forecast.areas.count(name) > 1}
    if twice:
        raise PackError(f"{file}: {', '.join(sorted(twice))} would tell the same people apart twice; name it once.")
