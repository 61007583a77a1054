#pragma once

// The files of a snapshot and their SHA-256. Blocks on the disk.

#include "snapshots/manifest.hpp"
#include "snapshots/progress.hpp"

#include <functional>

namespace headwater::snapshots {

/// Every file below the directory except MANIFEST.json, by name, with sizes set and digests empty.
/// errc::corrupt_log names anything that does not belong in the directory of a log.
[[nodiscard]] result<std::vector<file_entry>> list_files(const std::filesystem::path& snapshot);

/// Receives each piece of a file being read.
using piece_sink = std::function<result<void>(std::string_view piece)>;

/// Reads a file to its end and returns its SHA-256.
[[nodiscard]] result<digest> read_through(const std::filesystem::path& path, const piece_sink& to);

/// Fills in the digests. `say` gets "hashing" and the number of bytes done.
[[nodiscard]] result<void> hash_files(const std::filesystem::path& snapshot,
                                      std::vector<file_entry>& files, const progress& say);

} // namespace headwater::snapshots
