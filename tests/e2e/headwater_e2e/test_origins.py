"""A token's allowed_origins: who is refused, who is not, and how the list is given and shown."""
from .case import Case
from .program import Program, StartFailed
from .world import Account, make_token

SHOP, OTHER = "https://shop.example", "https://evil.example"
REFUSAL = "Origin not allowed for this token"


class AllowedOrigins(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = make_token(cls.acct.operator, role="admin", account_ids=[cls.acct.id], allowed_origins=[SHOP, "http://localhost:3000"])
        cls.bound = cls.acct.program.client(made["token"])
        cls.number = made["id"]

    def test_pages_of_other_origins_are_refused_on_every_kind_of_route(self):
        visit = {"url": "https://shop.example/", "referrer": ""}
        for origin in (OTHER, "null", "http://shop.example", SHOP + ".evil.example", SHOP + ":8443", SHOP.upper(), "x"):
            headers = {"Origin": origin}
            for method, path, body in (("GET", "/api-tokens/self", None), ("GET", f"/referrer-mappings?account_id={self.acct.id}", None),
                                       ("POST", f"/resolve?account_id={self.acct.id}", visit), ("GET", "/accounts", None)):
                self.rules_error(self.bound.request(method, path, body, headers), 403, "forbidden", REFUSAL)
            self.vendor_error(self.bound.request("GET", f"/{self.acct.brand}/ai-referrals", headers=headers), 403, REFUSAL)

    def test_what_other_pages_send_is_not_counted_against_the_visitors_address(self):
        made = make_token(self.acct.operator, role="tracker", account_ids=[self.acct.id], allowed_origins=[SHOP], rate_limit=3)
        client, target = self.acct.program.client(made["token"]), f"/resolve?account_id={self.acct.id}"
        visit = {"url": "https://shop.example/", "referrer": ""}
        for _ in range(5):
            self.rules_error(client.request("POST", target, visit, {"Origin": OTHER}), 403, "forbidden", REFUSAL)
        statuses = [client.request("POST", target, visit, {"Origin": SHOP}).status for _ in range(4)]
        self.assertEqual(statuses, [200, 200, 200, 429])

    def test_two_origins_are_a_request_that_no_browser_sends(self):
        secret = self.bound.token
        with self.acct.program.connect() as connection:
            connection.send(f"GET /api-tokens/self HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {secret}\r\n"
                            f"Origin: {SHOP}\r\nOrigin: {OTHER}\r\n\r\n".encode())
            self.rules_error(connection.read_response(), 400, "bad_request", "More than one Origin header")

    def test_its_own_pages_and_clients_that_are_no_browsers_get_answers(self):
        for headers in ({"Origin": SHOP}, {"Origin": "http://localhost:3000"}, {}):
            self.expect(self.bound.request("GET", "/api-tokens/self", headers=headers), 200)
            visit = {"url": "https://shop.example/", "referrer": ""}
            self.expect(self.bound.request("POST", f"/resolve?account_id={self.acct.id}", visit, headers), 200)

    def test_a_token_without_a_list_takes_every_origin(self):
        self.expect(self.acct.operator.request("GET", "/api-tokens/self", headers={"Origin": OTHER}), 200)

    def test_a_refused_page_may_read_why_where_cors_lets_it_and_preflights_need_no_token(self):
        with Program("--cors-origins", f"{SHOP},{OTHER}") as own:
            acct = Account(own)
            made = make_token(acct.operator, role="tracker", account_ids=[acct.id], allowed_origins=[SHOP])
            response = own.client(made["token"]).request("GET", "/api-tokens/self", headers={"Origin": OTHER})
            self.rules_error(response, 403, "forbidden", REFUSAL)
            self.assertEqual(response.header("Access-Control-Allow-Origin"), OTHER)
            asked = {"Origin": OTHER, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
            preflight = own.client(None).request("OPTIONS", "/resolve", headers=asked)
            self.expect(preflight, 204)
            self.assertIn("POST", preflight.header("Access-Control-Allow-Methods"))

    def test_cors_origins_that_no_browser_sends_are_refused(self):
        for given, said in (("https://shop.example/", "not an origin"), ("HTTPS://B.example", "such as https://b.example"), ("nonsense", "not an origin")):
            own = Program("--cors-origins", given)
            try:
                with self.assertRaises(StartFailed) as caught:
                    own.start()
                self.assertIn(said, caught.exception.stderr)
            finally:
                own.close(quiet=True)

    def test_the_list_is_shown_and_survives_a_restart_and_a_revocation(self):
        with Program() as own:
            operator = own.client()
            given = ["HTTPS://Shop.Example:443", "http://[::1]:8080", SHOP]
            ids = {make_token(operator, role="viewer", **extra)["id"]: shown for extra, shown in (
                ({"allowed_origins": given}, [SHOP, "http://[::1]:8080"]), ({}, None), ({"allowed_origins": None}, None),
                ({"allowed_origins": [OTHER], "rate_limit": 5}, [OTHER]))}
            gone = make_token(operator, role="viewer", allowed_origins=[OTHER])["id"]
            self.expect(operator.delete(f"/api-tokens/{gone}"), 200)
            ids[gone] = [OTHER]
            for again in (False, True):
                if again:
                    own.stop()
                    own.start()
                    operator = own.client()
                for number, shown in ids.items():
                    self.assertEqual(self.expect(operator.get(f"/api-tokens/{number}"), 200).data["allowed_origins"], shown)
                listed = {each["id"]: each["allowed_origins"] for each in self.expect(operator.get("/api-tokens"), 200).data["tokens"]}
                self.assertEqual({number: listed[number] for number in ids}, ids)

    def test_lists_that_are_none_are_422_by_field_and_item(self):
        def sent(value):
            return self.acct.operator.post("/api-tokens", {"name": "n", "role": "viewer", "allowed_origins": value})
        self.invalid(sent([]), "body.allowed_origins")
        self.invalid(sent(SHOP), "body.allowed_origins")
        self.invalid(sent([f"https://a{i}.example" for i in range(101)]), "body.allowed_origins")
        self.expect(sent([f"https://a{i}.example" for i in range(100)]), 201)
        for bad in ("*", "null", "", "shop.example", SHOP + "/", SHOP + "/x", "https://*.example", "https://b\u00fccher.example",
                    "https://user@shop.example", "https://a:0", "https://" + "a" * 254, "javascript:alert(1)"):
            faults = self.invalid(sent([SHOP, bad]), "body.allowed_origins[1]")
            self.assertIn("scheme://host", faults[0]["message"])
