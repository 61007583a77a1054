"""The life of an API token."""
import time

from .case import Case, only_list
from .program import SECRETS, new_token
from .world import Account, make_token

PASS = "/passthrough-referrers"


class Tokens(Case):
    def setUp(self):
        self.acct = Account()
        self.admin = self.acct.admin

    def works(self, token, account=None):
        return self.program.client(token).get((account or self.acct).at(PASS)).status

    def test_generated_token_is_shown_once_and_works(self):
        response = self.expect(self.admin.post("/api-tokens", {"name": "n", "role": "viewer"}), 201)
        token = response.data["token"]
        SECRETS.add(token)
        self.assertRegex(token, r"^hw_[0-9A-Za-z]{40,}$")
        self.assertEqual(response.data["name"], "n")
        self.assertEqual(self.works(token), 200)
        for path in (f"/api-tokens/{response.data['id']}", "/api-tokens"):
            self.assertNotIn(token.encode(), self.expect(self.admin.get(path), 200).body)

    def test_account_ids_default_to_those_of_the_creator(self):
        made = make_token(self.admin, role="viewer")
        self.assertEqual(made["account_ids"], [self.acct.id])
        everywhere = make_token(self.acct.operator, role="viewer")
        self.assertEqual(everywhere["account_ids"], ["*"])
        self.assertEqual(self.works(everywhere["token"]), 200)

    def test_scopes_can_be_given_instead_of_a_role(self):
        made = make_token(self.admin, scopes=["resolve", "write"])
        self.assertEqual(sorted(made["scopes"]), ["resolve", "write"])
        client = self.program.client(made["token"])
        self.rules_error(client.get(self.acct.at(PASS)), 403, "forbidden", "Required scope: read")
        self.expect(client.post(self.acct.at(PASS), {"domain": "s.example", "utm_source": "s"}), 201)

    def test_who_may_write_and_not_read_sees_no_rules_in_previews(self):
        self.expect(self.admin.post(self.acct.at(PASS), {"domain": "secret.example", "utm_source": "s"}), 201)
        client = self.program.client(make_token(self.admin, scopes=["write"])["token"])
        for method, path, body in (("POST", self.acct.at(f"{PASS}/import") + "&mode=replace", {"rules": [{"domain": "s.example"}]}),
                                   ("DELETE", self.acct.at(PASS) + "&ids=1", None),
                                   ("PATCH", self.acct.at(PASS), {"ids": [1], "set": {"is_active": False}}),
                                   ("POST", f"/accounts/{self.acct.id}/restore-rules?as_of=1", None),
                                   ("POST", self.acct.at("/presets/payment/apply"), None)):
            with self.subTest(path=path):
                response = client.request(method, path + "&dry_run=true", body)
                self.rules_error(response, 403, "forbidden", "Required scope: read")
                self.assertNotIn(b"secret.example", response.body)

    def test_token_of_several_accounts_reaches_each_of_them(self):
        other = Account()
        made = make_token(self.acct.operator, role="viewer", account_ids=[self.acct.id, other.id])
        self.assertEqual((self.works(made["token"]), self.works(made["token"], other)), (200, 200))
        self.assertEqual(self.works(made["token"], Account()), 403)

    def test_token_of_the_callers_own_is_taken_and_never_echoed(self):
        for own in [new_token()[3:27], "sk-live_" + new_token() + "!~", new_token() * 10]:
            with self.subTest(own=own):
                SECRETS.add(own)
                response = self.expect(self.admin.post("/api-tokens", {"name": "own", "role": "viewer", "token": own}), 201)
                self.assertNotIn(own.encode(), response.body)
                self.assertEqual(self.works(own), 200)

    def test_secret_that_was_tried_before_works_as_soon_as_it_is_given(self):
        own = new_token()
        client = self.program.client(own)
        for _ in range(3):
            self.rules_error(client.get(self.acct.at(PASS)), 401, "unauthorized", "Invalid API key")
        self.expect(self.admin.post("/api-tokens", {"name": "own", "role": "viewer", "token": own}), 201)
        self.expect(client.get(self.acct.at(PASS)), 200)

    def test_secret_that_is_in_use_cannot_be_given_to_a_second_token(self):
        body = {"name": "own", "role": "viewer", "token": new_token()}
        self.expect(self.admin.post("/api-tokens", body), 201)
        for admin in (self.admin, Account().admin):  # the same answer, whoever has the secret
            fault, = self.invalid(admin.post("/api-tokens", body), "body.token")
            self.assertEqual(fault["message"], "Choose another secret")

    def test_secret_that_is_easy_to_guess_is_422_and_says_why(self):
        for weak, why in (("a" * 24, "8 different"), ("changeme!" * 3, "again and again"), ("abcdefghijklmnopqrstuvwxyz", "runs")):
            with self.subTest(weak=weak):
                fault, = self.invalid(self.admin.post("/api-tokens", {"name": "own", "role": "viewer", "token": weak}), "body.token")
                self.assertIn(why, fault["message"])

    def test_own_token_has_24_to_512_visible_ascii_characters(self):
        for bad in ["x" * 23, "x" * 513, "with space in the middle of it", "ü" * 30, "tab\there" * 5, 5]:
            with self.subTest(bad=bad):
                response = self.admin.post("/api-tokens", {"name": "own", "role": "viewer", "token": bad})
                self.invalid(response, "body.token")
                self.assertNotIn(str(bad * 2)[:40].encode(), response.body)
        self.expect(self.admin.post("/api-tokens", {"name": "own", "role": "viewer", "token": new_token()[:24]}), 201)

    def test_bad_fields_are_422(self):
        for body, field in [
                ({"name": "n", "role": "owner"}, "body.role"), 
                ({"name": 7, "role": "viewer"}, "body.name"), ({"name": "n", "scopes": ["fly"]}, None),
                ({"name": "n", "role": "viewer", "expires_in_days": 0}, "body.expires_in_days"),
                ({"name": "n", "role": "viewer", "expires_in_days": "7"}, "body.expires_in_days"),
                ({"name": "n", "role": "viewer", "account_ids": "acme"}, "body.account_ids")]:
            with self.subTest(body=body, field=field):
                response = self.admin.post("/api-tokens", body)
                if field:
                    self.invalid(response, field)
                else:
                    self.rules_error(response, 422, "validation_error")

    def test_expiry_is_shown(self):
        made = make_token(self.admin, role="viewer", expires_in_days=30)
        self.assertRegex(made["expires_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(self.works(made["token"]), 200)

    def test_self_describes_the_token_that_asks(self):
        made = make_token(self.admin, name="me", role="editor")
        answer = self.expect(self.program.client(made["token"]).get("/api-tokens/self"), 200)
        self.assertEqual((answer.data["id"], answer.data["name"]), (made["id"], "me"))
        self.assertEqual(sorted(answer.data["scopes"]), ["read", "resolve", "write"])
        self.assertNotIn(made["token"].encode(), answer.body)

    def test_list_and_get_show_tokens_without_secrets(self):
        made = make_token(self.admin, name="listed", role="viewer")
        listed = only_list(self.expect(self.admin.get("/api-tokens"), 200).data)
        self.assertIn(made["id"], [item["id"] for item in listed])
        shown = self.expect(self.admin.get(f"/api-tokens/{made['id']}"), 200).data
        self.assertEqual((shown["name"], shown["is_active"]), ("listed", True))
        self.assertNotIn("token", {key for key, value in shown.items() if value})

    def test_revoked_token_no_longer_works(self):
        made = make_token(self.admin, name="gone", role="viewer")
        client = self.program.client(made["token"])
        self.expect(client.get(self.acct.at(PASS)), 200)
        answer = self.expect(self.admin.delete(f"/api-tokens/{made['id']}"), 200)
        self.assertEqual(set(answer.data), {"id", "name", "is_active", "revoked_at"})
        self.assertEqual((answer.data["id"], answer.data["name"], answer.data["is_active"]), (made["id"], "gone", False))
        self.assertRegex(answer.data["revoked_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.rules_error(client.get(self.acct.at(PASS)), 401, "unauthorized")

    def test_one_of_many_tokens_is_found_without_reading_all(self):
        made = [make_token(self.admin, name=f"n{number}", role="viewer")["id"] for number in range(300)]
        took = {}
        for path in ("/api-tokens", f"/api-tokens/{made[150]}", "/api-tokens/999999999"):
            times = []
            for _ in range(9):
                began = time.perf_counter()
                status = self.admin.get(path).status
                times.append(time.perf_counter() - began)
                self.assertEqual(status, 404 if "999" in path else 200)
            took[path] = min(times)
        whole = took.pop("/api-tokens")
        self.assertLess(max(took.values()), whole / 2, took)

    def test_token_gives_only_accounts_that_are_its_own(self):
        other = Account()
        for wanted in [[other.id], [self.acct.id, other.id], ["*"], ["no-such-account"]]:
            with self.subTest(wanted=wanted):
                response = self.admin.post("/api-tokens", {"name": "n", "role": "viewer", "account_ids": wanted})
                self.rules_error(response, 403, "forbidden")

    def test_token_sees_and_revokes_only_tokens_of_its_accounts(self):
        other = Account()
        foreign = make_token(other.operator, role="viewer", account_ids=[other.id])
        shared = make_token(other.operator, role="viewer", account_ids=[self.acct.id, other.id])
        listed = [item["id"] for item in only_list(self.admin.get("/api-tokens").data)]
        for made in (foreign, shared):
            self.assertNotIn(made["id"], listed)
            for response in (self.admin.get(f"/api-tokens/{made['id']}"), self.admin.delete(f"/api-tokens/{made['id']}")):
                self.assertIn(response.status, (403, 404), f"\n{response}")
            self.assertEqual(self.works(made["token"], other), 200)

    def test_unknown_token_id_is_404(self):
        self.rules_error(self.acct.operator.get("/api-tokens/99999999"), 404, "not_found")
        self.rules_error(self.acct.operator.delete("/api-tokens/99999999"), 404, "not_found")
        self.invalid(self.acct.operator.get("/api-tokens/abc"), "path.token_id")

    def test_base_path_with_version_serves_tokens_too(self):
        self.expect(self.admin.get("/api/v1/api-tokens/self"), 200)
