"""Military service, licences, temporary residence and disability: ages, lengths, renewals, and the deny-list."""

from lifeevents.domain.pack import Vocabulary


def test_men_register_at_seventeen_or_later_and_some_serve_two_years_from_eighteen(country, ask):
    ages = """select event, bool_and(sex = 'M'), min(year(occurred_on) - year(born_on)),
        max(year(occurred_on) - year(born_on)), count(*) from truth_events join truth_subjects using (subject_id)
        where event like 'military%' group by 1 order by 1"""
    rows = {event: row for event, *row in ask(country.out, ages)}
    assert all(men for men, *_ in rows.values())
    assert (rows["military_registered"][1], rows["military_registered"][2]) == (17, 20)
    assert rows["military_call_up"][1] >= 18
    assert rows["military_call_up"][2] <= 25
    assert rows["military_registered"][3] > 1_000 > rows["military_call_up"][3] > 100
    served = """select distinct date_diff('month', c.occurred_on, d.occurred_on) from truth_events c
        join truth_events d using (subject_id) where c.event = 'military_call_up' and d.event = 'military_discharge'"""
    assert ask(country.out, served) == [(24,)]


def test_nobody_starts_insured_work_while_serving(country, ask):
    meanwhile = """select count(*) from truth_events c join truth_events j using (subject_id)
        where c.event = 'military_call_up' and j.event = 'job_start'
        and j.occurred_on >= date_trunc('month', c.occurred_on) + interval 1 month
        and j.occurred_on < date_trunc('month', c.occurred_on) + interval 24 month"""
    assert ask(country.out, meanwhile) == [(0,)]


def test_a_driving_licence_is_for_ten_years_and_for_adults(clean, ask):
    papers = """select count(*), bool_and(value::date = valid_from + interval 120 month),
        bool_and(valid_from >= born_on + interval 18 year) from attributes join truth_subjects using (subject_id)
        where name = 'licence_valid_to'"""
    count, ten_years, adults = ask(clean.out, papers)[0]
    assert count > 100
    assert (ten_years, adults) == (True, True)


def test_licences_and_residences_are_renewed_by_some_and_lapse_for_others(country, ask):
    for lapse in ("licence_lapse", "temporary_residence_lapse"):
        share = f"select avg(happened::int), count(*) from truth_chances where event = '{lapse}'"
        lapsed, due = ask(country.out, share)[0]
        assert 0.2 < lapsed < 0.9
        assert due > 50
    again = """select count(*) from (select subject_id from truth_events where event = 'temporary_residence_registered'
        group by 1 having count(*) > 1)"""
    assert ask(country.out, again)[0][0] > 100


def test_a_temporary_residence_is_for_two_years(clean, ask):
    lasts = """select bool_and(value::date = valid_from + interval 24 month), count(*) > 100 from attributes
        where name = 'temporary_residence_valid_to'"""
    assert ask(clean.out, lasts) == [(True, True)]


def test_what_is_health_detail_is_kept_out_of_every_model(rates):
    vocabulary = Vocabulary.of(rates.registers, {})
    assert vocabulary.attributes["disability_level"].detectors is False
    assert vocabulary.events["stillbirth"].detectors is False
    assert vocabulary.events["stillbirth"].sensitivity == "sensitive"
