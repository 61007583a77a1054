"""Accounts and the brands that belong to them."""
import os

from .case import Case, only_list
from .program import Program
from .world import Account, make_token


class Accounts(Case):
    number = 0

    def setUp(self):
        self.operator = self.acct.operator

    def name(self) -> str:
        Accounts.number += 1
        return f"Made-{os.getpid()}_{Accounts.number}"

    def brand(self) -> int:
        Accounts.number += 1
        return 5_000_000 + Accounts.number

    def test_account_is_created_and_shown_with_its_case_kept(self):
        name, brand = self.name(), self.brand()
        made = self.expect(self.operator.post("/accounts", {"account_id": name, "name": "Näme", "brand_ids": [brand]}), 201).data
        self.assertEqual((made["account_id"], made["name"], made["brand_ids"]), (name, "Näme", [brand]))
        self.assertEqual(self.expect(self.operator.get(f"/accounts/{name}"), 200).data, made)

    def test_accounts_whose_ids_differ_in_case_are_two(self):
        name = self.name()
        for account_id in (name, name.upper()):
            self.expect(self.operator.post("/accounts", {"account_id": account_id, "name": "n"}), 201)

    def test_second_account_of_an_id_is_a_conflict(self):
        self.rules_error(self.operator.post("/accounts", {"account_id": self.acct.id, "name": "n"}), 409, "duplicate_entry")

    def test_account_id_has_1_to_63_plain_characters(self):
        for bad in ["", "a" * 64, "with space", "ünï", "a/b", "a.b", 7, None, "a\n"]:
            with self.subTest(bad=bad):
                self.invalid(self.operator.post("/accounts", {"account_id": bad, "name": "n"}), "body.account_id")
        longest = (self.name() + "-" * 63)[:63]
        self.expect(self.operator.post("/accounts", {"account_id": longest, "name": "n"}), 201)

    def test_account_id_is_required(self):
        self.invalid(self.operator.post("/accounts", {"name": "n"}), "body.account_id")

    def test_bad_brand_ids_are_422(self):
        for bad in [["7"], [1.5], "7", [True], [None], {}]:
            with self.subTest(bad=bad):
                response = self.operator.post("/accounts", {"account_id": self.name(), "name": "n", "brand_ids": bad})
                self.rules_error(response, 422, "validation_error")

    def test_brand_belongs_to_one_account_only(self):
        response = self.operator.post("/accounts", {"account_id": self.name(), "name": "n", "brand_ids": [self.acct.brand]})
        self.rules_error(response, 409, "duplicate_entry")
        other = Account()
        response = self.operator.patch(f"/accounts/{other.id}", {"brand_ids": [other.brand, self.acct.brand]})
        self.rules_error(response, 409, "duplicate_entry")
        self.assertEqual(self.operator.get(f"/accounts/{other.id}").data["brand_ids"], [other.brand])

    def test_list_shows_accounts(self):
        listed = only_list(self.expect(self.operator.get("/accounts"), 200).data)
        self.assertIn(self.acct.id, [item["account_id"] for item in listed])

    def test_unknown_account_is_404(self):
        self.rules_error(self.operator.get("/accounts/no-such-account"), 404, "account_not_found")
        self.rules_error(self.operator.patch("/accounts/no-such-account", {"name": "n"}), 404, "account_not_found")

    def test_name_and_brands_can_be_changed(self):
        mine, brand = Account(), self.brand()
        after = self.expect(self.operator.patch(f"/accounts/{mine.id}", {"name": "New", "brand_ids": [mine.brand, brand]}), 200).data
        self.assertEqual((after["name"], sorted(after["brand_ids"])), ("New", sorted([mine.brand, brand])))
        self.expect(mine.viewer.get(f"/v1/{brand}/ai-referrals/connections"), 200)

    def test_brand_without_connections_can_be_removed_and_given_to_another(self):
        mine, other = Account(), Account()
        self.expect(self.operator.patch(f"/accounts/{mine.id}", {"brand_ids": []}), 200)
        self.vendor_error(mine.viewer.get(mine.connections()), 403)
        self.expect(self.operator.patch(f"/accounts/{other.id}", {"brand_ids": [other.brand, mine.brand]}), 200)
        self.expect(other.viewer.get(mine.connections()), 200)

    def test_brand_with_connections_cannot_be_removed(self):
        mine = Account()
        connection = mine.connection()
        for _ in ["active", "disabled"]:
            with self.subTest():
                self.expect(self.operator.patch(f"/accounts/{mine.id}", {"brand_ids": []}), 409)
                self.assertEqual(self.operator.get(f"/accounts/{mine.id}").data["brand_ids"], [mine.brand])
                self.expect(mine.editor.delete(mine.connections(connection["id"])), 200)

    def test_account_without_brands_is_fine(self):
        made = self.expect(self.operator.post("/accounts", {"account_id": self.name(), "name": "n"}), 201).data
        self.assertEqual(made["brand_ids"], [])

    def test_base_path_with_version_serves_accounts_too(self):
        self.expect(self.operator.get(f"/api/v1/accounts/{self.acct.id}"), 200)


class Readers(Case):
    """Who may read an account sees what it is and in which list it stands, and of others not even that they exist."""

    @classmethod
    def setUpClass(cls):
        own = Program().start()  # of its own, since accounts are erased
        cls.addClassCleanup(own.close)
        cls.acct = Account(own)

    def setUp(self):
        self.operator = self.acct.operator

    def listed(self, client) -> list:
        data = self.expect(client.get("/accounts"), 200).data
        self.assertEqual(set(data), {"accounts", "total"})
        self.assertEqual(data["total"], len(data["accounts"]))
        return data["accounts"]

    def ids(self, client) -> list:
        return [each["account_id"] for each in self.listed(client)]

    def bound(self, *ids, role="viewer"):
        return self.program.client(make_token(self.operator, role=role, account_ids=list(ids))["token"])

    def test_whoever_may_read_an_account_sees_it_as_an_operator_does(self):
        shown = self.expect(self.operator.get(f"/accounts/{self.acct.id}"), 200)
        for client in (self.acct.viewer, self.acct.editor, self.acct.admin, self.bound("*")):
            response = self.expect(client.get(f"/accounts/{self.acct.id}"), 200)
            self.assertEqual(response.data, shown.data)
            self.assertEqual(response.header("ETag"), shown.header("ETag"))
            self.assertIn(shown.data, self.listed(client))
        self.assertEqual(shown.data["brand_ids"], self.acct.brand_ids)

    def test_token_of_an_account_lists_that_one_alone(self):
        Account(self.program)
        for client in (self.acct.viewer, self.acct.editor, self.acct.admin):
            self.assertEqual(self.ids(client), [self.acct.id])

    def test_another_account_is_403_whether_it_exists_or_not(self):
        erased, other = Account(self.program), Account(self.program)
        client = self.bound(self.acct.id, erased.id)
        self.expect(self.operator.delete(f"/accounts/{erased.id}"), 202)
        for account_id in (other.id, "no-such-account", erased.id, "a%20b", self.acct.id.upper()):
            with self.subTest(account_id=account_id):
                plain = account_id.replace("%20", " ")
                self.rules_error(client.get(f"/accounts/{account_id}"), 403, "forbidden", f"Access denied to account: {plain}")
        self.assertEqual(self.ids(client), [self.acct.id])
        # An admin of some accounts changes and makes none, as before.
        for method, path in (("PATCH", f"/accounts/{self.acct.id}"), ("DELETE", f"/accounts/{self.acct.id}"), ("POST", "/accounts")):
            response = self.acct.admin.request(method, path, None if method == "DELETE" else {"account_id": "new-one", "name": "n"})
            self.rules_error(response, 403, "forbidden", "A token for all accounts is required")

    def test_reader_of_all_accounts_sees_all_and_what_became_of_them(self):
        reader, other = self.bound("*"), Account(self.program)
        self.assertLessEqual({self.acct.id, other.id}, set(self.ids(reader)))
        self.assertEqual(self.ids(reader), self.ids(self.operator))
        self.rules_error(reader.get("/accounts/no-such-account"), 404, "account_not_found")
        self.expect(self.operator.delete(f"/accounts/{other.id}"), 202)
        self.rules_error(reader.get(f"/accounts/{other.id}"), 410, "account_erased")
        self.assertNotIn(other.id, self.ids(reader))
        self.rules_error(reader.patch(f"/accounts/{self.acct.id}", {"name": "n"}), 403, "forbidden", "Required scope: admin")

    def test_tracker_reads_neither_the_account_nor_the_list(self):
        for client in (self.acct.tracker, self.bound("*", role="tracker")):
            for path in ("/accounts", f"/accounts/{self.acct.id}", "/accounts/no-such-account"):
                self.rules_error(client.get(path), 403, "forbidden", "Required scope: read")

    def test_revoked_token_reads_nothing(self):
        made = make_token(self.operator, role="viewer", account_ids=[self.acct.id])
        client = self.program.client(made["token"])
        etag = self.expect(client.get(f"/accounts/{self.acct.id}"), 200).header("ETag")
        listed = self.expect(client.get("/accounts"), 200).header("ETag")
        self.expect(self.operator.delete(f"/api-tokens/{made['id']}"), 200)
        for path, tag in ((f"/accounts/{self.acct.id}", etag), ("/accounts", listed)):
            self.rules_error(client.get(path), 401, "unauthorized")
            self.rules_error(client.get(path, headers={"If-None-Match": tag}), 401, "unauthorized")

    def test_tags_tell_when_something_has_changed_and_do_not_serve_another_token(self):
        mine = Account(self.program)
        path = f"/accounts/{mine.id}"
        for client in (mine.viewer, mine.editor):
            for target in (path, "/accounts"):
                response = self.expect(client.get(target), 200)
                self.assertEqual(response.header("Cache-Control"), "private, no-cache")
                self.assertIn("Authorization", response.header("Vary"))
                tag = {"If-None-Match": response.header("ETag")}
                self.expect(client.get(target, headers=tag), 304)
        self.expect(self.acct.viewer.get("/accounts", headers={"If-None-Match": mine.viewer.get("/accounts").header("ETag")}), 200)
        tags = {target: mine.viewer.get(target).header("ETag") for target in (path, "/accounts")}
        mine.mapping("a.example")  # changes the rules, and not what the account is
        self.expect(mine.viewer.get(path, headers={"If-None-Match": tags[path]}), 304)
        self.expect(self.operator.patch(path, {"name": "Renamed"}), 200)
        for target, tag in tags.items():
            response = self.expect(mine.viewer.get(target, headers={"If-None-Match": tag}), 200)
            self.assertIn("Renamed", response.body.decode())
        self.rules_error(mine.viewer.get(path, headers={"If-Match": tags[path]}), 412, "precondition_failed")

    def test_long_list_comes_whole_and_in_order(self):
        made = [f"many-{os.getpid()}-{n:04}" for n in range(450)]
        for account_id in made:
            self.expect(self.operator.post("/accounts", {"account_id": account_id, "name": "n" * 250}), 201)
        mine, erased = made[::2] + made[1:20:2], made[100:103]
        client = self.bound(*reversed(mine))
        for account_id in erased:
            self.expect(self.operator.delete(f"/accounts/{account_id}"), 202)
        self.assertEqual(self.ids(client), sorted(set(mine) - set(erased)))
        everything = self.ids(self.operator)
        self.assertLessEqual(set(made) - set(erased), set(everything))
        self.assertEqual(everything, sorted(everything))
        head = self.expect(client.request("HEAD", "/accounts"), 200)
        self.assertEqual(head.header("ETag"), client.get("/accounts").header("ETag"))
