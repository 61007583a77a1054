#pragma once

// The directory of --lists: files that take the place of shipped lists of the same names.

#include "domain/lists/source_lists.hpp"

#include <memory>
#include <string>
#include <vector>

namespace headwater::tools {

/// Reads what is there of the known files; shipped ones stand for those that are not there. An
/// empty name gives the shipped lists. An error names the file, and the line where there is one.
[[nodiscard]] result<std::shared_ptr<const attribution::source_lists>>
read_lists(const std::string& directory);

/// A line for the log.
struct list_note {
  bool is_warning = false;
  std::string text;
};

/// Which lists came from the directory, and what an operator should look at: files that are no
/// lists, lists that are older or much shorter than the shipped ones, and any older than a year.
[[nodiscard]] std::vector<list_note> notes_on(const attribution::source_lists& lists,
                                              const std::string& directory);

} // namespace headwater::tools
