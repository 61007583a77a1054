"""/openapi.json against reality: every documented route and status was observed by some test, and
every observed one is documented. Runs last; see observations.py."""
import json
import os
import re
import unittest
from decimal import Decimal

from . import observations
from .case import Case
from .json_schema import Schemas
from .world import Account, make_token

# What every HTTP library sees to by itself, and what settings and browsers ask for.
OF_THE_PROTOCOL = {"cache-control", "connection", "content-encoding", "content-length", "content-type", "date",
                   "strict-transport-security", "transfer-encoding", "vary", "x-content-type-options"}
METHODS = ("get", "post", "patch", "put", "delete", "head", "options")


def bare(path: str) -> str:
    """A path without its version prefix and its trailing slash: all of them serve the same."""
    path = re.sub(r"^(/api/v1|/v1)(?=/)", "", path)
    return path.rstrip("/") or "/"


def parsed(body: str):
    return json.loads(body, parse_float=Decimal)


class Document:
    def __init__(self, value: dict):
        self.value = value
        self.schemas = Schemas(value)
        self.templates = {bare(template): template for template in value["paths"]}
        self.operations = {}  # (METHOD, template) -> set of statuses
        for template, item in value["paths"].items():
            for method in METHODS:
                if method in item:
                    statuses = {int(code) for code in item[method]["responses"] if code.isdigit()}
                    self.operations.setdefault((method.upper(), bare(template)), set()).update(statuses)
        self.patterns = [(re.compile("^" + re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template)) + "$"), method, template)
                         for method, template in self.operations]
        self.patterns.sort(key=lambda entry: entry[2].count("{"))  # /api-tokens/self before /api-tokens/{id}

    def operation(self, method: str, path: str):
        path = bare(path)
        for pattern, known, template in self.patterns:
            if known == method and pattern.match(path):
                return method, template
        return None

    def response(self, operation: tuple, status: int) -> dict:
        """What the document says of an answer, with the headers that it refers to in their places."""
        method, template = operation
        of = self.value["paths"][self.templates[template]][method.lower()]["responses"][str(status)]
        headers = {name.lower(): self.value["components"]["headers"][to["$ref"].rsplit("/", 1)[1]]
                   for name, to in of.get("headers", {}).items()}
        return {"headers": headers, "content": of.get("content", {})}

    def faults(self, sample: dict):
        """Where a real answer is not as the document says; nothing if it does not know the operation or the status."""
        operation = self.operation(sample["method"], sample["path"])
        if not operation or sample["status"] not in self.operations[operation]:
            return
        said = self.response(operation, sample["status"])
        for name in sample["headers"]:
            if name not in said["headers"] and name not in OF_THE_PROTOCOL and not name.startswith("access-control-"):
                yield f"header {name} is not declared"
        for name, header in said["headers"].items():
            if header["required"] and name not in sample["headers"]:
                yield f"header {name} is declared and missing"
        if sample["type"] and sample["type"] not in said["content"]:
            yield f"{sample['type']} is not declared"
        if sample["type"] == "application/json" and sample["body"] and sample["type"] in said["content"]:
            yield from self.schemas.faults(said["content"]["application/json"]["schema"], parsed(sample["body"]), "body", True)


class Shape(Case):
    def document(self):
        return self.expect(self.acct.viewer.get("/openapi.json"), 200).json()

    def test_document_is_openapi_3_1(self):
        value = self.document()
        self.assertTrue(value["openapi"].startswith("3.1"), value["openapi"])
        self.assertTrue(value["info"]["title"] and value["info"]["version"])
        self.assertTrue(value["paths"])

    def test_operations_are_described_with_unique_ids_and_responses(self):
        ids = []
        for path, item in self.document()["paths"].items():
            for method in METHODS:
                if method in item:
                    with self.subTest(method=method, path=path):
                        self.assertTrue(item[method].get("responses"))
                        self.assertTrue(all("description" in r or "$ref" in r for r in item[method]["responses"].values()))
                        ids.append(item[method].get("operationId"))
        self.assertEqual(len(ids), len(set(ids)))

    def test_parameters_in_paths_are_declared(self):
        for path, item in self.document()["paths"].items():
            for method in METHODS:
                if method in item:
                    declared = item.get("parameters", []) + item[method].get("parameters", [])
                    declared = [self.resolve(p)["name"] for p in declared if self.resolve(p)["in"] == "path"]
                    with self.subTest(method=method, path=path):
                        self.assertEqual(sorted(declared), sorted(re.findall(r"\{([^}]*)\}", path)))

    def resolve(self, value):
        while "$ref" in value:
            target = self.document()
            for step in value["$ref"].removeprefix("#/").split("/"):
                target = target[step.replace("~1", "/").replace("~0", "~")]
            value = target
        return value

    def test_every_reference_resolves(self):
        document = self.document()

        def walk(value):
            if isinstance(value, dict):
                if isinstance(value.get("$ref"), str):
                    target = document
                    for step in value["$ref"].removeprefix("#/").split("/"):
                        self.assertIn(step.replace("~1", "/"), target, value["$ref"])
                        target = target[step.replace("~1", "/")]
                for inner in value.values():
                    walk(inner)
            elif isinstance(value, list):
                for inner in value:
                    walk(inner)
        walk(document)

    def test_every_route_of_the_contract_is_documented(self):
        known = Document(self.document())
        acct = self.acct
        for method, path in (("GET", "/passthrough-referrers"), ("POST", "/passthrough-referrers"), ("GET", "/passthrough-referrers/1"),
                             ("PATCH", "/passthrough-referrers/1"), ("DELETE", "/passthrough-referrers/1"), ("GET", "/referrer-mappings"), ("PATCH", "/passthrough-referrers"), ("DELETE", "/passthrough-referrers"), ("PATCH", "/referrer-mappings"), ("DELETE", "/referrer-mappings"),
                             ("POST", "/referrer-mappings"), ("GET", "/referrer-mappings/1"), ("PATCH", "/referrer-mappings/1"),
                             ("DELETE", "/referrer-mappings/1"), ("POST", "/resolve"), ("GET", "/rules/lint"), ("GET", "/accounts/a/attribution"), ("PATCH", "/accounts/a/attribution"), ("GET", "/sources"), ("GET", "/presets"), ("POST", "/presets/payment/apply"), ("GET", "/events"), ("GET", "/accounts/a/diff"), ("POST", "/accounts/a/restore-rules"), ("GET", "/referrer-mappings/export"), ("POST", "/referrer-mappings/import"),
                             ("GET", "/passthrough-referrers/export"), ("POST", "/passthrough-referrers/import"), ("POST", "/accounts"), ("GET", "/accounts"),
                             ("GET", "/accounts/a"), ("PATCH", "/accounts/a"), ("DELETE", "/accounts/a"), ("GET", "/accounts/a/erasure"), ("POST", "/api-tokens"), ("GET", "/api-tokens"),
                             ("GET", "/api-tokens/self"), ("GET", "/api-tokens/1"), ("DELETE", "/api-tokens/1"), ("POST", acct.connections()),
                             ("GET", acct.connections()), ("DELETE", acct.connections("x")), ("POST", acct.connections("x", "/events")),
                             ("GET", acct.connections("x")), ("GET", acct.connections("x", "/batches")),
                             ("GET", "/1/ai-referrals"), ("GET", "/1/ai-referrals/platforms"), ("PUT", "/1/ai-referrals/platforms/a.example"),
                             ("DELETE", "/1/ai-referrals/platforms/a.example"), ("GET", "/livez"), ("GET", "/readyz"),
                             ("GET", "/checkpoints"), ("GET", "/checkpoints/latest"), ("GET", "/checkpoints/key"), ("GET", "/checkpoints/1"),
                             ("GET", "/proofs/inclusion"), ("GET", "/proofs/consistency"), ("GET", "/metrics"), ("GET", "/openapi.json")):
            with self.subTest(method=method, path=path):
                self.assertIsNotNone(known.operation(method, path))


    def test_every_operation_is_in_a_group_that_is_described(self):
        document = self.document()
        described = {tag["name"] for tag in document["tags"] if tag["description"]}
        used = {name for item in document["paths"].values() for of in item.values() for name in of["tags"]}
        self.assertEqual(used, described)
        self.assertTrue(all(len(of["tags"]) == 1 for item in document["paths"].values() for of in item.values()))

    def test_every_object_of_an_answer_says_which_members_are_always_there(self):
        document = self.document()
        schemas, left, seen = document["components"]["schemas"], [], set()
        for path, item in document["paths"].items():
            for of in item.values():
                for status, response in of["responses"].items():
                    left += [(f"{of['operationId']} {status}", content["schema"]) for content in response.get("content", {}).values()]
        # What has members that are each there only sometimes.
        optional = {"Meta", "Report.rows[]", "ReferrerMappingList.mappings[]", "PassthroughReferrerList.referrers[]"}
        while left:
            where, schema = left.pop()
            if "$ref" in schema:
                name = schema["$ref"].rsplit("/", 1)[1]
                if name not in seen:
                    seen.add(name)
                    left.append((name, schemas[name]))
                continue
            if "properties" in schema and where not in optional:
                self.assertTrue(schema.get("required"), f"{where} has no required members")
            left += [(f"{where}.{name}", inner) for name, inner in schema.get("properties", {}).items()]
            left += [(f"{where}[]", schema["items"])] if "items" in schema else []
            left += [(where, inner) for key in ("allOf", "anyOf", "oneOf") for inner in schema.get(key, [])]

    def test_every_answer_says_which_headers_and_content_it_has(self):
        document = self.document()
        for path, item in document["paths"].items():
            for method, of in item.items():
                for status, response in of["responses"].items():
                    with self.subTest(method=method, path=path, status=status):
                        self.assertIn("X-Request-ID", response["headers"])
                        self.assertEqual("Retry-After" in response["headers"], status in ("429", "503"))
                        self.assertEqual("content" in response, status not in ("204", "304"))
                        self.assertTrue(all(content["schema"] for content in response.get("content", {}).values()))
        self.assertEqual(set(document["paths"]["/metrics"]["get"]["responses"]["200"]["content"]), {"text/plain"})
        self.assertEqual(set(document["paths"]["/checkpoints/latest"]["get"]["responses"]["200"]["content"]), {"text/plain"})

    def test_answers_that_are_not_as_the_document_says_are_found(self):
        """The comparison below finds what it is there for."""
        known = Document(self.document())
        body = {"success": True, "data": {"account_id": "a", "name": "A", "brand_ids": [], "created_at": "2026-05-20T10:00:00Z",
                                          "updated_at": "2026-05-20T10:00:00Z"}}
        good = {"method": "GET", "path": "/accounts/a", "status": 200, "type": "application/json",
                "headers": ["content-type", "etag", "x-request-id"], "body": json.dumps(body)}
        self.assertEqual(list(known.faults(good)), [])

        def faults(**changed):
            return " ".join(known.faults({**good, **changed}))
        without = {**body, "data": {key: value for key, value in body["data"].items() if key != "name"}}
        self.assertIn("lacks name", faults(body=json.dumps(without)))
        self.assertIn("has more, which no schema names", faults(body=json.dumps({**body, "data": {**body["data"], "more": 1}})))
        self.assertIn("is no array", faults(body=json.dumps({**body, "data": {**body["data"], "brand_ids": None}})))
        self.assertIn("is no date-time", faults(body=json.dumps({**body, "data": {**body["data"], "created_at": "today"}})))
        self.assertIn("header x-new is not declared", faults(headers=good["headers"] + ["x-new"]))
        self.assertIn("header etag is declared and missing", faults(headers=["x-request-id"]))
        self.assertIn("text/csv is not declared", faults(type="text/csv"))

    def test_report_is_described_as_it_answers(self):
        report = self.document()["paths"]["/{brand_id}/ai-referrals"]["get"]
        self.assertEqual(set(report["responses"]["200"]["content"]), {"application/json", "text/csv"})
        self.assertIn("503", report["responses"])
        named = {p["name"]: p for p in report["parameters"]}
        self.assertEqual(named["limit"]["schema"], {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 1000})
        self.assertIn("366 days", named["start_date"]["description"])
        path = f"/v1/{self.acct.brand}/ai-referrals?group_by=page&limit="
        self.expect(self.acct.viewer.get(f"{path}10000"), 200)
        self.expect(self.acct.viewer.get(f"{path}10001"), 422)


class ZCoverage(Case):
    """Named to run after Shape. First it sends each documented route the usual wrong requests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        response = cls.acct.viewer.get("/openapi.json")
        cls.known = Document(response.json())
        cls.acct.passthrough("cover.example")
        cls.acct.mapping("cover.example")
        cls.link = cls.acct.connection("https://cover.example")
        cls.erased = Account()
        cls.everyone = cls.program_of().client(make_token(cls.acct.operator, role="viewer", account_ids=["*"])["token"])
        cls.acct.operator.delete(f"/accounts/{cls.erased.id}")
        cls.spare = make_token(cls.acct.operator, role="viewer", account_ids=[cls.acct.id])  # may be revoked

    @classmethod
    def program_of(cls):
        return cls.acct.program

    def concrete(self, template: str, ids: str = "known") -> str:
        """The template with ids that are known, unknown or malformed, and an account_id if it needs one."""
        known = {"brand_id": self.acct.brand, "connection_id": self.link["id"], "account_id": self.acct.id, "token_id": self.spare["id"],
                 "host": "spare.example", "preset": "payment"}
        unknown = {"brand_id": self.acct.brand, "connection_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "account_id": "no-such-account",
                   "host": "unknown.example"}

        def value(match):
            if ids == "malformed":
                return "x"
            return str(known.get(match[1], 1) if ids == "known" else unknown.get(match[1], 999999))
        path = re.sub(r"\{([^}]*)\}", value, template)
        return path if "ai-referrals" in path else self.acct.at(path)

    def wrong_requests(self, method: str, template: str):
        """The usual ways to get it wrong, as (status meant, client, target, body, headers)."""
        # Every resource named here is a spare one, so a request that turns out right does no harm.
        path, acct, body = self.concrete(template), self.acct, {} if method in ("POST", "PUT", "PATCH") else None
        if method == "DELETE" and "{" not in template:  # of chosen rules
            path += "&ids=999999"
        if (method, template) == ("DELETE", "/accounts/{account_id}"):
            path = path.replace(f"/accounts/{acct.id}", f"/accounts/{self.erased.id}")  # it may succeed
        yield 401, self.program.client(None), path, body, None
        yield 403, acct.tracker, path + ("&explain=true" if template == "/resolve" else ""), body, None
        yield 403, Account().admin, path, body, None
        yield 404, acct.operator, self.concrete(template, "unknown"), body, None
        yield 404, acct.operator, path.replace(f"account_id={acct.id}", "account_id=no-such-account").replace(f"/{acct.brand}/", "/987654321/"), body, None
        gone = path.replace(acct.id, self.erased.id).replace(f"/{acct.brand}/", f"/{self.erased.brand}/")
        yield 410, self.everyone if template == "/events" else acct.operator, gone, body, None
        if "{" in template:
            yield 422, acct.operator, self.concrete(template, "malformed"), body, None
        else:
            yield 422, acct.operator, path + "&limit=x&include_inactive=x&explain=x", body, None
        if body is not None:
            yield 415, acct.operator, path, b"x", {"Content-Type": "text/plain"}
            yield 400, acct.operator, path, b"{", None
            yield 422, acct.operator, path, b"null", None
            yield 413, acct.operator, path, b" " * ((8 << 20) + 1), None
        yield 400, acct.operator, path, body, {"If-None-Match": "nonsense"}
        valid = path + ("&as_of=1" if template.endswith("/restore-rules") else "")
        if template.endswith("/platforms/{host}"):
            acct.operator.put(path, {"platform": "Spare"})
        sent = {"platform": "Other"} if method == "PUT" else {"utm_source": "x"} if body is not None else None
        live = valid.replace(f"/accounts/{self.erased.id}", f"/accounts/{acct.id}")
        yield 412, acct.operator, live, sent, {"If-Match": '"stale"'}
        yield 304, acct.operator, live, body, {"If-None-Match": "*"}

    def test_1_usual_wrong_requests_get_documented_answers(self):
        for (method, template), documented in sorted(self.known.operations.items()):
            if method in ("HEAD", "OPTIONS"):
                continue
            for meant, client, target, body, headers in self.wrong_requests(method, template):
                if meant in documented:
                    with self.subTest(method=method, target=target, meant=meant):
                        response = client.request(method, target, body, headers)
                        self.assertIn(response.status, documented, f"\n{response}")
                        self.assertLess(response.status, 500, f"\n{response}")

    def test_2_every_observed_status_is_documented(self):
        undocumented = set()
        for method, path, status in observations.everything():
            operation = self.known.operation(method, path)
            if operation and status not in self.known.operations[operation]:
                undocumented.add((*operation, status, path))
            # A route that is not in the document answers nothing but that it is not there. Pages are for people.
            if not operation and method not in ("HEAD", "OPTIONS") and status < 300 and not path.startswith("/console/"):
                undocumented.add((method, path, status))
        self.assertEqual(sorted(undocumented), [])

    def test_3_every_documented_status_was_observed(self):
        if len(observations.everything()) < 150 and "HEADWATER_E2E_OBSERVATIONS" not in os.environ:
            raise unittest.SkipTest("the other modules did not run in this process")
        seen = {}
        for method, path, status in observations.everything():
            operation = self.known.operation(method, path)
            if operation:
                seen.setdefault(operation, set()).add(status)
        missing = sorted((*operation, status) for operation, statuses in self.known.operations.items()
                         for status in statuses - seen.get(operation, set()))
        self.assertEqual(missing, [])

    def test_4_every_observed_answer_is_as_the_document_says(self):
        wrong = {}
        for sample in observations.answers():
            for fault in self.known.faults(sample):
                wrong.setdefault(f"{sample['method']} {sample['path']} {sample['status']}: {fault}", sample["body"][:300])
        self.assertEqual(wrong, {})
