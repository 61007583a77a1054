#pragma once

// How every subcommand says that it could not do its work.

#include "domain/core/error.hpp"

#include <string>

namespace headwater::tools {

/// Prints "headwater: <why>" to stderr and gives the exit status 1.
int failure(const std::string& why);

/// The same with the error's message and all its faults, on one line.
int failure(const error& why);

/// Flushes standard output. The exit status of a command that ended with `status`: 2, with a line
/// on stderr, where that is 0 and not everything could be written.
[[nodiscard]] int with_output_written(int status);

} // namespace headwater::tools
