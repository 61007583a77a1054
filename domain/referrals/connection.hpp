#pragma once

// An AI-referrals connection: the registration of a brand's website with an analytics tool.
// Values, any thread.

#include "domain/core/error.hpp"
#include "domain/core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headwater::referrals {

enum class provider : std::uint8_t {
  adobe_analytics = 1,
  google_analytics,
  matomo,
  piwik_pro,
  custom,
};

[[nodiscard]] std::string_view to_string(provider value) noexcept;
[[nodiscard]] std::optional<provider> parse_provider(std::string_view text) noexcept;

enum class connection_status : std::uint8_t { active = 1, disabled };

[[nodiscard]] std::string_view to_string(connection_status value) noexcept;

/// The part of a connection that never changes.
struct connection_identity {
  std::string id; ///< ULID, upper case
  std::int64_t brand_id = 0;
  std::string website; ///< as sent
  referrals::provider provider = referrals::provider::custom;
  micros created_at = 0; ///< the time of its registration event

  bool operator==(const connection_identity&) const = default;
};

/// The state of a connection's stream after its last event.
struct connection {
  connection_identity identity;
  connection_status status = connection_status::active;
  std::uint64_t version = 0; ///< the last sequence of the stream

  bool operator==(const connection&) const = default;
};

/// The entity tag of a connection, over what its events say; not over counts and side facts.
[[nodiscard]] std::string etag_of(const connection& of);

/// A valid registration.
struct connection_request {
  std::string website;
  referrals::provider provider = referrals::provider::custom;

  bool operator==(const connection_request&) const = default;
};

struct connection_limits {
  static constexpr std::size_t max_website = 2048; ///< code points, at least 1
  static constexpr std::size_t max_provider = 64;  ///< code points, at least 1
};

/// Reads the body {"website","provider"}; unknown fields are ignored.
/// - errc::bad_request: not JSON, or an unknown provider
/// - errc::validation_error: not an object, duplicate keys, missing fields, types, lengths, NUL,
///   all faults at once, at ["body", field]. A website must also have something left to compare,
///   and no scheme but http and https: a page that shows it as a link would run `javascript:`.
[[nodiscard]] result<connection_request> read_connection_request(std::string_view body);

/// The form in which websites are compared: without scheme, `www.`, query, fragment and trailing
/// slashes, and with ASCII letters in lower case, also in the path.
/// "https://www.Example.com/Shop/?x=1" becomes "example.com/shop".
[[nodiscard]] std::string comparison_form(std::string_view website);

} // namespace headwater::referrals
