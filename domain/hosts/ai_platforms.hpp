#pragma once

// What the resolver asks about AI platforms. Implemented over the allow-list by domain/referrals;
// shared by all accounts, immutable, read from any thread.

#include <optional>
#include <string_view>

namespace headwater::attribution {

class ai_platforms {
public:
  virtual ~ai_platforms() = default;

  /// The platform that a raw referrer belongs to, as the tracker sent it (URL or host).
  [[nodiscard]] virtual std::optional<std::string_view>
  platform_of(std::string_view raw_referrer) const = 0;

  /// The platform that a value of utm_source names, for example "chatgpt.com".
  [[nodiscard]] virtual std::optional<std::string_view>
  platform_of_source(std::string_view utm_source) const = 0;

  /// The entry of the list that speaks for the referrer, such as "x.com/i/grok". For explanations;
  /// a list that names no entries gives nothing.
  [[nodiscard]] virtual std::optional<std::string_view>
  entry_of(std::string_view /*raw_referrer*/) const {
    return std::nullopt;
  }
};

} // namespace headwater::attribution
