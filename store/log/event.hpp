#pragma once

// Events as values: as appended, as read back, and the ends of streams and of the log. FORMAT.md
// defines their bytes. No thread, no disk.

#include "domain/core/digest.hpp"
#include "domain/core/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headwater::store {

/// The name of a stream: "system", "account/<account_id>" or "connection/<ULID>".
using stream_name = std::string;

/// Who asked for a change and in which request. The principal is the decimal token id.
struct provenance {
  std::string principal;
  std::string request_id;
};

/// A client's Idempotency-Key. Its scope is the stream; `fingerprint` is SHA-256 over method,
/// target and body, each ended by one zero byte.
struct idempotency {
  std::string key;
  digest fingerprint{};
};

using event_salt = std::array<std::uint8_t, 16>;

/// The erasable half of an event: a random salt and the payload part as canonical JSON
/// {"idempotency_fingerprint","idempotency_key","payload","principal","request_id"}, with
/// payload_hash = SHA-256(salt || text).
struct sealed_part {
  event_salt salt{};
  std::string text;
  digest payload_hash{};
};

/// Builds the payload part. `payload` is canonical JSON. Pure: the caller passes the salt.
[[nodiscard]] sealed_part seal(const provenance& from, const std::optional<idempotency>& key,
                               std::string_view payload, const event_salt& salt);

/// An event to be appended.
struct new_event {
  std::string type; ///< past tense, for example "referrer_mapping_created"
  int schema = 1;   ///< version of the payload's layout
  sealed_part part;
};

/// The half of an event that stays for ever. Its text is the canonical JSON
/// {"payload_hash","position","schema","sequence","stream","time","type"}; these bytes are chained.
struct event_header {
  stream_name stream;
  std::uint64_t sequence = 0; ///< 1, 2, 3 ... within the stream
  std::uint64_t position = 0; ///< 1, 2, 3 ... over all streams
  std::string type;
  int schema = 1;
  micros time = 0;
  digest payload_hash{};
};

/// An event as read back.
struct recorded_event {
  event_header header;
  std::string header_text;         ///< the bytes that were chained
  digest chain{};                  ///< SHA-256(previous chain of the stream || header_text)
  std::optional<sealed_part> part; ///< nothing once erased

  /// The members of part->text, which decode_part() fills in; `payload` is canonical JSON.
  provenance from;
  std::optional<idempotency> key;
  std::string payload;
};

/// What proves an event: its header and its chain value, without the part, which may be long.
struct chained_header {
  event_header header;
  digest chain{};
};

/// Where an idempotency key was used: the first event of its command, and the number of its events.
struct idempotent_use {
  digest fingerprint{};
  std::uint64_t first_sequence = 0;
  std::uint32_t events = 0;
};

/// The last event of a stream; all zeros before the first.
struct stream_head {
  std::uint64_t version = 0;  ///< its sequence
  std::uint64_t position = 0; ///< its global position
  digest chain{};

  bool operator==(const stream_head&) const = default;
};

/// Where the log ends.
struct log_end {
  std::uint64_t position = 0;
  digest chain{};
  micros time = 0;
};

} // namespace headwater::store
