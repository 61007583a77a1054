"""The 40 rules that are there at the end, and what some of them were like at first.

A few are wrong on purpose, so that GET /rules/lint has something to say; their `why` says what a person meant.
"""
from typing import NamedTuple

HIGH, MIDDLE, LOW = 100, 50, 10
OWN_SITES = ["www.acme.example", "shop.acme.example", "book.acme.example"]


class Passthrough(NamedTuple):
    domain: str
    utm_source: str
    service_name: str
    utm_medium: str = "passthrough"
    is_active: bool = True
    early: dict = {}  # fields that had other values when the rule was made


class Mapping(NamedTuple):
    referrer_pattern: str
    match_type: str
    utm_source: str
    utm_medium: str
    priority: int
    label: str
    why: str
    is_active: bool = True
    is_imported: bool = False
    early: dict = {}


PASSTHROUGH = (
    Passthrough("booking.mirai.com", "mirai", "Mirai booking engine", "referral", early={"utm_medium": "passthrough"}),
    Passthrough("checkout.stripe.com", "stripe", "Stripe Checkout", early={"service_name": "Stripe"}),
    Passthrough("paypal.com", "paypal", "PayPal", early={"utm_source": "PayPal"}),
    Passthrough("checkoutshopper-live.adyen.com", "adyen", "Adyen drop-in", early={"service_name": "Adyen"}),
    Passthrough("pay.klarna.com", "klarna", "Klarna, pay later"),
    Passthrough("direct-book.com", "siteminder", "SiteMinder booking pages", "referral", early={"utm_medium": "passthrough"}),
    Passthrough("hotels.cloudbeds.com", "cloudbeds", "Cloudbeds, the two hostels", early={"utm_source": "cloud-beds"}),
    Passthrough("acme-hotels.eu.auth0.com", "auth0", "Auth0, sign-in of members"),
    Passthrough("synxis.com", "synxis", "Sabre SynXis, city hotels", early={"service_name": "Sabre"}),
    Passthrough("app.mews.com", "mews", "Mews, online check-in"),
    Passthrough("accounts.google.com", "google-sign-in", "Sign in with Google", early={"utm_source": "google"}),
    Passthrough("mollie.com", "mollie", "Mollie, vouchers of the shop", early={"service_name": "Mollie"}),
    Passthrough("sofort.com", "sofort", "Sofort bank transfer", early={"utm_source": "klarna"}),
    Passthrough("thebookingbutton.com", "siteminder", "TheBookingButton, until the change of engines", is_active=False),
)

MAPPINGS = (
    Mapping("partner-site.com", "exact", "partner-site", "referral", HIGH, "Partner site", "Our first partner.",
            early={"priority": LOW, "label": "partner"}),
    Mapping("tripadvisor.", "starts_with", "tripadvisor", "metasearch", HIGH, "Tripadvisor", "All countries, paid by click.",
            early={"utm_medium": "cpc", "priority": MIDDLE}),
    Mapping("trivago.", "starts_with", "trivago", "metasearch", HIGH, "Trivago", "All countries, paid by click.",
            early={"utm_medium": "cpc", "priority": LOW}),
    Mapping("trivago.de", "exact", "trivago-de", "metasearch", MIDDLE, "Trivago Germany", "Germany has a contract of its own.",
            early={"utm_source": "trivago"}),
    Mapping("google", "contains", "google", "organic", LOW, "Google", "Whatever comes from Google and is no ad.",
            early={"utm_source": "Google"}),
    Mapping("t.co", "contains", "twitter", "social", LOW, "Twitter links", "Short links in posts.", early={"utm_medium": "referral"}),
    Mapping("https://medium.com/@travelwithmarta", "exact", "marta", "blog", MIDDLE, "Marta's column",
            "Meant for medium.com/@travelwithmarta alone, but browsers send no path.", early={"utm_medium": "referral"}),
    Mapping(r"^elmundo\.es/viajes", "regex", "el-mundo", "press", MIDDLE, "El Mundo, travel pages",
            "Meant for the travel pages alone.", early={"utm_medium": "referral"}),
    Mapping("travel", "contains", "travel-sites", "referral", LOW, "Other travel sites", "What no other rule takes.",
            early={"label": "travel"}),
    Mapping("bing.com", "exact", "bing", "organic", LOW, "Bing", "From before there were lists of search engines."),
    Mapping("spain.info", "exact", "turespana", "referral", MIDDLE, "Turespaña", "The tourist board links to city hotels.",
            early={"priority": LOW}),
    Mapping("lonelyplanet.com", "exact", "lonely-planet", "press", MIDDLE, "Lonely Planet", "Two hotels are in the guide.",
            early={"utm_medium": "referral"}),
    Mapping("travelzoo.", "starts_with", "travelzoo", "newsletter", MIDDLE, "Travelzoo", "Top 20 mailing.",
            early={"utm_medium": "email"}),
    Mapping("groupon", "contains", "groupon", "affiliate", LOW, "Groupon", "Two campaigns in spring.", is_active=False),
    # The list that Luis imported.
    Mapping("kayak.es", "exact", "kayak", "metasearch", MIDDLE, "Kayak Spain", "From the list of partners.", is_imported=True),
    Mapping(r"^kayak\.es$", "regex", "kayak", "cpc", MIDDLE, "Kayak", "From the list of partners, by the agency.", is_imported=True),
    Mapping("skyscanner.", "starts_with", "skyscanner", "metasearch", MIDDLE, "Skyscanner", "From the list of partners.",
            is_imported=True, early={"utm_medium": "referral", "priority": LOW}),
    Mapping("holidaycheck.", "starts_with", "holidaycheck", "metasearch", MIDDLE, "HolidayCheck", "From the list of partners.",
            is_imported=True, early={"utm_medium": "referral", "priority": LOW}),
    Mapping("hotelscombined", "contains", "hotelscombined", "metasearch", MIDDLE, "HotelsCombined", "From the list of partners.",
            is_imported=True, early={"utm_medium": "referral"}),
    Mapping(r"(^|\.)momondo\.(com|es|de|fr)$", "regex", "momondo", "metasearch", MIDDLE, "Momondo", "From the list of partners.",
            is_imported=True, early={"utm_medium": "referral"}),
    Mapping(r"(^|\.)wego\.(com|es)$", "regex", "wego", "metasearch", MIDDLE, "Wego", "From the list of partners.",
            is_imported=True, early={"utm_medium": "cpc"}),
    Mapping(".hotelbeds.com", "ends_with", "hotelbeds", "affiliate", MIDDLE, "Hotelbeds", "From the list of partners.",
            is_imported=True, early={"utm_medium": "b2b"}),
    Mapping(".cntraveler.com", "ends_with", "cn-traveler", "press", HIGH, "Condé Nast Traveler", "From the list of partners.",
            is_imported=True, early={"label": "CN", "priority": LOW}),
    Mapping(".rumbo.es", "ends_with", "rumbo", "affiliate", HIGH, "Rumbo", "From the list of partners.",
            is_imported=True, early={"utm_medium": "cpc", "priority": LOW}),
    Mapping("expedia.", "starts_with", "expedia", "affiliate", MIDDLE, "Expedia", "From the list of partners.",
            is_active=False, is_imported=True),
    Mapping("costa-blog.example", "exact", "costa-blog", "blog", LOW, "Costa blog", "From the list of partners.",
            is_active=False, is_imported=True),
)

# Mappings that came and went.
TEMPORARY = (
    Mapping("fitur.example", "exact", "fitur", "event", HIGH, "Fitur", "The fair's list of exhibitors."),
    Mapping("marathon-hotels.example", "exact", "marathon", "event", MIDDLE, "City marathon", "Rooms for runners."),
    Mapping("newsletter-test.example", "exact", "test", "email", LOW, "Test", "Whether the mailing tool sends a referrer."),
)

# Their campaigns change with the season.
SEASONAL = ("tripadvisor.", "trivago.", "skyscanner.", "holidaycheck.", "hotelscombined", "travelzoo.", ".rumbo.es", ".hotelbeds.com")
# They were off for some days.
PAUSED = ("skyscanner.", ".hotelbeds.com", "lonelyplanet.com", r"(^|\.)wego\.(com|es)$", "partner-site.com")
# The mistake of the story, and the rule whose change went with its cure.
TOO_HIGH, WENT_WITH_IT = "travel", "spain.info"
