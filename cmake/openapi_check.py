"""Reads and checks the JSON files in http/openapi. What is refused: http/openapi/README.md."""
import json
import pathlib
import re

from openapi_style import HEADER, KEYWORDS, PARAMETER, styled

SCHEMA_NAME = re.compile(r"^[A-Z][A-Za-z0-9]*$")
REFERENCE = re.compile(r"^#/components/schemas/([A-Za-z0-9]+)$")
IDENTIFIER = re.compile(r"^[a-z][a-z0-9_]*$")
TYPES = ["string", "integer", "number", "boolean", "array", "object", "null"]
DOCUMENT = ["openapi", "info", "security", "tags", "securitySchemes"]
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
NAMED_SCHEMA = re.compile(r'\b(?:body|answers?|meta|\w*schema)\s*=\s*"(\w+)"')
NAMED_HEADERS = re.compile(r"\.headers\s*=\s*\{([^}]*)\}")
NAMED_PARAMETERS = re.compile(r"\.parameters\s*=\s*\{([^}]*)\}")


class Invalid(Exception):
    """What is wrong with one file."""


def members(pairs):
    found = {}
    for key, value in pairs:
        if key in found:
            raise Invalid(f'duplicate key "{key}"')
        found[key] = value
    return found


def no_constant(text):
    raise Invalid(f"{text} is not JSON")


def parse(text: str):
    try:
        return json.loads(text, object_pairs_hook=members, parse_constant=no_constant)
    except json.JSONDecodeError as error:
        raise Invalid(f"line {error.lineno}, column {error.colno}: {error.msg}") from error


def subschemas(schema: dict):
    """(what leads to it, schema) of each schema directly inside."""
    for name, inner in schema.get("properties", {}).items():
        yield name, inner
    for keyword in ("items", "additionalProperties"):
        if keyword in schema:
            yield keyword, schema[keyword]
    for keyword in ("allOf", "anyOf", "oneOf"):
        for number, inner in enumerate(schema.get(keyword, [])):
            yield f"{keyword}[{number}]", inner


class Schemas:
    """What the folder holds, and what is wrong with it: `faults`, each with its file in front."""

    def __init__(self, folder: pathlib.Path):
        self.folder, self.faults = folder, []
        self.texts = {}  # path -> text
        self.schemas, self.parameters, self.headers, self.document = {}, {}, {}, {}
        for path in sorted(folder.glob("*.json")):
            try:
                self.read(path)
            except Invalid as error:
                self.faults.append(f"{path}: {error}")
            except UnicodeDecodeError:
                self.faults.append(f"{path}: not UTF-8")

    def read(self, path: pathlib.Path) -> None:
        self.texts[path] = path.read_bytes().decode("utf-8")
        value = parse(self.texts[path])
        if not isinstance(value, dict):
            raise Invalid("not an object")
        if path.stem == "parameters":
            self.parameters = value
        elif path.stem == "headers":
            self.headers = value
        elif path.stem == "document":
            self.document = value
        elif SCHEMA_NAME.match(path.stem):
            self.schemas[path.stem] = value
        else:
            raise Invalid("a schema has a name such as RuleLint")

    def value_of(self, path: pathlib.Path):
        others = {"parameters": self.parameters, "headers": self.headers, "document": self.document}
        return others.get(path.stem, self.schemas.get(path.stem))

    def fault(self, where: str, what: str) -> None:
        self.faults.append(f"{where}: {what}")

    def check(self) -> None:
        for name, schema in self.schemas.items():
            self.check_schema(f"{self.folder}/{name}.json", schema)
        for name, parameter in self.parameters.items():
            self.check_parameter(f"{self.folder}/parameters.json: {name}", name, parameter)
        for name, header in self.headers.items():
            self.check_header(f"{self.folder}/headers.json: {name}", header)
        if list(self.document) != DOCUMENT:
            self.fault(f"{self.folder}/document.json", f"has other members than {', '.join(DOCUMENT)}, in this order")

    def check_schema(self, where: str, schema) -> None:
        if not isinstance(schema, dict):
            return self.fault(where, "a schema is an object")
        if "$table" in schema:
            return self.check_table(where, schema)
        for keyword in schema:
            if keyword not in KEYWORDS:
                self.fault(where, f'unknown keyword "{keyword}"')
        if "$ref" in schema:
            self.check_reference(where, schema)
        self.check_types(where, schema)
        self.check_lists(where, schema)
        if isinstance(schema.get("properties", {}), dict):
            for name, inner in subschemas(schema):
                self.check_schema(f"{where}: {name}", inner)
        else:
            self.fault(where, '"properties" is no object')

    def check_table(self, where: str, value: dict) -> None:
        if list(value) != ["$table"] or not IDENTIFIER.match(str(value["$table"])):
            self.fault(where, '"$table" stands alone and names a function of http/openapi/openapi_tables.hpp')

    def check_reference(self, where: str, schema: dict) -> None:
        found = REFERENCE.match(str(schema["$ref"]))
        if not found or found[1] not in self.schemas:
            self.fault(where, f'"$ref" to {schema["$ref"]}, which does not exist')
        if set(schema) - {"$ref", "description"}:
            self.fault(where, 'only "description" may stand beside "$ref"')

    def check_types(self, where: str, schema: dict) -> None:
        types = schema.get("type", [])
        for each in types if isinstance(types, list) else [types]:
            if each not in TYPES:
                self.fault(where, f'no type "{each}"')

    def check_lists(self, where: str, schema: dict) -> None:
        if isinstance(schema.get("enum"), dict):
            self.check_table(where, schema["enum"])
        for keyword in ("enum", "required", "allOf", "anyOf", "oneOf"):
            value = schema.get(keyword, ["some"])
            if isinstance(value, dict) and keyword == "enum":
                continue
            if not isinstance(value, list) or not value or any(value.count(each) > 1 for each in value):
                self.fault(where, f'"{keyword}" is no list, is empty or says something twice')
            elif keyword == "required" and "required" in schema:
                for name in value:
                    if str(name) not in schema.get("properties", {}):
                        self.fault(where, f'"{name}" is required and no property')

    def check_parameter(self, where: str, name: str, parameter) -> None:
        if not isinstance(parameter, dict) or sorted(parameter) != sorted(PARAMETER):
            return self.fault(where, f"a parameter has {', '.join(PARAMETER)} and nothing else")
        if parameter["in"] not in ("path", "query", "header"):
            self.fault(where, f'no place "{parameter["in"]}"')
        if parameter["in"] == "path" and (name != f'{{{parameter["name"]}}}' or parameter["required"] is not True):
            self.fault(where, "a parameter of a path is required and has the name {name}")
        if not parameter["description"]:
            self.fault(where, "has no description")
        self.check_schema(where, parameter["schema"])

    def check_header(self, where: str, header) -> None:
        if not isinstance(header, dict) or sorted(header) != sorted(HEADER) or not header["description"]:
            return self.fault(where, f"a header has {', '.join(HEADER)} and nothing else")
        self.check_schema(where, header["schema"])

    def check_style(self) -> None:
        if self.faults:
            return  # of a file that is wrong, the style is not known
        for path, text in self.texts.items():
            if text != styled(path.stem, self.value_of(path)):
                self.fault(str(path), "not in the one style; cmake/openapi_schemas.py --format rewrites it")

    def check_use(self, sources: list) -> None:
        """Names in the C++ sources against those here. A name counts as used where it is a whole string."""
        strings, paths = set(), set()
        for path in sources:
            text = path.read_text(encoding="utf-8")
            strings.update(STRING.findall(text))
            paths.update(re.findall(r"\{\w+\}", " ".join(s for s in STRING.findall(text) if s.startswith("/"))))
            for name in NAMED_SCHEMA.findall(text):
                if name not in self.schemas:
                    self.fault(str(path), f"there is no http/openapi/{name}.json")
            for name in STRING.findall(" ".join(NAMED_PARAMETERS.findall(text))):
                if name not in self.parameters:
                    self.fault(str(path), f"http/openapi/parameters.json has no {name}")
            for name in STRING.findall(" ".join(NAMED_HEADERS.findall(text))):
                if name not in self.headers:
                    self.fault(str(path), f"http/openapi/headers.json has no {name}")
        for name in sorted(set(self.headers) - strings):
            self.fault(f"{self.folder}/headers.json", f"no route and no answer has {name}")
        for name in sorted(set(self.schemas) - self.reached(strings)):
            self.fault(f"{self.folder}/{name}.json", "no route and no other schema uses it")
        for name, parameter in self.parameters.items():
            if name not in (paths if parameter["in"] == "path" else strings):
                self.fault(f"{self.folder}/parameters.json", f"no route uses {name}")
        for name in sorted(paths - set(self.parameters)):
            self.fault(f"{self.folder}/parameters.json", f"a route's path has {name}, which is missing here")

    def reached(self, names: set) -> set:
        """The schemas of these names, and those that they lead to."""
        found, left = set(), [name for name in self.schemas if name in names]
        while left:
            name = left.pop()
            if name in self.schemas and name not in found:
                found.add(name)
                left += re.findall(r'"#/components/schemas/(\w+)"', json.dumps(self.schemas[name]))
        return found
