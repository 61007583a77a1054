"""cmake/openapi_schemas.py: what it refuses, what it writes, and that what stands in http/openapi passes."""
import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "cmake"))

import openapi_schemas  # noqa: E402

STATUS = '{\n  "type": "object",\n  "properties": {\n    "status": {"type": "string"}\n  }\n}\n'
SIZE = '{"name": "size", "in": "path", "required": true, "description": "Events", "schema": {"type": "integer"}}'
DOCUMENT = '{"openapi": "3.1.0", "info": {}, "security": [], "tags": [], "securitySchemes": {}}'
HEADERS = '{"ETag": {"description": "A tag", "required": true, "schema": {"type": "string"}}}'


class Folder(unittest.TestCase):
    """A folder of schemas that is right but for what a test writes into it."""

    def setUp(self):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        self.home = pathlib.Path(home.name)
        self.folder, self.sources = self.home / "openapi", self.home / "http"
        self.folder.mkdir()
        self.sources.mkdir()
        self.write("Status", STATUS)
        self.write("parameters", '{"{size}": ' + SIZE + "}")
        self.write("document", DOCUMENT)
        self.source('route live{.path = "/checkpoints/{size}", .answer = "Status"};')
        self.assertEqual(self.run_script("--format"), "")

    def write(self, name: str, text: str):
        (self.folder / f"{name}.json").write_text(text, encoding="utf-8")

    def source(self, text: str):
        (self.sources / "routes.cpp").write_text(text, encoding="utf-8")

    def run_script(self, *arguments) -> str:
        """What it says; "" where nothing is wrong."""
        said, argv = io.StringIO(), sys.argv
        sys.argv = ["openapi_schemas.py", "--folder", str(self.folder), *map(str, arguments)]
        try:
            with contextlib.redirect_stderr(said):
                status = openapi_schemas.main()
        finally:
            sys.argv = argv
        self.assertEqual(status, 1 if said.getvalue() else 0)
        return said.getvalue()

    def check(self) -> str:
        return self.run_script("--used-by", self.sources)

    def refused(self, name: str, text: str, why: str):
        self.write(name, text)
        said = self.check()
        self.assertIn(f"{name}.json", said)
        self.assertIn(why, said)
        self.assertNotEqual(self.run_script("--output", self.home / "out.cpp"), "")
        self.assertFalse((self.home / "out.cpp").exists())


class Refusals(Folder):
    def test_bad_json_is_named_with_its_line(self):
        self.refused("Status", '{\n  "type": "object",\n}\n', "line 3, column 1")

    def test_nan_is_no_json(self):
        self.refused("Status", '{"minimum": NaN}', "NaN is not JSON")

    def test_bytes_that_are_not_utf_8(self):
        (self.folder / "Status.json").write_bytes(b'{"description": "\xff"}')
        self.assertIn("not UTF-8", self.check())

    def test_duplicate_key(self):
        self.refused("Status", '{"type": "object", "type": "string"}', 'duplicate key "type"')

    def test_duplicate_key_deep_inside(self):
        self.refused("Status", '{"properties": {"a": {"type": "string"}, "a": {"type": "null"}}}', 'duplicate key "a"')

    def test_reference_to_a_schema_that_does_not_exist(self):
        self.refused("Status", '{"type": "array", "items": {"$ref": "#/components/schemas/Gone"}}', "schemas/Gone, which does not exist")

    def test_reference_of_another_form(self):
        self.refused("Status", '{"$ref": "Status.json"}', "Status.json, which does not exist")

    def test_misspelt_keyword(self):
        self.refused("Status", '{"type": "object", "propertys": {}}', 'unknown keyword "propertys"')

    def test_misspelt_type_deep_inside(self):
        self.refused("Status", '{"oneOf": [{"type": ["strin", "null"]}]}', 'oneOf[0]: no type "strin"')

    def test_required_member_that_is_no_property(self):
        self.refused("Status", '{"required": ["id"], "properties": {"name": {}}}', '"id" is required and no property')

    def test_enum_that_says_something_twice(self):
        self.refused("Status", '{"enum": ["a", "a"]}', "says something twice")

    def test_style(self):
        self.refused("Status", STATUS.replace("\n", ""), "not in the one style")

    def test_file_whose_name_is_no_name_of_a_schema(self):
        self.refused("rule_lint", "{}", "a schema has a name such as RuleLint")

    def test_schema_that_nothing_uses(self):
        self.write("Lonely", '{}\n')
        self.assertIn("Lonely.json: no route and no other schema uses it", self.check())

    def test_schema_that_another_place_names(self):
        self.write("Lonely", '{}\n')
        other = self.home / "kinds.hpp"
        other.write_text('constexpr std::string_view schema = "Lonely";')
        self.assertEqual(self.run_script("--used-by", self.sources, other), "")
        other.write_text('constexpr std::string_view schema = "Gone";')
        self.assertIn("kinds.hpp: there is no http/openapi/Gone.json", self.run_script("--used-by", self.sources, other))

    def test_schemas_that_only_use_each_other(self):
        for name, other in (("One", "Two"), ("Two", "One")):
            self.write(name, f'{{\n  "$ref": "#/components/schemas/{other}"\n}}\n')
        said = self.check()
        self.assertIn("One.json: no route", said)
        self.assertIn("Two.json: no route", said)

    def test_route_that_names_a_schema_that_does_not_exist(self):
        self.source('route live{.path = "/checkpoints/{size}", .body = "Status", .answers = "Gone"};')
        said = self.check()
        self.assertIn("routes.cpp: there is no http/openapi/Gone.json", said)

    def test_route_that_names_a_parameter_that_does_not_exist(self):
        self.source('route live{.path = "/checkpoints/{size}", .parameters = {\n"gone"}, .answer = "Status"};')
        said = self.check()
        self.assertIn("routes.cpp: http/openapi/parameters.json has no gone", said)
        self.assertEqual(said.count("\n"), 1)

    def test_parameter_that_no_route_has(self):
        self.source('route live{.path = "/checkpoints", .answer = "Status"};')
        self.assertIn("no route uses {size}", self.check())

    def test_path_with_a_parameter_that_is_not_described(self):
        self.source('route live{.path = "/checkpoints/{size}/{part}", .answer = "Status"};')
        self.assertIn("a route's path has {part}", self.check())

    def test_header_of_a_route_that_does_not_exist(self):
        self.write("headers", HEADERS)
        self.source('route live{.path = "/checkpoints/{size}", .answer = "Status", .headers = {"ETag", "Gone"}};')
        self.assertIn("routes.cpp: http/openapi/headers.json has no Gone", self.run_script("--format", "--used-by", self.sources))

    def test_header_that_nothing_has(self):
        self.write("headers", HEADERS)
        self.assertIn("no route and no answer has ETag", self.run_script("--format", "--used-by", self.sources))

    def test_header_without_a_description(self):
        self.refused("headers", HEADERS.replace("A tag", ""), "a header has description, required, schema")

    def test_parameter_without_a_description(self):
        self.refused("parameters", '{"{size}": ' + SIZE.replace("Events", "") + "}", "has no description")

    def test_parameter_of_a_path_under_another_name(self):
        self.refused("parameters", '{"size": ' + SIZE + "}", "has the name {name}")

    def test_table_with_something_beside_it(self):
        self.refused("Status", '{"$table": "account", "type": "object"}', '"$table" stands alone')

    def test_all_faults_are_said_at_once(self):
        self.write("One", "{")
        self.write("Two", '{"type": "strin"}')
        said = self.check()
        self.assertIn("One.json", said)
        self.assertIn("Two.json", said)


class Output(Folder):
    def text(self) -> str:
        self.assertEqual(self.run_script("--output", self.home / "out.cpp"), "")
        return (self.home / "out.cpp").read_text(encoding="utf-8")

    def test_schema_is_embedded_without_blanks(self):
        self.assertIn(r'"{\"type\":\"object\",\"properties\":{\"status\":{\"type\":\"string\"}}}"', self.text())

    def test_header_is_embedded(self):
        self.write("headers", HEADERS)
        self.assertEqual(self.run_script("--format"), "")
        self.assertIn(r'{"ETag", "{\"description\":\"A tag\",\"required\":true,', self.text())

    def test_table_is_asked_where_it_stands(self):
        self.write("Status", '{\n  "type": "string",\n  "enum": {"$table": "lint_codes"}\n}\n')
        self.assertIn(r'"{\"type\":\"string\",\"enum\":" + tables::lint_codes() + "}"', self.text())

    def test_format_sorts_keywords_and_keeps_properties_as_they_are(self):
        self.write("Status", '{"properties":{"b":{"enum":[1],"type":"integer"},"a":{}},"type":"object"}')
        self.assertEqual(self.run_script("--format"), "")
        self.assertEqual((self.folder / "Status.json").read_text(encoding="utf-8"),
                         '{\n  "type": "object",\n  "properties": {\n    "b": {"type": "integer", "enum": [1]},\n    "a": {}\n  }\n}\n')

    def test_format_does_not_touch_a_folder_with_a_fault(self):
        self.write("Status", '{"type":"strin"}')
        self.run_script("--format")
        self.assertEqual((self.folder / "Status.json").read_text(encoding="utf-8"), '{"type":"strin"}')


class OurOwn(unittest.TestCase):
    def test_what_stands_in_http_openapi_passes(self):
        found = openapi_schemas.Schemas(ROOT / "http" / "openapi")
        found.check()
        found.check_style()
        self.assertEqual(found.faults, [])
        self.assertGreater(len(found.schemas), 50)


if __name__ == "__main__":
    unittest.main()
