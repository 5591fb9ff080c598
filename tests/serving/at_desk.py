"""Two agencies with their keys, for the tests of the quarantine's desk."""

from lifeevents.domain.agency import Agency, digest_of
from serving.agencies import Agencies

KEYS = {"vss": "le_vss", "mof": "le_mof"}
VSS, MOF = ({"Authorization": f"Bearer {key}"} for key in KEYS.values())


def agencies() -> Agencies:
    """The social insurance, which writes social_insurance, and the ministry of finance, which writes tax."""
    written = {"vss": "social_insurance", "mof": "tax"}
    return Agencies(
        tuple(
            Agency(id=id, title=id.upper(), source=f"urn:{id}", registers=(written[id],), key_sha256=digest_of(key))
            for id, key in KEYS.items()
        )
    )
