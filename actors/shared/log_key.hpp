#pragma once

// The signing key of the installation that starts: read from its file, or made at the first start;
// and how often it signs.

#include "store/disk/key_file.hpp"
#include "store/tables/table_store.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace headwater::actors {

struct checkpoint_settings {
  std::chrono::milliseconds every{60'000}; ///< 0: no tree is grown and no checkpoint signed
  std::uint64_t events = 1024;             ///< this many new events also cause a checkpoint
  std::string origin;                      ///< names a newly made key; empty: a random name
};

using key_ptr = std::shared_ptr<const store::log_key>;

/// The key of the data directory, whose log must be open and locked. If there is none, it is made
/// with a new origin, even if there are checkpoints of an earlier key: one key never signs two
/// histories. Null if checkpoints are off and there is no key.
/// Errors: those of store::read_key_file; validation_error for an origin that cannot name a key, or
/// that an earlier key had; errc::io_failed.
[[nodiscard]] result<key_ptr> open_log_key(const store::table_store& tables,
                                           const std::filesystem::path& directory,
                                           const checkpoint_settings& settings);

} // namespace headwater::actors
