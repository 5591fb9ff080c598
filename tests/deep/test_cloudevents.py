"""The published schema of an event is the model's own, and what we take the specification of CloudEvents 1.0 takes."""

import json
import os
from copy import deepcopy
from pathlib import Path

import jsonschema
import pytest
from pydantic_core import ValidationError

from lifeevents.registers.cloudevents import EXAMPLE, CloudEvent

SHARED = Path(os.environ.get("LIFEEVENTS_SHARED", Path(__file__).parents[2].parent / "shared"))
SPECIFICATION = SHARED / "conformance" / "cloudevents-1.0-schema.json"
BROKEN = [
    EXAMPLE | {"colour": "red"},
    EXAMPLE | {"specversion": "2"},
    EXAMPLE | {"type": "birth"},
    EXAMPLE | {"data": {"evnts": []}},
    {key: value for key, value in EXAMPLE.items() if key != "time"},
]


def test_the_published_schema_takes_and_refuses_what_the_model_does() -> None:
    schema = CloudEvent.model_json_schema()
    jsonschema.validate(EXAMPLE, schema)
    for broken in BROKEN:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schema)
        with pytest.raises(ValidationError):
            CloudEvent.model_validate(broken)


if SPECIFICATION.is_file():

    def test_what_we_take_the_specification_takes() -> None:
        specification = json.loads(SPECIFICATION.read_text())
        whole = deepcopy(EXAMPLE) | {"datacontenttype": "application/json", "dataschema": "https://example.gov/rows"}
        CloudEvent.model_validate(whole)
        jsonschema.validate(whole, specification)
        assert set(specification["properties"]) - {"data_base64"} <= set(CloudEvent.model_fields)
        for name in specification["required"]:
            lacking = {key: value for key, value in whole.items() if key != name}
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate(lacking, specification)
            with pytest.raises(ValidationError, match=name):
                CloudEvent.model_validate(lacking)
