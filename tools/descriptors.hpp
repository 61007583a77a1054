#pragma once

// The limit of open files (RLIMIT_NOFILE) of this process.

#include <cstddef>

namespace headwater::tools {

/// How many are open now.
[[nodiscard]] std::size_t open_descriptors();

/// Raises the soft limit to `wanted`, or to the hard limit if that is lower; never lowers it.
/// Returns the resulting limit.
[[nodiscard]] std::size_t raise_descriptor_limit(std::size_t wanted);

/// Raises it to the hard limit, for commands: a reader beside a live server opens every table at
/// once.
void raise_descriptor_limit();

} // namespace headwater::tools
