"""What a dump shows of registration, insured work, pensions, health cards, household businesses, school and poverty."""

from lifeevents.simulate.figures.ask import IN_WINDOW, Measure, share, yearly

_LABOUR_FORCE = "(select $labour_force * count(*) from aged($end) where age between 15 and 59)"
_LIVING = "(select count(*) from aged($end))"


def _within(table: str, days: int) -> Measure:
    return share(f"count(*) filter (recorded - day <= {days}), count(*) from {table} where {IN_WINDOW}")


def _insured(*how: str) -> Measure:
    kinds = ", ".join(f"'{kind}'" for kind in how)
    return share(f"count(*), {_LABOUR_FORCE} from held('insured', $end) join aged($end) using (subject_id) "
                 f"where value in ({kinds})")  # fmt: skip


def _valued(name: str, condition: str) -> Measure:
    return share(f"count(*), {_LIVING} from held('{name}', $end) join aged($end) using (subject_id) "
                 f"where {condition}")  # fmt: skip


def _facts(event: str, condition: str = "true") -> str:
    return (f"(select occurred_on as day, age(born_on, occurred_on) as age from facts join people using (subject_id) "
            f"where event = '{event}') where {IN_WINDOW} and {condition}")  # fmt: skip


def _schooled(age: int, *levels: str) -> Measure:
    """Of the living who reach `age` in the year: the share that has entered one of the levels."""
    cohort = f"people where year(born_on) = year($end) - {age} and died_on > $end"
    named = ", ".join(f"'{level}'" for level in levels)
    return share(f"(select count(*) from held('education_level', $end) where value in ({named}) and subject_id in "
                 f"(select subject_id from {cohort})), count(*) from {cohort}")  # fmt: skip


MEASURES: dict[str, Measure] = {
    "births registered within 60 days": _within("births", 60),
    "births ever registered": share(f"count(recorded), count(*) from births where {IN_WINDOW}"),
    "births ever registered, 2021": share("count(recorded), count(*) from births where year(day) = year($mid)"),
    "births ever registered, 2023": share("count(recorded), count(*) from births where year(day) = year($mid)"),
    "deaths registered within 15 days": _within("deaths", 15),
    "deaths registered per 1000 people": yearly("deaths where recorded >= $since and recorded < $to"),
    "insured share of the labour force": _insured("compulsory", "voluntary"),
    "insured share of the labour force, 2024": _insured("compulsory", "voluntary"),
    "compulsorily insured share of the labour force": _insured("compulsory"),
    "voluntarily insured share of the labour force": _insured("voluntary"),
    "lump sums of contributions per 1000 people": yearly(
        "(select distinct subject_id, valid_from as day from told where name = 'contribution_months' and value = '0') "
        f"where {IN_WINDOW}"
    ),
    "new pensions per 1000 people": yearly(_facts("pension_start")),
    "health-insurance coverage": _valued("health_card_valid_to", "try_cast(value as date) >= $end"),
    "household businesses per person": share(
        f"count(*), {_LIVING} from businesses where opened <= $end and closed > $end"
    ),
    "first-graders per 1000 people": yearly(_facts("school_entry", "age between 5 and 7")),
    "entered lower secondary by 13": _schooled(13, "lower_secondary", "upper_secondary", "tertiary"),
    "entered upper secondary by 17": _schooled(17, "upper_secondary", "tertiary"),
    "share of people in poor households": _valued("poverty_status", "value = 'poor'"),
    "share of people in near-poor households": _valued("poverty_status", "value = 'near_poor'"),
}
