#pragma once

// The hosts of URLs and referrers, and whether two of them belong to the same site by a public
// suffix list. Pure, any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headwater::attribution {

class public_suffixes;

/// What kind of name a referrer's host is.
enum class host_kind : std::uint8_t {
  domain = 1,  ///< one label or more, such as "www.example.com" or "localhost"
  ip_address,  ///< IPv4, or IPv6 in brackets
  android_app, ///< a package name
  ios_app,     ///< a bundle name, or a number of the App Store
};

[[nodiscard]] constexpr bool is_app(host_kind kind) {
  return kind == host_kind::android_app || kind == host_kind::ios_app;
}

struct host {
  std::string name; ///< lowercased, ASCII (IDNA), without port and trailing dot
  host_kind kind = host_kind::domain;

  bool operator==(const host&) const = default;
};

/// The host of a referrer: of an http or https URL, of "//host/path", of an android-app:// or
/// ios-app:// one, or a bare name with a dot, an IP address or "localhost", with whatever follows
/// it. Runs of slashes and backslashes before the host are read as browsers read them. Nothing for
/// all else, which counts as no referrer: see why_no_host().
[[nodiscard]] std::optional<host> host_of_referrer(std::string_view referrer);

/// The host of the visited page: an absolute http(s) URL, where "//host/path" and "host/path" are
/// accepted without a scheme. Nothing for another scheme, a path alone or no host.
[[nodiscard]] std::optional<host> host_of_url(std::string_view url,
                                              const public_suffixes& suffixes);

/// Whether both have the same registrable domain by the list. Hosts without one (IP addresses,
/// "localhost", a public suffix itself) are the same site only as themselves; apps never are.
[[nodiscard]] bool same_site(const host& left, const host& right, const public_suffixes& suffixes);

/// What same_site() compares: the registrable domain of a host, or nothing if it has none.
[[nodiscard]] std::optional<std::string> registrable_domain(const host& of,
                                                            const public_suffixes& suffixes);

/// Why host_of_referrer() returns nothing.
enum class no_host : std::uint8_t {
  blank = 1,
  null_text,    ///< "null", which browsers send for protected frames
  about_page,   ///< about:blank and the like
  no_site,      ///< a scheme without a host, such as mailto:
  other_scheme, ///< that of an extension, an app or a store: "chrome-extension://", "fb://"
  bare_word,    ///< "undefined", "none", "-": neither a scheme nor a dot
  unreadable,
};

/// `referrer` is one for which host_of_referrer() returns nothing.
[[nodiscard]] no_host why_no_host(std::string_view referrer);

/// A domain name in lowercase ASCII (IDNA 2008 with UTS 46 mapping); nothing if it has no such
/// form or is far longer than any that has. Does not check which characters an ASCII name
/// contains.
[[nodiscard]] std::optional<std::string> to_ascii_domain(std::string_view name);

/// The host without one leading "www.".
[[nodiscard]] std::string_view without_www(std::string_view host);

} // namespace headwater::attribution
