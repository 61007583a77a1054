"""The one style of the JSON files in http/openapi: indented by two, on one line what fits there, the
keywords of a schema in one order."""
import json

# The keywords that schemas use, in the order in which a schema has them.
KEYWORDS = ["$ref", "$table", "type", "format", "description", "const", "enum", "default", "minimum", "maximum",
            "minLength", "maxLength", "pattern", "example", "required", "properties", "additionalProperties",
            "minItems", "maxItems", "items", "allOf", "anyOf", "oneOf"]
PARAMETER = ["name", "in", "required", "description", "schema"]
HEADER = ["description", "required", "schema"]
WIDTH = 100


def in_order(schema):
    """The schema with its keywords in the order of KEYWORDS; properties stay as they are."""
    if not isinstance(schema, dict):
        return schema
    out = {key: schema[key] for key in sorted(schema, key=KEYWORDS.index)}
    if "properties" in out:
        out["properties"] = {name: in_order(inner) for name, inner in out["properties"].items()}
    for keyword in ("items", "additionalProperties"):
        if keyword in out:
            out[keyword] = in_order(out[keyword])
    for keyword in ("allOf", "anyOf", "oneOf"):
        if keyword in out:
            out[keyword] = [in_order(inner) for inner in out[keyword]]
    return out


def layout(value, indent: int = 0, used: int = 0, broken: bool = True) -> str:
    """On one line what fits there; an object with properties never does."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or not value:
        return flat
    if not broken and '"properties": {' not in flat and used + len(flat) < WIDTH:
        return flat
    inner, lines = " " * (indent + 2), []
    for key in value:
        name = f"{json.dumps(key, ensure_ascii=False)}: " if isinstance(value, dict) else ""
        of = value[key] if isinstance(value, dict) else key
        lines.append(inner + name + layout(of, indent + 2, indent + 2 + len(name), key == "properties"))
    begin, end = "{}" if isinstance(value, dict) else "[]"
    return begin + "\n" + ",\n".join(lines) + "\n" + " " * indent + end


def styled(kind: str, value: dict) -> str:
    """The text of a file: "document", "parameters", "headers" or the name of a schema."""
    if kind == "parameters":
        value = {name: {key: in_order(of[key]) if key == "schema" else of[key] for key in PARAMETER}
                 for name, of in value.items()}
    elif kind == "headers":
        value = {name: {key: in_order(of[key]) if key == "schema" else of[key] for key in HEADER}
                 for name, of in value.items()}
    elif kind != "document":
        value = in_order(value)
    return layout(value) + "\n"
