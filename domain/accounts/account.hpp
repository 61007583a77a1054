#pragma once

// A customer's account and the brands that belong to it. A pure value; the directory projection
// holds one row per account.

#include "domain/json/fields.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::accounts {

struct account {
  std::string account_id;
  std::string name;
  std::vector<std::int64_t> brand_ids; ///< as sent; each unique in the service
  micros created_at = 0;
  micros updated_at = 0;

  bool operator==(const account&) const = default;
};

/// The entity tag of an account, over everything that the API shows of it.
[[nodiscard]] std::string etag_of(const account& of);

/// `^[A-Za-z0-9_-]{1,63}$`
[[nodiscard]] bool is_account_id(std::string_view text);

/// A valid request to create or change an account.
struct account_request {
  account value; ///< times unset
  std::vector<std::string> ignored_fields;
};

/// errc::validation_error with all faults of POST /accounts.
[[nodiscard]] result<account_request> read_account(const draft& body, bool strict);

/// The account after PATCH /accounts/{account_id}; equal to `current` if nothing changes.
[[nodiscard]] result<account_request> read_account_patch(const account& current, const draft& body,
                                                         bool strict);

} // namespace headwater::accounts

namespace headwater {
template <>
field_table<accounts::account> fields_of<accounts::account>();
}
