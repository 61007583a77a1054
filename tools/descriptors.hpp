#pragma once

// The limit of open files (RLIMIT_NOFILE) of this process.

#include <cstddef>

namespace headwater::tools {

/// How many are open now.
[[nodiscard]] std::size_t open_descriptors();

/// Raises the soft limit to `wanted`, or to the hard limit if that is lower; never lowers it.
/// Returns the resulting limit.
[[nodiscard]] std::size_t raise_descriptor_limit(std::size_t wanted);

/// Raises the soft limit to the hard limit. For commands that read a log beside a live server: they
/// open every table file at once.
void raise_descriptor_limit();

} // namespace headwater::tools
