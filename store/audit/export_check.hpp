#pragma once

// Checks an export (log_export.hpp) with nothing but its bytes and the log's verifier key. One
// thread.
//
// It proves every byte of the file: payload hashes and chains bind the events of a stream to its
// last one, the path or the whole tree binds that one to the root of the checkpoint, and the
// signature binds the root to the key. An export cannot prove that no events came later, nor
// whether an erased payload (null) was erased by the installation or by somebody who passed the
// file on.

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
  checkpoint within;        ///< the checkpoint that proves it
};

/// errc::corrupt_log names the line and, for an event, its stream and sequence; errc::io_failed if
/// the file cannot be read. `tell` is called from time to time with the number of bytes read.
[[nodiscard]] result<checked_export> check_export(std::istream& file, const note_verifier& key,
                                                  const std::function<void(std::uint64_t)>& tell);

} // namespace headwater::store
