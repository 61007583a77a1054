#pragma once

// What a process did to the files below a directory, in order, with what it said about itself in
// between. It is written call by call into a descriptor, so that it is whole whatever becomes of
// the process, and read afterwards. From any beginning of it follows what a power cut at that
// moment leaves on the disk (power_cut.hpp).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::store::testing {

enum class traced : std::uint8_t {
  file_made = 1,
  directory_made,
  written,          ///< `text` at `offset`
  cut,              ///< to `offset` bytes, or made longer with zeros
  synced,           ///< a file
  sync_failed,      ///< a file: what was unsynced may never reach the disk
  directory_synced, ///< the names in `path`
  linked,           ///< `text` is another name of `path`
  renamed,          ///< from `path` to `text`
  removed,          ///< the name `path`
  fault,            ///< one was injected: `text` says which
  noted,            ///< `text`, by the process
};

struct trace_entry {
  traced what;
  std::uint64_t file = 0; ///< its number, where it is not found by its path; directories have one
  std::uint64_t offset = 0;
  std::string path; ///< relative to the directory
  std::string text;
};

/// Writes the entry at once; several threads may, but each call is made under a lock.
void write_trace(int descriptor, const trace_entry& entry);

/// All that was written; an entry that a killed process left half is left out.
[[nodiscard]] std::vector<trace_entry> read_trace(int descriptor);

} // namespace headwater::store::testing
