"""Accounts and the brands that belong to them."""
import os

from .case import Case, only_list
from .world import Account


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
