"""Synthetic visits whose attribution is known, because they are built from it: a model of the fourteen
steps over exact mappings and passthrough referrers, independent of how the program reads a visit.

A visit is made of facts (the referrer's host, the landing page's parameters, the session) that are
then spelled in one of the shapes that trackers send. The model decides from the facts alone.
"""
import urllib.parse

CLICK_IDS = [("gclid", "google"), ("gbraid", "google"), ("wbraid", "google"), ("msclkid", "bing"), ("yclid", "yandex"),
             ("ttclid", "tiktok"), ("twclid", "twitter"), ("li_fat_id", "linkedin"), ("ScCid", "snapchat"), ("rdt_cid", "reddit")]
# What the shipped lists know of a few hosts: the step, source and medium.
KNOWN = {"www.google.com": (9, "google", "organic"), "google.de": (9, "google", "organic"), "duckduckgo.com": (9, "duckduckgo", "organic"),
         "mail.google.com": (10, "gmail", "email"), "outlook.live.com": (10, "outlook", "email"),
         "m.facebook.com": (11, "facebook", "social"), "t.co": (11, "x", "social"), "www.linkedin.com": (11, "linkedin", "social")}
UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")


def utm(**values) -> dict:
    return {name: values.get(name.removeprefix("utm_"), "") for name in UTM}


def parents(host: str):
    """The host and every parent of it, the longest first."""
    labels = host.split(".")
    return [".".join(labels[i:]) for i in range(len(labels))]


class Facts:
    """What is true of a visit, whatever its spelling."""

    def __init__(self, host=None, app=False, utm=None, click=None, facebook=False, session=None):
        self.host, self.app, self.utm, self.click, self.facebook, self.session = host, app, utm or {}, click, facebook, session


class Model:
    def __init__(self, site: str, mappings: list, passthrough: list, ai_hosts: dict):
        self.site, self.ai_hosts = site, ai_hosts
        self.mappings = {rule["referrer_pattern"]: rule for rule in mappings}
        self.passthrough = {rule["domain"]: rule for rule in passthrough}

    def attribute(self, facts: Facts) -> tuple:
        """(step, the answer without referrer_host and ai_platform)"""
        step, values, rule = self._decide(facts)
        outcome = {1: "internal", 2: "passthrough", 3: "explicit_utm", 4: "click_id", 5: "passthrough", 6: "mapping", 7: "click_id",
                   8: "ai_platform", 9: "search", 10: "email", 11: "social", 12: "referral", 13: "continued", 14: "direct"}[step]
        continues = facts.session is not None and outcome in ("internal", "passthrough", "continued")
        click = facts.click or ("fbclid" if facts.facebook else None)
        return step, {"outcome": outcome, "continues_session": continues, "utm": {**utm(), **values}, "rule": rule, "click_id": click}

    def _decide(self, facts: Facts) -> tuple:
        direct = {"utm_source": "(direct)", "utm_medium": "(none)"}
        host, session = facts.host, facts.session
        kept = session if session and any(session.values()) else direct
        if host and not facts.app and (host == self.site or host.endswith("." + self.site)):
            return 1, kept, None
        covering = next((self.passthrough[name] for name in parents(host or "") if name in self.passthrough), None)
        if covering and session is not None:
            return 2, kept, {"kind": "passthrough_referrer", "id": covering["id"]}
        if any(facts.utm.values()):
            source = facts.utm.get("utm_source") or (self._of_referrer(facts)[1]["utm_source"] if host and not covering else "")
            return 3, {**facts.utm, "utm_source": source}, None
        if facts.click:
            return 4, {"utm_source": dict(CLICK_IDS)[facts.click], "utm_medium": "cpc"}, None
        if covering:
            return 5, {name: covering.get(name, "") for name in UTM}, {"kind": "passthrough_referrer", "id": covering["id"]}
        if host:
            return self._of_referrer(facts)
        if facts.facebook:
            return 7, {"utm_source": "facebook", "utm_medium": "social"}, None
        return (13, kept, None) if session is not None else (14, direct, None)

    def _of_referrer(self, facts: Facts) -> tuple:
        """Steps 6 to 12 for a visit that has a referrer."""
        host = facts.host
        mapping = self.mappings.get(host) or self.mappings.get(host.removeprefix("www."))
        if mapping:
            return 6, {name: mapping[name] for name in UTM}, {"kind": "referrer_mapping", "id": mapping["id"]}
        if facts.facebook and host == "m.facebook.com":
            return 7, {"utm_source": "facebook", "utm_medium": "social"}, None
        platform = next((self.ai_hosts[name] for name in parents(host) if name in self.ai_hosts), None)
        if platform and not facts.app:
            return 8, {"utm_source": platform, "utm_medium": "ai-assistant"}, None
        if host in KNOWN:
            step, source, medium = KNOWN[host]
            return step, {"utm_source": source, "utm_medium": medium}, None
        return 12, {"utm_source": host.removeprefix("www."), "utm_medium": "referral"}, None


class Generator:
    """Random visits from a seed, spread so that every step decides for a good part of them."""

    def __init__(self, random, model: Model):
        self.random, self.model = random, model
        self.mapped, self.passed = list(model.mappings), list(model.passthrough)

    def next(self) -> tuple:
        """(facts, the visit as JSON)"""
        facts = Facts(**self._referrer())
        if self.random.random() < 0.2:
            facts.utm = self._tags()
        if self.random.random() < 0.12:
            facts.click = self.random.choice(CLICK_IDS)[0]
        facts.facebook = self.random.random() < 0.1
        if self.random.random() < 0.4:
            facts.session = self.random.choice([{}, {"utm_source": "newsletter", "utm_medium": "email"}, utm(source="a b", content="ü")])
        return facts, {"url": self._url(facts), "referrer": self._spelled(facts), "session": facts.session}

    def _referrer(self) -> dict:
        pick, random = self.random.choice, self.random.random()
        if random < 0.1:
            return {"host": pick(["", "www.", "booking.", "m."]) + self.model.site}
        if random < 0.35:
            return {"host": pick(["", "www.", "eu.", "tenant-7.secure."]) + pick(self.passed)}
        if random < 0.62:
            return {"host": pick(["", "www."]) + pick(self.mapped)}
        if random < 0.7:
            return {"host": pick(["eu.", "app.", "www.beta."]) + pick(self.mapped)}
        if random < 0.74:  # lookalikes
            name = pick(self.passed + self.mapped + list(KNOWN))
            return {"host": pick([f"not{name}.test", f"{name}.evil.test", name.replace(".", "-") + ".test"])}
        if random < 0.78:
            return {"host": "com.example.reader", "app": True}
        if random < 0.84:
            return {"host": pick(list(KNOWN))}
        if random < 0.9:
            return {"host": pick(["", "www.", "blog."]) + f"site{self.random.randrange(500)}.test"}
        return {}

    def _tags(self) -> dict:
        values = ["google", "spring sale", "50% off + more", "Müller & Söhne", "", "a=b"]
        return {name: self.random.choice(values) for name in self.random.sample(UTM, self.random.randrange(1, 6))}

    def _url(self, facts: Facts) -> str:
        quote = self.random.choice([urllib.parse.quote, urllib.parse.quote_plus])
        items = [f"{name}={quote(value, safe='')}" for name, value in facts.utm.items()]
        # Of duplicates the first counts.
        items += [f"{name}=later" for name in facts.utm if self.random.random() < 0.1]
        items += [f"{facts.click}=Cj0K-{self.random.randrange(10 ** 6)}"] if facts.click else []
        items += ["fbclid=IwAR0"] if facts.facebook else []
        items += self.random.choice([[], ["page=2"], ["GCLID=not-a-click-id", "utm_sourcex=x"]])
        path = self.random.choice(["/", "/rooms", "/rooms/deluxe%20suite", ""])
        host = self.random.choice(["", "www.", "shop."]) + self.model.site
        return (self.random.choice(["https://", "http://", "HTTPS://", "//"]) + host + path + ("?" + "&".join(items) if items else "")
                + self.random.choice(["", "#top"]))

    def _spelled(self, facts: Facts):
        host = facts.host
        if host is None:
            return self.random.choice([None, "", "null", "about:blank", "  ", "data:text/html,x", "https://", "not a host"])
        if facts.app:
            return f"android-app://{host}" + self.random.choice(["", "/", "/https/example.test"])
        return self.random.choice([f"https://{host}/", f"https://{host}/pay?id=7#x", f"http://{host}:8443/a/b", host, host.upper(), f"{host}.",
                                   f"//{host}/x", f"https://user:pw@{host}/", f"HTTPS://{host.title()}", f"  https://{host}/ "])
