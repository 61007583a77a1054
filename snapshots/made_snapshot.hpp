#pragma once

// Makes snapshots of an open log, beside its appends. Blocks on the disk and reads the whole log,
// so call it from a thread of its own.

#include "snapshots/catalog.hpp"
#include "snapshots/progress.hpp"
#include "store/log/copier.hpp"

namespace headwater::snapshots {

struct made_snapshot {
  listed_snapshot listed;
  manifest what;
  digest manifest_sha256{}; ///< of MANIFEST.json; kept elsewhere, it proves the snapshot unchanged
};

/// Makes a snapshot in the catalog. It gets its final name once its copy has been read back whole
/// and everything is on disk; a failure leaves nothing behind, a killed process a directory whose
/// name ends in ".partial". Errors: those of copier::copy_to and of `say`, and errc::corrupt_log,
/// naming stream and sequence, or the table, if the log does not verify.
[[nodiscard]] result<made_snapshot> make_snapshot(const store::copier& log, const catalog& on,
                                                  micros now, std::string_view program,
                                                  const progress& say);

} // namespace headwater::snapshots
