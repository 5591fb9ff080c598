"""The sample data of the package pseudopeople, a simulated US town 2019 to 2041, as a plain dump.

Its forms (census 2020/2030/2040, tax forms per year, social-security file) become the facts a register would hold:

persons     everyone in a W-2, 1099 or 1040, in a census, or with a recorded death; observed from the first year of a
            form (or birth) to the last, or to death. Sex from census and social security.
death       social security, to the day. All other events are known by year, on 31 December.
move        the mailing address of the W-2s of two following years differs.
job_loss    a W-2 or 1099 last year, none this year, alive; job_change: another employer paid most.
business_start  a 1099 this year, a W-2 but no 1099 last year.
child_birth the first 1040 that claims a child born in its year or the year before (from 2019 on); where two people
            claim it in one year, the one with the smaller id.
relations   parent and child from 1040 dependents and census guardians; spouses from the census.
relative_death  of a parent, child or spouse, related by then, while observed.
No name, address or number is kept.
"""

# ruff: noqa: S608 (the SQL holds nothing but this file's own text)

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import duckdb
import pyarrow.parquet

FOLDER = "pseudopeople/data/sample_datasets"
LAST_YEAR = 2040
"""The last year of which all forms are there."""
META = {
    "source": "PyPI pseudopeople 1.3.1, pseudopeople/data/sample_datasets/*.parquet",
    "licence": "BSD-3-Clause",
    "real": False,
    "caveats": "SIMULATED (independent of the team). Life events depend on little more than age, sex, household: mainly"
    " a format, scale and calibration test, and a negative control. Everyone 'works' at any age, no marriages or"
    " retirement.",
}

_FORMS = """
CREATE TEMP TABLE w2 AS SELECT simulant_id::VARCHAR AS id, tax_year::INTEGER AS year, tax_form::VARCHAR AS form,
    employer_id, wages, date_of_birth::DATE AS born, __index_level_0__ AS place, concat_ws(' ',
    mailing_address_street_number, mailing_address_street_name, mailing_address_unit_number, mailing_address_po_box,
    mailing_address_zipcode) AS address FROM taxes_w2_and_1099;
CREATE TEMP TABLE work AS SELECT id, year, count(*) AS jobs, sum(wages) AS wages, bool_or(form = '1099') AS self1099,
    arg_max(employer_id, (wages, -place)) AS employer, arg_min(address, place) AS address FROM w2 GROUP BY id, year;
CREATE TEMP TABLE census AS SELECT simulant_id::VARCHAR AS id, year::INTEGER AS year, make_date(year::INTEGER, 4, 1)
    AS day, date_of_birth::DATE AS born, left(sex::VARCHAR, 1) AS sex, household_id::VARCHAR AS household,
    relationship_to_reference_person::VARCHAR AS relationship, housing_type::VARCHAR AS housing,
    race_ethnicity::VARCHAR AS race, [guardian_1::VARCHAR, guardian_2::VARCHAR] AS guardians FROM decennial_census;
CREATE TEMP TABLE social AS SELECT simulant_id::VARCHAR AS id, event_type::VARCHAR AS type, event_date::DATE AS day,
    date_of_birth::DATE AS born, left(sex::VARCHAR, 1) AS sex FROM social_security;
CREATE TEMP TABLE claims AS SELECT * FROM (SELECT simulant_id::VARCHAR AS id,
    tax_year::INTEGER AS year, unnest([dependent_1_simulant_id::VARCHAR,
    dependent_2_simulant_id::VARCHAR, dependent_3_simulant_id::VARCHAR, dependent_4_simulant_id::VARCHAR]) AS child
    FROM taxes_1040) WHERE child IS NOT NULL;
CREATE TEMP TABLE seen AS SELECT id, year, born FROM w2 UNION ALL SELECT id, year, born FROM census UNION ALL
    SELECT simulant_id::VARCHAR, tax_year::INTEGER, date_of_birth::DATE FROM taxes_1040;
"""

_PERSONS = """
CREATE TABLE persons AS
WITH deaths AS (SELECT id, min(day) AS died, any_value(born) AS born FROM social WHERE type = 'death' GROUP BY id),
     forms AS (SELECT id, min(year) AS first, max(year) AS last, any_value(born) AS born FROM seen GROUP BY id),
     sexes AS (SELECT id, any_value(sex) AS sex FROM
               (SELECT id, sex FROM census UNION ALL SELECT id, sex FROM social) GROUP BY id),
     spans AS (SELECT id, coalesce(f.born, d.born) AS born, died, last,
               greatest(coalesce(f.born, d.born), make_date(coalesce(first, 2019), 1, 1)) AS start
               FROM forms f FULL JOIN deaths d USING (id))
SELECT id AS person_id, sex, born AS birth_date, 'day' AS birth_precision, start AS obs_from,
       greatest(start, coalesce(died, make_date(last, 12, 31))) AS obs_to
FROM spans LEFT JOIN sexes USING (id)
"""

_RELATIONS = """
CREATE TABLE relations AS
WITH parents AS (
    SELECT child, parent, min(day) AS day FROM (
        SELECT child, id AS parent, make_date(year, 12, 31) AS day FROM claims UNION ALL
        SELECT id, unnest(guardians), day FROM census WHERE relationship IN ('Biological child', 'Adopted child',
            'Stepchild', 'Grandchild', 'Other relative', 'Sibling'))
    WHERE child <> parent AND child IN (SELECT person_id FROM persons) AND parent IN (SELECT person_id FROM persons)
    GROUP BY child, parent),
spouses AS (
    SELECT a.id AS one, b.id AS other, min(a.day) AS day FROM census a JOIN census b USING (household, year)
    WHERE a.relationship = 'Reference person' AND b.relationship IN ('Opposite-sex spouse', 'Same-sex spouse')
    GROUP BY a.id, b.id)
SELECT child AS person_id, parent AS related_id, 'parent' AS relation, day AS valid_from FROM parents UNION ALL
SELECT parent, child, 'child', day FROM parents UNION ALL
SELECT one, other, 'spouse', day FROM spouses UNION ALL SELECT other, one, 'spouse', day FROM spouses
"""

_EVENTS = f"""
CREATE TEMP TABLE deaths AS SELECT id, min(day) AS day FROM social WHERE type = 'death' GROUP BY id;
CREATE TEMP TABLE years AS SELECT n.id, n.year, n.employer <> p.employer AS changed, n.address <> p.address AS moved,
    n.self1099 AND NOT p.self1099 AS started FROM work n JOIN work p ON p.id = n.id AND p.year = n.year - 1;
CREATE TEMP TABLE lost AS SELECT w.id, w.year + 1 AS year FROM work w LEFT JOIN deaths d USING (id)
    ANTI JOIN work n ON n.id = w.id AND n.year = w.year + 1
    WHERE w.year < {LAST_YEAR} AND (d.day IS NULL OR year(d.day) > w.year + 1);
CREATE TEMP TABLE births AS
WITH first AS (SELECT child, arg_min(id, (year, id)) AS id, min(year) AS year FROM claims GROUP BY child),
     born AS (SELECT id AS child, any_value(born) AS born FROM
              (SELECT id, born FROM seen UNION ALL SELECT id, born FROM social) GROUP BY id)
SELECT id, year FROM first JOIN born USING (child) WHERE year - year(born) <= 1 AND year(born) >= 2019;
CREATE TABLE events AS
SELECT id AS person_id, day AS date, 'death' AS event, 'day' AS precision, NULL::VARCHAR AS detail FROM deaths
UNION ALL
SELECT r.person_id, d.day, 'relative_death', 'day', r.relation FROM relations r JOIN deaths d ON d.id = r.related_id
    JOIN persons p USING (person_id) WHERE r.valid_from <= d.day AND d.day <= p.obs_to UNION ALL
SELECT id, make_date(year, 12, 31), event, 'year', NULL FROM (
    SELECT id, year, 'job_change' AS event FROM years WHERE changed UNION ALL
    SELECT id, year, 'move' FROM years WHERE moved UNION ALL
    SELECT id, year, 'business_start' FROM years WHERE started UNION ALL
    SELECT id, year, 'job_loss' FROM lost UNION ALL
    SELECT id, year, 'child_birth' FROM births)
"""

_ATTRIBUTES = """
CREATE TABLE attributes AS
WITH homes AS (SELECT *, count(*) OVER (PARTITION BY household, year) AS size FROM census),
     yearly AS (SELECT id, year, jobs, wages::BIGINT AS wages, self1099::INTEGER AS self1099 FROM work UNION ALL
                SELECT id, year, 0, 0, NULL FROM lost)
SELECT id AS person_id, make_date(year, 12, 31) AS valid_from, name, value FROM
    (UNPIVOT (SELECT id, year, jobs::VARCHAR AS jobs, wages::VARCHAR AS wages, self1099::VARCHAR AS self1099
              FROM yearly)
     ON jobs, wages, self1099 INTO NAME name VALUE value)
UNION ALL
SELECT id, day, name, value FROM
    (UNPIVOT (SELECT id, day, least(size, 12)::VARCHAR AS household_size, housing AS housing_type,
              race AS race_ethnicity, relationship AS relationship_to_reference_person FROM homes)
     ON household_size, housing_type, race_ethnicity, relationship_to_reference_person INTO NAME name VALUE value)
"""


def convert(con: duckdb.DuckDBPyConnection, archive: zipfile.ZipFile) -> tuple[list[dict[str, Any]], Mapping[str, Any]]:
    """Fill persons, relations, events and attributes from the wheel; returns tasks and meta."""
    for name in ("decennial_census", "social_security", "taxes_1040", "taxes_w2_and_1099"):
        member = f"{FOLDER}/{name}/{name}.parquet"
        con.register(name, pyarrow.parquet.read_table(io.BytesIO(archive.read(member))))
    for statements in (_FORMS, _PERSONS, _RELATIONS, _EVENTS, _ATTRIBUTES):
        con.execute(statements)
    return tasks(), META


def tasks() -> list[dict[str, Any]]:
    """The questions to measure on: train, validate and test on later and later days, with a gap of the horizon."""

    def ends(first: int, last: int) -> list[str]:
        return [f"{year}-12-31" for year in range(first, last + 1)]

    two_years = {"train_refs": ends(2020, 2028), "valid_refs": ends(2030, 2030), "test_refs": ends(2033, 2037)}
    one_year = {"train_refs": ends(2020, 2029), "valid_refs": ends(2030, 2031), "test_refs": ends(2033, 2037)}

    def task(target: str, name: str, months: int, min_age: int, max_age: int, **more: Any) -> dict[str, Any]:
        head = {"id": f"{name}{months}", "target": [target], "horizon_months": months}
        refs = two_years if months == 24 else one_year
        return head | {"min_age": min_age, "max_age": max_age} | more | {"split": "temporal"} | refs

    working = {"need_attr_this_year": "wages"}
    return [
        task("death", "death", 24, 20, 115),
        task("child_birth", "birth", 12, 16, 49, sex="F"),
        task("move", "move", 12, 18, 100, **working),
        task("job_loss", "jobloss", 12, 20, 64, **working, attr_gt={"jobs": 0}),
        task("business_start", "business", 12, 18, 75, **working, attr={"self1099": 0}),
        task("relative_death", "relativedeath", 24, 5, 100, has_relation=True),
    ]
