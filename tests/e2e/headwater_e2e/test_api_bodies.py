"""What a body may be: media types, JSON syntax and JSON that is no valid request."""
from .case import Case

PATH = "/referrer-mappings"
GOOD = '{"referrer_pattern":"%s","utm_source":"s"}'


class Bodies(Case):
    number = 0

    def fresh(self) -> str:
        Bodies.number += 1
        return f"p{Bodies.number}.example"

    def post(self, body, content_type="application/json", **headers):
        return self.acct.editor.post(self.acct.at(PATH), body, {"Content-Type": content_type, **headers})

    def test_missing_content_type_means_json(self):
        self.expect(self.post(GOOD % self.fresh(), None), 201)

    def test_json_media_types_with_parameters_and_suffixes_are_fine(self):
        for kind in ["application/json; charset=utf-8", "APPLICATION/JSON", "application/json;charset=UTF-8",
                                   "application/vnd.acme.rule+json", "application/ld+json; profile=x"]:
            with self.subTest(kind=kind):
                self.expect(self.post(GOOD % self.fresh(), kind), 201)

    def test_other_media_types_are_415(self):
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/xml",
                                   "text/json", "application/x-ndjson", "multipart/form-data; boundary=x", "json", "*/*"]:
            with self.subTest(kind=kind):
                self.rules_error(self.post(GOOD % self.fresh(), kind), 415, "unsupported_media_type")

    def test_what_is_not_json_is_400(self):
        for body in [b"", b" ", b"{", b"}", b"{} {}", b"{}x", b"{'a':1}", b'{"a":1,}', b'{"a" 1}', b"nul",
                                   b'{"a":01}', b'{"a":NaN}', b'{"a":"\x01"}', b'{"a":"\\x"}', b"{\"a\":1}\x00",
                                   b'{"label":"\xff"}', b'{"label":"\xc0\xaf"}', b'{"label":"\xed\xa0\x80"}',
                                   b'{"label":"\xf4\x90\x80\x80"}', b'{"label":"abc', b"/* x */ {}"]:
            with self.subTest(body=body):
                self.rules_error(self.post(body), 400, "bad_request")

    def test_lone_surrogate_escapes_are_not_accepted(self):
        for body in ['"\\ud800"', '"\\udc00"', '"\\ud800x"', '"\\ud800\\u0041"']:
            with self.subTest(body=body):
                response = self.post('{"referrer_pattern":"s.example","utm_source":%s}' % body)
                self.assertIn(response.status, (400, 422), f"\n{response}")

    def test_depth_of_32_is_read_and_33_is_400(self):
        def nested(depth):  # the object itself is the first level
            return '{"referrer_pattern":"%s","utm_source":"s","x":%s%s}' % (self.fresh(), "[" * (depth - 1), "]" * (depth - 1))
        self.expect(self.post(nested(32)), 201)
        self.rules_error(self.post(nested(33)), 400, "bad_request")
        self.rules_error(self.post(nested(100_000)), 400, "bad_request")

    def test_wrong_top_level_type_is_422(self):
        for body in ["[]", '"text"', "7", "true", "null", '[{"referrer_pattern":"a.example"}]']:
            with self.subTest(body=body):
                self.rules_error(self.post(body), 422, "validation_error")

    def test_duplicate_keys_are_422(self):
        self.rules_error(self.post('{"referrer_pattern":"a.example","utm_source":"a","utm_source":"b"}'), 422, "validation_error")
        self.rules_error(self.post('{"referrer_pattern":"a.example","utm_source":"a","utm\\u005fsource":"b"}'),
                         422, "validation_error")

    def test_number_out_of_range_is_422(self):
        for number in ["1e400", "-1e400", "99999999999999999999", "9223372036854775808", "1e19"]:
            with self.subTest(number=number):
                self.rules_error(self.post('{"referrer_pattern":"a.example","utm_source":"a","priority":%s}' % number),
                                 422, "validation_error")

    def test_whole_number_with_a_fraction_of_zero_is_an_integer(self):
        for text, value in [("100.0", 100), ("1e2", 100), ("0.0", 0), ("1000.000", 1000)]:
            with self.subTest(text=text, value=value):
                body = '{"referrer_pattern":"%s","utm_source":"s","priority":%s}' % (self.fresh(), text)
                self.assertEqual(self.expect(self.post(body), 201).data["priority"], value)

    def test_text_and_fractions_are_no_integers_and_numbers_no_booleans(self):
        for field, value in [("priority", '"100"'), ("priority", "1.5"), ("priority", "true"), ("is_active", "1"),
                                           ("is_active", '"true"'), ("is_active", "0")]:
            with self.subTest(field=field, value=value):
                body = '{"referrer_pattern":"a.example","utm_source":"s","%s":%s}' % (field, value)
                self.invalid(self.post(body), f"body.{field}")

    def test_unknown_fields_are_ignored_and_named(self):
        body = {"referrer_pattern": self.fresh(), "utm_source": "s", "color": "red", "x": {"deep": [1]}}
        response = self.expect(self.post(body), 201)
        named = [name.rpartition(".")[2] for name in response.json()["meta"]["ignored_fields"]]
        self.assertEqual(sorted(named), ["color", "x"])
        self.assertNotIn("color", response.data)

    def test_without_unknown_fields_nothing_is_named(self):
        response = self.expect(self.post(GOOD % self.fresh()), 201)
        self.assertFalse((response.json().get("meta") or {}).get("ignored_fields"), f"\n{response}")

    def test_strict_handling_makes_unknown_fields_422(self):
        body = {"referrer_pattern": self.fresh(), "utm_source": "s", "color": "red"}
        for prefer in ["handling=strict", "return=representation, handling=strict"]:
            with self.subTest(prefer=prefer):
                self.invalid(self.post(body, Prefer=prefer), "body.color")
        self.expect(self.post(body, Prefer="handling=lenient"), 201)

    def test_a_hundred_unknown_fields_are_named_each_by_128_bytes(self):
        known = {"referrer_pattern": self.fresh(), "utm_source": "s"}
        many = {**known, "k" * 1000: 1, "k" * 999: 2, **{f"a{n}": n for n in range(150)}}
        named = self.expect(self.post(many), 201).json()["meta"]["ignored_fields"]
        self.assertEqual(named, ["k" * 128 + "..."] + [f"a{n}" for n in range(99)])
        refused = self.post({**many, "referrer_pattern": self.fresh()}, Prefer="handling=strict")
        self.assertEqual([each["field"] for each in self.expect(refused, 422).error["detail"]], ["body." + name for name in named])

    def test_read_only_fields_are_ignored_in_silence(self):
        made = self.acct.mapping(self.fresh())
        by_id = self.acct.at(f"{PATH}/{made['id']}")
        sent = {**self.acct.viewer.get(by_id).data, "label": "changed", "id": 777, "account_id": "other",
                "created_at": "1999-01-01T00:00:00Z"}
        response = self.expect(self.acct.editor.patch(by_id, sent), 200)
        self.assertFalse((response.json().get("meta") or {}).get("ignored_fields"), f"\n{response}")
        self.assertEqual((response.data["id"], response.data["account_id"], response.data["label"], response.data["created_at"]),
                         (made["id"], self.acct.id, "changed", made["created_at"]))

    def test_bodies_of_get_and_delete_are_ignored(self):
        made = self.acct.mapping(self.fresh())
        by_id = self.acct.at(f"{PATH}/{made['id']}")
        self.expect(self.acct.viewer.request("GET", by_id, "not json", {"Content-Type": "text/plain"}), 200)
        self.expect(self.acct.editor.request("DELETE", by_id, "[[[", {"Content-Type": "text/plain"}), 204)

    def test_body_over_1_mib_is_413(self):
        body = '{"referrer_pattern":"a.example","utm_source":"s","x":"%s"}' % ("x" * (1 << 20))
        self.rules_error(self.post(body), 413, "payload_too_large")

    def test_body_just_under_1_mib_is_read(self):
        start = '{"referrer_pattern":"%s","utm_source":"s","x":"' % self.fresh()
        body = start + "x" * ((1 << 20) - len(start) - 2) + '"}'
        self.assertEqual(len(body), 1 << 20)
        self.expect(self.post(body), 201)

    def test_bodies_of_the_other_family_follow_the_same_media_types(self):
        connection = self.acct.connection("https://media.example")
        row = '{"date":"2026-05-20","raw_referrer_value":"chatgpt.com","raw_page_value":"/"}'
        for kind, body, status in [
                (None, f"[{row}]", 200), (None, row, 200), ("application/json; charset=utf-8", f"[{row}]", 200),
                ("application/x-ndjson", row, 200), ("application/x-ndjson; charset=utf-8", row, 200), ("text/csv", row, 415),
                ("application/x-www-form-urlencoded", row, 415)]:
            with self.subTest(kind=kind, body=body):
                response = self.acct.editor.post(self.acct.events(connection), body, {"Content-Type": kind})
                self.expect(response, status)
                if status == 415:
                    self.vendor_error(response, 415)
