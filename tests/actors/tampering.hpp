#pragma once

// A small installation with something of everything, and every answer that can be had of its data
// directory: for tests that change its files.

#include "fixture.hpp"
#include "store/disk/key_file.hpp"
#include "store/engine/rocksdb_log.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace headwater::actors::testing {

/// Makes the data directory, and ends its service: what was written lies in the write-ahead log, as
/// a kill leaves it. Gives the streams' names.
std::vector<std::string> make_installation(const std::filesystem::path& directory);

/// What one question was answered with, up to the error that ended it, if one did.
struct answer {
  std::vector<std::string> rows;
  std::optional<error> fault;
};
using answers = std::map<std::string, answer>;

/// Asks everything, after what a start does: tables brought up to the log, the tree grown, the last
/// checkpoint cut where it is missing. An error: the start refuses the directory.
result<answers> ask_everything(const std::filesystem::path& directory,
                               const std::vector<std::string>& streams);

} // namespace headwater::actors::testing
