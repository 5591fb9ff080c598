"""Who shares events with whom: spouses move on one day and marry on one day, so they must stand in one fold.

Were one of them trained on and the other judged, the trees would have seen the very event, with nearly the same facts:
chances for unseen people would look better at the top than they are.
"""

from collections.abc import Mapping

import duckdb
import numpy as np

_BOTH_WAYS = """
SELECT DISTINCT one.subject_id, one.related_id FROM relations one JOIN relations other
  ON other.subject_id = one.related_id AND other.related_id = one.subject_id AND other.relation = one.relation
WHERE one.subject_id < one.related_id ORDER BY ALL
"""


def bound(con: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
    """Subject -> one that stands for all it is bound to, itself or another; those bound to nobody are left out.

    Bound are two who are the same to each other (a spouse is the spouse's spouse, a mother's child is not its mother),
    ever, and so whoever is bound to either. Reads `relations` of all buckets attached in `con`.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = con.sql(_BOTH_WAYS).fetchall()
    if not pairs:
        return {}
    names, place = np.unique(np.array(pairs, dtype=str), return_inverse=True)
    one, other = place.reshape(-1, 2).T
    _, group = connected_components(coo_array((np.ones(len(one)), (one, other)), shape=(len(names), len(names))), False)
    _, first = np.unique(group, return_index=True)
    return dict(zip(names.tolist(), names[first[group]].tolist(), strict=True))
