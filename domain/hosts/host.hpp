#pragma once

// The hosts of URLs and referrers, and whether two of them belong to the same site. Pure; uses the
// public suffix list built into libpsl. Any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headwater::attribution {

/// What kind of name a referrer's host is.
enum class host_kind : std::uint8_t {
  domain = 1,  ///< one label or more, such as "www.example.com" or "localhost"
  ip_address,  ///< IPv4, or IPv6 in brackets
  android_app, ///< a package name
};

struct host {
  std::string name; ///< lowercased, ASCII (IDNA), without port and trailing dot
  host_kind kind = host_kind::domain;

  bool operator==(const host&) const = default;
};

/// The host of a referrer in whatever shape trackers send it: scheme, userinfo, port and path are
/// optional. Nothing for values that count as no referrer: empty, "null", about:, other schemes
/// without a host, and anything unreadable.
[[nodiscard]] std::optional<host> host_of_referrer(std::string_view referrer);

/// The host of the visited page: an absolute http(s) URL, where "//host/path" and "host/path" are
/// accepted without a scheme. Nothing for another scheme, a path alone or no host.
[[nodiscard]] std::optional<host> host_of_url(std::string_view url);

/// Whether both have the same registrable domain by the public suffix list. Hosts without one (IP
/// addresses, "localhost", a public suffix itself) are the same site only as themselves; apps never
/// are.
[[nodiscard]] bool same_site(const host& left, const host& right);

/// What same_site() compares: the registrable domain of a host, or nothing if it has none.
[[nodiscard]] std::optional<std::string> registrable_domain(const host& of);

/// Why host_of_referrer() returns nothing.
enum class no_host : std::uint8_t {
  blank = 1,
  null_text,  ///< "null", which browsers send for protected frames
  about_page, ///< about:blank and the like
  no_site,    ///< a scheme without a host, such as mailto:
  unreadable,
};

/// `referrer` is one for which host_of_referrer() returns nothing.
[[nodiscard]] no_host why_no_host(std::string_view referrer);

/// A domain name in lowercase ASCII (IDNA 2008 with UTS 46 mapping); nothing if it has no such
/// form. Does not check which characters an ASCII name contains.
[[nodiscard]] std::optional<std::string> to_ascii_domain(std::string_view name);

/// The host without one leading "www.".
[[nodiscard]] std::string_view without_www(std::string_view host);

} // namespace headwater::attribution
