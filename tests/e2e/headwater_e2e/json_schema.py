"""What JSON Schemas of /openapi.json say of a value: as strict as a generated client, for which a member that no schema
has does not exist."""
import re
from decimal import Decimal

FORMATS = {"date": re.compile(r"^\d{4}-\d\d-\d\d$"), "date-time": re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")}


def is_of(name: str, value) -> bool:
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "number":
        return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    return isinstance(value, {"string": str, "boolean": bool, "array": list, "object": dict, "null": type(None)}[name])


class Schemas:
    def __init__(self, document: dict):
        self.all = document["components"]["schemas"]

    def plain(self, schema: dict) -> dict:
        while "$ref" in schema:
            schema = self.all[schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def names(self, schema: dict, value):
        """The members that the value may have, or None where it may have any."""
        schema = self.plain(schema)
        if "additionalProperties" in schema:
            return None
        out = set(schema.get("properties", {}))
        inner = schema.get("allOf", []) + [one for one in self.alternatives(schema) if not list(self.faults(one, value))]
        for one in inner:
            more = self.names(one, value)
            if more is None:
                return None
            out |= more
        if not out and not inner:
            return None
        return out

    @staticmethod
    def alternatives(schema: dict) -> list:
        return schema.get("oneOf", []) + schema.get("anyOf", [])

    def faults(self, schema: dict, value, at: str = "", strict: bool = False):
        """What is wrong with the value. Strict: a member that no schema names is wrong, too."""
        schema = self.plain(schema)
        types = schema.get("type", [])
        types = types if isinstance(types, list) else [types]
        if types and not any(is_of(name, value) for name in types):
            yield f"{at}: {value!r} is no {' or '.join(types)}"
            return
        if "const" in schema and value != schema["const"]:
            yield f"{at}: {value!r} is not {schema['const']!r}"
        if "enum" in schema and value not in schema["enum"]:
            yield f"{at}: {value!r} is none of {schema['enum']}"
        if isinstance(value, str):
            yield from self.faults_of_text(schema, value, at)
        if is_of("number", value) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            yield f"{at}: {value} is out of bounds"
        if isinstance(value, list):
            yield from self.faults_of_list(schema, value, at, strict)
        if isinstance(value, dict):
            yield from self.faults_of_object(schema, value, at, strict)
        for one in schema.get("allOf", []):
            yield from self.faults(one, value, at, False)
        yield from self.faults_of_choice(schema, value, at, strict)

    def faults_of_choice(self, schema: dict, value, at: str, strict: bool):
        options = self.alternatives(schema)
        fitting = [one for one in options if not list(self.faults(one, value, at))]
        if options and not fitting:
            least = min((list(self.faults(one, value, at)) for one in options), key=len)
            yield f"{at}: fits no alternative; of the nearest: {least}"
        if len(fitting) > 1 and "oneOf" in schema:
            yield f"{at}: fits {len(fitting)} alternatives of oneOf"
        if len(fitting) == 1 and strict:
            yield from self.faults(fitting[0], value, at, strict)

    def faults_of_text(self, schema: dict, value: str, at: str):
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            yield f"{at}: {value!r} has {len(value)} characters"
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{at}: {value!r} does not match {schema['pattern']}"
        if "format" in schema and not FORMATS[schema["format"]].match(value):
            yield f"{at}: {value!r} is no {schema['format']}"

    def faults_of_list(self, schema: dict, value: list, at: str, strict: bool):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            yield f"{at}: has {len(value)} items"
        if "items" in schema:
            for number, each in enumerate(value):
                yield from self.faults(schema["items"], each, f"{at}[{number}]", strict)

    def faults_of_object(self, schema: dict, value: dict, at: str, strict: bool):
        for name in schema.get("required", []):
            if name not in value:
                yield f"{at}: lacks {name}, which is required"
        known = self.names(schema, value) if strict else None
        for name, inner in value.items():
            if name in schema.get("properties", {}):
                yield from self.faults(schema["properties"][name], inner, f"{at}.{name}", strict)
            elif isinstance(schema.get("additionalProperties"), dict):
                yield from self.faults(schema["additionalProperties"], inner, f"{at}.{name}", strict)
            elif known is not None and name not in known:
                yield f"{at}: has {name}, which no schema names"
