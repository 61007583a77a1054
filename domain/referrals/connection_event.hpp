#pragma once

// The events of a connection's stream and their JSON. Each carries the connection's identity, so
// projections need not read anything. The encoding never changes: FORMATS.md has the grammar, and
// tests/golden/referrals has one file for each event and schema version.

#include "domain/referrals/connection.hpp"
#include "domain/referrals/referral_row.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace headwater::referrals {

struct connection_registered {
  connection_identity connection; ///< created_at is the event's own time and not in the payload
  bool operator==(const connection_registered&) const = default;
};

struct connection_disabled {
  connection_identity connection;
  bool operator==(const connection_disabled&) const = default;
};

struct connection_reactivated {
  connection_identity connection;
  bool operator==(const connection_reactivated&) const = default;
};

/// A push that was answered with 200. `rows` are those that changed something, in the order sent.
struct batch_received {
  static constexpr std::size_t max_errors = 20;        ///< messages kept
  static constexpr std::size_t max_error_length = 200; ///< code points of each

  connection_identity connection;
  std::uint64_t accepted = 0;
  std::uint64_t rejected = 0;
  std::uint64_t deduplicated = 0;
  std::vector<std::string> errors;
  std::vector<std::string> batch_ids; ///< distinct, in order of appearance
  std::vector<platform_row> rows;
  text_owner text; ///< what `rows` point into

  bool operator==(const batch_received& other) const;
};

using connection_event = std::variant<connection_registered, connection_disabled,
                                      connection_reactivated, batch_received>;

/// The event's type in the log, for example "batch_received".
[[nodiscard]] std::string_view type_of(const connection_event& event) noexcept;
/// The schema version that encode() writes.
[[nodiscard]] int schema_of(const connection_event& event) noexcept;
/// The payload as canonical JSON.
[[nodiscard]] std::string encode(const connection_event& event);

/// Appends the payload of a batch, as canonical JSON, to `out`.
void append_encoded(std::string& out, const batch_received& event);
/// Estimates how many bytes append_encoded() will append.
[[nodiscard]] std::size_t encoded_size(const batch_received& event);

/// Reads a payload of any schema version ever written. errc::corrupt_log says what is wrong; the
/// caller adds stream and sequence.
[[nodiscard]] result<connection_event> decode_connection_event(std::string_view type, int schema,
                                                               std::string_view payload);

/// Where and when an event was recorded in the log.
struct event_place {
  std::uint64_t sequence = 0;
  micros time = 0;
};

/// The connection after the event. Cannot fail; the same live and in replay.
[[nodiscard]] connection state_after(const connection_event& event, const event_place& at);

} // namespace headwater::referrals
