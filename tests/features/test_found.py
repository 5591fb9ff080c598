"""The vocabulary found in a dump that comes without a pack."""

from features.compute import compute
from features.found import vocabulary_of
from tests.features.test_as_of import DAY, spine


def test_types_whose_features_would_share_a_name_are_told_apart(book):
    book.subject("one", "1980-05-05")
    for event in ("Move", "child", "move", "move_12m"):
        book.event("one", event, "2021-01-01")
    for name in ("sex", "has_child", "wage", "Wage"):
        book.attribute("one", name, "1", "2021-01-01")
    for relation in ("child", "parent"):
        book.relation("one", "other", relation, "2021-01-01")
    found = vocabulary_of(book.con)
    assert list(found.events) == ["Move", "child"]
    assert list(found.attributes) == ["Wage"]
    assert found.relations == ("parent",)
    row = compute(book.con, found, spine(("one", DAY)))
    assert (row["has_Move"][0].as_py(), row["Wage"][0].as_py()) == (True, 1)
