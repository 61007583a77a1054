#pragma once

// The files of a snapshot and their SHA-256. Blocks on the disk.

#include "snapshots/manifest.hpp"
#include "snapshots/progress.hpp"

#include <functional>

namespace headwater::snapshots {

/// Every file below the directory but MANIFEST.json, by name, sizes set and digests empty.
/// errc::corrupt_log names what is neither a file nor a directory that a log has.
[[nodiscard]] result<std::vector<file_entry>> list_files(const std::filesystem::path& snapshot);

/// Takes each piece of a file that is read.
using piece_sink = std::function<result<void>(std::string_view piece)>;

/// Reads a file to its end and gives its SHA-256.
[[nodiscard]] result<digest> read_through(const std::filesystem::path& path, const piece_sink& to);

/// Sets the digests. `say` hears of "hashing" and the bytes done.
[[nodiscard]] result<void> hash_files(const std::filesystem::path& snapshot,
                                      std::vector<file_entry>& files, const progress& say);

} // namespace headwater::snapshots
