#pragma once

// The events of the system stream: accounts, brands, tokens, and the AI platforms that brands add
// to the allow-list. They go to the log and must stay readable for ever (tests/golden/accounts).
// Pure values.
//
// Projecting an event reads nothing, so an event carries everything that its rows need: a change
// carries the time of creation, a revocation carries the token, a removal carries what is removed.

#include "domain/accounts/account.hpp"
#include "domain/accounts/account_erased.hpp"
#include "domain/accounts/api_token.hpp"
#include "domain/accounts/brand_platform.hpp"
#include "domain/accounts/log_restored.hpp"
#include "domain/core/error.hpp"
#include "domain/core/event.hpp"

#include <string_view>
#include <variant>
#include <vector>

namespace headwater::accounts {

struct account_created {
  accounts::account account; ///< times come from the header
  bool operator==(const account_created&) const = default;
};
struct account_changed {
  accounts::account account; ///< whole, with created_at; updated_at comes from the header
  std::vector<std::int64_t> removed_brand_ids;
  bool operator==(const account_changed&) const = default;
};
struct api_token_created {
  api_token token; ///< created_at comes from the header
  bool operator==(const api_token_created&) const = default;
};
struct api_token_revoked {
  api_token token; ///< whole, with created_at; revoked_at comes from the header
  bool operator==(const api_token_revoked&) const = default;
};

struct brand_platform_added {
  brand_platform entry; ///< times come from the header
  bool operator==(const brand_platform_added&) const = default;
};
struct brand_platform_changed {
  brand_platform entry; ///< with created_at; updated_at comes from the header
  bool operator==(const brand_platform_changed&) const = default;
};
struct brand_platform_removed {
  brand_platform entry; ///< as it was
  bool operator==(const brand_platform_removed&) const = default;
};

using system_event = std::variant<account_created, account_changed, api_token_created,
                                  api_token_revoked, brand_platform_added, brand_platform_changed,
                                  brand_platform_removed, log_restored, account_erased>;

[[nodiscard]] encoded_event encode(const system_event& event);

/// Reads an event of any schema that was ever written. errc::corrupt_log for anything else.
[[nodiscard]] result<system_event> decode_system_event(std::string_view type, int schema,
                                                       std::string_view payload);

/// The change of an account as an event, which names the brands that `after` no longer has.
[[nodiscard]] account_changed change_of(const account& before, const account& after);

} // namespace headwater::accounts
