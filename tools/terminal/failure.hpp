#pragma once

// How every subcommand says that it could not do its work.

#include "domain/core/error.hpp"

#include <string>

namespace headwater::tools {

/// The exit status of a command that could not do its work, where 1 says that what it looked at is
/// bad or was refused.
inline constexpr int could_not = 2;
/// That of a command that found what it looked at damaged.
inline constexpr int violated = 1;

/// Prints "headwater: <why>" to stderr and gives the exit status 1.
int failure(const std::string& why);

/// The same with the error's message and all its faults, on one line.
int failure(const error& why);

/// Flushes standard output. The exit status of a command that ended with `status`: 2, with a line
/// on stderr, where that is 0 and not everything could be written.
[[nodiscard]] int with_output_written(int status);

} // namespace headwater::tools
