"""The rules and visits that the benchmarks share: the same ones in every run, from a fixed seed."""
import json
import random
import threading

from servers import RequestsFailed

WORDS = ("alpine amber anchor arbor atlas aurora basalt beacon birch breeze canyon cedar cobalt coral crest delta "
         "ember falcon fjord forest garnet glacier granite harbor hazel heron indigo island jasper juniper kestrel "
         "lagoon lantern laurel maple marble meadow mesa nectar oasis onyx opal orchid osprey pebble pine prairie "
         "quartz raven reef ridge river sable saffron sierra slate spruce summit timber topaz tundra valley willow").split()
KINDS = "news shop blog travel books music forum review deals guide press media store tech sport".split()
# A benchmark writes more than an account may have. By the environment, which a program from before ignores.
UNLIMITED = {"HEADWATER_MAX_ACCOUNT_BYTES": str(2**40), "HEADWATER_MAX_ACCOUNT_EVENTS": str(10**9)}
ENDS = "com com com net org de fr co.uk io es".split()


def host(number: int) -> str:
    """The number-th of the sites that there are, each a host of its own."""
    first, second = WORDS[number % len(WORDS)], WORDS[number // len(WORDS) % len(WORDS)]
    return f"{first}-{second}{number}-{KINDS[number % len(KINDS)]}.{ENDS[number % len(ENDS)]}"


def rules(count: int) -> list:
    """Bodies of mappings: 80 % exact, 10 % prefix, suffix and contains, 10 % regexes with a literal
    of at least four bytes."""
    made = []
    for number in range(count):
        name, share = host(number), number % 10
        body = {"referrer_pattern": name, "match_type": "exact", "utm_source": f"site{number}", "priority": number % 100}
        stem = name.split(".")[0]
        if share == 8:
            kind = ("starts_with", "ends_with", "contains")[number // 10 % 3]
            body.update(match_type=kind, referrer_pattern={"starts_with": f"{stem}.", "ends_with": f".{name}", "contains": stem}[kind])
        elif share == 9:
            body.update(match_type="regex", referrer_pattern=rf"^(www|m|amp)?\.?{stem}\.[a-z.]+$")
        made.append(body)
    return made


def make_rules(program, account: str, count: int, connections: int = 16):
    """Creates the mappings through the API."""
    bodies, lock, failed = iter(rules(count)), threading.Lock(), []

    def work():
        client = program.client()
        while not failed:
            with lock:
                body = next(bodies, None)
            if body is None:
                return
            response = client.post(f"/referrer-mappings?account_id={account}", body)
            if response.status != 201:
                failed.append(str(response))
    threads = [threading.Thread(target=work) for _ in range(connections)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if failed:
        raise RequestsFailed(failed[0])


def visit(draw: random.Random, rule_count: int) -> dict:
    """A page view of a shop as trackers send it: half of the external referrers match no rule."""
    path = f"/{draw.choice(WORDS)}/{draw.choice(WORDS)}-{draw.randrange(100000)}"
    kind, query = draw.random(), ""
    if kind < 0.10:
        query = f"?utm_source=newsletter&utm_medium=email&utm_campaign=week%20{draw.randrange(52)}"
    elif kind < 0.15:
        query = f"?gclid=Cj0KCQ{draw.getrandbits(120):x}"
    elif kind < 0.40:
        query = f"?page={draw.randrange(50)}&sort=price"
    one = {"url": f"https://www.harbor-shop.com{path}{query}"}
    came = draw.random()
    if came < 0.25:
        one["referrer"] = f"https://www.harbor-shop.com/{draw.choice(WORDS)}"
    elif came < 0.35:
        one["referrer"] = None
    else:
        number = draw.randrange(rule_count) if came < 0.675 else rule_count + draw.randrange(100000)
        one["referrer"] = f"https://{draw.choice(('www.', '', 'm.'))}{host(number)}/{draw.choice(WORDS)}?id={draw.randrange(10000)}"
    if draw.random() < 0.3:
        one["session"] = {"utm_source": draw.choice(WORDS), "utm_medium": "referral", "utm_campaign": ""}
    else:
        one["session"] = None
    return one


def lines(count: int, rule_count: int, seed: int = 1) -> bytes:
    """So many visits as NDJSON."""
    draw = random.Random(seed)
    return b"".join(json.dumps(visit(draw, rule_count), separators=(",", ":")).encode() + b"\n" for _ in range(count))
