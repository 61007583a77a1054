"""The command: what it is asked, in which order it does it, and what it prints."""
import argparse
import datetime
import json
import os
import pathlib
import sys
import time
import zoneinfo

from . import accounts, big, play, referrals, story
from .api import Api, Failure

ABOUT = """Fills a service with an example, so that there is something to look at: a hotel chain with 40 rules and the
120 changes that made them, 90 days of visits from AI assistants, and people with tokens; and an account
with nothing in it. Everything goes through the public API."""
MORE = """The same seed gives the same data on the same day. Events get the time at which they come, so the days
of the story stand in descriptions; and a connection cannot have been pushed to three days ago, so the
silent one has no data of the last three days.

The admin token is read from --token-file, else from HEADWATER_TOKEN or HEADWATER_ADMIN_TOKEN, else from
the file that tools/start keeps beside its data, DIR.admin-token (--data, HEADWATER_DATA, ./data).

Not there yet, because the service has no API for it: visits with their sources, conversions and revenue;
insights; goals.

Exit status: 0 done, 1 with one line on stderr where it could not, 2 for a command line that makes no sense."""


def parse(arguments: list) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools/demo", description=ABOUT, epilog=MORE, formatter_class=argparse.RawDescriptionHelpFormatter)
    listen = os.environ.get("HEADWATER_LISTEN", "127.0.0.1:8080")
    parser.add_argument("--url", default=os.environ.get("HEADWATER_URL") or f"http://{listen}", help="where the service is (%(default)s)")
    parser.add_argument("--token-file", type=pathlib.Path, metavar="FILE", help="file with an admin token for all accounts")
    parser.add_argument("--data", default=os.environ.get("HEADWATER_DATA") or "./data", metavar="DIR", help="the data directory of tools/start")
    parser.add_argument("--account", metavar="NAME", help="name of the account, acme if nothing is said; with it, other accounts may be there")
    parser.add_argument("--seed", default="1", help="another one gives other data (%(default)s)")
    parser.add_argument("--day", type=datetime.date.fromisoformat, metavar="DAY", help="last day of the data, such as 2026-01-31 (today)")
    parser.add_argument("--big", action="store_true", help=f"and an account with {big.RULES:,} rules")
    parser.add_argument("--json", action="store_true", help="print one JSON object, for scripts")
    return parser.parse_args(arguments)


def token_of(options: argparse.Namespace) -> str:
    file = options.token_file
    if file is None:
        for name in ("HEADWATER_TOKEN", "HEADWATER_ADMIN_TOKEN"):
            if os.environ.get(name):
                return os.environ[name].strip()
        file = pathlib.Path(options.data.rstrip("/") + ".admin-token")
        if not file.exists():
            raise Failure(f"no admin token: there is no {file}; give its place with --token-file or --data, or the token in HEADWATER_TOKEN")
    try:
        found = file.read_text().strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise Failure(f"cannot read the admin token: {fault}") from fault
    if not found.isascii() or not found.isprintable() or not found or " " in found:
        raise Failure(f"no admin token in {file}: it is to hold nothing else")
    return found


def fill(api: Api, admin: str, options: argparse.Namespace) -> dict:
    """Does all of it, and tells what was done."""
    name, began = options.account or "acme", time.monotonic()
    prefix = f"{options.account}-" if options.account not in (None, "acme") else ""
    others = [f"{prefix}empty"] + ([f"{prefix}big"] if options.big else [])
    there = accounts.there_are(api, admin)
    accounts.check(there, [name, *others], options.account is not None)
    brands = accounts.free_brands(there, 1 + len(others))
    accounts.make(api, admin, name, accounts.NAME + accounts.UNFINISHED, brands[0])
    for other, brand in zip(others, brands[1:]):
        title = "Nothing here yet" if other.endswith("empty") else "Ten thousand rules"
        accounts.make(api, admin, other, title, brand)
    secrets = accounts.make_tokens(api, admin, name, others)
    play.Player(api, name, secrets).play(story.steps(options.seed, options.day))
    sent = referrals.push(api, secrets["tag manager"], brands[0], options.seed, options.day)
    if options.big:
        big.fill(api, secrets[accounts.EDITOR], others[-1], options.seed)
    accounts.finish(api, admin, name)
    return {"url": api.url, "account": name, "accounts": dict(zip([name, *others], brands)), "editor": secrets[accounts.EDITOR],
            "viewer": secrets[accounts.VIEWER], "changes": story.CHANGES, "day": str(options.day), "seed": options.seed,
            "referrals": {**sent, "purchase_revenue": sent["cents"] / 100}, "seconds": round(time.monotonic() - began, 1)}


def told(done: dict) -> str:
    sent = done["referrals"]
    names = ", ".join(f"{name} (brand {brand})" for name, brand in done["accounts"].items())
    return f"""{accounts.NAME} is there: 40 rules, {done["changes"]} changes, {sent["sessions"]:,} sessions from AI assistants, {done["seconds"]} s

URL={done["url"]}
EDITOR={done["editor"]}
VIEWER={done["viewer"]}

accounts  {names}
EDITOR    is {accounts.EDITOR}'s token, who may change rules; VIEWER is that of the {accounts.VIEWER.lower()}, which may look

What is wrong with the rules, and what assistants sent:

curl -s "$URL/rules/lint?account_id={done["account"]}" -H "Authorization: Bearer $VIEWER"
curl -s "$URL/v1/{done["accounts"][done["account"]]}/ai-referrals?group_by=week,platform" -H "Authorization: Bearer $VIEWER"
"""


def main(arguments: list) -> int:
    options = parse(arguments)
    name = options.account or "acme"
    options.day = options.day or datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Madrid")).date()
    try:
        api = Api(options.url)
        done = fill(api, token_of(options), options)
    except Failure as failure:
        print(f"tools/demo: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"tools/demo: interrupted; the account {name} may be there in part", file=sys.stderr)
        return 130
    print(json.dumps(done) if options.json else told(done), end="\n" if options.json else "")
    return 0
