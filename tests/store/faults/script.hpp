#pragma once

// What a process does with a log on a faulty disk: appends, checkpoints, erasures, snapshots and
// restores, by a random script. It notes each promise that it was given, compares all that it reads
// with what it was promised, and notes "wrong ..." where something differs.

#include "tests/store/faults/known_log.hpp"

#include <cstdint>
#include <filesystem>

namespace headwater::store::testing {

enum class script_length : std::uint8_t { first_start, whole };

/// Where things lie below the directory of a script.
[[nodiscard]] inline std::filesystem::path log_in(const std::filesystem::path& directory) {
  return directory / "data";
}
[[nodiscard]] inline std::filesystem::path snapshots_in(const std::filesystem::path& directory) {
  return directory / "snapshots";
}

/// Runs in a process of its own, after begin_faults(), and returns where the script ends, or where
/// the log stopped. `known` is what was noted about the directory before.
void run_script(const std::filesystem::path& directory, std::uint64_t seed, script_length length,
                const known_log& known);

} // namespace headwater::store::testing
