"""The command: what it is asked, in which order it does it, and what it prints."""
import argparse
import datetime
import json
import os
import pathlib
import re
import sys
import time
import zoneinfo

from . import accounts, big, play, referrals, rules, story
from .api import Api, Failure

DEFAULT = "acme"
NAME = re.compile(r"[A-Za-z0-9_-]{1,57}")  # leaves room for what the names of the others end in

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
    parser.add_argument("--account", metavar="NAME", help="name of the account (acme); with it, others may be there already")
    parser.add_argument("--seed", default="1", help="another one gives other data (%(default)s)")
    parser.add_argument("--day", type=datetime.date.fromisoformat, metavar="DAY", help="last day of the data, such as 2026-01-31 (today)")
    parser.add_argument("--big", action="store_true", help=f"and an account with {big.RULES:,} rules")
    parser.add_argument("--json", action="store_true", help="print one JSON object, for scripts")
    options = parser.parse_args(arguments)
    today = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Madrid")).date()
    options.day = options.day or today
    if options.day > today:
        parser.error(f"--day {options.day} is not there yet")
    if options.account is not None and not NAME.fullmatch(options.account):
        parser.error("--account takes 1 to 57 letters, digits, - and _")
    return options


def token_of(options: argparse.Namespace) -> str:
    found, place = _found_token(options)
    if not found or not found.isascii() or not found.isprintable() or " " in found:
        raise Failure(f"no admin token in {place}: it is to hold that and nothing else")
    return found


def _found_token(options: argparse.Namespace) -> tuple:
    """What stands there, and where that is."""
    file = options.token_file
    if file is None:
        for name in ("HEADWATER_TOKEN", "HEADWATER_ADMIN_TOKEN"):
            if os.environ.get(name):
                return os.environ[name].strip(), name
        file = pathlib.Path(options.data.rstrip("/") + ".admin-token")
        if not file.exists():
            raise Failure(f"no admin token: there is no {file}; give its place with --token-file or --data, or the token in HEADWATER_TOKEN")
    try:
        return file.read_text().strip(), file
    except (OSError, UnicodeDecodeError) as fault:
        raise Failure(f"cannot read the admin token: {fault}") from fault


def names_of(options: argparse.Namespace) -> list:
    """Of the account, of the one with nothing in it, and of the big one if it is wanted."""
    first = options.account or DEFAULT
    prefix = "" if first == DEFAULT else f"{first}-"
    return [first, f"{prefix}empty", f"{prefix}big"][:3 if options.big else 2]


def fill(api: Api, admin: str, options: argparse.Namespace) -> dict:
    """Does all of it, and tells what was done."""
    names, began = names_of(options), time.monotonic()
    there = accounts.there_are(api, admin)
    accounts.check(there, names, options.account is not None)
    brands = accounts.free_brands(there, len(names))
    for name, title, brand in zip(names, accounts.TITLES, brands):
        accounts.make(api, admin, name, title, brand)
    secrets = accounts.make_tokens(api, admin, names[0], names[1:])
    play.Player(api, names[0], secrets).play(story.steps(options.seed, options.day))
    sent = referrals.push(api, secrets["tag manager"], brands[0], options.seed, options.day)
    if options.big:
        big.fill(api, secrets[accounts.EDITOR], names[2], options.seed)
    for name, title in zip(names, accounts.TITLES):
        accounts.finish(api, admin, name, title)
    return {"url": api.url, "account": names[0], "brands": dict(zip(names, brands)), "editor": secrets[accounts.EDITOR],
            "viewer": secrets[accounts.VIEWER], "changes": story.CHANGES, "day": str(options.day), "seed": options.seed,
            "referrals": sent, "seconds": round(time.monotonic() - began, 1)}


def told(done: dict) -> str:
    names = ", ".join(f"{name} (brand {brand})" for name, brand in done["brands"].items())
    count, sessions = len(rules.PASSTHROUGH) + len(rules.MAPPINGS), done["referrals"]["sessions"]
    return f"""{accounts.TITLES[0]}: {count} rules, {done["changes"]} changes, {sessions:,} sessions from AI assistants, in {done["seconds"]} s
accounts     {names}
EDITOR       may change rules, and is called {accounts.EDITOR}
VIEWER       may look, and is called {accounts.VIEWER}

URL={done["url"]}
EDITOR={done["editor"]}
VIEWER={done["viewer"]}

# What is wrong with the rules, and what AI assistants sent
curl -s "$URL/rules/lint?account_id={done["account"]}" -H "Authorization: Bearer $VIEWER"
curl -s "$URL/v1/{done["brands"][done["account"]]}/ai-referrals?group_by=week,platform" -H "Authorization: Bearer $VIEWER"
"""


def main(arguments: list) -> int:
    options = parse(arguments)
    try:
        done = fill(Api(options.url), token_of(options), options)
    except Failure as failure:
        print(f"tools/demo: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"tools/demo: interrupted; {options.account or DEFAULT} may be there in part", file=sys.stderr)
        return 130
    print(json.dumps(done) if options.json else told(done), end="\n" if options.json else "")
    return 0
