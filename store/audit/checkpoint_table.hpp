#pragma once

// The checkpoints of an installation: signed notes by the number of events that they cover, in
// table::proofs (store/FORMAT.md). They are not made of the log alone, so no row is ever changed or
// removed. Any thread; one writes.

#include "domain/proofs/checkpoint.hpp"
#include "store/log/provable_log.hpp"
#include "store/tables/table_store.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace headwater::store {

/// A checkpoint as it is stored: what it says, unverified, and the note that says it.
struct stored_checkpoint {
  checkpoint says;
  std::string note;
};

/// What a stored note says, without a look at its signatures. errc::corrupt_log where it is no
/// checkpoint.
[[nodiscard]] result<stored_checkpoint> read_checkpoint_row(std::uint64_t size, std::string note);

/// Stores a note. errc::internal_error if there is one of that size already.
[[nodiscard]] result<void> put_checkpoint(provable_log& log, const table_store& tables,
                                          std::uint64_t size, const std::string& note);

/// Nothing where there is none of that size.
[[nodiscard]] result<std::optional<stored_checkpoint>> find_checkpoint(const table_store& tables,
                                                                       std::uint64_t size);
/// The one of most events.
[[nodiscard]] result<std::optional<stored_checkpoint>> latest_checkpoint(const table_store& tables);

/// Those of most events first.
[[nodiscard]] result<std::vector<stored_checkpoint>>
list_checkpoints(const table_store& tables, std::uint64_t skipped, std::size_t most);

/// All in order of size, from one on; an error of `visit` ends the reading with it.
[[nodiscard]] result<void>
read_checkpoints(const table_store& tables, std::uint64_t from_size,
                 const std::function<result<void>(const stored_checkpoint&)>& visit);

} // namespace headwater::store
