"""What domains, patterns and texts are stored as, and which ones are refused."""
import time

from .case import Case
from .world import Account

PASS, MAP = "/passthrough-referrers", "/referrer-mappings"


class Domains(Case):
    def post(self, domain):
        return self.acct.editor.post(self.acct.at(PASS), {"domain": domain, "utm_source": "s"})

    def test_domains_are_stored_normalised(self):
        for sent, stored in [("HTTPS://One.Example/", "one.example"), ("http://two.example", "two.example"),
                                           ("Bücher.example", "xn--bcher-kva.example"), ("three.example/", "three.example"),
                                           ("日本.example", "xn--wgv71a.example"), ("xn--4gq48lf9j.example", "xn--4gq48lf9j.example")]:
            with self.subTest(sent=sent, stored=stored):
                self.assertEqual(self.expect(self.post(sent), 201).data["domain"], stored)

    def test_domain_that_is_the_same_after_idna_is_a_duplicate(self):
        self.expect(self.post("mañana.example"), 201)
        self.rules_error(self.post("xn--maana-pta.example"), 409, "duplicate_entry")
        self.rules_error(self.post("MAÑANA.example"), 409, "duplicate_entry")

    def test_domain_has_no_port_path_wildcard_or_address(self):
        for bad in ["a.example:80", "a.example/x", "a.example//", "*.a.example", "1.2.3.4", "a.example/?x",
                                  "[2001:db8::1]", "localhost", "a.example.", "a." + "b" * 64 + ".example",
                                  "a\u0000.example", "a\u200b b.example"]:
            with self.subTest(bad=bad):
                self.invalid(self.post(bad), "body.domain")

    def test_lengths_count_code_points(self):
        path = self.acct.at(MAP)
        for number, (field, most) in enumerate([("utm_source", 255), ("utm_medium", 100), ("label", 100)]):
            with self.subTest(field=field, most=most):
                body = {"referrer_pattern": f"len{number}.example", "utm_source": "s", field: "😀" * most}
                self.expect(self.acct.editor.post(path, body), 201)
                body = {"referrer_pattern": f"over{number}.example", "utm_source": "s", field: "😀" * (most + 1)}
                self.invalid(self.acct.editor.post(path, body), f"body.{field}")

    def test_control_characters_are_refused(self):
        for number, char in enumerate(["\u0000", "\u0001", "\u001f", "\n", "\t", "\u007f"]):
            with self.subTest(char=char):
                body = {"referrer_pattern": f"ctl{number}.example", "utm_source": f"a{char}b"}
                self.invalid(self.acct.editor.post(self.acct.at(MAP), body), "body.utm_source")

    def test_description_may_have_lines_and_tabs_but_nothing_else(self):
        body = {"referrer_pattern": "desc.example", "utm_source": "s", "description": "a\r\n\tb"}
        self.assertEqual(self.expect(self.acct.editor.post(self.acct.at(MAP), body), 201).data["description"], "a\r\n\tb")
        for char in ["\u0000", "\u0007", "\u001b"]:
            with self.subTest(char=char):
                body = {"referrer_pattern": "desc2.example", "utm_source": "s", "description": f"a{char}"}
                self.invalid(self.acct.editor.post(self.acct.at(MAP), body), "body.description")


class Patterns(Case):
    def post(self, pattern, match_type="exact"):
        return self.acct.editor.post(self.acct.at(MAP), {"referrer_pattern": pattern, "match_type": match_type, "utm_source": "s"})

    def test_patterns_are_stored_normalised(self):
        for match_type, sent, stored in [
                ("exact", "https://One.Example:8443/path?x=1#top", "one.example"), ("exact", "Bücher.example", "xn--bcher-kva.example"),
                ("contains", "HTTP://Part", "part"), ("starts_with", "News.", "news."), ("ends_with", ".Example.ORG/", ".example.org"),
                ("regex", "^A[0-9]+\\.Example$", "^A[0-9]+\\.Example$"), ("regex", "https://x\\d", "x\\d")]:
            with self.subTest(match_type=match_type, sent=sent):
                self.assertEqual(self.expect(self.post(sent, match_type), 201).data["referrer_pattern"], stored)

    def test_non_ascii_outside_exact_is_refused_with_a_hint(self):
        for match_type in ["contains", "starts_with", "ends_with"]:
            with self.subTest(match_type=match_type):
                fault = self.invalid(self.post("bücher", match_type), "body.referrer_pattern")[0]
                self.assertIn("punycode", fault["message"].lower())

    def test_idna_pattern_matches_its_unicode_host(self):
        self.expect(self.post("straße.example"), 201)
        self.assertEqual(self.acct.resolve(referrer="https://straße.example/")["outcome"], "mapping")

    def test_regex_that_does_not_compile_is_refused_with_reason_and_offset(self):
        for bad, offset in [("ab(c", "4"), ("[a-", "3"), ("a**b)", None), ("(?P<n", None), ("*a", "0")]:
            with self.subTest(bad=bad, offset=offset):
                fault = self.invalid(self.post(bad, "regex"), "body.referrer_pattern")[0]
                if offset:
                    self.assertIn(offset, fault["message"])

    def test_dangerous_regex_features_are_refused(self):
        for bad in [r"a\Cb", "a(?C1)b", "a(?C)b", "(*LIMIT_MATCH=99999999)a", "(*LIMIT_DEPTH=9999)a", "(*LIMIT_HEAP=9999)a"]:
            with self.subTest(bad=bad):
                self.invalid(self.post(bad, "regex"), "body.referrer_pattern")

    def test_regex_is_caseless_and_unanchored(self):
        self.expect(self.post("Unanch[o]red", "regex"), 201)
        self.assertEqual(self.acct.resolve(referrer="https://my.UNANCHORED.example/")["outcome"], "mapping")

    def test_exploding_regex_is_bounded_and_counts_as_no_match(self):
        account = Account()
        account.mapping(r"^(([a-z])+\.?)+[0-9]$", match_type="regex", priority=9)
        account.mapping("^(a|a|aa)+$", match_type="regex", priority=8)
        account.mapping("fallback", match_type="contains", utm_source="fallback")
        host = "a" * 60 + "." + "a" * 60 + "." + "a" * 60 + ".fallback"
        began = time.monotonic()
        result = account.resolve(referrer=f"https://{host}/", explain="true")
        self.assertLess(time.monotonic() - began, 2)
        self.assertEqual((result["outcome"], result["utm"]["utm_source"]), ("mapping", "fallback"))
