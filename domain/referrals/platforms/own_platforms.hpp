#pragma once

// What a brand has added to the allow-list for its own pushes and its account's visits: hosts, each
// covering all hosts below it, and the platforms that they stand for. Immutable after construction,
// any thread.

#include "domain/referrals/platforms/normaliser.hpp"
#include "domain/referrals/platforms/platform_list.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::referrals {

struct own_platform {
  std::string host; ///< as returned by platform_host()
  std::string platform;

  bool operator==(const own_platform&) const = default;
};

class own_platforms {
public:
  explicit own_platforms(std::vector<own_platform> entries);
  own_platforms(const own_platforms&) = delete;
  own_platforms& operator=(const own_platforms&) = delete;

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  /// The entries as a list of hosts. Their names are not tokens: a brand may name a platform after
  /// a site, and that site's bare name must not count as the platform.
  [[nodiscard]] const platform_list& list() const { return list_; }

private:
  std::vector<own_platform> entries_;
  platform_list list_; ///< points into entries_
};

using own_platforms_ptr = std::shared_ptr<const own_platforms>;

/// match_referrer() over the shipped list and the brand's own entries. The longer host wins. On the
/// same host a shipped path entry wins, because it matches more; otherwise the brand's own does.
[[nodiscard]] referrer_match match_referrer(const platform_list& shipped, const own_platforms& own,
                                            std::string_view raw);

/// The same over the entries of several brands, as a list of hosts without tokens.
[[nodiscard]] referrer_match match_referrer(const platform_list& shipped, const platform_list& own,
                                            std::string_view raw);
/// match_utm_source() in the same way.
[[nodiscard]] referrer_match match_utm_source(const platform_list& shipped,
                                              const platform_list& own, std::string_view source);

/// Checks the host of an own entry: a domain name of at least two labels, in lowercase ASCII
/// (IDNA). Nothing if it has a scheme, userinfo, port, path, wildcard or trailing dot, or is an IP
/// address.
[[nodiscard]] std::optional<std::string> platform_host(std::string_view text);

} // namespace headwater::referrals
