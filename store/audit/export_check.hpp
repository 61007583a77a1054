#pragma once

// Checks an export (log_export.hpp) from its bytes and the log's verifier key alone. One thread.
//
// What it claims: every byte of the file. Payload hashes and chains bind the events of a stream to
// its last one, the path or the whole tree binds that to the root of the checkpoint, and the
// signature binds the root to the key. What no export shows: that nothing came later, and whether
// an erased payload (null) was erased by the installation or by whoever passed the file on.

#include "domain/core/error.hpp"
#include "domain/proofs/checkpoint.hpp"

#include <cstdint>
#include <functional>
#include <iosfwd>

namespace headwater::store {

struct checked_export {
  std::uint64_t events = 0;
  std::uint64_t streams = 0;
  std::uint64_t erased = 0; ///< events whose payload part is gone, so that only the header counts
  checkpoint within;        ///< the checkpoint by which it is proven
};

/// errc::corrupt_log names the line, and the stream and sequence if it is an event; errc::io_failed
/// where the file cannot be read. `tell` is called now and then with the bytes that were read.
[[nodiscard]] result<checked_export> check_export(std::istream& file, const note_verifier& key,
                                                  const std::function<void(std::uint64_t)>& tell);

} // namespace headwater::store
