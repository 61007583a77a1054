#pragma once

// The directory of --lists: files that take the place of shipped lists of the same names.

#include "domain/lists/source_lists.hpp"

#include <memory>
#include <string>

namespace headwater::tools {

/// Reads what is there of the known files; shipped ones stand for those that are not there. An
/// empty name gives the shipped lists. An error names the file, and the line where there is one.
[[nodiscard]] result<std::shared_ptr<const attribution::source_lists>>
read_lists(const std::string& directory);

/// The lists that are older than a year, in words for the log; empty if there are none.
[[nodiscard]] std::string old_lists(const attribution::source_lists& lists);

} // namespace headwater::tools
