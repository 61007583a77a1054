#pragma once

// Verifies a snapshot: its files against its manifest, then its log. Blocks on the disk; writes
// nothing.

#include "domain/proofs/signed_note.hpp"
#include "snapshots/manifest.hpp"
#include "snapshots/progress.hpp"

#include <optional>

namespace headwater::snapshots {

/// What somebody has noted elsewhere. A snapshot agrees with its own manifest even if both were
/// changed; only what was noted tells.
struct noted_facts {
  std::optional<digest> manifest_sha256; ///< of MANIFEST.json, which binds every byte of the rest
  std::optional<note_verifier> key;      ///< a checkpoint that it has signed must be in the log
};

struct verified_snapshot {
  manifest what;
  std::uint64_t proven = 0; ///< events covered by the last checkpoint of the noted key
};

/// Returns the manifest once everything agrees with it, and with what was noted. errc::corrupt_log
/// names the file, or stream and sequence; errc::incompatible_data: not a snapshot, or a newer one;
/// errc::io_failed.
[[nodiscard]] result<verified_snapshot> verify_snapshot(const std::filesystem::path& snapshot,
                                                        const progress& say,
                                                        const noted_facts& noted = {});

} // namespace headwater::snapshots
