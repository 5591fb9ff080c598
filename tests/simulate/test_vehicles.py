"""Vehicles: from eighteen on, a car with a licence, its inspection shorter the older the car."""


def test_nobody_registers_a_vehicle_under_eighteen(clean, ask):
    young = """select count(*), count(*) filter (date_diff('month', born_on, occurred_on) < 18 * 12) from truth_events
        join truth_subjects using (subject_id) where event = 'vehicle_registered'"""
    registered, too_young = ask(clean.out, young)[0]
    assert too_young == 0 < registered


def test_a_car_belongs_to_a_licence(clean, ask):
    without = """select count(*), count(*) filter (l.subject_id is null) from (select subject_id from events
        where event = 'vehicle_registered' and payload->>'$.kind' = 'car') left join (select distinct subject_id
        from events where event = 'licence_issued') l using (subject_id)"""
    cars, unlicensed = ask(clean.out, without)[0]
    assert unlicensed == 0 < cars


def test_an_inspection_holds_the_shorter_the_older_the_car(clean, ask):
    months = """select date_diff('year', newest, valid_from) >= 8 as old,
        max(date_diff('month', valid_from, value::date))
        from (select a.subject_id, a.valid_from, a.value, max(e.occurred_on) as newest from attributes a join events e
            on e.subject_id = a.subject_id and event = 'vehicle_registered' and payload->>'$.kind' = 'car'
            and e.occurred_on <= a.valid_from where name = 'vehicle_inspection_valid_to' group by all)
        group by 1 order by 1"""
    assert ask(clean.out, months) == [(False, 36), (True, 12)]


def test_some_inspections_lapse_and_most_do_not(country, ask):
    lapsed = "select avg(happened::int), count(*) from truth_chances where event = 'vehicle_inspection_lapse'"
    share, ended = ask(country.out, lapsed)[0]
    assert ended > 50
    assert 0 < share < 0.5
