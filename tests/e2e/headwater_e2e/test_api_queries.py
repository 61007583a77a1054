"""Query parameters: booleans, account_id, limit and offset, and what is ignored."""
from .case import Case
from .world import Account

PATH = "/passthrough-referrers"


class Queries(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(5):
            cls.acct.passthrough(f"d{number}.example", is_active=number != 2)

    def domains(self, **query):
        data = self.expect(self.acct.viewer.get(self.acct.at(PATH, **query)), 200).data
        self.assertEqual((data["total"], data["active_count"]), (5, 4))
        return [r["domain"] for r in data["referrers"]]

    def test_booleans_have_four_spellings_in_any_case(self):
        for word in ["true", "TRUE", "1", "yes", "Yes", "on", "oN"]:
            with self.subTest(word=word):
                self.assertEqual(len(self.domains(include_inactive=word)), 5)
        for word in ["false", "False", "0", "no", "NO", "off", "Off"]:
            with self.subTest(word=word):
                self.assertEqual(len(self.domains(include_inactive=word)), 4)

    def test_other_booleans_are_422(self):
        for word in ["2", "maybe", "t", "", "null", "%00", "tru%65e"]:
            with self.subTest(word=word):
                self.invalid(self.acct.viewer.get(self.acct.at(PATH, include_inactive=word)), "query.include_inactive")

    def test_parameters_are_percent_decoded(self):
        self.assertEqual(len(self.domains(include_inactive="tru%65")), 5)
        coded = "%" + format(ord(self.acct.id[0]), "02x") + self.acct.id[1:]
        self.expect(self.acct.viewer.get(f"{PATH}?account_id={coded}"), 200)

    def test_unknown_parameters_are_ignored(self):
        self.assertEqual(len(self.domains(colour="red", page="7")), 4)
        self.expect(self.acct.viewer.get(f"{PATH}?&&account_id={self.acct.id}&x&=y&"), 200)

    def test_empty_account_id_is_no_account_id(self):
        response = self.acct.viewer.get(f"{PATH}?account_id=")
        self.assertIn(response.status, (403, 422), f"\n{response}")

    def test_limit_and_offset_cut_a_window(self):
        self.assertEqual(self.domains(limit=2), ["d0.example", "d1.example"])
        self.assertEqual(self.domains(limit=2, offset=2), ["d3.example", "d4.example"])
        self.assertEqual(self.domains(limit=2, offset=2, include_inactive="1"), ["d2.example", "d3.example"])
        self.assertEqual(self.domains(offset=3), ["d4.example"])
        self.assertEqual(self.domains(offset=99), [])

    def test_without_limit_all_are_listed(self):
        many = Account()
        for number in range(120):
            many.passthrough(f"d{number}.example")
        data = many.viewer.get(many.at(PATH)).data
        self.assertEqual([r["id"] for r in data["referrers"]], list(range(1, 121)))

    def test_bad_limit_and_offset_are_422(self):
        for name, value in [("limit", "-1"), ("limit", "abc"), ("offset", "-1"), ("offset", "1.5"),
                                          ("limit", ""), ("offset", "0x10")]:
            with self.subTest(name=name, value=value):
                self.invalid(self.acct.viewer.get(self.acct.at(PATH, **{name: value})), f"query.{name}")

    def test_non_integer_id_in_the_path_is_422(self):
        for path, field in [(f"{PATH}/abc", "path.referrer_id"), (f"{PATH}/1.5", "path.referrer_id"),
                                          ("/referrer-mappings/x", "path.mapping_id")]:
            with self.subTest(path=path, field=field):
                self.invalid(self.acct.viewer.get(self.acct.at(path)), field)

    def test_integer_id_that_matches_nothing_is_404_however_large(self):
        for number in ["0", "6", "-1", "9223372036854775807", "9223372036854775808", "9" * 200]:
            with self.subTest(number=number):
                self.rules_error(self.acct.viewer.get(self.acct.at(f"{PATH}/{number}")), 404, "not_found")

    def test_a_parameter_that_comes_twice_is_422(self):
        target = self.acct.at(PATH, include_inactive="true") + "&include_inactive=false"
        self.assertIn("Give it once", self.invalid(self.acct.viewer.get(target), "query.include_inactive")[0]["message"])
        self.invalid(self.acct.viewer.get(self.acct.at(PATH) + "&account_id=" + self.acct.id), "query.account_id")

    def test_a_name_that_is_no_utf_8_is_told_in_an_answer_that_is(self):
        target = self.acct.at("/presets/payment/apply") + "&dry%ff=1"
        self.invalid(self.acct.editor.post(target), "query.dry\ufffd")
        told = self.invalid(self.acct.editor.delete(self.acct.at(PATH) + "&ids=%ff"), "query.ids")
        self.assertIn("\ufffd", told[0]["message"])

    def test_a_misspelt_dry_run_changes_nothing(self):
        acct = Account()
        kept = acct.passthrough("kept.example")
        body = {"referrers": []}
        for method, path, sent in (("DELETE", acct.at(PATH, ids=str(kept["id"])), None), ("POST", acct.at("/presets/payment/apply"), None),
                                   ("POST", acct.at(f"{PATH}/import", mode="replace", allow_empty="true"), body),
                                   ("PATCH", acct.at(PATH), {"ids": [kept["id"]], "set": {"is_active": False}}),
                                   ("POST", f"/accounts/{acct.id}/restore-rules?as_of=0", None)):
            for word in ("dry-run", "dryrun", "dry_Run"):
                with self.subTest(path=path, word=word):
                    self.invalid(acct.editor.request(method, f"{path}&{word}=true", sent), f"query.{word}")
        data = self.expect(acct.viewer.get(acct.at(PATH)), 200).data
        self.assertEqual([(each["domain"], each["is_active"]) for each in data["referrers"]], [("kept.example", True)])
