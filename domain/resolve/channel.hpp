#pragma once

// The marketing channel of a visit: GA4's default channel group, as a table of rules of which the
// first that holds decides, with the additions that README.md names. Computed when a result is
// shown, never stored. Pure; any thread.

#include "domain/lists/source_lists.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace headwater::attribution {

enum class channel : std::uint8_t {
  direct = 1,
  cross_network,
  paid_shopping,
  paid_search,
  paid_social,
  paid_video,
  display,
  paid_other,
  organic_shopping,
  organic_social,
  organic_video,
  ai_assistant,
  organic_search,
  email,
  affiliates,
  referral,
  audio,
  sms,
  mobile_push,
  unassigned,
};

/// As GA4's reports have it: "Paid Search".
[[nodiscard]] std::string_view to_string(channel what);

struct channel_facts {
  // The final UTM values, in any case and of any length.
  std::string_view source;
  std::string_view medium;
  std::string_view campaign;
  std::optional<source_kind> kind = {}; ///< of the source, by the lists
  bool is_ai = false;                   ///< the source is an AI platform
  std::string_view ai_medium = {};      ///< what the account calls the medium of those
  bool is_mail = false;                 ///< the visitor came from a mail host or app
};

/// One pass over each value at most, without allocation.
[[nodiscard]] channel channel_of(const channel_facts& of);

/// Whether a medium is one that is paid for: ^(.*cp.*|ppc|retargeting|paid.*)$, in any case.
[[nodiscard]] bool is_paid_medium(std::string_view medium);

/// Whether a campaign's name speaks of a shop: ^(.*(([^a-df-z]|^)shop|shopping).*)$, in any case.
[[nodiscard]] bool is_shop_campaign(std::string_view campaign);

} // namespace headwater::attribution
