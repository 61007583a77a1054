#pragma once

// API tokens as the service keeps them: never the secret itself, only its SHA-256. Pure values.

#include "domain/accounts/scopes.hpp"
#include "domain/core/digest.hpp"
#include "domain/json/fields.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::accounts {

/// The accounts that a token is for.
struct account_list {
  bool all = false;             ///< `["*"]`
  std::vector<std::string> ids; ///< ascending, without duplicates; empty if `all`

  [[nodiscard]] bool contains(std::string_view account_id) const;
  [[nodiscard]] bool is_subset_of(const account_list& other) const;
  /// `["*"]` or the ids.
  [[nodiscard]] std::vector<std::string> names() const;
  bool operator==(const account_list&) const = default;
};

struct api_token {
  std::int64_t id = 0;
  std::string name;
  scope_set scopes;
  account_list accounts;
  std::optional<micros> expires_at;
  micros created_at = 0;
  std::optional<micros> revoked_at;
  digest token_hash{}; ///< SHA-256 of the secret
  std::optional<std::int64_t>
      rate_limit; ///< requests a minute, 0: any number; nothing: the default
  /// The pages that may send it, as browsers name them (web_origin.hpp); nothing: all.
  std::optional<std::vector<std::string>> allowed_origins;

  bool operator==(const api_token&) const = default;
};

/// The largest limit, in requests a minute, that a token or the service may have.
inline constexpr std::int64_t most_requests_a_minute = 100'000'000;

/// How many origins a token may have.
inline constexpr std::int64_t most_allowed_origins = 100;

/// A token in requests and answers of /api-tokens. The secret is not among the fields shown: the
/// one answer that includes it adds it itself.
struct api_token_resource {
  std::int64_t id = 0;
  std::string name;
  std::optional<std::string> role; ///< null if the scopes are not those of a role
  std::vector<std::string> scopes;
  std::vector<std::string> account_ids;
  std::optional<std::int64_t> expires_in_days; ///< request only
  std::optional<std::string> token;            ///< request only: the caller's own secret
  std::optional<std::int64_t> rate_limit;      ///< null: the service's default
  std::optional<std::vector<std::string>> allowed_origins; ///< null: any
  bool is_active = true;
  std::optional<micros> expires_at;
  micros created_at = 0;
  std::optional<micros> revoked_at;
  std::optional<micros> last_used_at; ///< a side fact, not in the log
};

/// The token as /api-tokens shows it at time `now` (an expired one is not active).
[[nodiscard]] api_token_resource show(const api_token& token, micros now,
                                      std::optional<micros> last_used_at = std::nullopt);

/// A valid request for a token; the service adds id, hash and time.
struct token_request {
  std::string name;
  scope_set scopes;
  std::optional<account_list> accounts; ///< nothing: those of the creator
  std::optional<std::int64_t> expires_in_days;
  std::optional<std::string> own_secret;
  std::optional<std::int64_t> rate_limit;
  std::optional<std::vector<std::string>> allowed_origins; ///< normal, without duplicates
  std::vector<std::string> ignored_fields;
};

/// errc::validation_error with all faults of POST /api-tokens.
[[nodiscard]] result<token_request> read_token_request(const draft& body, bool strict);

/// `hw_` and 43 base62 characters that hold all 256 random bits.
[[nodiscard]] std::string make_secret(const std::array<std::uint8_t, 32>& random);

/// Whether this may be a caller's own secret: 24 to 512 visible ASCII characters.
[[nodiscard]] bool is_own_secret(std::string_view text);

/// What is stored for a secret.
[[nodiscard]] digest hash_secret(std::string_view secret);

} // namespace headwater::accounts

namespace headwater {
template <>
field_table<accounts::api_token_resource> fields_of<accounts::api_token_resource>();
}
