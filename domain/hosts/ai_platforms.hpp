#pragma once

// What the resolver asks about AI platforms. domain/referrals implements it with the allow-list,
// and with what an account's brands have added to it. Immutable, any thread.

#include "domain/hosts/host.hpp"

#include <cstdint>
#include <functional>
#include <memory>
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

  /// The platform of a referrer whose host is known already. Spellings of it that only the reader
  /// of referrers knows ("https:\\\\chatgpt.com") count, too.
  [[nodiscard]] virtual std::optional<std::string_view>
  platform_at(const host& of, std::string_view raw_referrer) const {
    auto found = platform_of(raw_referrer);
    if (!found && of.kind == host_kind::domain && !begins_with_host(raw_referrer, of.name))
      found = platform_of("https://" + of.name + "/");
    return found;
  }

  /// Whether the text is "https://host..." or "http://host...", as browsers send it.
  [[nodiscard]] static bool begins_with_host(std::string_view text, std::string_view host) {
    for (const std::string_view scheme : {"https://", "http://"}) {
      if (!text.starts_with(scheme) || !text.substr(scheme.size()).starts_with(host))
        continue;
      const auto rest = text.substr(scheme.size() + host.size());
      return rest.empty() || std::string_view(":/?#").find(rest.front()) != std::string_view::npos;
    }
    return false;
  }

  /// The day of the list, YYYY-MM-DD, for explanations; empty if nobody knows.
  [[nodiscard]] virtual std::string_view list_date() const { return {}; }

  /// Visits every host of the list with its platform; the views live as long as the list. None if
  /// the implementation does not name its entries.
  using host_visitor = std::function<void(std::string_view host, std::string_view platform)>;
  virtual void each_host(const host_visitor& /*visit*/) const {}

  /// The brand that has added this entry to its own list; nothing: the entry is on the list that
  /// counts for everybody.
  [[nodiscard]] virtual std::optional<std::int64_t>
  brand_of(std::string_view /*raw_referrer*/) const {
    return std::nullopt;
  }
};

using ai_platforms_ptr = std::shared_ptr<const ai_platforms>;

} // namespace headwater::attribution
