#pragma once

// How every subcommand reports that it could not do its work.

#include "domain/core/error.hpp"

#include <string>

namespace headwater::tools {

/// The exit status of a command that could not do its work.
inline constexpr int could_not = 2;
/// The exit status of a command that found what it looked at damaged.
inline constexpr int violated = 1;
/// The exit status of a command that a server refused.
inline constexpr int refused = 1;

/// Prints "headwater: <why>" to stderr, fit for a terminal, and returns the exit status 1.
int failure(const std::string& why);

/// The same with the error's message and all its faults, on one line.
int failure(const error& why);

/// The same as failure(), but returns `could_not`.
int give_up(const std::string& why);

/// Flushes standard output. Returns the exit status for a command that ended with `status`: 2, with
/// a line on stderr, if that is 0 but not everything could be written.
[[nodiscard]] int with_output_written(int status);

} // namespace headwater::tools
