"""A stillbirth is told to the health register or to nobody. It is never a birth, and no milestone can come of it."""

from features.catalogue import known_features
from lifeevents.packs import load
from lifeevents.packs.loader import HOME

PACK = load("vn", known_features)


def test_a_stillbirth_is_in_the_truth_and_in_the_health_register_alone(country, ask):
    registers = ask(country.out, "select distinct register from events where event = 'stillbirth'")
    assert registers == [("health",)]
    per_birth = """select count(*) filter (event = 'stillbirth') / count(*) filter (event = 'birth' and occurred_on
        > date '2010-01-01'), count(*) filter (event = 'stillbirth') from truth_events"""
    share, count = ask(country.out, per_birth)[0]
    assert count > 15
    assert 0.003 < share < 0.015


def test_no_child_no_certificate_and_no_relation_comes_of_a_stillbirth(country, ask):
    mothers = "(select subject_id as mother, occurred_on from truth_events where event = 'stillbirth')"
    born = f"""select count(*) from {mothers} s join relations r on r.related_id = s.mother and r.relation = 'mother'
        join truth_subjects c on c.subject_id = r.subject_id
        where abs(c.born_on - s.occurred_on) < 28"""
    assert ask(country.out, born) == [(0,)]
    kin = f"select count(*) from {mothers} s join relations r on r.valid_from = s.occurred_on and r.subject_id = mother"
    assert ask(country.out, kin) == [(0,)]


def test_nobody_bears_a_child_within_a_pregnancys_time_before_or_after_a_stillbirth(country, ask):
    close = """select count(*), count(*) filter (abs(date_diff('month', s.occurred_on, c.born_on)) <= 8)
        from (select subject_id as mother, occurred_on from truth_events where event = 'stillbirth') s
        join (select distinct subject_id, related_id as mother from relations where relation = 'mother') using (mother)
        join truth_subjects c using (subject_id)"""
    children, too_close = ask(country.out, close)[0]
    assert too_close == 0 < children


def test_a_stillbirth_is_no_event_of_any_relative():
    assert "stillbirth" not in {kin.source for kins in PACK.vocabulary.kin.values() for kin in kins}


def test_no_milestone_and_no_procedure_speaks_of_stillbirth():
    files = [path for folder in ("milestones", "procedures", "stories") for path in (HOME / "vn" / folder).rglob("*")]
    texts = [path.read_text(encoding="utf-8") for path in files if path.suffix == ".yaml"]
    assert len(texts) > 100
    assert not any("stillbirth" in text for text in texts)
