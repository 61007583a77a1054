"""How the rules came to be what they are: 120 changes by three people over 90 days.

The service gives each event the time at which it came, so the days of the story stand in descriptions and names of
services. A mistake is in it (a broad mapping is raised from priority 10 to 90) and its cure: Luis puts back all rules as
they were before, which takes a colleague's change along, and Ana makes hers again.
"""
import csv
import datetime
import io
import itertools
import random
from functools import partial
from typing import NamedTuple

from . import rules

CHANGES, DAYS = 120, 90
MISTAKE = 4  # changes of the mistake and its cure
SEASONS = ("winter", "winter", "spring", "spring", "spring", "summer", "summer", "summer", "autumn", "autumn", "autumn", "winter")
# Why somebody changes a field, by what it becomes; what it was and is, the change itself says.
REASONS = {
    "utm_medium": {
        "metasearch": "Paid by click, but the board wants it apart from search ads",
        "organic": "Nobody pays for these visits",
        "social": "Posts belong to the other networks",
        "blog": "The press office counts columns apart from links",
        "press": "The press office needs its own line in the monthly report",
        "newsletter": "Their mailing, not ours",
        "affiliate": "They earn by booking, not by click",
    },
    "utm_source": {"trivago-de": "Billed by the German office"},
    "priority": {rules.HIGH: "A broad rule for travel sites took it first", rules.MIDDLE: "Has to come before the broad rules"},
}
OTHERWISE = {"utm_medium": "Finance books it so", "utm_source": "Reports had two spellings of it", "priority": "It lost to a broader rule",
             "label": "Nobody could find it by the old name"}
PAUSES = (("Their relaunch sends test visits", "Their relaunch is over"),
          ("Visits doubled overnight, and no booking among them", "They have shut out the robots"),
          ("No contract until the new rates are signed", "The new rates are signed"))
OFFERS = ("First offers of the season", "Early booking ends on Sunday", "Rooms are left for the long weekend", "Second flight of ads",
          "Half board at the price of breakfast", "Last rooms, a third off", "The agency tries other pictures")
SETTINGS, PASSTHROUGH, MAPPING = "settings", "passthrough-referrers", "referrer-mappings"


class Step(NamedTuple):
    """One change, which is one event: `key` is the domain or the pattern as it was written."""
    what: str  # create, update, delete, import, restore, settings
    kind: str
    key: str
    fields: dict
    who: str
    day: datetime.date


def steps(seed: str, day: datetime.date) -> list:
    """All changes, the oldest first. The story ends on `day`."""
    return _Writer(random.Random(f"{seed} {day} story"), day).write()


class _Writer:
    def __init__(self, source: random.Random, day: datetime.date):
        self.source = source
        days = [day - datetime.timedelta(days=n) for n in range(DAYS)]
        weekdays = [each for each in days if each.weekday() < 5]
        self.days = sorted(source.choices(weekdays, k=CHANGES))
        self.written = []
        self.now = {}  # fields of each rule as they are, by key

    @property
    def day(self) -> datetime.date:
        return self.days[len(self.written)]

    def write(self) -> list:
        self._found()
        tracks = [*self._fixes(), *self._pauses(), *self._temporary(), *self._ends()]
        tracks += self._campaigns(CHANGES - len(self.written) - sum(map(len, tracks)) - MISTAKE)
        late = self._merge(tracks)
        middle = len(late) * 3 // 5
        for change in late[:middle]:
            change()
        self._mistake()
        for change in late[middle:]:
            change()
        return self.written

    # -- the beginning: each rule as it was first written ---------------------------------------------

    def _found(self):
        self._add("settings", SETTINGS, "", {"own_domains": rules.OWN_SITES[:2]}, "Ana")
        # Both kinds in turn, each in the order of its table: of equal priorities the older rule wins.
        singly = [each for each in rules.MAPPINGS if not each.is_imported]
        for pair in itertools.zip_longest(rules.PASSTHROUGH, singly):
            for rule in filter(None, pair):
                self._create(rule)
        self._add("settings", SETTINGS, "", {"timezone": "Europe/Madrid", "currency": "EUR"}, "Luis")
        rows = {each.referrer_pattern: self._first_fields(each) for each in rules.MAPPINGS if each.is_imported}
        self._add("import", MAPPING, "", rows, "Luis")
        self._add("settings", SETTINGS, "", {"own_domains": rules.OWN_SITES}, "Ana")

    def _first_fields(self, rule) -> dict:
        if isinstance(rule, rules.Passthrough):
            fields = {"utm_source": rule.utm_source, "utm_medium": rule.utm_medium, "service_name": rule.service_name,
                      "is_active": True, **rule.early}
            return {**fields, "service_name": f"{fields['service_name']}, since {self.day}"}
        fields = {"match_type": rule.match_type, "utm_source": rule.utm_source, "utm_medium": rule.utm_medium, "utm_campaign": "",
                  "label": rule.label, "priority": rule.priority, "is_active": True, **rule.early}
        return {**fields, "description": f"{rule.why} In use since {self.day}."}

    # -- what was changed later, as tracks: changes that come one after the other ---------------------

    def _fixes(self):
        """Whatever was first written otherwise than it is at the end is put right, a field at a time."""
        for rule in (*rules.PASSTHROUGH, *rules.MAPPINGS):
            yield [partial(self._change, rule, {field: getattr(rule, field)}, _reason(field, getattr(rule, field))) for field in rule.early]

    def _pauses(self):
        for rule, (why, why_back) in zip(_mappings(rules.PAUSED), itertools.cycle(PAUSES)):
            yield [partial(self._change, rule, {"is_active": False}, why, "tag manager"),
                   partial(self._change, rule, {"is_active": True}, why_back, "tag manager")]

    def _temporary(self):
        for rule in rules.TEMPORARY:
            yield [partial(self._create, rule), partial(self._delete, rule)]

    def _ends(self):
        for rule in (*rules.PASSTHROUGH, *rules.MAPPINGS):
            if not rule.is_active:
                yield [partial(self._change, rule, {"is_active": False}, "The contract has ended", "Luis")]

    def _campaigns(self, count: int):
        """As many changes as are left are those of campaigns."""
        some = _mappings(rules.SEASONAL)
        for at, rule in enumerate(some):
            yield [partial(self._next_campaign, rule, number) for number, _ in enumerate(range(at, count, len(some)), 1)]

    def _merge(self, tracks: list) -> list:
        """All tracks as one, each in its own order."""
        order = [n for n, track in enumerate(tracks) for _ in track]
        self.source.shuffle(order)
        heads = [iter(track) for track in tracks]
        return [next(heads[n]) for n in order]

    # -- the mistake ----------------------------------------------------------------------------------

    def _mistake(self):
        high, other = _mappings((rules.TOO_HIGH, rules.WENT_WITH_IT))
        before, version = {key: dict(fields) for key, fields in self.now.items()}, len(self.written)
        self._change(high, {"priority": 90}, "So that no travel site is lost", "tag manager")
        self._change(other, {"utm_campaign": "city-breaks"}, "The tourist board pays for city breaks", "Ana")
        self.now = before
        self._add("restore", MAPPING, rules.TOO_HIGH, {"as_of": version}, "Luis")
        self._change(other, {"utm_campaign": "city-breaks"}, "City breaks again, which went with the cure of the travel sites", "Ana")

    # -- steps ----------------------------------------------------------------------------------------

    def _somebody(self) -> str:
        return self.source.choices(("Ana", "Luis", "tag manager"), (5, 3, 2))[0]

    def _create(self, rule):
        self._add("create", _kind(rule), rule[0], self._first_fields(rule), self._somebody())

    def _delete(self, rule):
        self._add("delete", _kind(rule), rule[0], {}, self._somebody())

    def _next_campaign(self, rule, number: int):
        self._change(rule, {"utm_campaign": f"{SEASONS[self.day.month - 1]}-{self.day.year}-{number}"}, OFFERS[(number - 1) % len(OFFERS)])

    def _change(self, rule, fields: dict, why: str, who: str = None):
        who = who or self._somebody()
        if isinstance(rule, rules.Mapping):
            fields = {**fields, "description": f"{rule.why} {why} ({self.day})."}
        elif "service_name" in fields:
            fields = {"service_name": f"{fields['service_name']}, as on invoices from {self.day}"}
        self._add("update", _kind(rule), rule[0], fields, who)

    def _add(self, what: str, kind: str, key: str, fields: dict, who: str):
        self.written.append(Step(what, kind, key, fields, who, self.day))
        if what == "delete":
            del self.now[key]
        elif what == "import":
            self.now.update(fields)
        elif what in ("create", "update"):
            self.now[key] = {**self.now.get(key, {}), **fields}


def csv_of(fields_by_pattern: dict) -> bytes:
    """The rows of an import as the file that somebody had."""
    out = io.StringIO()
    columns = ["referrer_pattern", *next(iter(fields_by_pattern.values()))]
    writer = csv.DictWriter(out, columns, lineterminator="\r\n")
    writer.writeheader()
    for pattern, fields in fields_by_pattern.items():
        writer.writerow({"referrer_pattern": pattern, **fields, "is_active": "true" if fields["is_active"] else "false"})
    return out.getvalue().encode()


def _reason(field: str, value) -> str:
    return REASONS.get(field, {}).get(value) or OTHERWISE.get(field, "")


def _kind(rule) -> str:
    return PASSTHROUGH if isinstance(rule, rules.Passthrough) else MAPPING


def _mappings(patterns: tuple) -> list:
    by_pattern = {each.referrer_pattern: each for each in rules.MAPPINGS}
    return [by_pattern[pattern] for pattern in patterns]

