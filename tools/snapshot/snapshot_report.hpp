#pragma once

// How `headwater snapshot` prints snapshots, whether the server or a directory lists them.

#include <cstdint>
#include <string>

namespace headwater::tools {

struct shown_snapshot {
  std::string name;
  std::string created_at;
  std::int64_t position = 0;
  std::int64_t bytes = 0;
  std::int64_t bytes_shared = 0;
};

/// One line of a list.
void print_snapshot(const shown_snapshot& one);

/// The output of `create`: only the name on stdout's first line, so that a script can use it.
void print_created(const shown_snapshot& one, std::int64_t events, std::int64_t streams,
                   const std::string& manifest_sha256);

} // namespace headwater::tools
