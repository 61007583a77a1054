"""What the torture test believes: the state of everything that was acknowledged, and what may be.

Each client owns the rules and pages that it made, under names of its own, in accounts that all
clients share. So what a client was told is the truth about its own names whatever the others do.
"""
import json
import random
from decimal import Decimal

from headwater_e2e.wire import NoResponse

DAY = "2026-05-20"
KINDS = {"passthrough-referrers": ("domain", "referrers"), "referrer-mappings": ("referrer_pattern", "mappings")}
PAGES = 4


class Broken(AssertionError):
    """The service contradicts what it acknowledged, or gives no answer in time."""


class Lost(Broken):
    """What was acknowledged is gone."""


class Pending:
    """A request whose answer never came, so that its change may or may not have become true; or it was refused, so
    that it may not."""

    def __init__(self, request, key, change, is_refused: bool = False):
        self.request, self.key, self.change, self.place = request, key, change, change.place
        self.is_refused = is_refused

    def settle(self, worker, seen) -> bool:
        """Takes what is there after the restart, if it may be; whether the change is there."""
        was_there = self.change.settle(worker, seen)
        if was_there and self.is_refused:
            raise Broken(f"it was refused and is there: {self.request}")
        return was_there


class Place:
    """One account of the test, with its brand and connection."""

    def __init__(self, name: str, brand: int, connection: str):
        self.name, self.brand, self.connection = name, brand, connection

    def rules(self, kind: str, number=None, more: str = "") -> str:
        return f"/{kind}" + (f"/{number}" if number else "") + f"?account_id={self.name}{more}"

    @property
    def events(self) -> str:
        return f"/v1/{self.brand}/ai-referrals/connections/{self.connection}/events"

    @property
    def report(self) -> str:
        return f"/v1/{self.brand}/ai-referrals?start_date={DAY}&end_date={DAY}&group_by=page&limit=1000"


class Worker:
    """One client: its connection, its random choices and what it knows."""

    def __init__(self, number: int, seed: int, places: list):
        self.number, self.random, self.places = number, random.Random(f"{seed}/{number}"), places
        self.rules = {}  # (place, kind, name) -> the rule as last acknowledged
        self.pages = {}  # (place, page) -> (pageviews, revenue)
        self.pending, self.serial, self.acknowledged, self.fault = None, 0, 0, None
        self.client, self.checks, self.may_fail = None, 0, False

    def run(self, client):
        """Sends requests until the connection breaks. The one in flight then becomes `pending`."""
        self.client = client
        try:
            while self.step():
                pass
        except Exception as fault:  # a thread cannot raise into the test
            self.fault = fault
        finally:
            client.close()

    def step(self) -> bool:
        request, key, change = self.choose()
        method, target, body = request
        headers = {"Idempotency-Key": key} if key else {}
        try:
            if method in ("PATCH", "DELETE") and self.random.random() < 0.3:
                read = self.client.get(target)
                if not self.is_fine(read, 200):
                    return False
                headers["If-Match"] = read.header("ETag")
            response = self.client.request(method, target, body, headers)
        except (NoResponse, OSError):
            self.pending = Pending(request, key, change)
            return False
        if response.status == 503 or (response.status == 500 and self.may_fail):
            self.pending = Pending(request, key, change, is_refused(response))
            return False
        change.acknowledge(self, response)
        self.acknowledged += 1
        return self.look_again(request, key, change)

    def choose(self):
        self.serial += 1
        place = self.random.choice(self.places)
        mine = [key for key in self.rules if key[0] is place]
        roll = self.random.random()
        if roll < 0.25:
            return self.push(place)
        if mine and roll < 0.50:
            return self.patch(self.random.choice(mine))
        if mine and (roll < 0.70 or len(mine) > 3):
            key = self.random.choice(mine)
            return ("DELETE", place.rules(key[1], self.rules[key]["id"]), None), None, Deleted(key)
        return self.create(place)

    def look_again(self, request, key, change) -> bool:
        """Now and then, after a change: what was answered shows, and what has to be refused or changes nothing is so."""
        if self.random.random() > 0.3:
            return True
        try:
            self.checks += 1
            if isinstance(change, Pushed):
                return self.resend(request, key)
            if isinstance(change, Deleted):
                return self.is_fine(self.client.get(change.place.rules(change.key[1], change.id)), 404)
            return self.random.choice((self.read_back, self.resolve, self.precondition, self.refused))(change)
        except (NoResponse, OSError):
            return False

    def is_fine(self, response, status: int) -> bool:
        """False if the service cannot answer now."""
        if response.status == 503 or (response.status == 500 and self.may_fail):
            return False
        expect(response, status)
        return True

    def resend(self, request, key) -> bool:
        method, target, body = request
        response = self.client.request(method, target, body, {"Idempotency-Key": key} if key else None)
        if not self.is_fine(response, 200):
            return False
        if key and response.header("Idempotent-Replayed") != "true":
            raise Broken(f"a push with its key took effect again\n{response}")
        if not key and response.json()["deduplicated"] != response.json()["accepted"]:
            raise Broken(f"rows that were there already were taken as new\n{response}")
        return True

    def read_back(self, change) -> bool:
        response = self.client.get(change.place.rules(change.key[1], self.rules[change.key]["id"]))
        if not self.is_fine(response, 200):
            return False
        if response.data != self.rules[change.key]:
            raise Broken(f"acknowledged {self.rules[change.key]}\n{response}")
        return True

    def resolve(self, change) -> bool:
        """One visit from the rule's host, alone or in NDJSON with others."""
        rule, line = self.rules[change.key], '{"url":"https://shop.example/","referrer":"https://%s/x"}' % change.key[2]
        headers = {"Content-Type": "application/x-ndjson"} if self.random.random() < 0.5 else None
        response = self.client.request("POST", f"/resolve?account_id={change.place.name}", (line + "\n") * 5 if headers else line, headers)
        if not self.is_fine(response, 200):
            return False
        results = response.ndjson() if headers else [response.data]
        if len(results) != (5 if headers else 1) or any((each["rule"] or {}).get("id") != (rule["id"] if rule["is_active"] else None)
                                                         for each in results):
            raise Broken(f"not by the rule {rule}\n{response}")
        return True

    def precondition(self, change) -> bool:
        """A change of what somebody has changed since is refused."""
        target = change.place.rules(change.key[1], self.rules[change.key]["id"])
        return self.is_fine(self.client.request(self.random.choice(("PATCH", "DELETE")), target, {"utm_source": "stale"}, {"If-Match": '"0"'}), 412)

    def refused(self, change) -> bool:
        """A second rule of the same host, and one without a host: neither leaves anything."""
        target, field = change.place.rules(change.key[1]), KINDS[change.key[1]][0]
        if not self.is_fine(self.client.post(target, {field: change.key[2], "utm_source": "twice"}), 409):
            return False
        return self.is_fine(self.client.post(target, {"utm_source": "nothing"}), 422)

    def key(self):
        return f"key-{self.number}-{self.serial}" if self.random.random() < 0.5 else None

    def create(self, place):
        kind = self.random.choice(list(KINDS))
        name = f"c{self.number}-{self.serial}.example"
        body = {KINDS[kind][0]: name, "utm_source": f"s{self.serial}", "is_active": self.random.random() < 0.8}
        return ("POST", place.rules(kind), body), self.key(), Created((place, kind, name), body)

    def patch(self, key):
        place, kind, _ = key
        body = {"utm_source": f"p{self.number}-{self.serial}", "is_active": self.random.random() < 0.8}
        return ("PATCH", place.rules(kind, self.rules[key]["id"]), body), None, Patched(key, body)

    def push(self, place):
        pages = self.random.sample(range(PAGES), self.random.randint(1, PAGES))
        values = {f"/c{self.number}/{page}": (self.random.randrange(10**6), Decimal(self.random.randrange(10**9)) / 10**6) for page in pages}
        rows = ",".join('{"date":"%s","raw_referrer_value":"chatgpt.com","raw_page_value":"%s","pageviews":%d,"purchase_revenue":%s}'
                        % (DAY, page, views, f"{revenue:f}") for page, (views, revenue) in values.items())
        return ("POST", place.events, f"[{rows}]"), self.key(), Pushed(place, values)


def is_refused(response) -> bool:
    """Whether an answer says that the change was not made, and not that its outcome is unknown."""
    body = response.json()
    return response.status == 503 and isinstance(body.get("error"), dict) and body["error"]["code"] != "outcome_unknown"


def expect(response, status: int):
    if response.status != status:
        # Nothing is asked for by a token or a name that was not acknowledged.
        raise (Lost if response.status in (401, 404) else Broken)(f"expected {status}\n{response}")
    return response


class Created:
    def __init__(self, key, body):
        self.place, self.key, self.body = key[0], key, body

    def acknowledge(self, worker, response):
        rule = expect(response, 201).data
        if any(rule[field] != value for field, value in self.body.items()):
            raise Broken(f"another rule than the one sent\n{response}")
        worker.rules[self.key] = rule

    def settle(self, worker, seen):
        """Takes what is there after the restart, if it is one of the two things that may be."""
        rule = seen.rules.get(self.key)
        if rule is not None:
            if any(rule[field] != value for field, value in self.body.items()):
                raise Broken(f"half a create: {rule} for {self.body}")
            worker.rules[self.key] = rule
        return rule is not None


class Patched:
    def __init__(self, key, body):
        self.place, self.key, self.body = key[0], key, body

    def acknowledge(self, worker, response):
        rule = expect(response, 200).data
        if any(rule[field] != value for field, value in self.body.items()):
            raise Broken(f"not what was patched\n{response}")
        worker.rules[self.key] = rule

    def settle(self, worker, seen):
        rule, old = seen.rules.get(self.key), worker.rules[self.key]
        if rule == old:
            return False
        frozen = {field: value for field, value in old.items() if field not in (*self.body, "updated_at")}
        if rule is None or any(rule[f] != v for f, v in {**frozen, **self.body}.items()):
            raise Broken(f"half a patch: {old} with {self.body} became {rule}")
        worker.rules[self.key] = rule
        return True


class Deleted:
    def __init__(self, key):
        self.place, self.key, self.id = key[0], key, None

    def acknowledge(self, worker, response):
        expect(response, 204)
        self.id = worker.rules.pop(self.key)["id"]

    def settle(self, worker, seen):
        if self.key in seen.rules:
            return False
        del worker.rules[self.key]
        return True


class Pushed:
    def __init__(self, place, values):
        self.place, self.values = place, values

    def acknowledge(self, worker, response):
        answer = expect(response, 200).json()
        if (answer["accepted"], answer["rejected"]) != (len(self.values), 0):
            raise Broken(f"rows went missing\n{response}")
        worker.pages.update({(self.place, page): value for page, value in self.values.items()})

    def settle(self, worker, seen):
        found = {page: seen.pages.get((self.place, page)) for page in self.values}
        if found == self.values:
            worker.pages.update({(self.place, page): value for page, value in self.values.items()})
            return True
        if found != {page: worker.pages.get((self.place, page)) for page in self.values}:
            raise Broken(f"half a batch at {self.place.name}: {found} of {self.values}")
        return False


class Seen:
    """Everything that the service shows, read by some clients at once."""

    def __init__(self, with_texts: bool = False):
        self.rules, self.pages, self.texts = {}, {}, {}
        self.places, self.with_texts = set(), with_texts

    def read(self, client, place):
        self.places.add(place)
        for kind, (field, name) in KINDS.items():
            response = expect(client.get(place.rules(kind, more="&include_inactive=true")), 200)
            listed = response.data[name]
            ids = [rule["id"] for rule in listed]
            if len(set(ids)) != len(ids) or len({rule[field] for rule in listed}) != len(ids):
                raise Broken(f"a rule is there twice\n{response}")
            active = sum(rule["is_active"] for rule in listed)
            if (response.data["total"], response.data["active_count"]) != (len(ids), active):
                raise Broken(f"totals and rules disagree\n{response}")
            self.rules.update({(place, kind, rule[field]): rule for rule in listed})
            if self.with_texts:
                self.texts[place.name, kind] = json.dumps(response.data, sort_keys=True, default=str)
        response = expect(client.get(place.report), 200)
        report = response.json()
        rows = {(place, row["page"]): (row["pageviews"], Decimal(str(row["purchase_revenue"]))) for row in report["rows"]}
        if len(rows) != len(report["rows"]) or sum(v for v, _ in rows.values()) != (report["totals"]["pageviews"] or 0):
            raise Broken(f"totals and rows disagree\n{response}")
        if sum((r for _, r in rows.values()), Decimal(0)) != Decimal(str(report["totals"]["purchase_revenue"] or 0)):
            raise Broken(f"revenue does not add up\n{response}")
        self.pages.update(rows)
        if self.with_texts:
            self.texts[place.name, "report"] = json.dumps(report, sort_keys=True, default=str)
