#pragma once

// MANIFEST.json: the contents of a snapshot, and the SHA-256 of each of its files. A directory with
// a snapshot's final name and this file is a snapshot. Pure except for read_manifest.

#include "domain/core/digest.hpp"
#include "domain/core/error.hpp"
#include "domain/core/time.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::snapshots {

struct file_entry {
  std::string name; ///< within the snapshot, "db/000012.sst"
  std::uint64_t size = 0;
  digest sha256{};

  bool operator==(const file_entry&) const = default;
};

/// The contents of a log's copy, as found by reading every event.
struct contents {
  std::uint64_t position = 0; ///< of its last event; 0: none
  digest chain{};             ///< of its last event
  micros time = 0;            ///< of its last event
  std::uint64_t events = 0;
  std::uint64_t streams = 0;
  std::uint64_t accounts = 0;
  std::uint64_t connections = 0;
  digest heads{}; ///< SHA-256 of stream_key and stream_head of each stream, in order (FORMAT.md)
  digest merkle_root{}; ///< of the tree over all events (RFC 6962)

  bool operator==(const contents&) const = default;
};

/// The layout written now. Version 1 has neither checksum nor Merkle root.
inline constexpr std::uint64_t manifest_version = 2;

struct manifest {
  std::uint64_t version = manifest_version;
  micros created_at = 0;
  std::string program; ///< the version of the program that made it
  contents holds;
  std::vector<file_entry> files; ///< all except MANIFEST.json, by name

  /// Nothing in version 1, which does not have it.
  [[nodiscard]] std::optional<digest> merkle_root() const {
    return version == 1 ? std::nullopt : std::optional{holds.merkle_root};
  }

  [[nodiscard]] std::uint64_t bytes() const;
  bool operator==(const manifest&) const = default;
};

inline constexpr std::string_view manifest_name = "MANIFEST.json";

/// Enough for 130,000 files. A manifest may come from anywhere, so its text and what reading it
/// takes are bounded: a few times its length.
inline constexpr std::size_t longest_manifest = std::size_t{16} << 20;

/// Canonical JSON (RFC 8785) and a line end; README.md names the members. From version 2 on
/// "checksum" is the SHA-256 of the same text without that member.
[[nodiscard]] std::string write_manifest(const manifest& of);

/// Reads only what write_manifest writes, at most longest_manifest bytes of it. errc::corrupt_log,
/// or errc::incompatible_data for a newer version; both messages begin with "MANIFEST.json".
[[nodiscard]] result<manifest> parse_manifest(std::string_view text);

/// errc::incompatible_data if the directory has no manifest and so is not a snapshot. With
/// `sha256`, a file with another hash is errc::corrupt_log and not looked into.
[[nodiscard]] result<manifest> read_manifest(const std::filesystem::path& snapshot,
                                             const std::optional<digest>& sha256 = {});

} // namespace headwater::snapshots
