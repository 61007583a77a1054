#pragma once

// Side facts, which are not in the log and may lag or vanish without harm: when a token was
// last used, when a connection was last pushed to and why a push was refused. Byte layout:
//
//   side_fact_key   := "token/" be64(token id) | "push/" ULID
//   side_fact_value := be64(microseconds) text       (text: the error, empty for none)

#include "domain/core/error.hpp"
#include "domain/core/time.hpp"
#include "store/tables/table_store.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace headwater::actors {

struct side_fact {
  micros at = 0; ///< 0: never
  std::string text;
};

[[nodiscard]] std::string token_use_key(std::int64_t token_id);
[[nodiscard]] std::string push_fact_key(std::string_view connection_id);
[[nodiscard]] std::string encode(const side_fact& fact);
/// errc::corrupt_log for a value shorter than its time.
[[nodiscard]] result<side_fact> decode_side_fact(std::string_view value);

/// A stored fact; without time and text if there is none. Blocks on the disk.
[[nodiscard]] result<side_fact> read_side_fact(const store::table_store& tables,
                                               const std::string& key);

/// Big-endian, so that keys sort like numbers.
[[nodiscard]] std::string be64(std::uint64_t value);
[[nodiscard]] std::uint64_t read_be64(std::string_view bytes);

} // namespace headwater::actors
