#pragma once

// The signing key of the installation that starts: read, or made at its first start.

#include "actors/notary.hpp"
#include "store/table_store.hpp"

#include <filesystem>

namespace headwater::actors {

/// The key of the data directory, whose log is open and locked. Where there is none it is made
/// under a new origin, also if there are checkpoints of an earlier key: one key never signs two
/// histories. Null where checkpoints are off and there is none.
/// Errors: those of store::read_key_file; validation_error for an origin that cannot name a key, or
/// that an earlier key had; errc::io_failed.
[[nodiscard]] result<key_ptr> open_log_key(const store::table_store& tables,
                                           const std::filesystem::path& directory,
                                           const checkpoint_settings& settings);

} // namespace headwater::actors
