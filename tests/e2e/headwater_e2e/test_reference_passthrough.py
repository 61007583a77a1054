"""Every statement of passthrough-referrers.txt; tests/README.md says which test is for which line."""
from .case import SECONDS, Case
from .world import Account, make_token

PATH = "/passthrough-referrers"
FIELDS = {"id", "account_id", "domain", "utm_source", "utm_medium", "utm_campaign", "utm_term",
          "service_name", "is_active", "created_at", "updated_at"}


class ReferencePassthrough(Case):
    def setUp(self):
        self.acct = Account()

    def create(self, **body):
        return self.acct.editor.post(self.acct.at(PATH), {"domain": "pay.example", "utm_source": "pay", **body})

    def test_passthrough_keeps_the_utms_of_the_session(self):
        rule = self.acct.passthrough("booking.mirai.com", utm_source="mirai")
        session = {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "spring"}
        result = self.acct.resolve(referrer="https://booking.mirai.com/x", session=session)
        self.assertEqual(result["outcome"], "passthrough")
        self.assertEqual(result["rule"], {"kind": "passthrough_referrer", "id": rule["id"]})
        self.assertEqual(result["utm"], {**session, "utm_term": "", "utm_content": ""})
        self.assertIs(result["continues_session"], True)

    def test_without_a_session_the_fallback_utms_of_the_rule_apply(self):
        self.acct.passthrough("booking.mirai.com", utm_source="mirai", utm_campaign="c", utm_term="t")
        result = self.acct.resolve(referrer="https://booking.mirai.com/x", session=None)
        self.assertEqual(result["outcome"], "passthrough")
        self.assertEqual(result["utm"], {"utm_source": "mirai", "utm_medium": "passthrough",
                                         "utm_campaign": "c", "utm_term": "t", "utm_content": ""})
        self.assertIs(result["continues_session"], False)

    def test_base_path_serves_with_and_without_the_version_prefix(self):
        for prefix in ["", "/api/v1"]:
            with self.subTest(prefix=prefix):
                response = self.acct.viewer.get(prefix + self.acct.at(PATH))
                self.expect(response, 200)

    def test_reading_needs_only_the_read_scope(self):
        self.acct.passthrough("pay.example")
        self.expect(self.acct.viewer.get(self.acct.at(PATH)), 200)
        self.expect(self.acct.viewer.get(self.acct.at(f"{PATH}/1")), 200)
        self.rules_error(self.acct.tracker.get(self.acct.at(PATH)), 403, "forbidden",
                         "Required scope: read")

    def test_mutations_need_the_write_scope(self):
        self.acct.passthrough("pay.example")
        by_id = self.acct.at(f"{PATH}/1")
        for role in ["tracker", "viewer"]:
            with self.subTest(role=role):
                client = self.acct.client(role)
                for response in (client.post(self.acct.at(PATH), {"domain": "a.example", "utm_source": "a"}),
                                 client.patch(by_id, {"utm_source": "b"}), client.delete(by_id)):
                    self.rules_error(response, 403, "forbidden", "Required scope: write")
        self.assertEqual(self.acct.viewer.get(by_id).data["utm_source"], "source")

    def test_editor_or_higher_may_mutate(self):
        for number, role in enumerate(["editor", "admin"]):
            with self.subTest(role=role):
                client = self.acct.client(role)
                made = self.expect(client.post(self.acct.at(PATH), {"domain": f"d{number}.example", "utm_source": "a"}), 201)
                by_id = self.acct.at(f"{PATH}/{made.data['id']}")
                self.expect(client.patch(by_id, {"utm_source": "b"}), 200)
                self.expect(client.delete(by_id), 204)

    def test_list_shows_referrers_total_and_active_count(self):
        for name in ("a.example", "b.example", "c.example"):
            self.acct.passthrough(name)
        response = self.expect(self.acct.viewer.get(self.acct.at(PATH)), 200)
        self.assertEqual(set(response.json()) - {"meta"}, {"success", "data"})
        self.assertEqual(set(response.data), {"referrers", "total", "active_count"})
        self.assertEqual([r["domain"] for r in response.data["referrers"]],
                         ["a.example", "b.example", "c.example"])
        self.assertEqual((response.data["total"], response.data["active_count"]), (3, 3))

    def test_listed_referrer_has_the_fields_and_types_of_the_document(self):
        self.acct.passthrough("booking.mirai.com", utm_source="mirai", service_name="Mirai Booking Engine")
        shown = self.acct.viewer.get(self.acct.at(PATH)).data["referrers"][0]
        self.assertEqual(set(shown), FIELDS)
        self.assertRegex(shown["created_at"], SECONDS)
        self.assertEqual(shown["created_at"], shown["updated_at"])
        for field in ("created_at", "updated_at"):
            del shown[field]
        self.assertEqual(shown, {
            "id": 1, "account_id": self.acct.id, "domain": "booking.mirai.com", "utm_source": "mirai",
            "utm_medium": "passthrough", "utm_campaign": "", "utm_term": "",
            "service_name": "Mirai Booking Engine", "is_active": True})

    def test_account_id_is_required_on_every_call(self):
        self.acct.passthrough("pay.example")
        for method, path, body in [
                ("GET", PATH, None), ("POST", PATH, {"domain": "a.example", "utm_source": "a"}),
                ("GET", f"{PATH}/1", None), ("PATCH", f"{PATH}/1", {"utm_source": "b"}),
                ("DELETE", f"{PATH}/1", None)]:
            with self.subTest(method=method, path=path):
                self.invalid(self.acct.editor.request(method, path, body), "query.account_id")

    def test_include_inactive_defaults_to_false(self):
        self.acct.passthrough("on.example")
        self.acct.passthrough("off.example", is_active=False)
        plain = self.acct.viewer.get(self.acct.at(PATH)).data
        self.assertEqual([r["domain"] for r in plain["referrers"]], ["on.example"])
        self.assertEqual((plain["total"], plain["active_count"]), (2, 1))

    def test_include_inactive_lists_inactive_ones_too(self):
        self.acct.passthrough("on.example")
        self.acct.passthrough("off.example", is_active=False)
        full = self.acct.viewer.get(self.acct.at(PATH, include_inactive="true")).data
        self.assertEqual([(r["domain"], r["is_active"]) for r in full["referrers"]],
                         [("on.example", True), ("off.example", False)])
        self.assertEqual((full["total"], full["active_count"]), (2, 1))

    def test_domain_is_required(self):
        response = self.acct.editor.post(self.acct.at(PATH), {"utm_source": "pay"})
        self.assertEqual(self.invalid(response, "body.domain")[0]["type"], "missing")

    def test_domain_has_1_to_255_characters(self):
        self.invalid(self.create(domain=""), "body.domain")
        self.invalid(self.create(domain="a" * 252 + ".com"), "body.domain")
        longest = ".".join(["a" * 62] * 3 + ["b" * 60, "com"])  # 253 octets, DNS's own limit
        self.assertEqual(len(longest), 253)
        self.expect(self.create(domain=longest), 201)

    def test_protocol_of_a_domain_is_stripped(self):
        for number, scheme in enumerate(["http://", "https://", "HTTPS://"]):
            with self.subTest(scheme=scheme):
                response = self.expect(self.create(domain=f"{scheme}d{number}.example"), 201)
                self.assertEqual(response.data["domain"], f"d{number}.example")

    def test_domain_must_look_like_a_domain(self):
        for bad in ["nodots", "a..example", "-a.example", "a-.example", "a b.example",
                                  "a.example/path", "a.example:443", "*.example.com", "127.0.0.1",
                                  "[::1]", "a_b.example", "https://", ".example.com", "a.123",
                                  "user@a.example", "a.example?x=1"]:
            with self.subTest(bad=bad):
                self.invalid(self.create(domain=bad), "body.domain")

    def test_utm_source_is_required(self):
        response = self.acct.editor.post(self.acct.at(PATH), {"domain": "pay.example"})
        self.assertEqual(self.invalid(response, "body.utm_source")[0]["type"], "missing")

    def test_utm_source_has_1_to_255_characters(self):
        self.invalid(self.create(utm_source=""), "body.utm_source")
        self.invalid(self.create(utm_source="x" * 256), "body.utm_source")
        self.expect(self.create(utm_source="ü" * 255), 201)

    def test_utm_medium_defaults_to_passthrough_and_has_at_most_100_characters(self):
        self.assertEqual(self.expect(self.create(), 201).data["utm_medium"], "passthrough")
        self.invalid(self.create(domain="b.example", utm_medium="x" * 101), "body.utm_medium")
        self.expect(self.create(domain="b.example", utm_medium="x" * 100), 201)

    def test_utm_campaign_and_term_default_to_empty_and_have_at_most_255_characters(self):
        made = self.expect(self.create(), 201).data
        for number, field in enumerate(["utm_campaign", "utm_term"]):
            with self.subTest(field=field):
                self.assertEqual(made[field], "")
                self.invalid(self.create(domain="b.example", **{field: "x" * 256}), f"body.{field}")
                full = self.expect(self.create(domain=f"c{number}.example", **{field: "x" * 255}), 201)
                self.assertEqual(full.data[field], "x" * 255)

    def test_service_name_is_optional_and_has_at_most_100_characters(self):
        self.assertIn(self.expect(self.create(), 201).data["service_name"], ("", None))
        self.invalid(self.create(domain="b.example", service_name="x" * 101), "body.service_name")
        full = self.expect(self.create(domain="b.example", service_name="x" * 100), 201)
        self.assertEqual(full.data["service_name"], "x" * 100)

    def test_is_active_defaults_to_true(self):
        self.assertIs(self.expect(self.create(), 201).data["is_active"], True)
        off = self.expect(self.create(domain="b.example", is_active=False), 201)
        self.assertIs(off.data["is_active"], False)

    def test_fields_must_have_the_documented_types(self):
        for field, value in [("domain", 7), ("utm_source", True), ("utm_medium", []),
                                           ("utm_campaign", {}), ("utm_term", 1.5),
                                           ("service_name", 3), ("is_active", "true"), ("is_active", 1)]:
            with self.subTest(field=field, value=value):
                self.invalid(self.create(**{field: value}), f"body.{field}")

    def test_create_answers_201_with_the_full_referrer(self):
        made = self.expect(self.create(), 201).data
        self.assertEqual(set(made), FIELDS)
        self.assertEqual(self.acct.viewer.get(self.acct.at(f"{PATH}/{made['id']}")).data, made)

    def test_second_create_of_a_domain_is_a_conflict(self):
        first = self.expect(self.create(), 201).data
        for again in ["pay.example", "https://PAY.example/"]:
            with self.subTest(again=again):
                error = self.rules_error(self.create(domain=again), 409, "duplicate_entry")
                self.assertIn(str(first["id"]), str(error))
        self.assertEqual(self.acct.viewer.get(self.acct.at(PATH)).data["total"], 1)

    def test_get_answers_the_referrer(self):
        made = self.acct.passthrough("pay.example")
        self.assertEqual(self.expect(self.acct.viewer.get(self.acct.at(f"{PATH}/{made['id']}")), 200).data, made)

    def test_get_of_an_unknown_referrer_is_404(self):
        for unknown in [1, 0, 99999999999999999999999]:
            with self.subTest(unknown=unknown):
                self.rules_error(self.acct.viewer.get(self.acct.at(f"{PATH}/{unknown}")), 404, "not_found")

    def test_every_field_of_create_can_be_updated_alone(self):
        made = self.acct.passthrough("pay.example")
        by_id = self.acct.at(f"{PATH}/{made['id']}")
        for field, value in [("domain", "other.example"), ("utm_source", "s"), ("utm_medium", "m"),
                                           ("utm_campaign", "c"), ("utm_term", "t"),
                                           ("service_name", "n"), ("is_active", False)]:
            with self.subTest(field=field, value=value):
                before = self.acct.viewer.get(by_id).data
                after = self.expect(self.acct.editor.patch(by_id, {field: value}), 200).data
                self.assertEqual(after[field], value)
                self.assertEqual({k: v for k, v in after.items() if k not in (field, "updated_at")},
                                 {k: v for k, v in before.items() if k not in (field, "updated_at")})
                self.assertEqual(self.acct.viewer.get(by_id).data, after)

    def test_update_with_no_field_at_all_is_allowed(self):
        made = self.acct.passthrough("pay.example")
        response = self.acct.editor.patch(self.acct.at(f"{PATH}/{made['id']}"), {})
        self.assertEqual(self.expect(response, 200).data, made)

    def test_update_to_the_domain_of_another_referrer_is_a_conflict(self):
        first = self.acct.passthrough("a.example")
        second = self.acct.passthrough("b.example")
        by_id = self.acct.at(f"{PATH}/{second['id']}")
        error = self.rules_error(self.acct.editor.patch(by_id, {"domain": "a.example", "utm_source": "z"}),
                                 409, "duplicate_entry")
        self.assertIn(str(first["id"]), str(error))
        self.assertEqual(self.acct.viewer.get(by_id).data, second)

    def test_update_to_its_own_domain_is_no_conflict(self):
        made = self.acct.passthrough("a.example")
        self.expect(self.acct.editor.patch(self.acct.at(f"{PATH}/{made['id']}"), {"domain": "A.example"}), 200)

    def test_update_of_an_unknown_referrer_is_404(self):
        self.rules_error(self.acct.editor.patch(self.acct.at(f"{PATH}/9"), {"utm_source": "a"}), 404, "not_found")

    def test_delete_answers_204_and_the_referrer_is_gone(self):
        made = self.acct.passthrough("a.example")
        by_id = self.acct.at(f"{PATH}/{made['id']}")
        response = self.expect(self.acct.editor.delete(by_id), 204)
        self.assertEqual(response.body, b"")
        self.rules_error(self.acct.viewer.get(by_id), 404, "not_found")
        self.rules_error(self.acct.editor.delete(by_id), 404, "not_found")
        self.assertEqual(self.acct.viewer.get(self.acct.at(PATH)).data["total"], 0)
        self.assertEqual(self.acct.resolve(referrer="https://a.example/")["outcome"], "referral")

    def test_deleted_domain_can_be_created_again_under_a_new_id(self):
        made = self.acct.passthrough("a.example")
        self.expect(self.acct.editor.delete(self.acct.at(f"{PATH}/{made['id']}")), 204)
        self.assertEqual(self.acct.passthrough("a.example")["id"], made["id"] + 1)

    def test_custom_scopes_work_like_roles(self):
        reader = make_token(self.acct.operator, scopes=["read"], account_ids=[self.acct.id])
        client = self.program.client(reader["token"])
        self.expect(client.get(self.acct.at(PATH)), 200)
        self.rules_error(client.post(self.acct.at(PATH), {"domain": "a.example", "utm_source": "a"}),
                         403, "forbidden", "Required scope: write")
