#pragma once

// Checks an export (log_export.hpp) with nothing but its bytes and the log's verifier key. One
// thread.
//
// It proves every byte of the file: payload hashes and chains bind the events of a stream to its
// last one, the path or the whole tree binds that one to the root of the checkpoint, and the
// signature binds the root to the key. An export cannot prove that no events came later: one of a
// single stream may have been cut before any of its events, whose path the server gives to whoever
// reads the account. Nor can that one prove whether its erased payloads (null) were erased by the
// installation or by somebody who passed the file on; but it has all payloads or none.

#include "domain/core/error.hpp"
#include "domain/proofs/checkpoint.hpp"
#include "store/log/event.hpp"

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <vector>

namespace headwater::store {

struct checked_export {
  std::uint64_t events = 0;
  std::uint64_t streams = 0;
  std::uint64_t erased = 0; ///< events whose payload part is gone, so that only the header counts
  checkpoint within;        ///< the checkpoint that proves it
  std::vector<stream_name> names; ///< of the streams, in order
  std::uint64_t first_position = 0, last_position = 0;
  micros first_time = 0, last_time = 0;
};

/// What an export is held to besides the key.
struct export_demand {
  std::optional<stream_name> stream; ///< it holds events of this stream alone
  /// A checkpoint of the log that was kept elsewhere, signed by the same key: the export is of the
  /// same history.
  std::optional<checkpoint> held;
};

/// errc::corrupt_log names the line and, for an event, its stream and sequence; errc::io_failed if
/// the file cannot be read; errc::validation_error if the export cannot be compared with the
/// checkpoint that is held: it ends before, or it is of one stream and proven by another. `tell` is
/// called from time to time with the number of bytes read.
[[nodiscard]] result<checked_export> check_export(std::istream& file, const note_verifier& key,
                                                  const std::function<void(std::uint64_t)>& tell,
                                                  const export_demand& demand = {});

} // namespace headwater::store
