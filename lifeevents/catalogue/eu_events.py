"""The EU life-event and business-event taxonomies (SEMIC, 2023-03-22): the codes a milestone may name."""

LIFE = "http://data.europa.eu/ox8/life-event/"
BUSINESS = "http://data.europa.eu/m58/business-event/"

LIFE_EVENTS = {
    "BIR": "Birth",
    "BSC": "Becoming a (social) caretaker",
    "CRS": "Changing relationship status",
    "DRE": "Death of a relative",
    "DRV": "Driving a vehicle",
    "FCR": "Facing a crime",
    "FEHP": "Facing an emergency / health problem",
    "GMS": "Going into military service",
    "MOV": "Moving",
    "RES": "Residence",
    "RET": "Retiring",
    "STU": "Studying",
    "WOR": "Working",
}
BUSINESS_EVENTS = {
    "STBU": "Starting a business",
    "HIEM": "Hiring an employee",
    "RUBU": "Running a business",
    "NORA": "Notifying and reporting to authorities",
    "CLBU": "Closing a business",
    "RESCO": "Restructuring of a company",
    "DICO": "Dissolution of a company",
}


def concept(code: str) -> tuple[str, str, str] | None:
    """(address of the concept, address of its scheme, label) of a code, or None for one of neither taxonomy."""
    for scheme, labels in ((LIFE, LIFE_EVENTS), (BUSINESS, BUSINESS_EVENTS)):
        if code in labels:
            return scheme + code, scheme, labels[code]
    return None
