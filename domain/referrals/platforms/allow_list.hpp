#pragma once

// The resolver's view of the platform list. Immutable, any thread.

#include "domain/hosts/ai_platforms.hpp"
#include "domain/referrals/platforms/platform_list.hpp"

#include <optional>
#include <string_view>

namespace headwater::referrals {

/// Answers from a list that must outlive it; by default the one shipped with the program.
class allow_list final : public attribution::ai_platforms {
public:
  explicit allow_list(const platform_list& list = platform_list::shipped()) : list_(list) {}

  [[nodiscard]] std::optional<std::string_view>
  platform_of(std::string_view raw_referrer) const override;
  [[nodiscard]] std::optional<std::string_view>
  platform_of_source(std::string_view utm_source) const override;
  [[nodiscard]] std::optional<std::string_view>
  entry_of(std::string_view raw_referrer) const override;
  [[nodiscard]] std::optional<std::string_view>
  platform_at(const attribution::host& of, std::string_view raw_referrer) const override;
  [[nodiscard]] std::string_view list_date() const override;
  void each_host(const host_visitor& visit) const override;

private:
  const platform_list& list_;
};

} // namespace headwater::referrals
