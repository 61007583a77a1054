#pragma once

// What is kept of a batch beside its event, so that a list of batches need not read megabytes of
// rows; and which sequences of a connection's stream are batches. Pure, any thread.

#include "domain/referrals/connection_event.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::referrals {

struct batch_record {
  static constexpr std::size_t max_batch_ids = 20; ///< ids kept; the count tells of all

  micros time = 0;
  std::string principal; ///< decimal id of the token that pushed
  std::string request_id;
  std::uint64_t accepted = 0;
  std::uint64_t rejected = 0;
  std::uint64_t deduplicated = 0;
  std::vector<std::string> batch_ids; ///< the first distinct ones
  std::uint64_t batch_id_count = 0;
  std::vector<std::string> errors; ///< as answered

  bool operator==(const batch_record&) const = default;
};

/// `time` is 0, for whoever appends the event learns it later.
[[nodiscard]] batch_record record_of(const batch_received& event, std::string_view principal,
                                     std::string_view request_id);

/// Canonical JSON.
[[nodiscard]] std::string encode_batch_record(const batch_record& value);
/// errc::corrupt_log says what is wrong.
[[nodiscard]] result<batch_record> decode_batch_record(std::string_view text);

/// "b/" ULID be64(sequence) -> a batch's record.
[[nodiscard]] std::string batch_key(std::string_view connection_id, std::uint64_t sequence);

/// "e/" ULID be64(sequence) -> (empty): the events of a connection's stream that are no batches.
[[nodiscard]] std::string life_key(std::string_view connection_id, std::uint64_t sequence);
[[nodiscard]] std::string life_prefix(std::string_view connection_id);
/// The sequence in a life key; errc::corrupt_log for anything else.
[[nodiscard]] result<std::uint64_t> sequence_of_life_key(std::string_view key);

/// The sequences of up to `limit` batches, the newest first, after skipping `offset`, of a stream
/// that ends at `version`. `life` are its other sequences, ascending. Costs nothing per batch
/// skipped.
[[nodiscard]] std::vector<std::uint64_t> batch_page(std::uint64_t version,
                                                    std::span<const std::uint64_t> life,
                                                    std::uint64_t offset, std::size_t limit);

} // namespace headwater::referrals
