#pragma once

// Whether a log answers as it was promised to the process that has it open, while its disk fails.
// Each of these notes "wrong ..." for what differs.

#include "store/engine/rocksdb_log.hpp"
#include "tests/store/faults/known_log.hpp"

#include <string_view>

namespace headwater::store::testing {

/// That a failure says where it was: a path, a stream, or a position.
void check_named(std::string_view doing, const error& why);

/// Whatever can be read is what was acknowledged.
void check_answers(const rocksdb_log& log, const known_log& known);

/// The same of a log that has stopped, which takes nothing more. `is_fresh`: all that it has was
/// written through `log`, so that readers must not see more than what was acknowledged.
void check_stopped(rocksdb_log& log, const known_log& known, bool is_fresh);

} // namespace headwater::store::testing
