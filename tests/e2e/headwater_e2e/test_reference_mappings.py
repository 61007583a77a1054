"""Every statement of referrer-mappings.txt; tests/README.md says which test is for which line."""
from .case import SECONDS, Case
from .world import Account

PATH = "/referrer-mappings"
FIELDS = {"id", "account_id", "referrer_pattern", "match_type", "utm_source", "utm_medium",
          "utm_campaign", "utm_term", "utm_content", "label", "description", "priority",
          "is_active", "created_at", "updated_at"}


class ReferenceMappings(Case):
    def setUp(self):
        self.acct = Account()

    def create(self, **body):
        return self.acct.editor.post(self.acct.at(PATH),
                                     {"referrer_pattern": "partner.example", "utm_source": "p", **body})

    def outcome(self, referrer, **visit):
        return self.acct.resolve(referrer=referrer, **visit)["outcome"]

    def test_recognized_referrer_gives_its_utms_to_an_untagged_visit(self):
        rule = self.acct.mapping("partner-site.com", utm_source="partner-site", utm_campaign="c",
                                 utm_term="t", utm_content="k")
        result = self.acct.resolve(referrer="https://partner-site.com/deals")
        self.assertEqual(result["outcome"], "mapping")
        self.assertEqual(result["rule"], {"kind": "referrer_mapping", "id": rule["id"]})
        self.assertEqual(result["utm"], {"utm_source": "partner-site", "utm_medium": "referral",
                                         "utm_campaign": "c", "utm_term": "t", "utm_content": "k"})

    def test_visit_with_utm_parameters_is_not_mapped(self):
        self.acct.mapping("partner.example")
        result = self.acct.resolve(url="https://shop.example/?utm_source=mail", referrer="https://partner.example/")
        self.assertEqual((result["outcome"], result["utm"]["utm_source"], result["rule"]),
                         ("explicit_utm", "mail", None))

    def test_base_path_serves_with_and_without_the_version_prefix(self):
        for prefix in ["", "/api/v1"]:
            with self.subTest(prefix=prefix):
                self.expect(self.acct.viewer.get(prefix + self.acct.at(PATH)), 200)

    def test_reading_needs_only_the_read_scope(self):
        self.acct.mapping("partner.example")
        self.expect(self.acct.viewer.get(self.acct.at(PATH)), 200)
        self.expect(self.acct.viewer.get(self.acct.at(f"{PATH}/1")), 200)
        self.rules_error(self.acct.tracker.get(self.acct.at(PATH)), 403, "forbidden", "Required scope: read")

    def test_mutations_need_the_write_scope(self):
        self.acct.mapping("partner.example")
        by_id = self.acct.at(f"{PATH}/1")
        for role in ["tracker", "viewer"]:
            with self.subTest(role=role):
                client = self.acct.client(role)
                for response in (client.post(self.acct.at(PATH), {"referrer_pattern": "a.example", "utm_source": "a"}),
                                 client.patch(by_id, {"utm_source": "b"}), client.delete(by_id)):
                    self.rules_error(response, 403, "forbidden", "Required scope: write")
        self.assertEqual(self.acct.viewer.get(by_id).data["utm_source"], "source")

    def test_editor_or_higher_may_mutate(self):
        for number, role in enumerate(["editor", "admin"]):
            with self.subTest(role=role):
                client = self.acct.client(role)
                made = self.expect(client.post(self.acct.at(PATH),
                                               {"referrer_pattern": f"d{number}.example", "utm_source": "a"}), 201)
                by_id = self.acct.at(f"{PATH}/{made.data['id']}")
                self.expect(client.patch(by_id, {"utm_source": "b"}), 200)
                self.expect(client.delete(by_id), 204)

    def test_list_shows_mappings_total_and_active_count(self):
        for name in ("a.example", "b.example"):
            self.acct.mapping(name)
        response = self.expect(self.acct.viewer.get(self.acct.at(PATH)), 200)
        self.assertEqual(set(response.json()) - {"meta"}, {"success", "data"})
        self.assertEqual(set(response.data), {"mappings", "total", "active_count"})
        self.assertEqual((response.data["total"], response.data["active_count"]), (2, 2))

    def test_listed_mapping_has_the_fields_and_types_of_the_document(self):
        self.acct.mapping("partner-site.com", utm_source="partner-site", label="Partner Site Traffic", priority=100)
        shown = self.acct.viewer.get(self.acct.at(PATH)).data["mappings"][0]
        self.assertEqual(set(shown), FIELDS)
        self.assertRegex(shown.pop("created_at"), SECONDS)
        self.assertRegex(shown.pop("updated_at"), SECONDS)
        self.assertEqual(shown, {
            "id": 1, "account_id": self.acct.id, "referrer_pattern": "partner-site.com", "match_type": "exact",
            "utm_source": "partner-site", "utm_medium": "referral", "utm_campaign": "", "utm_term": "",
            "utm_content": "", "label": "Partner Site Traffic", "description": None, "priority": 100,
            "is_active": True})

    def test_account_id_is_required_on_every_call(self):
        self.acct.mapping("partner.example")
        for method, path, body in [
                ("GET", PATH, None), ("POST", PATH, {"referrer_pattern": "a.example", "utm_source": "a"}),
                ("GET", f"{PATH}/1", None), ("PATCH", f"{PATH}/1", {"utm_source": "b"}),
                ("DELETE", f"{PATH}/1", None)]:
            with self.subTest(method=method, path=path):
                self.invalid(self.acct.editor.request(method, path, body), "query.account_id")

    def test_include_inactive_defaults_to_false(self):
        self.acct.mapping("on.example")
        self.acct.mapping("off.example", is_active=False)
        plain = self.acct.viewer.get(self.acct.at(PATH)).data
        self.assertEqual([m["referrer_pattern"] for m in plain["mappings"]], ["on.example"])
        self.assertEqual((plain["total"], plain["active_count"]), (2, 1))

    def test_include_inactive_lists_inactive_ones_too(self):
        self.acct.mapping("on.example")
        self.acct.mapping("off.example", is_active=False)
        full = self.acct.viewer.get(self.acct.at(PATH, include_inactive="true")).data
        self.assertEqual([m["is_active"] for m in full["mappings"]], [True, False])
        self.assertEqual((full["total"], full["active_count"]), (2, 1))

    def test_pattern_is_required(self):
        response = self.acct.editor.post(self.acct.at(PATH), {"utm_source": "p"})
        self.assertEqual(self.invalid(response, "body.referrer_pattern")[0]["type"], "missing")

    def test_pattern_has_1_to_255_characters(self):
        self.invalid(self.create(referrer_pattern=""), "body.referrer_pattern")
        self.invalid(self.create(referrer_pattern="https://"), "body.referrer_pattern")
        self.invalid(self.create(referrer_pattern="x" * 256, match_type="contains"), "body.referrer_pattern")
        self.expect(self.create(referrer_pattern="x" * 255, match_type="contains"), 201)

    def test_protocol_of_a_pattern_is_stripped(self):
        for number, (pattern, match_type) in enumerate([
                ("http://d0.example", "exact"), ("https://d1.", "starts_with"), ("HTTPS://d2.example", "ends_with"),
                ("https://d3", "contains"), ("https://d4\\.", "regex")]):
            with self.subTest(pattern=pattern, match_type=match_type):
                made = self.expect(self.create(referrer_pattern=pattern, match_type=match_type), 201).data
                self.assertEqual(made["referrer_pattern"], pattern.partition("://")[2])
                self.assertTrue(made["referrer_pattern"].startswith(f"d{number}"))

    def test_comparison_is_lowercase(self):
        self.acct.mapping("Partner.EXAMPLE")
        self.acct.mapping("RegEx[0-9]+", match_type="regex")
        for referrer in ["https://PARTNER.example/", "https://partner.Example/x",
                                       "https://REGEX77.test/", "https://regex7.test"]:
            with self.subTest(referrer=referrer):
                self.assertEqual(self.outcome(referrer), "mapping")

    def test_match_type_defaults_to_exact(self):
        self.assertEqual(self.expect(self.create(), 201).data["match_type"], "exact")
        self.assertEqual(self.outcome("https://partner.example/"), "mapping")
        self.assertEqual(self.outcome("https://sub.partner.example/"), "referral")

    def test_contains_matches_anywhere_in_the_host(self):
        self.acct.mapping("tner", match_type="contains")
        self.assertEqual(self.outcome("https://my.partner.example/"), "mapping")
        self.assertEqual(self.outcome("https://other.example/partner"), "referral")

    def test_starts_with_matches_the_beginning_of_the_host(self):
        self.acct.mapping("part", match_type="starts_with")
        self.assertEqual(self.outcome("https://partner.example/"), "mapping")
        self.assertEqual(self.outcome("https://a.partner.example/"), "referral")

    def test_ends_with_matches_the_end_of_the_host(self):
        self.acct.mapping(".example", match_type="ends_with")
        self.assertEqual(self.outcome("https://partner.example/"), "mapping")
        self.assertEqual(self.outcome("https://partner.example.test/"), "referral")

    def test_regex_searches_the_host(self):
        self.acct.mapping(r"^p[a-z]+\d{2}\.example$", match_type="regex")
        self.assertEqual(self.outcome("https://partner42.example/"), "mapping")
        self.assertEqual(self.outcome("https://partner4.example/"), "referral")

    def test_unknown_match_type_is_refused(self):
        self.assertEqual(self.expect(self.create(match_type=None), 201).data["match_type"], "exact")
        for bad in ["suffix", "EXACT", "", 1]:
            with self.subTest(bad=bad):
                self.invalid(self.create(match_type=bad), "body.match_type")

    def test_utm_source_is_required(self):
        response = self.acct.editor.post(self.acct.at(PATH), {"referrer_pattern": "a.example"})
        self.assertEqual(self.invalid(response, "body.utm_source")[0]["type"], "missing")

    def test_utm_source_has_1_to_255_characters(self):
        self.invalid(self.create(utm_source=""), "body.utm_source")
        self.invalid(self.create(utm_source="x" * 256), "body.utm_source")
        self.expect(self.create(utm_source="x" * 255), 201)

    def test_utm_medium_defaults_to_referral_and_has_at_most_100_characters(self):
        self.assertEqual(self.expect(self.create(), 201).data["utm_medium"], "referral")
        self.invalid(self.create(referrer_pattern="b.example", utm_medium="x" * 101), "body.utm_medium")
        self.expect(self.create(referrer_pattern="b.example", utm_medium="x" * 100), 201)

    def test_other_utms_default_to_empty_and_have_at_most_255_characters(self):
        made = self.expect(self.create(), 201).data
        for number, field in enumerate(["utm_campaign", "utm_term", "utm_content"]):
            with self.subTest(field=field):
                self.assertEqual(made[field], "")
                self.invalid(self.create(referrer_pattern="b.example", **{field: "x" * 256}), f"body.{field}")
                self.expect(self.create(referrer_pattern=f"c{number}.example", **{field: "x" * 255}), 201)

    def test_label_and_description_are_optional_with_100_and_500_characters(self):
        made = self.expect(self.create(), 201).data
        self.assertIsNone(made["label"])
        self.assertIsNone(made["description"])
        for number, (field, most) in enumerate([("label", 100), ("description", 500)]):
            with self.subTest(field=field, most=most):
                self.invalid(self.create(referrer_pattern="b.example", **{field: "x" * (most + 1)}), f"body.{field}")
                full = self.expect(self.create(referrer_pattern=f"c{number}.example", **{field: "x" * most}), 201)
                self.assertEqual(full.data[field], "x" * most)

    def test_priority_is_0_to_1000_and_defaults_to_0(self):
        self.assertEqual(self.expect(self.create(), 201).data["priority"], 0)
        self.assertEqual(self.expect(self.create(referrer_pattern="null.example", priority=None), 201).data["priority"], 0)
        for bad in [-1, 1001, 1.5, "5", True]:
            with self.subTest(bad=bad):
                self.invalid(self.create(referrer_pattern="b.example", priority=bad), "body.priority")
        for number, good in enumerate([0, 1000]):
            made = self.expect(self.create(referrer_pattern=f"c{number}.example", priority=good), 201)
            self.assertEqual(made.data["priority"], good)

    def test_higher_priority_is_checked_first(self):
        self.acct.mapping("partner", match_type="contains", utm_source="low", priority=1)
        high = self.acct.mapping("partner.example", utm_source="high", priority=2)
        self.acct.mapping("example", match_type="ends_with", utm_source="lowest")
        self.assertEqual(self.acct.resolve(referrer="https://partner.example/")["rule"]["id"], high["id"])
        listed = self.acct.viewer.get(self.acct.at(PATH)).data["mappings"]
        self.assertEqual([m["utm_source"] for m in listed], ["high", "low", "lowest"])

    def test_is_active_defaults_to_true_and_an_inactive_mapping_does_not_match(self):
        self.assertIs(self.expect(self.create(), 201).data["is_active"], True)
        self.expect(self.create(referrer_pattern="off.example", is_active=False), 201)
        self.assertEqual(self.outcome("https://off.example/"), "referral")

    def test_fields_must_have_the_documented_types(self):
        for field, value in [("referrer_pattern", 7), ("utm_source", False), ("utm_medium", []),
                                           ("utm_campaign", {}), ("utm_term", 1.5), ("utm_content", 2),
                                           ("label", 3), ("description", []), ("is_active", "yes")]:
            with self.subTest(field=field, value=value):
                self.invalid(self.create(**{field: value}), f"body.{field}")

    def test_create_answers_201_with_the_full_mapping(self):
        made = self.expect(self.create(), 201).data
        self.assertEqual(set(made), FIELDS)
        self.assertEqual(self.acct.viewer.get(self.acct.at(f"{PATH}/{made['id']}")).data, made)

    def test_second_create_of_a_pattern_is_a_conflict_whatever_its_match_type(self):
        first = self.expect(self.create(is_active=False), 201).data
        for fields in [{}, {"match_type": "contains"}, {"referrer_pattern": "https://PARTNER.example/x"}]:
            with self.subTest(fields=fields):
                error = self.rules_error(self.create(**fields), 409, "duplicate_entry")
                self.assertIn(str(first["id"]), str(error))

    def test_get_answers_the_mapping(self):
        made = self.acct.mapping("partner.example")
        self.assertEqual(self.expect(self.acct.viewer.get(self.acct.at(f"{PATH}/{made['id']}")), 200).data, made)

    def test_get_of_an_unknown_mapping_is_404(self):
        self.rules_error(self.acct.viewer.get(self.acct.at(f"{PATH}/1")), 404, "not_found")

    def test_every_field_of_create_can_be_updated_alone(self):
        made = self.acct.mapping("partner.example")
        by_id = self.acct.at(f"{PATH}/{made['id']}")
        for field, value in [
                ("referrer_pattern", "other.example"), ("match_type", "contains"), ("utm_source", "s"),
                ("utm_medium", "m"), ("utm_campaign", "c"), ("utm_term", "t"), ("utm_content", "k"),
                ("label", "l"), ("description", "two\nlines"), ("priority", 7), ("is_active", False)]:
            with self.subTest(field=field, value=value):
                before = self.acct.viewer.get(by_id).data
                after = self.expect(self.acct.editor.patch(by_id, {field: value}), 200).data
                self.assertEqual(after[field], value)
                self.assertEqual({k: v for k, v in after.items() if k not in (field, "updated_at")},
                                 {k: v for k, v in before.items() if k not in (field, "updated_at")})

    def test_update_with_no_field_at_all_is_allowed(self):
        made = self.acct.mapping("partner.example")
        self.assertEqual(self.expect(self.acct.editor.patch(self.acct.at(f"{PATH}/{made['id']}"), {}), 200).data, made)

    def test_update_to_the_pattern_of_another_mapping_is_a_conflict(self):
        first = self.acct.mapping("a.example")
        second = self.acct.mapping("b.example")
        by_id = self.acct.at(f"{PATH}/{second['id']}")
        error = self.rules_error(self.acct.editor.patch(by_id, {"referrer_pattern": "A.example"}), 409, "duplicate_entry")
        self.assertIn(str(first["id"]), str(error))
        self.assertEqual(self.acct.viewer.get(by_id).data, second)

    def test_update_of_an_unknown_mapping_is_404(self):
        self.rules_error(self.acct.editor.patch(self.acct.at(f"{PATH}/9"), {"label": "x"}), 404, "not_found")

    def test_delete_answers_204_and_the_mapping_is_gone(self):
        made = self.acct.mapping("a.example")
        by_id = self.acct.at(f"{PATH}/{made['id']}")
        self.assertEqual(self.expect(self.acct.editor.delete(by_id), 204).body, b"")
        self.rules_error(self.acct.viewer.get(by_id), 404, "not_found")
        self.rules_error(self.acct.editor.delete(by_id), 404, "not_found")
        self.assertEqual(self.outcome("https://a.example/"), "referral")
