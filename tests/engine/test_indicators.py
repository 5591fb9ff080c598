import pytest

from lifeevents.engine.indicators import ServiceFigures, verdict, wilson_lower


@pytest.mark.parametrize(
    ("successes", "trials", "expected"),
    [(0, 10, 0.0), (10, 10, 0.7224672), (8, 10, 0.4901625), (95, 100, 0.8882495)],
)
def test_the_wilson_bound_agrees_with_the_textbook(successes: int, trials: int, expected: float) -> None:
    assert wilson_lower(successes, trials) == pytest.approx(expected, abs=1e-6)


def test_no_trials_have_no_bound_and_impossible_counts_are_refused() -> None:
    assert wilson_lower(0, 0) is None
    with pytest.raises(ValueError, match="3 of 2"):
        wilson_lower(3, 2)


def test_a_service_that_the_person_must_start_never_counts_however_well_it_runs() -> None:
    figures = ServiceFigures(eligible=10_000, reached=10_000, audited=10_000, right=10_000)
    assert verdict("L1", figures, verified=True) == "falls_short"
    assert verdict("L2", figures, verified=True) == "meets"


def test_few_people_are_too_few_to_tell_even_when_all_went_well() -> None:
    assert verdict("L2", ServiceFigures(eligible=15, reached=15, audited=100, right=100), verified=True) == "too_few"
    assert verdict("L2", ServiceFigures(eligible=16, reached=16, audited=72, right=72), verified=True) == "too_few"
    assert verdict("L2", ServiceFigures(eligible=16, reached=16, audited=73, right=73), verified=True) == "meets"


def test_a_service_that_misses_people_falls_short() -> None:
    assert (
        verdict("L3", ServiceFigures(eligible=1000, reached=810, audited=1000, right=1000), verified=True)
        == "falls_short"
    )
    assert (
        verdict("L3", ServiceFigures(eligible=1000, reached=1000, audited=1000, right=955), verified=True)
        == "falls_short"
    )


def test_a_service_whose_rules_no_lawyer_has_checked_never_counts() -> None:
    figures = ServiceFigures(eligible=1000, reached=1000, audited=1000, right=1000)
    assert verdict("L2", figures, verified=False) == "falls_short"
