"""Every route of /openapi.json and its gate: what is checked before a handler runs, in the order of docs/api.md, "Errors".

The table is the document that the program itself serves, so a new route is in these tests without being
named here.
"""
import re

from .case import Case
from .world import Account, make_token

ROLES = {"tracker": {"resolve"}, "viewer": {"resolve", "read"}, "editor": {"resolve", "read", "write"},
         "admin": {"resolve", "read", "write", "admin"}}
UNKNOWN = "01JD0000000000000000000000"


class Operation:
    """One operation of the document, and how to ask for it."""

    def __init__(self, path: str, verb: str, of: dict):
        self.path, self.verb, self.of = path, verb.upper(), of
        self.name = of["operationId"]
        self.scope = re.sub(r"^Required scope: ", "", of.get("description", "none"))
        self.is_open = of.get("security") == []
        self.parameters = of.get("parameters", [])
        self.is_of_brand = "{brand_id}" in path
        self.is_of_account = "{account_id}" in path and self.scope != "admin"
        self.wants_account = any(p["name"] == "account_id" and p["in"] == "query" and p["required"]
                                 for p in self.parameters)
        self.further = "".join(f"&{p['name']}=1" for p in self.parameters
                               if p["in"] == "query" and p["required"] and p["name"] != "account_id")
        self.is_for_operators = path.startswith(("/accounts", "/snapshots")) and self.scope == "admin"

    def target(self, account: Account, **replaced) -> str:
        values = {"account_id": account.id, "brand_id": account.brand, "connection_id": UNKNOWN,
                  "host": "assistant.example.com", **replaced}
        path = re.sub(r"\{(\w+)\}", lambda found: str(values.get(found[1], 1)), self.path)
        return f"{path}?account_id={values['account_id']}{self.further}" if self.wants_account else path

    def ask(self, client, target: str):
        return client.request(self.verb, target, {} if "requestBody" in self.of else None)

    def __str__(self):
        return f"{self.verb} {self.path}"


class Gates(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = Account()
        document = cls.acct.program.client(None).get("/openapi.json").json()
        cls.operations = [Operation(path, verb, of) for path, verbs in document["paths"].items()
                          for verb, of in verbs.items()]
        cls.gated = [one for one in cls.operations if not one.is_open]

    def status(self, one: Operation, response, status: int):
        self.assertEqual(response.status, status, f"\n{one}\n{response}")

    def test_there_are_routes_of_every_kind(self):
        self.assertGreater(len(self.gated), 40)
        self.assertEqual({one.scope for one in self.gated}, {"any", "resolve", "read", "write", "admin"})
        self.assertEqual({one.path for one in self.operations if one.is_open},
                         {"/livez", "/health", "/readyz", "/metrics", "/openapi.json"})

    def test_without_a_token_each_is_401_whatever_else_is_wrong(self):
        nobody = self.program.client(None)
        for one in self.gated:
            self.status(one, one.ask(nobody, one.target(self.acct)), 401)
            self.status(one, one.ask(nobody, one.target(self.acct, brand_id="x", account_id="nosuch", token_id="x")), 401)

    def test_with_an_unknown_token_each_is_401(self):
        stranger = self.program.client("hw_" + "0" * 43)
        for one in self.gated:
            self.status(one, one.ask(stranger, one.target(self.acct)), 401)

    def test_a_role_without_the_scope_is_403_before_path_and_query_are_read(self):
        for role, scopes in ROLES.items():
            client = self.acct.client(role)
            for one in self.gated:
                if one.scope == "any" or one.scope in scopes:
                    continue
                response = one.ask(client, one.target(self.acct, brand_id="x", token_id="x", mapping_id="x", referrer_id="x", size="x"))
                self.status(one, response, 403)
                self.assertIn(f"Required scope: {one.scope}", response.body.decode())

    def test_a_token_beyond_its_limit_is_429_after_401_and_before_403(self):
        for role in ("tracker", "admin"):
            used_up = self.used_up(role)
            for one in self.gated:
                response = one.ask(used_up, one.target(self.acct, brand_id="x", token_id="x", mapping_id="x", referrer_id="x"))
                if response.status != 429:  # a slow machine: a minute has gone by
                    used_up = self.used_up(role)
                    response = one.ask(used_up, one.target(self.acct))
                self.status(one, response, 429)
                self.assertRegex(response.header("Retry-After"), r"^[1-9]\d?$")
                self.assertEqual(response.header("X-RateLimit-Remaining"), "0")
        revoked = make_token(self.acct.operator, role="admin", account_ids=[self.acct.id], rate_limit=1)
        client = self.program.client(revoked["token"])
        self.assertEqual([client.get("/api-tokens/self").status for _ in range(2)], [200, 429])
        self.acct.operator.delete(f"/api-tokens/{revoked['id']}")
        for one in self.gated:
            self.status(one, one.ask(client, one.target(self.acct)), 401)

    def used_up(self, role: str):
        made = make_token(self.acct.operator, role=role, account_ids=[self.acct.id], rate_limit=1)
        client = self.program.client(made["token"])
        self.assertEqual(client.get("/api-tokens/self").status, 200)
        return client

    def test_a_path_that_cannot_be_read_is_422_before_account_and_brand_are_looked_at(self):
        for one in self.gated:
            integers = [p["name"] for p in one.parameters
                        if p["in"] == "path" and p["schema"].get("type") == "integer"]
            if integers:
                foreign = self.other.client("admin")
                target = one.target(self.acct, **{name: "x" for name in integers})
                self.status(one, one.ask(foreign, target), 422)

    def test_an_account_that_is_missing_in_the_query_is_422(self):
        for one in self.gated:
            if one.wants_account:
                target = one.target(self.acct).split("?")[0]
                self.status(one, one.ask(self.acct.admin, target), 422)

    def test_a_foreign_account_or_brand_is_403_before_the_resource_and_the_body_are_looked_at(self):
        foreign = self.other.client("admin")
        for one in self.gated:
            if one.is_of_brand or one.wants_account:
                self.status(one, one.ask(foreign, one.target(self.acct)), 403)

    def test_a_token_of_one_account_is_no_operator(self):
        for one in self.gated:
            if one.is_for_operators:
                self.status(one, one.ask(self.acct.admin, one.target(self.acct)), 403)

    def test_a_stream_is_entered_in_the_order_of_failures(self):
        mine, other = self.acct, self.other
        link = other.connection()["id"]
        for path, rest in (("/events", ""), ("/proofs/inclusion", "&sequence=1")):
            wrong = "&limit=x&checkpoint=x"
            for stream in (f"account_id={other.id}", f"connection_id={link}", "stream=system"):
                at = f"{path}?{stream}{rest}"
                self.rules_error(self.program.client(None).get(at + wrong), 401, "unauthorized")
                self.rules_error(mine.tracker.get(at + wrong), 403, "forbidden", "Required scope: read")
            for client in (mine.viewer, mine.admin):
                self.rules_error(client.get(f"{path}?stream=system{rest}{wrong}"), 403, "forbidden")
            for stream in (f"account_id={other.id}", f"connection_id={link}", "account_id=", "connection_id="):
                self.rules_error(mine.admin.get(f"{path}?{stream}{rest}{wrong}"), 422, "validation_error")
            self.rules_error(mine.admin.get(f"{path}?account_id={other.id}{rest}"), 403, "forbidden",
                             f"Access denied to account: {other.id}")
            self.rules_error(mine.admin.get(f"{path}?connection_id={link}{rest}"), 404, "not_found", "Connection not found")
            self.rules_error(mine.operator.get(f"{path}?account_id=no-such-account{rest}"), 404, "account_not_found")

    def test_a_resource_that_is_not_there_is_404_before_the_body_is_read(self):
        for one in self.gated:
            if "{connection_id}" in one.path or one.name in ("updateReferrerMapping", "updatePassthroughReferrer"):
                target = one.target(self.acct, mapping_id=999, referrer_id=999)
                response = self.acct.admin.request(one.verb, target, b"not json", {"Content-Type": "text/plain"})
                self.status(one, response, 404)

    def test_the_body_comes_last(self):
        for one in self.gated:
            if one.name in ("createReferrerMapping", "createPassthroughReferrer", "createConnection", "resolveVisits"):
                target = one.target(self.acct)
                self.status(one, self.acct.admin.request(one.verb, target, b"{}", {"Content-Type": "text/plain"}), 415)
                self.status(one, self.acct.admin.request(one.verb, target, b"{", {"Content-Type": "application/json"}), 400)
                self.status(one, self.acct.admin.request(one.verb, target, b"{}", {"Content-Type": "application/json"}), 422)
