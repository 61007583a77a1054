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

/// Makes a snapshot in the catalog. It has its final name once its copy was read back whole and
/// everything is on disk; a failure leaves nothing, a kill a directory that ends in ".partial".
/// Errors: as copier::copy_to, those of `say`, and errc::corrupt_log, which names stream and
/// sequence, for a log that does not verify.
[[nodiscard]] result<made_snapshot> make_snapshot(const store::copier& log, const catalog& on,
                                                  micros now, std::string_view program,
                                                  const progress& say);

} // namespace headwater::snapshots
