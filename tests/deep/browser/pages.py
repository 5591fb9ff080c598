"""Every page there is, by name, for tests that hold for all of them."""

from features.catalogue import known_features
from lifeevents.packs import load
from tests.deep.world import World

LANGUAGES = load("vn", known_features).languages

PAGES = (
    "home",
    "citizen-of-a-recorded-event",
    "citizen-of-a-date-in-law",
    "citizen-with-nothing-to-read",
    "catalogue",
    "catalogue-search",
    "procedure-checked-against-the-law",
    "procedure-not-yet-checked",
    "facts-to-settle",
    "asked-only-once",
    "coverage",
    "coverage-of-all-services",
    "forecasts",
    "monitor",
    "reference",
    "not-found",
)


def path_of(name: str, world: World) -> str:
    """The path of a page; people and procedures are taken from the world, none is written down here."""
    procedures = world.product.pack.procedures.values()
    match name:
        case "home":
            return "/"
        case "citizen-of-a-recorded-event":
            return f"/citizen/{world.told['child_born'][-1]}"
        case "citizen-of-a-date-in-law":
            return f"/citizen/{world.told['retirement'][0]}"
        case "citizen-with-nothing-to-read":
            return "/citizen/nobody-of-ours"
        case "catalogue-search":
            return "/catalogue?q=khai+sinh"
        case "procedure-checked-against-the-law":
            return "/catalogue/" + next(one.id for one in procedures if one.verified and len(one.codes) > 1)
        case "procedure-not-yet-checked":
            return "/catalogue/" + next(one.id for one in procedures if not one.verified and one.needs)
        case "facts-to-settle":
            return "/catalogue/unverified"
        case "asked-only-once":
            return "/catalogue/once-only"
        case "coverage-of-all-services":
            return "/coverage?catalogue=all"
        case "reference":
            return "/docs"
        case "not-found":
            return "/catalogue/no-such-procedure"
        case _:
            return f"/{name}"
