#pragma once

// How a reader answers questions about checkpoints and proofs, as plain functions over the log's
// read side. They block on the disk. All of them accept only sizes of stored checkpoints.

#include "actors/protocol/log_messages.hpp"
#include "store/log/provable_log.hpp"
#include "store/tables/table_store.hpp"

namespace headwater::actors {

[[nodiscard]] checkpoints_reply read_checkpoints(const store::table_store& tables,
                                                 const list_checkpoints& wanted);

/// errc::not_found if there is none of that size, or none at all.
[[nodiscard]] checkpoint_reply read_checkpoint(const store::table_store& tables,
                                               const std::optional<std::uint64_t>& size);

/// errc::not_found if the event or checkpoint does not exist, or the checkpoint does not cover the
/// event; errc::service_unavailable while the tree is being rebuilt.
[[nodiscard]] inclusion_reply prove_inclusion(const store::provable_log& log,
                                              const store::table_store& tables,
                                              const inclusion_request& wanted);

/// The same; errc::validation_error if `from` is larger than `to`.
[[nodiscard]] consistency_reply prove_consistency(const store::table_store& tables,
                                                  const consistency_request& wanted);

} // namespace headwater::actors
