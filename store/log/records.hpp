#pragma once

// The database values that store/FORMAT.md defines. Pure.

#include "store/log/event.hpp"
#include "store/log/stream_head_cache.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace headwater::store {

/// A record without the text of its part, which comes last and may be long. `part` may be null:
/// erased.
[[nodiscard]] std::string write_record_head(std::string_view header_text, const digest& chain,
                                            const sealed_part* part);
/// The whole record.
[[nodiscard]] std::string write_record(std::string_view header_text, const digest& chain,
                                       const sealed_part* part);

/// Reads a whole record, including header and part. Reuses the memory of `out`. False if it is not
/// a record; hashes are not checked here, and out.part->payload_hash is copied from the header.
[[nodiscard]] bool read_record(std::string_view record, recorded_event& out);

/// Header and chain value of a record, without reading its part; nothing if it is not a record.
[[nodiscard]] std::optional<chained_header> header_of_record(std::string_view record);

/// The chain value of a record, without reading anything else; nothing if it is not a record.
[[nodiscard]] std::optional<digest> chain_of_record(std::string_view record);

[[nodiscard]] std::string write_stream_head(const stream_head& head);
[[nodiscard]] std::optional<stream_head> read_stream_head(std::string_view value);

[[nodiscard]] std::string write_use(const idempotent_use& use);
[[nodiscard]] std::optional<idempotent_use> read_use(std::string_view value);

/// Whether the use of the key covers the event with that sequence.
[[nodiscard]] constexpr bool use_is_of(const idempotent_use& use, std::uint64_t sequence) {
  return sequence >= use.first_sequence && sequence - use.first_sequence < use.events;
}

} // namespace headwater::store
