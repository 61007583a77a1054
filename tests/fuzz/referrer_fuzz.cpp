// libFuzzer target: referrers and URLs, two lines of them. Hosts are in their normal form, so that
// reading one again gives itself; sites and landing parameters do not depend on how a URL is
// written around them; platforms are found by every way of asking.

#include "domain/core/text.hpp"
#include "domain/hosts/domain_name.hpp"
#include "domain/hosts/host.hpp"
#include "domain/hosts/public_suffixes.hpp"
#include "domain/referrals/platforms/allow_list.hpp"
#include "domain/referrals/platforms/normaliser.hpp"
#include "domain/referrals/platforms/own_platforms.hpp"
#include "domain/resolve/landing.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <optional>

using namespace headwater;
using namespace headwater::attribution;

namespace {

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

void check_host(const host& of, std::string_view from) {
  fuzz::require(!of.name.empty() && is_printable(of.name), "a host of blanks or other bytes", from);
  fuzz::require(is_app(of.kind) || ascii_lower(of.name) == of.name, "a host is not in lower case",
                of.name);
  fuzz::require(of.kind == host_kind::ip_address ||
                    of.name.find_first_of("/?#@:[]") == of.name.npos,
                "a host has more than a name", of.name);
  // With a scheme, because "null" alone is no host.
  const auto again = host_of_referrer(of.kind == host_kind::android_app ? "android-app://" + of.name
                                      : of.kind == host_kind::ios_app   ? "ios-app://" + of.name
                                                                      : "https://" + of.name + "/");
  fuzz::require(again == of, "a host read again is another",
                of.name + " and " + (again ? again->name : "none"));
  fuzz::require(!of.name.ends_with('.'), "a host ends with a dot", of.name);
  const auto site = registrable_domain(of, *public_suffixes::shipped());
  if (!site)
    return;
  fuzz::require(of.name == *site || of.name.ends_with("." + *site),
                "a registrable domain is not its host's end", of.name + " and " + *site);
  const auto its = registrable_domain({*site, host_kind::domain}, *public_suffixes::shipped());
  fuzz::require(its == site, "a registrable domain has another", *site);
}

/// Both readers, and what they agree on.
std::optional<host> check_texts(std::string_view text) {
  const auto referrer = host_of_referrer(text);
  if (referrer)
    check_host(*referrer, text);
  else
    (void)why_no_host(text);
  const auto page = host_of_url(text, *public_suffixes::shipped());
  if (page) {
    check_host(*page, text);
    fuzz::require(!is_app(page->kind), "an app as a page", text);
    fuzz::require(!referrer || *referrer == *page, "a URL is another site as a referrer", text);
    fuzz::require(same_site(*page, *page, *public_suffixes::shipped()),
                  "a page is not on its own site", page->name);
  }
  return referrer;
}

void check_landing(std::string_view url) {
  attribution_settings settings;
  settings.campaign_parameters = {campaign_family::utm, campaign_family::ref, campaign_family::mtm,
                                  campaign_family::utm_id};
  const auto& lists = *source_lists::shipped();
  const auto read = read_landing(url, lists, settings);
  const auto hash = url.find('#');
  const auto without = read_landing(url.substr(0, hash), lists, settings);
  fuzz::require(read.utm == without.utm && read.click == without.click &&
                    read.has_facebook == without.has_facebook,
                "a fragment changes a landing", url);
  for (const auto* each :
       {&read.utm.source, &read.utm.medium, &read.utm.campaign, &read.utm.term, &read.utm.content})
    fuzz::require(is_valid_utf8(*each), "a UTM value is not UTF-8", url);
  if (url.find('?') == url.npos)
    fuzz::require(read.utm.empty() && !read.click && !read.has_facebook,
                  "a landing without a query", url);
  const auto path = plain_path(url);
  fuzz::require(path.starts_with('/') && path.find("//") == path.npos, "a path is not plain", url);
  fuzz::require(plain_path("//host" + path) == path, "a plain path has another form", url);
}

void check_platform(std::string_view raw) {
  using namespace headwater::referrals;
  static const allow_list platforms;
  if (const auto host = host_of_referrer(raw)) {
    // A spelling that only the reader of referrers knows may be found by its host alone.
    const auto by_text = platforms.platform_of(raw);
    const auto by_host = platforms.platform_of("https://" + host->name + "/");
    const auto at = platforms.platform_at(*host, raw);
    fuzz::require(at == by_text || (!by_text && at == by_host),
                  "a platform depends on who reads the host", raw);
  }
  const auto& list = platform_list::shipped();
  const auto found = match_referrer(list, raw);
  fuzz::require(found.platform.has_value() != found.entry.empty(), "a platform without an entry",
                raw);
  const auto spaced = match_referrer(list, " " + std::string(raw) + " ");
  fuzz::require(spaced.platform == found.platform, "blanks change a platform", raw);
  static const own_platforms none({});
  const auto own = match_referrer(list, none, raw);
  fuzz::require(own.platform == found.platform && own.reason == found.reason,
                "an empty list of a brand's own changes a platform", raw);
  if (const auto host = platform_host(raw)) {
    fuzz::require(platform_host(*host) == host, "a platform's host is another", *host);
    fuzz::require(is_domain_name(*host), "a platform's host is no domain name", *host);
  }
  (void)match_utm_source(list, raw);
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // As in visits: JSON strings are valid UTF-8.
  const auto input = to_valid_utf8(fuzz::text_of(data, size));
  std::string_view rest = input;
  const auto first = fuzz::take_line(rest);
  const auto one = check_texts(first);
  const auto other = check_texts(rest);
  if (one && other)
    fuzz::require(same_site(*one, *other, *public_suffixes::shipped()) ==
                      same_site(*other, *one, *public_suffixes::shipped()),
                  "a site depends on the order", input);
  check_landing(first);
  check_platform(first);
  if (const auto ascii = to_ascii_domain(first))
    fuzz::require(to_ascii_domain(*ascii) == ascii, "a domain in ASCII has another form", *ascii);
  return 0;
}
