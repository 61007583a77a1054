#pragma once

// What the resolver asks about AI platforms. domain/referrals implements it with the allow-list.
// Shared by all accounts, immutable, any thread.

#include "domain/hosts/host.hpp"

#include <functional>
#include <optional>
#include <string_view>

namespace headwater::attribution {

class ai_platforms {
public:
  virtual ~ai_platforms() = default;

  /// The platform of a raw referrer as the tracker sent it (URL or host).
  [[nodiscard]] virtual std::optional<std::string_view>
  platform_of(std::string_view raw_referrer) const = 0;

  /// The platform that a utm_source value names, for example "chatgpt.com".
  [[nodiscard]] virtual std::optional<std::string_view>
  platform_of_source(std::string_view utm_source) const = 0;

  /// The list entry that matches the referrer, such as "x.com/i/grok", for explanations. Nothing if
  /// the implementation does not name its entries.
  [[nodiscard]] virtual std::optional<std::string_view>
  entry_of(std::string_view /*raw_referrer*/) const {
    return std::nullopt;
  }

  /// platform_of() for a referrer whose host is known already: the same answer, and cheaper.
  [[nodiscard]] virtual std::optional<std::string_view>
  platform_at(const host& /*of*/, std::string_view raw_referrer) const {
    return platform_of(raw_referrer);
  }

  /// The day of the list, YYYY-MM-DD, for explanations; empty if nobody knows.
  [[nodiscard]] virtual std::string_view list_date() const { return {}; }

  /// Visits every host of the list with its platform; the views live as long as the list. None if
  /// the implementation does not name its entries.
  using host_visitor = std::function<void(std::string_view host, std::string_view platform)>;
  virtual void each_host(const host_visitor& /*visit*/) const {}
};

} // namespace headwater::attribution
