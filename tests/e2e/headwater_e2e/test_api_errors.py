"""Error bodies of each family, and that the first failing check is the one that answers."""
from .case import ULID, Case
from .world import Account

RULES = "/passthrough-referrers"


class Families(Case):
    def test_unknown_route_is_404_of_the_rules_family(self):
        for path in ["/nope", "/api/v1", "/api/v1/nope", "/api/v2/resolve", "/passthrough-referrers//",
                                   "/passthrough-referrers/1/2", "/PASSTHROUGH-REFERRERS"]:
            with self.subTest(path=path):
                self.rules_error(self.acct.editor.get(path), 404, "not_found")

    def test_unknown_route_below_a_brand_is_404_of_its_family(self):
        for path in ["/1/ai-referrals/nope", "/v1/1/ai-referrals/nope"]:
            with self.subTest(path=path):
                self.vendor_error(self.acct.editor.get(path), 404)

    def test_wrong_method_is_405_with_allow(self):
        for method, path, allowed in [
                ("PUT", RULES, {"GET", "POST"}), ("PUT", "/referrer-mappings", {"GET", "POST", "PATCH", "DELETE"}),
                ("POST", f"{RULES}/1", {"GET", "PATCH", "DELETE"}), ("GET", "/resolve", {"POST"}),
                ("POST", "/livez", {"GET"}), ("PATCH", "/api-tokens/self", {"GET"}),
                ("BREW", RULES, {"GET", "POST"})]:
            with self.subTest(method=method, path=path):
                response = self.acct.editor.request(method, self.acct.at(path))
                self.rules_error(response, 405, "method_not_allowed")
                found = {name.strip() for name in response.header("Allow", "").split(",")}
                self.assertLessEqual(allowed, found, f"\n{response}")
                self.assertNotIn(method, found, f"\n{response}")

    def test_wrong_method_below_a_brand_is_405_of_its_family(self):
        response = self.acct.editor.request("PUT", self.acct.connections())
        self.vendor_error(response, 405)
        self.assertLessEqual({"GET", "POST"}, {name.strip() for name in response.header("Allow", "").split(",")})

    def test_options_is_204_with_allow(self):
        for path, allowed in [(RULES, {"GET", "HEAD", "POST"}),
                                            (f"{RULES}/1", {"GET", "HEAD", "PATCH", "DELETE"}),
                                            ("/resolve", {"POST"}), (self.acct.connections(), {"GET", "POST"})]:
            with self.subTest(path=path, allowed=allowed):
                response = self.expect(self.acct.editor.request("OPTIONS", path), 204)
                self.assertLessEqual(allowed, {name.strip() for name in response.header("Allow", "").split(",")})

    def test_head_works_where_get_does(self):
        self.acct.passthrough("head.example")
        for path in [self.acct.at(RULES), self.acct.at(f"{RULES}/1"), "/livez", "/openapi.json",
                                   self.acct.at("/referrer-mappings"), self.acct.connections()]:
            with self.subTest(path=path):
                head = self.expect(self.acct.viewer.request("HEAD", path), 200)
                get = self.expect(self.acct.viewer.get(path), 200)
                self.assertEqual(head.header("Content-Type"), get.header("Content-Type"))
                if head.header("Content-Length") is not None:
                    self.assertEqual(int(head.header("Content-Length")), len(get.body))

    def test_head_of_an_error_has_no_body_either(self):
        self.expect(self.acct.viewer.request("HEAD", self.acct.at(f"{RULES}/77")), 404)
        self.expect(self.acct.viewer.get(self.acct.at(RULES)), 200)  # the connection is still in step

    def test_sane_request_id_of_the_client_comes_back(self):
        response = self.acct.viewer.request("GET", self.acct.at(RULES), headers={"X-Request-ID": "req-123.ABC_def"})
        self.assertEqual(response.header("X-Request-ID"), "req-123.ABC_def")
        response = self.acct.viewer.request("GET", "/nope", headers={"X-Request-ID": "req-124"})
        self.rules_error(response, 404, "not_found")
        self.assertEqual(response.json()["request_id"], "req-124")

    def test_missing_or_insane_request_id_is_replaced_by_a_ulid(self):
        for sent in [None, "", "x" * 1000]:
            with self.subTest(sent=sent):
                response = self.acct.viewer.request("GET", self.acct.at(RULES), headers={"X-Request-ID": sent})
                self.assertRegex(response.header("X-Request-ID"), ULID)

    def test_request_ids_differ(self):
        ids = {self.acct.viewer.get(self.acct.at(RULES)).header("X-Request-ID") for _ in range(20)}
        self.assertEqual(len(ids), 20)

    def test_one_trailing_slash_is_ignored(self):
        made = self.acct.passthrough("slash.example")
        for path in [f"{RULES}/", f"{RULES}/{made['id']}/", "/api/v1/referrer-mappings/"]:
            with self.subTest(path=path):
                self.expect(self.acct.viewer.get(self.acct.at(path)), 200)
        self.expect(self.acct.viewer.get(self.acct.connections() + "/"), 200)

    def test_accept_never_causes_406(self):
        for accept in ["text/html", "image/png", "*/*;q=0", "nonsense"]:
            with self.subTest(accept=accept):
                response = self.acct.viewer.request("GET", self.acct.at(RULES), headers={"Accept": accept})
                self.assertEqual(self.expect(response, 200).header("Content-Type", "").split(";")[0], "application/json")

    def test_all_faults_are_named_at_once(self):
        body = {"domain": "no dots", "utm_medium": "x" * 101, "is_active": "no"}
        self.invalid(self.acct.editor.post(self.acct.at(RULES), body),
                     "body.domain", "body.utm_source", "body.utm_medium", "body.is_active")

    def test_path_and_query_faults_are_named_together(self):
        self.invalid(self.acct.editor.get(f"{RULES}?include_inactive=perhaps"), "query.account_id", "query.include_inactive")


class CheckOrder(Case):
    """Each request breaks several rules; the earliest check of the contract's list answers."""

    def setUp(self):
        self.anonymous = self.program.client(None)
        self.other = self.__class__.other_account

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_account = Account()
        cls.rule = cls.acct.passthrough("order.example")
        cls.acct.passthrough("taken.example")
        cls.by_id = cls.acct.at(f"{RULES}/{cls.rule['id']}")

    def test_route_comes_before_authentication(self):
        self.rules_error(self.anonymous.get("/nope"), 404, "not_found")
        self.rules_error(self.anonymous.request("PUT", RULES), 405, "method_not_allowed")

    def test_authentication_comes_before_everything_about_the_request(self):
        response = self.anonymous.post(RULES, "{", {"Content-Type": "text/plain"})
        self.rules_error(response, 401, "unauthorized", "Authentication required")

    def test_scope_comes_before_path_and_query(self):
        self.rules_error(self.acct.viewer.patch(f"{RULES}/abc", "{"), 403, "forbidden", "Required scope: write")

    def test_path_and_query_come_before_the_account(self):
        self.invalid(self.acct.editor.get(f"{RULES}/abc?account_id={self.other.id}"), "path.referrer_id")
        self.invalid(self.acct.editor.get(f"{RULES}?account_id={self.other.id}&include_inactive=2"),
                     "query.include_inactive")

    def test_account_comes_before_the_resource(self):
        response = self.acct.editor.patch(f"{RULES}/999?account_id={self.other.id}", "{")
        self.rules_error(response, 403, "forbidden", f"Access denied to account: {self.other.id}")
        response = self.acct.operator.patch(f"{RULES}/999?account_id=nobody", "{")
        self.rules_error(response, 404, "account_not_found")

    def test_resource_comes_before_the_media_type(self):
        response = self.acct.editor.patch(self.acct.at(f"{RULES}/999"), "{", {"Content-Type": "text/plain"})
        self.rules_error(response, 404, "not_found")

    def test_media_type_comes_before_the_syntax(self):
        response = self.acct.editor.patch(self.by_id, "{", {"Content-Type": "text/plain"})
        self.rules_error(response, 415, "unsupported_media_type")

    def test_syntax_comes_before_a_precondition(self):
        response = self.acct.editor.patch(self.by_id, "{", {"If-Match": '"stale"'})
        self.rules_error(response, 400, "bad_request")

    def test_validation_comes_before_a_precondition(self):
        response = self.acct.editor.patch(self.by_id, {"utm_source": ""}, {"If-Match": '"stale"'})
        self.invalid(response, "body.utm_source")

    def test_precondition_comes_before_a_conflict(self):
        response = self.acct.editor.patch(self.by_id, {"domain": "taken.example"}, {"If-Match": '"stale"'})
        self.rules_error(response, 412, "precondition_failed")
        self.rules_error(self.acct.editor.patch(self.by_id, {"domain": "taken.example"}), 409, "duplicate_entry")

    def test_brand_comes_before_the_connection_and_the_body(self):
        path = f"/v1/{self.other.brand}/ai-referrals/connections/01ARZ3NDEKTSV4RRFFQ69G5FAV/events"
        self.vendor_error(self.acct.editor.post(path, "{"), 403)

    def test_connection_comes_before_the_media_type(self):
        path = self.acct.connections("01ARZ3NDEKTSV4RRFFQ69G5FAV", "/events")
        self.vendor_error(self.acct.editor.post(path, "{", {"Content-Type": "text/plain"}), 404)

    def test_disabled_connection_comes_before_the_media_type(self):
        connection = self.acct.connection("https://order.example")
        self.expect(self.acct.editor.delete(self.acct.connections(connection["id"])), 200)
        response = self.acct.editor.post(self.acct.events(connection), "{", {"Content-Type": "text/plain"})
        self.vendor_error(response, 410, "Connection is disabled; re-register before retrying.")

    def test_nothing_of_all_this_changed_the_rule(self):
        self.assertEqual(self.acct.viewer.get(self.by_id).data, self.rule)
