"""POST /resolve for many visits: arrays, NDJSON, errors in their place, limits and explanations."""
import json
import threading

from .case import Case
from .program import Program
from .world import Account

HOME = "https://www.shop.example/"
PATH = "/resolve"


class Batches(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acct.mapping("partner.example", utm_source="partner")

    def post(self, body, content_type="application/json", client=None, **query):
        return (client or self.acct.tracker).post(self.acct.at(PATH, **query), body, {"Content-Type": content_type})

    def lines(self, text, **query):
        response = self.expect(self.post(text, "application/x-ndjson", **query), 200)
        self.assertEqual(response.header("Content-Type", "").split(";")[0], "application/x-ndjson", f"\n{response}")
        return response.ndjson()

    def test_results_of_an_array_come_in_order(self):
        visits = [{"url": HOME, "referrer": f"https://h{n}.example/"} for n in range(200)]
        results = self.expect(self.post({"visits": visits}), 200).data["results"]
        self.assertEqual([r["utm"]["utm_source"] for r in results], [f"h{n}.example" for n in range(200)])

    def test_array_and_single_visit_and_ndjson_agree(self):
        visits = [{"url": HOME}, {"url": HOME, "referrer": "https://partner.example/"},
                  {"url": HOME + "?utm_source=x", "referrer": None, "session": {}},
                  {"url": HOME, "referrer": "https://chatgpt.com/", "session": {"utm_source": "a"}}]
        single = [self.expect(self.post(visit), 200).data for visit in visits]
        self.assertEqual(self.expect(self.post({"visits": visits}), 200).data["results"], single)
        self.assertEqual(self.lines("\n".join(map(json.dumps, visits))), single)

    def test_empty_array_is_a_quiet_moment(self):
        self.assertEqual(self.expect(self.post({"visits": []}), 200).data["results"], [])

    def test_ten_thousand_visits_are_fine_and_one_more_is_not(self):
        visit = {"url": HOME, "referrer": "https://partner.example/"}
        results = self.expect(self.post({"visits": [visit] * 10_000}), 200).data["results"]
        self.assertEqual((len(results), {r["outcome"] for r in results}), (10_000, {"mapping"}))
        response = self.post({"visits": [visit] * 10_001})
        self.assertIn(response.status, (413, 422), f"\n{response}")
        self.assertIn(response.error["code"], ("payload_too_large", "validation_error"))

    def test_visits_as_long_as_a_body_are_resolved_like_others(self):
        # So long that they are resolved in the background: the last parameter of a query counts.
        long_url, short_url = HOME + "?" + "a=1&" * 100_000 + "utm_source=last", HOME + "?utm_source=last"
        referrer = "https://partner.example/"
        draft = {"referrer_mappings": {"add": [{"referrer_pattern": "b.example", "utm_source": "drafted"}]}}
        for query, more in (({}, {}), ({"explain": "true"}, {}), ({"explain": "all"}, {}), ({}, {"draft": draft}),
                            ({"explain": "true"}, {"draft": draft, "compare": True})):
            with self.subTest(query=query, more=more):
                def post(body):
                    return self.expect(self.post({**body, **more}, client=self.acct.editor, **query), 200).data
                visits = [{"url": HOME, "referrer": referrer}, {"url": long_url, "referrer": referrer}, {"url": "/" + "a" * 100_000}, {"url": short_url}]
                self.assertEqual(post(visits[1]), post({"url": short_url, "referrer": referrer}))
                results = post({"visits": visits})["results"]
                self.assertEqual([results[0], results[1], results[3]],
                                 [post(visits[0]), post({"url": short_url, "referrer": referrer}), post(visits[3])])
                self.assertEqual(results[2]["error"]["code"], "validation_error")
                self.rules_error(self.post({**visits[2], **more}, client=self.acct.editor, **query), 422, "validation_error")

    def test_long_values_are_answered_whole(self):
        value = "ü" * 300_000
        found = self.expect(self.post({"url": HOME, "session": {"utm_source": value}}), 200).data
        self.assertEqual((found["outcome"], found["utm"]["utm_source"]), ("continued", value))

    def test_bad_visits_are_errors_in_their_place(self):
        good = {"url": HOME}
        bad = [7, None, "text", [], {}, {"url": ""}, {"url": None}, {"url": 7}, {"url": "/relative"}, {"referrer": HOME}]
        visits = [item for one in bad for item in (good, one)] + [good]
        results = self.expect(self.post({"visits": visits}), 200).data["results"]
        self.assertEqual(len(results), len(visits))
        for sent, got in zip(visits, results):
            with self.subTest(visit=sent):
                if sent is good:
                    self.assertEqual(got["outcome"], "direct")
                else:
                    self.assertEqual(set(got), {"error"})
                    self.assertLessEqual({"code", "message"}, set(got["error"]))

    def test_bad_visit_alone_is_422(self):
        for visit in [{}, {"url": ""}, {"url": 7}, {"url": "/relative"}, {"referrer": HOME}, [], '"text"']:
            with self.subTest(visit=visit):
                self.rules_error(self.post(visit), 422, "validation_error")

    def test_visits_must_be_an_array(self):
        for visits in [{}, "x", 7, None]:
            with self.subTest(visits=visits):
                self.rules_error(self.post({"visits": visits}), 422, "validation_error")

    def test_unreadable_referrer_fails_nothing(self):
        results = self.expect(self.post({"visits": [{"url": HOME, "referrer": "https://[::"}]}), 200).data["results"]
        self.assertEqual(results[0]["outcome"], "direct")

    def test_ndjson_has_one_result_a_line_and_errors_in_their_place(self):
        text = "\n".join([json.dumps({"url": HOME}), "{broken", "[]", json.dumps({"url": HOME, "referrer": "https://partner.example/"})])
        results = self.lines(text + "\n")
        self.assertEqual(len(results), 4)
        self.assertEqual((results[0]["outcome"], results[3]["outcome"]), ("direct", "mapping"))
        self.assertEqual([set(results[1]), set(results[2])], [{"error"}, {"error"}])

    def test_ndjson_takes_crlf_and_a_missing_last_newline(self):
        line = json.dumps({"url": HOME})
        self.assertEqual(len(self.lines(f"{line}\r\n{line}\r\n{line}")), 3)

    def test_ndjson_is_not_limited_as_a_whole(self):
        line = json.dumps({"url": HOME + "?pad=" + "x" * 300, "referrer": "https://partner.example/"}) + "\n"
        count = (9 << 20) // len(line) + 1
        with self.program.connect() as connection:
            head = (f"POST {self.acct.at(PATH)} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.acct.tracker.token}\r\n"
                    f"Content-Type: application/x-ndjson\r\nContent-Length: {count * len(line)}\r\n\r\n")
            # Results come while visits are sent. Whoever sends all of them first waits for a server that waits to be read.
            sending = threading.Thread(target=connection.socket.sendall, args=((head + line * count).encode(),))
            sending.start()
            results = self.expect(connection.read_response(), 200).ndjson()
            sending.join()
        self.assertEqual(len(results), count)
        self.assertEqual({r["outcome"] for r in results}, {"mapping"})

    def test_ndjson_can_be_sent_in_chunks(self):
        line = (json.dumps({"url": HOME}) + "\n").encode()
        with self.program.connect() as connection:
            connection.send(f"POST {self.acct.at(PATH)} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.acct.tracker.token}\r\n"
                            "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
            for start in range(0, len(line) * 20, 7):
                part = (line * 20)[start:start + 7]
                connection.send(b"%x\r\n%s\r\n" % (len(part), part))
            connection.send(b"0\r\n\r\n")
            self.assertEqual(len(self.expect(connection.read_response(), 200).ndjson()), 20)

    def test_line_over_64_kib_is_refused(self):
        long = json.dumps({"url": HOME + "?x=" + "y" * (65 << 10)})
        response = self.post(json.dumps({"url": HOME}) + "\n" + long + "\n", "application/x-ndjson")
        if response.status == 200:
            results = response.ndjson()
            self.assertEqual(results[0]["outcome"], "direct")
            self.assertEqual(set(results[1]), {"error"})
        else:
            self.rules_error(response, 413, "payload_too_large")

    def test_json_over_8_mib_is_413(self):
        body = b'{"visits":[{"url":"https://a.example/"}],"pad":"' + b"x" * (8 << 20) + b'"}'
        self.rules_error(self.post(body), 413, "payload_too_large")

    def test_json_of_more_than_1_mib_is_fine(self):
        visit = {"url": HOME + "?pad=" + "x" * 300}
        self.assertEqual(len(self.expect(self.post({"visits": [visit] * 5000}), 200).data["results"]), 5000)

    def test_session_must_be_null_or_an_object_of_texts(self):
        for session in [7, "x", [], {"utm_source": 7}]:
            with self.subTest(session=session):
                self.rules_error(self.post({"url": HOME, "session": session}), 422, "validation_error")

    def test_ndjson_skips_lines_of_blanks_which_are_the_four_of_json(self):
        line = json.dumps({"url": HOME})
        self.assertEqual(len(self.lines(f"{line}\n\n \t \r\n\t\n \t{line}\t \r\n \r")), 2)
        kinds = [set(result) == {"error"} for result in self.lines(f"{line}\n\v\n\f\n{line}\n \v \n\f{line}\n{line}\v\n{line}")]
        self.assertEqual(kinds, [False, True, True, False, True, True, True, False])


class UnknownFields(Case):
    """Members that no visit has are ignored and named, or refused where the client is strict."""

    def post(self, body, strict=False, content_type="application/json"):
        headers = {"Content-Type": content_type, **({"Prefer": "handling=strict"} if strict else {})}
        return self.acct.tracker.post(self.acct.at(PATH), body, headers)

    def lines(self, *visits, strict=False):
        response = self.post("\n".join(map(json.dumps, visits)), strict, "application/x-ndjson")
        return self.expect(response, 200).ndjson()

    def named(self, body):
        response = self.expect(self.post(body), 200).json()
        return response.get("meta", {}).get("ignored_fields")

    def refusal(self, field):
        return {"error": {"code": "validation_error", "message": f"{field}: Extra inputs are not permitted"}}

    VISIT = {"url": HOME, "referer": "https://a.example/", "session": {"source": "s", "utm_source": "kept"}}

    def test_those_of_one_visit_are_named(self):
        self.assertEqual(self.named(self.VISIT), ["referer", "session.source"])
        self.assertIsNone(self.named({"url": HOME, "session": {"utm_term": None}}))
        self.assertEqual(self.expect(self.post(self.VISIT), 200).data["utm"]["utm_source"], "kept")

    def test_those_of_a_batch_are_named_once(self):
        visits = [{"url": HOME}, self.VISIT, {"url": HOME, "session": {"term": "t"}}] * 3
        self.assertEqual(self.named({"visits": visits}), ["visits[1].referer", "visits[1].session.source", "visits[2].session.term"])
        self.assertEqual(self.named({"visits": visits[:2], "page": 1}), ["page", "visits[1].referer", "visits[1].session.source"])
        self.assertIsNone(self.named({"visits": [{"url": HOME}]}))

    def test_a_visit_beside_visits_is_ignored_and_named(self):
        body = {"visits": [], "url": HOME, "referrer": None, "session": {"x": 1}}
        self.assertEqual(self.named(body), ["url", "referrer", "session"])
        self.invalid(self.post(body, strict=True), "body.url", "body.referrer", "body.session")

    def test_those_of_a_line_are_named_in_its_result(self):
        results = self.lines({"url": HOME}, self.VISIT, {"url": HOME, "draft": {}, "compare": True, "visits": []})
        self.assertEqual([result.get("ignored_fields") for result in results],
                         [None, ["referer", "session.source"], ["draft", "compare", "visits"]])
        self.assertEqual({result["outcome"] for result in results}, {"direct", "continued"})

    def test_strict_handling_refuses_a_single_visit(self):
        self.invalid(self.post(self.VISIT, strict=True), "body.referer", "body.session.source")
        self.expect(self.post({"url": HOME, "referrer": None, "session": {"utm_term": None}}, strict=True), 200)

    def test_strict_handling_puts_an_error_in_the_place_of_a_visit(self):
        visits = [{"url": HOME}, self.VISIT, {"url": HOME, "session": {"source": "s"}}, {"url": HOME}]
        response = self.expect(self.post({"visits": visits}, strict=True), 200)
        self.assertNotIn("meta", response.json())
        for results in response.data["results"], self.lines(*visits, strict=True):
            self.assertEqual(results[1:3], [self.refusal("body.referer"), self.refusal("body.session.source")])
            self.assertEqual([results[0]["outcome"], results[3]["outcome"]], ["direct", "direct"])

    def test_a_hundred_names_are_told_each_of_128_bytes(self):
        long = "k" * 1000
        self.assertEqual(self.named({"visits": [{"url": HOME, long: 1, long + "x": 2}]}), ["visits[0]." + "k" * 128 + "..."])
        many = {"url": HOME, **{f"a{n:03}": n for n in range(150)}}
        expected = [f"a{n:03}" for n in range(100)]
        self.assertEqual(self.named(many), expected)
        self.assertEqual(self.named({"visits": [many, many]}), ["visits[0]." + name for name in expected])
        self.assertEqual(self.lines(many)[0]["ignored_fields"], expected)
        self.assertEqual(len(self.post(many, strict=True).error["detail"]), 100)

    def test_many_names_in_many_visits_make_no_long_answer(self):
        visits = [{"url": HOME, **{f"{n}_{k}": 0 for k in range(40)}} for n in range(10_000)]
        response = self.expect(self.post({"visits": visits}), 200)
        self.assertEqual(len(response.json()["meta"]["ignored_fields"]), 100)
        results = self.expect(self.post({"visits": visits}, strict=True), 200).data["results"]
        self.assertEqual((len(results), results[-1]), (10_000, self.refusal("body.9999_0")))

    def test_names_beside_a_draft_are_told_with_those_of_its_rules(self):
        draft = {"n" * 200: 1, "referrer_mappings": {"add": [{"referrer_pattern": "d.example", "utm_source": "d", "m" * 200: 1}]}}
        body = {"visits": [self.VISIT], "draft": draft}
        response = self.expect(self.acct.viewer.post(self.acct.at(PATH), body), 200)
        self.assertEqual(response.json()["meta"]["ignored_fields"],
                         ["visits[0].referer", "visits[0].session.source", "draft." + "n" * 128 + "...",
                          "draft.referrer_mappings.add[0]." + "m" * 128 + "..."])


class Explanations(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acct.mapping("partner.example", utm_source="partner")

    def post(self, body, content_type="application/json", explain="true"):
        return self.acct.viewer.post(self.acct.at(PATH, explain=explain), body, {"Content-Type": content_type})

    def test_explanation_lists_the_steps_tried_up_to_the_deciding_one(self):
        result = self.expect(self.post({"url": HOME, "referrer": "https://partner.example/"}), 200).data
        steps = result["explanation"]
        self.assertIsInstance(steps, list)
        self.assertGreaterEqual(len(steps), 6)
        self.assertEqual(result["outcome"], "mapping")
        everything = self.expect(self.post({"url": HOME}), 200).data["explanation"]
        self.assertGreaterEqual(len(everything), 14)

    def test_explanation_comes_only_when_asked_for(self):
        self.assertNotIn("explanation", self.expect(self.post({"url": HOME}, explain="false"), 200).data)
        self.assertNotIn("explanation", self.acct.resolve(HOME))

    def test_explanation_works_in_batches(self):
        results = self.expect(self.post({"visits": [{"url": HOME}] * 3}), 200).data["results"]
        self.assertTrue(all(result["explanation"] for result in results))
        lines = self.expect(self.post(json.dumps({"url": HOME}), "application/x-ndjson"), 200).ndjson()
        self.assertTrue(lines[0]["explanation"])

    def test_explain_is_a_boolean(self):
        self.invalid(self.post({"url": HOME}, explain="perhaps"), "query.explain")


class Limits(Case):
    @classmethod
    def setUpClass(cls):
        cls.own = Program("--max-resolve-bytes", "2000", "--max-line-bytes", "300").start()
        cls.acct = Account(cls.own)

    @classmethod
    def tearDownClass(cls):
        cls.own.close()

    def test_both_limits_are_settings(self):
        visit = {"url": HOME, "pad": "x" * 1900}
        self.expect(self.acct.tracker.post(self.acct.at(PATH), {"url": HOME, "pad": "x" * 1000}), 200)
        self.rules_error(self.acct.tracker.post(self.acct.at(PATH), {**visit, "pad": "x" * 2000}), 413, "payload_too_large")
        short, long = json.dumps({"url": HOME}), json.dumps({"url": HOME, "pad": "x" * 400})
        kind = {"Content-Type": "application/x-ndjson"}
        response = self.expect(self.acct.tracker.post(self.acct.at(PATH), (short + "\n") * 100, kind), 200)
        self.assertEqual(len(response.ndjson()), 100)
        response = self.acct.tracker.post(self.acct.at(PATH), long, kind)
        self.assertTrue(response.status == 413 or "error" in response.ndjson()[0], f"\n{response}")
