"""Who may do what: headers, messages, and the matrix of roles and endpoints."""
from .case import Case
from .program import new_token
from .world import Account

PASS, MAP = "/passthrough-referrers", "/referrer-mappings"


class Headers(Case):
    def get(self, **headers):
        return self.program.client(None).request("GET", self.acct.at(PASS), headers=headers)

    def unauthorized(self, response, message=None):
        self.rules_error(response, 401, "unauthorized", message)
        self.assertEqual(response.header("WWW-Authenticate", "").split()[0], "Bearer", f"\n{response}")

    def test_bearer_and_api_key_both_work(self):
        token = self.acct.viewer.token
        for headers in [{"Authorization": f"Bearer {token}"}, {"authorization": f"bearer {token}"},
                                      {"X-API-Key": token}, {"x-api-key": token}]:
            with self.subTest(headers=headers):
                self.expect(self.get(**headers), 200)

    def test_both_headers_work_below_a_brand(self):
        token = self.acct.viewer.token
        for headers in [{"Authorization": f"Bearer {token}"}, {"X-API-Key": token}]:
            with self.subTest(headers=headers):
                self.expect(self.program.client(None).request("GET", self.acct.connections(), headers=headers), 200)

    def test_no_token_is_401(self):
        self.unauthorized(self.get(), "Authentication required")

    def test_unknown_token_is_401(self):
        self.unauthorized(self.get(Authorization=f"Bearer {new_token()}"), "Invalid API key")
        self.unauthorized(self.get(**{"X-API-Key": new_token()}), "Invalid API key")

    def test_odd_credentials_are_401_and_nothing_worse(self):
        for value in ["Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "hw_x", "Bearer a b", "Bearer " + "x" * 5000]:
            with self.subTest(value=value):
                self.unauthorized(self.get(Authorization=value))

    def test_non_bearer_authorization_is_ignored_beside_an_api_key(self):
        self.expect(self.get(Authorization="Basic dXNlcjpwYXNz", **{"X-API-Key": self.acct.viewer.token}), 200)

    def test_prefix_of_a_token_is_no_token(self):
        self.unauthorized(self.get(Authorization=f"Bearer {self.acct.viewer.token[:-1]}"), "Invalid API key")
        self.unauthorized(self.get(Authorization=f"Bearer {self.acct.viewer.token}x"), "Invalid API key")

    def test_probes_need_no_token(self):
        for path in ["/livez", "/health", "/readyz"]:
            with self.subTest(path=path):
                self.expect(self.program.client(None).get(path), 200)


class Matrix(Case):
    """Each role against each endpoint: allowed requests succeed, others name the missing scope."""

    SCOPES = {"tracker": {"resolve"}, "viewer": {"resolve", "read"}, "editor": {"resolve", "read", "write"},
              "admin": {"resolve", "read", "write", "admin"}}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acct.passthrough("m.example")
        cls.acct.mapping("m.example")
        cls.link = cls.acct.connection("https://matrix.example")

    def endpoints(self):
        at, acct = self.acct.at, self.acct
        visit = {"url": "https://a.example/"}
        row = {"date": "2026-05-20", "raw_referrer_value": "chatgpt.com", "raw_page_value": "/"}
        return [("read", "GET", at(PASS), None), ("read", "GET", at(f"{PASS}/1"), None), ("read", "GET", at(MAP), None),
                ("read", "GET", at(f"{MAP}/1"), None), ("write", "PATCH", at(f"{PASS}/1"), {}),
                ("write", "PATCH", at(f"{MAP}/1"), {}), ("write", "POST", at(PASS), {"domain": "m.example", "utm_source": "s"}),
                ("write", "POST", at(MAP), {"referrer_pattern": "m.example", "utm_source": "s"}),
                ("write", "DELETE", at(f"{PASS}/99"), None), ("write", "DELETE", at(f"{MAP}/99"), None),
                ("resolve", "POST", at("/resolve"), visit), ("read", "GET", acct.connections(), None),
                ("write", "POST", acct.connections(), {"website": "https://matrix.example", "provider": "custom"}),
                ("write", "DELETE", acct.connections("01ARZ3NDEKTSV4RRFFQ69G5FAV"), None),
                ("write", "POST", acct.events(self.link), [row]), ("read", "GET", f"/{acct.brand}/ai-referrals", None),
                ("read", "GET", f"/{acct.brand}/ai-referrals/platforms", None), ("admin", "PUT", acct.platforms("m.example"), {}),
                ("admin", "DELETE", acct.platforms("m.example"), None), ("read", "GET", acct.connections(self.link["id"]), None),
                ("read", "GET", acct.connections(self.link["id"], "/batches"), None),
                ("admin", "GET", "/api-tokens", None), ("admin", "POST", "/api-tokens", {"name": 5}),
                ("admin", "GET", "/api-tokens/999999", None), ("admin", "DELETE", "/api-tokens/999999", None)]

    def test_each_role_may_do_exactly_what_its_scopes_say(self):
        for role, scopes in self.SCOPES.items():
            for scope, method, path, body in self.endpoints():
                with self.subTest(role=role, method=method, path=path):
                    response = self.acct.client(role).request(method, path, body)
                    if scope in scopes:
                        self.assertNotIn(response.status, (401, 403), f"\n{response}")
                        self.assertLess(response.status, 500, f"\n{response}")
                    elif "/ai-referrals" in path:
                        self.vendor_error(response, 403, f"Required scope: {scope}")
                    else:
                        self.rules_error(response, 403, "forbidden", f"Required scope: {scope}")

    def test_tracker_may_resolve_but_not_ask_why(self):
        visit = {"url": "https://a.example/", "referrer": "https://m.example/"}
        self.expect(self.acct.tracker.post(self.acct.at("/resolve"), visit), 200)
        response = self.acct.tracker.post(self.acct.at("/resolve", explain="true"), visit)
        self.rules_error(response, 403, "forbidden")
        self.expect(self.acct.viewer.post(self.acct.at("/resolve", explain="true"), visit), 200)

    def test_admin_of_one_account_is_no_operator(self):
        for method, path, body in [("POST", "/accounts", {"account_id": "sneaky", "name": "n"}),
                                                 ("PATCH", f"/accounts/{self.acct.id}", {"brand_ids": [123456789]})]:
            with self.subTest(method=method, path=path):
                self.rules_error(self.acct.admin.request(method, path, body), 403, "forbidden")
        self.rules_error(self.acct.operator.get("/accounts/sneaky"), 404, "account_not_found")

    def test_brand_of_another_account_is_403(self):
        other = Account()
        for path in [f"/v1/{other.brand}/ai-referrals/connections", f"/v1/{other.brand}/ai-referrals",
                                   "/v1/987654321/ai-referrals/connections"]:
            with self.subTest(path=path):
                self.vendor_error(self.acct.admin.get(path), 403)

    def test_unknown_brand_is_404_only_for_a_token_of_all_accounts(self):
        self.vendor_error(self.acct.operator.get("/v1/987654321/ai-referrals/connections"), 404)
