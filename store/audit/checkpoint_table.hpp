#pragma once

// The checkpoints of an installation: signed notes, keyed by the number of events that they cover,
// in table::proofs (store/FORMAT.md). They cannot be derived from the log, so no row is ever
// changed or removed. Any thread; one writes.

#include "domain/proofs/checkpoint.hpp"
#include "store/log/provable_log.hpp"
#include "store/tables/table_store.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace headwater::store {

/// A checkpoint as stored: its content, unverified, and the signed note itself.
struct stored_checkpoint {
  checkpoint says;
  std::string note;
};

/// Reads the content of a stored note without checking its signatures. errc::corrupt_log if it is
/// not a checkpoint.
[[nodiscard]] result<stored_checkpoint> read_checkpoint_row(std::uint64_t size, std::string note);

/// Stores a note. errc::internal_error if there already is one of that size.
[[nodiscard]] result<void> put_checkpoint(provable_log& log, const table_store& tables,
                                          std::uint64_t size, const std::string& note);

/// Nothing if there is none of that size.
[[nodiscard]] result<std::optional<stored_checkpoint>> find_checkpoint(const table_store& tables,
                                                                       std::uint64_t size);
/// The one that covers the most events.
[[nodiscard]] result<std::optional<stored_checkpoint>> latest_checkpoint(const table_store& tables);

/// Those with the most events first.
[[nodiscard]] result<std::vector<stored_checkpoint>>
list_checkpoints(const table_store& tables, std::uint64_t skipped, std::size_t most);

/// All of them by ascending size, beginning with one; if `visit` fails, reading ends with that
/// error.
[[nodiscard]] result<void>
read_checkpoints(const table_store& tables, std::uint64_t from_size,
                 const std::function<result<void>(const stored_checkpoint&)>& visit);

} // namespace headwater::store
