#pragma once

// The AI platforms that count for an account's visits: the shipped list, and what the account's
// brands have added to it. Made once and shared by all visits. Immutable, any thread.

#include "domain/hosts/ai_platforms.hpp"
#include "domain/referrals/platforms/own_platforms.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace headwater::referrals {

/// What one brand has added.
struct brand_list {
  std::int64_t brand_id = 0;
  own_platforms_ptr own;
};

/// Of all hosts that cover a referrer the longest one decides; if several brands have it, the one
/// with the lowest id. An own entry wins over a shipped one on the same host, but not over a path
/// of it.
class account_platforms final : public attribution::ai_platforms {
public:
  /// Keeps the lists. `shipped` must live as long.
  explicit account_platforms(std::vector<brand_list> brands,
                             const platform_list& shipped = platform_list::shipped());

  [[nodiscard]] std::optional<std::string_view>
  platform_of(std::string_view raw_referrer) const override;
  [[nodiscard]] std::optional<std::string_view>
  platform_of_source(std::string_view utm_source) const override;
  [[nodiscard]] std::optional<std::string_view>
  entry_of(std::string_view raw_referrer) const override;
  [[nodiscard]] std::optional<std::int64_t> brand_of(std::string_view raw_referrer) const override;
  /// Of the shipped list.
  [[nodiscard]] std::string_view list_date() const override;
  /// Of both; a host that is on both, once for each.
  void each_host(const host_visitor& visit) const override;

private:
  const platform_list& shipped_;
  std::vector<brand_list> brands_; ///< those that have entries, ascending
  platform_list own_;              ///< points into brands_; each host once
};

/// For an account whose brands have added nothing, the shipped list alone.
[[nodiscard]] attribution::ai_platforms_ptr platforms_of(std::vector<brand_list> brands);

} // namespace headwater::referrals
