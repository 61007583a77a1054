#pragma once

// Looks at a directory as a power cut left it, on a good disk: whether the log in it opens, holds
// all that was promised and nothing half, and goes on.

#include "tests/store/faults/known_log.hpp"

#include <filesystem>

namespace headwater::store::testing {

/// Runs in a process of its own; notes "wrong ..." for each fault that it finds, and "refused ..."
/// if the log does not open. A log that was never promised to be one may be new or missing.
void inspect(const std::filesystem::path& directory, const known_log& known);

} // namespace headwater::store::testing
