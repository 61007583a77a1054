"""POST /resolve for one visit: the fourteen steps, their order, and how hosts are read."""
import time

from .case import Case
from .world import Account

NONE = {"utm_source": "", "utm_medium": "", "utm_campaign": "", "utm_term": "", "utm_content": ""}
SESSION = {"utm_source": "mail", "utm_medium": "email", "utm_campaign": "spring", "utm_term": "t", "utm_content": "c"}
HOME = "https://www.shop.example/"


def utm(source, medium):
    return {**NONE, "utm_source": source, "utm_medium": medium}


DIRECT = utm("(direct)", "(none)")


class Steps(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pay = cls.acct.passthrough("pay.example", utm_source="pay", utm_campaign="fallback")
        cls.deep = cls.acct.passthrough("eu.pay.example", utm_source="eu")
        cls.acct.passthrough("off-pay.example", is_active=False)
        cls.partner = cls.acct.mapping("partner.example", utm_source="partner", utm_term="x")
        cls.acct.mapping("facebook.com", utm_source="fb-mapped", is_active=False)
        cls.chat = cls.acct.mapping("claude.ai", utm_source="mapped-claude")

    def check(self, outcome, expected_utm, *, url=HOME, referrer=None, session=None, continues=False, rule=None, ai=None, **added):
        result = self.acct.resolve(url, referrer, session)
        self.assertEqual(set(result), {"outcome", "continues_session", "utm", "rule", "referrer_host", "ai_platform",
                                       "source_name", "channel", "click_id"})
        self.assertEqual({name: result[name] for name in added}, added, (url, referrer, session))
        self.assertEqual((result["outcome"], result["utm"], result["continues_session"], result["rule"], result["ai_platform"]),
                         (outcome, expected_utm, continues, rule, ai), (url, referrer, session))
        return result

    def passthrough_rule(self, rule):
        return {"kind": "passthrough_referrer", "id": rule["id"]}

    # Step 1

    def test_step_1_same_site_continues_the_session(self):
        for referrer in ["https://www.shop.example/rooms", "https://shop.example", "http://m.shop.example:8080/x"]:
            with self.subTest(referrer=referrer):
                self.check("internal", SESSION, referrer=referrer, session=SESSION, continues=True)

    def test_step_1_same_site_without_a_session_starts_one_as_direct(self):
        self.check("internal", DIRECT, referrer="https://shop.example/")

    def test_step_1_ignores_utms_and_click_ids_of_an_internal_hit(self):
        self.check("internal", SESSION, url=HOME + "?utm_source=banner&gclid=1", referrer=HOME, session=SESSION, continues=True)
        self.check("internal", DIRECT, url=HOME + "?utm_source=banner", referrer=HOME)

    def test_step_1_sites_are_told_apart_by_the_public_suffix_list(self):
        self.check("internal", DIRECT, url="https://a.shop.co.uk/", referrer="https://b.shop.co.uk/")
        self.check("referral", utm("other.co.uk", "referral"), url="https://shop.co.uk/", referrer="https://other.co.uk/")
        self.check("referral", utm("two.github.io", "referral"), url="https://one.github.io/", referrer="https://two.github.io/")

    # Step 2

    def test_step_2_passthrough_keeps_a_session_whole(self):
        self.check("passthrough", SESSION, referrer="https://pay.example/done", session=SESSION, continues=True,
                   rule=self.passthrough_rule(self.pay))

    def test_step_2_wins_over_utms_in_the_url(self):
        self.check("passthrough", SESSION, url=HOME + "?utm_source=pay&gclid=2", referrer="https://pay.example/", session=SESSION,
                   continues=True, rule=self.passthrough_rule(self.pay))

    def test_step_2_an_empty_session_is_a_session(self):
        self.check("passthrough", DIRECT, referrer="https://pay.example/", session={}, continues=True,
                   rule=self.passthrough_rule(self.pay))

    def test_step_2_takes_the_longest_domain_at_a_label_boundary(self):
        self.check("passthrough", SESSION, referrer="https://x.pay.example/", session=SESSION, continues=True,
                   rule=self.passthrough_rule(self.pay))
        for host in ["eu.pay.example", "a.b.eu.pay.example"]:
            with self.subTest(host=host):
                self.check("passthrough", SESSION, referrer=f"https://{host}/", session=SESSION, continues=True,
                           rule=self.passthrough_rule(self.deep))
        self.check("referral", utm("notpay.example", "referral"), referrer="https://notpay.example/", session=SESSION)

    def test_step_2_inactive_passthrough_does_not_count(self):
        self.check("referral", utm("off-pay.example", "referral"), referrer="https://off-pay.example/", session=SESSION)

    # Step 3

    def test_step_3_any_utm_of_the_url_decides(self):
        for name in NONE:
            with self.subTest(name=name):
                self.check("explicit_utm", {**NONE, "utm_source": "partner", name: "v"}, url=f"{HOME}?{name}=v",
                           referrer="https://partner.example/")
                self.check("explicit_utm", {**NONE, name: "v"}, url=f"{HOME}?{name}=v")

    def test_step_3_takes_the_referrers_source_where_the_tags_name_none(self):
        tags = HOME + "?utm_campaign=spring"
        for referrer, source, name in [("https://www.google.de/", "google", "Google"), ("https://t.co/x", "x", "X"),
                                       ("https://www.blog.example/", "blog.example", "blog.example"), ("https://mail.google.com/", "gmail", "Gmail")]:
            with self.subTest(referrer=referrer):
                self.check("explicit_utm", {**NONE, "utm_source": source, "utm_campaign": "spring"}, url=tags, referrer=referrer, source_name=name)
        self.check("explicit_utm", {**NONE, "utm_source": "ChatGPT", "utm_campaign": "spring"}, url=tags, referrer="https://chatgpt.com/",
                   ai="ChatGPT")

    def test_step_3_decodes_percent_and_plus_keeps_case_and_takes_the_first(self):
        self.check("explicit_utm", {**NONE, "utm_source": "News Letter+ü", "utm_campaign": "A"},
                   url=HOME + "?utm_source=News+Letter%2B%C3%BC&utm_campaign=A&utm_campaign=B#utm_term=no")

    def test_step_3_empty_utms_do_not_count(self):
        self.check("direct", DIRECT, url=HOME + "?utm_source=&utm_medium")

    def test_step_3_names_of_parameters_are_decoded_too_but_not_folded(self):
        self.check("explicit_utm", {**NONE, "utm_source": "v"}, url=HOME + "?utm%5Fsource=v")

    def test_step_3_wins_over_a_session_and_a_passthrough_without_one(self):
        self.check("explicit_utm", utm("a", "b"), url=HOME + "?utm_source=a&utm_medium=b", session=SESSION)
        self.check("explicit_utm", {**NONE, "utm_source": "a"}, url=HOME + "?utm_source=a", referrer="https://pay.example/")

    def test_step_3_tells_the_ai_platform_that_utm_source_names(self):
        self.check("explicit_utm", {**NONE, "utm_source": "chatgpt.com"}, url=HOME + "?utm_source=chatgpt.com", ai="ChatGPT",
                   source_name="ChatGPT", channel="AI Assistant")
        self.check("explicit_utm", {**NONE, "utm_source": "mail"}, url=HOME + "?utm_source=mail", referrer="https://chatgpt.com/")

    # Step 4

    def test_step_4_paid_click_ids_name_their_network(self):
        for name, source in {
                "gclid": "google", "gbraid": "google", "wbraid": "google", "msclkid": "bing", "yclid": "yandex",
                "ttclid": "tiktok", "twclid": "twitter", "li_fat_id": "linkedin", "ScCid": "snapchat", "rdt_cid": "reddit"}.items():
            with self.subTest(name=name, source=source):
                self.check("click_id", utm(source, "cpc"), url=f"{HOME}?a=1&{name}=abc", referrer="https://www.google.com/", click_id=name)

    def test_step_4_has_source_and_medium_from_the_list(self):
        for name, source, medium, channel in [("dclid", "google", "display", "Display"), ("awc", "awin", "affiliate", "Affiliates"),
                                              ("mc_cid", "mailchimp", "email", "Email"), ("srsltid", "google", "organic", "Organic Search"),
                                              ("epik", "pinterest", "cpc", "Paid Social"), ("gad_source", "google", "cpc", "Paid Search")]:
            with self.subTest(name=name):
                self.check("click_id", utm(source, medium), url=f"{HOME}?{name}=abc", click_id=name, channel=channel)

    def test_click_ids_are_told_whatever_decides_and_never_with_their_value(self):
        result = self.acct.resolve(HOME + "?utm_source=a&msclkid=SECRET&gclid=SECRET")
        self.assertEqual((result["outcome"], result["click_id"]), ("explicit_utm", "gclid"))
        self.assertNotIn("SECRET", str(result))
        self.assertIsNone(self.acct.resolve(HOME)["click_id"])

    def test_step_4_comes_after_utms_and_before_passthrough_mapping_and_session(self):
        self.check("explicit_utm", {**NONE, "utm_source": "a"}, url=HOME + "?gclid=1&utm_source=a")
        self.check("click_id", utm("google", "cpc"), url=HOME + "?gclid=1", referrer="https://pay.example/")
        self.check("click_id", utm("google", "cpc"), url=HOME + "?gclid=1", referrer="https://partner.example/")
        self.check("click_id", utm("google", "cpc"), url=HOME + "?gclid=1", session=SESSION)

    # Step 5

    def test_step_5_passthrough_without_a_session_gives_its_fallback(self):
        self.check("passthrough", {**utm("pay", "passthrough"), "utm_campaign": "fallback"}, referrer="https://pay.example/",
                   rule=self.passthrough_rule(self.pay))

    def test_step_5_comes_before_mapping(self):
        account = Account()
        rule = account.passthrough("both.example", utm_source="pass")
        account.mapping("both.example", utm_source="map", priority=1000)
        self.assertEqual(account.resolve(HOME, "https://both.example/")["rule"], self.passthrough_rule(rule))

    # Step 6

    def test_step_6_mapping_gives_its_utms_whether_a_session_is_there_or_not(self):
        for session in [None, SESSION, {}]:
            with self.subTest(session=session):
                self.check("mapping", {**utm("partner", "referral"), "utm_term": "x"}, referrer="https://partner.example/",
                           session=session, rule={"kind": "referrer_mapping", "id": self.partner["id"]})

    def test_step_6_matches_with_and_without_one_leading_www(self):
        account = Account()
        plain = account.mapping("plain.example")
        www = account.mapping("www.full.example")
        start = account.mapping("begin", match_type="starts_with")
        for host, rule in [("plain.example", plain), ("www.plain.example", plain), ("full.example", www),
                                         ("www.full.example", www), ("begin.example", start), ("www.begin.example", start)]:
            with self.subTest(host=host, rule=rule):
                result = account.resolve(HOME, f"https://{host}/")
                self.assertEqual(result["rule"], {"kind": "referrer_mapping", "id": rule["id"]})
        self.assertEqual(account.resolve(HOME, "https://www.www.plain.example/")["outcome"], "referral")

    def test_step_6_goes_by_priority_then_id(self):
        account = Account()
        account.mapping("tie", match_type="contains", utm_source="late-low", priority=1)
        first = account.mapping("tie.example", utm_source="first", priority=5)
        second = account.mapping(".example", match_type="ends_with", utm_source="second", priority=5)
        self.assertEqual(account.resolve(HOME, "https://tie.example/")["utm"]["utm_source"], "first")
        account.editor.patch(account.at(f"/referrer-mappings/{second['id']}"), {"priority": 6})
        self.assertEqual(account.resolve(HOME, "https://tie.example/")["utm"]["utm_source"], "second")
        account.editor.patch(account.at(f"/referrer-mappings/{second['id']}"), {"is_active": False})
        self.assertEqual(account.resolve(HOME, "https://tie.example/")["rule"]["id"], first["id"])

    def test_step_6_comes_before_the_ai_platforms(self):
        self.check("mapping", utm("mapped-claude", "referral"), referrer="https://claude.ai/",
                   rule={"kind": "referrer_mapping", "id": self.chat["id"]})

    # Step 7

    def test_step_7_fbclid_is_facebook_social(self):
        for referrer in [None, "null", "https://l.facebook.com/"]:
            with self.subTest(referrer=referrer):
                self.check("click_id", utm("facebook", "social"), url=HOME + "?fbclid=x", referrer=referrer, click_id="fbclid",
                           source_name="Facebook", channel="Organic Social")
        self.check("click_id", utm("instagram", "social"), url=HOME + "?fbclid=x", referrer="https://l.instagram.com/", source_name="Instagram")

    def test_step_7_does_not_count_on_other_sites(self):
        for referrer, outcome in [("https://www.google.com/", "search"), ("https://chatgpt.com/", "ai_platform"), ("https://blog.example/", "referral")]:
            with self.subTest(referrer=referrer):
                self.assertEqual(self.acct.resolve(HOME + "?fbclid=x", referrer)["outcome"], outcome)

    def test_step_7_comes_after_mapping_and_paid_clicks(self):
        self.assertEqual(self.acct.resolve(HOME + "?fbclid=x", "https://partner.example/")["outcome"], "mapping")
        self.check("click_id", utm("google", "cpc"), url=HOME + "?fbclid=x&gclid=y")

    # Step 8

    def test_step_8_ai_platform_is_its_own_medium(self):
        for referrer, name in [("https://chatgpt.com/", "ChatGPT"), ("https://www.perplexity.ai/search", "Perplexity"),
                                             ("https://gemini.google.com/app", "Gemini"), ("https://x.com/i/grok?c=1", "Grok")]:
            with self.subTest(referrer=referrer, name=name):
                self.check("ai_platform", utm(name, "ai-assistant"), referrer=referrer, ai=name, source_name=name, channel="AI Assistant")

    def test_step_8_lookalikes_are_plain_referrals(self):
        for host in ["notchatgpt.com", "chatgpt.com.evil.test", "platform.openai.com"]:
            with self.subTest(host=host):
                self.check("referral", utm(host, "referral"), referrer=f"https://{host}/")
        self.check("referral", utm("example.org", "referral"), referrer="https://example.org/chatgpt.com/")
        self.check("social", utm("x", "social"), referrer="https://x.com/home")

    # Steps 9 to 14

    def test_step_9_search_engines(self):
        for referrer, name in [("https://www.google.com/", "Google"), ("https://google.de/", "Google"), ("https://www.google.co.uk/", "Google"),
                               ("android-app://com.google.android.googlequicksearchbox/", "Google"), ("https://duckduckgo.com/", "DuckDuckGo")]:
            with self.subTest(referrer=referrer):
                self.check("search", utm(name.lower(), "organic"), referrer=referrer, source_name=name, channel="Organic Search")

    def test_step_10_mail(self):
        for referrer, source in [("https://mail.google.com/", "gmail"), ("android-app://com.google.android.gm/", "gmail"),
                                 ("https://nam02.safelinks.protection.outlook.com/", "outlook"), ("https://mail.yahoo.com/", "yahoo mail")]:
            with self.subTest(referrer=referrer):
                self.check("email", utm(source, "email"), referrer=referrer, channel="Email")

    def test_step_11_social_networks(self):
        for referrer, name in [("https://m.facebook.com/", "Facebook"), ("https://lm.facebook.com/", "Facebook"), ("https://t.co/x", "X"),
                               ("https://www.linkedin.com/", "LinkedIn"), ("android-app://com.linkedin.android/", "LinkedIn")]:
            with self.subTest(referrer=referrer):
                self.check("social", utm(name.lower(), "social"), referrer=referrer, source_name=name, channel="Organic Social")

    def test_step_12_video_and_shops_are_referrals_of_their_channel(self):
        self.check("referral", utm("youtube.com", "referral"), referrer="https://www.youtube.com/", source_name="YouTube", channel="Organic Video")
        self.check("referral", utm("amazon.de", "referral"), referrer="https://www.amazon.de/", source_name="Amazon", channel="Organic Shopping")

    def test_step_12_leaves_out_one_www_and_keeps_the_host(self):
        result = self.check("referral", utm("blog.example", "referral"), referrer="https://www.blog.example/", source_name="blog.example")
        self.assertEqual(result["referrer_host"], "www.blog.example")

    def spam_counted(self) -> float:
        page = self.expect(self.program.client().get("/metrics"), 200).body.decode()
        return float(next(line for line in page.splitlines() if line.startswith("headwater_spam_referrers_total ")).split()[1])

    def test_spam_is_no_referrer(self):
        before = self.spam_counted()
        self.check("direct", DIRECT, referrer="https://semalt.com/")
        end = time.monotonic() + 5  # the page is made anew after a while
        while self.spam_counted() <= before and time.monotonic() < end:
            time.sleep(0.1)
        self.assertGreater(self.spam_counted(), before)
        result = self.check("continued", SESSION, referrer="https://semalt.com/", session=SESSION, continues=True)
        self.assertIsNone(result["referrer_host"])

    def test_step_12_any_other_referrer_is_a_referral_even_with_a_session(self):
        for session in [None, SESSION]:
            with self.subTest(session=session):
                self.check("referral", utm("blog.example", "referral"), referrer="https://blog.example/post", session=session)

    def test_step_13_no_referrer_continues_a_session(self):
        for referrer in [None, "", "null", "about:blank", "about:srcdoc"]:
            with self.subTest(referrer=referrer):
                self.check("continued", SESSION, referrer=referrer, session=SESSION, continues=True)
        self.check("continued", DIRECT, session={}, continues=True, source_name="(direct)", channel="Direct")

    def test_step_14_nothing_at_all_is_direct(self):
        for referrer in [None, "", "null", "about:blank"]:
            with self.subTest(referrer=referrer):
                self.check("direct", DIRECT, referrer=referrer)

    def test_partial_session_is_filled_with_empty_utms(self):
        self.check("continued", {**NONE, "utm_source": "mail"}, session={"utm_source": "mail"}, continues=True)


class Hosts(Case):
    def host(self, referrer):
        return self.acct.resolve(HOME, referrer)["referrer_host"]

    def test_host_is_read_out_of_any_referrer(self):
        for referrer, host in [
                ("https://Blog.Example/x?y#z", "blog.example"), ("blog.example", "blog.example"), ("blog.example/path", "blog.example"),
                ("//blog.example/x", "blog.example"), ("https://user:pass@blog.example:8443/", "blog.example"),
                ("https://blog.example./", "blog.example"), ("http://Bücher.example/", "xn--bcher-kva.example"),
                ("https://evil.example@real.example/", "real.example"), ("https://blog.example?x=https://other.example/", "blog.example"),
                ("https:///blog.example/x", "blog.example"), ("https:\\\\blog.example\\x", "blog.example"), ("ios-app://544007664/x", "544007664"),
                ("android-app://com.google.android.gm/", "com.google.android.gm"), ("https://xn--bcher-kva.example", "xn--bcher-kva.example")]:
            with self.subTest(referrer=referrer, host=host):
                self.assertEqual(self.host(referrer), host)

    def test_unusable_referrers_count_as_none(self):
        for referrer in ["null", "about:blank", "", "https://", "http:///", "https://[::", "https://a b/", "://", "?", "\u0000",
                         "undefined", "-", "none", "N/A", "false", "chrome-extension://abc/x.html", "fb://profile/1", "market://details"]:
            with self.subTest(referrer=referrer):
                result = self.acct.resolve(HOME, referrer)
                self.assertEqual(result["outcome"], "direct")
                self.assertFalse(result["referrer_host"])

    def test_android_package_is_a_referral_and_can_be_mapped(self):
        account = Account()
        self.assertEqual(account.resolve(HOME, "android-app://com.example.reader/")["utm"]["utm_source"], "com.example.reader")
        account.mapping("com.google.android.gm", utm_source="gmail-app")
        self.assertEqual(account.resolve(HOME, "android-app://com.google.android.gm/")["utm"]["utm_source"], "gmail-app")

    def test_long_and_odd_input_is_read_without_harm(self):
        for referrer in ["https://" + "a" * 5000, "https://" + "a." * 3000, "x" * 60000, "https://" + "@" * 1000,
                                       "https://%00.example/", "https://‮.example/", "https://" + "ü" * 300 + ".example"]:
            with self.subTest(referrer=referrer):
                self.assertIn(self.acct.resolve(HOME, referrer)["outcome"], ("direct", "referral"))


class Freshness(Case):
    def test_each_change_is_seen_by_the_next_resolve(self):
        account = Account()
        for number in range(40):
            host = f"fresh{number}.example"
            rule = account.mapping(host, utm_source=f"s{number}")
            self.assertEqual(account.resolve(HOME, f"https://{host}/")["utm"]["utm_source"], f"s{number}")
            by_id = account.at(f"/referrer-mappings/{rule['id']}")
            account.editor.patch(by_id, {"utm_source": "changed"})
            self.assertEqual(account.resolve(HOME, f"https://{host}/")["utm"]["utm_source"], "changed")
            account.editor.delete(by_id)
            self.assertEqual(account.resolve(HOME, f"https://{host}/")["outcome"], "referral")
