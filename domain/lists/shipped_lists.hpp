#pragma once

// The lists compiled into the program, defined by a source that cmake/embed_lists.py generates from
// data/. Constant data, any thread.

#include <span>
#include <string_view>

namespace headwater::attribution {

/// A file of lists. The views must live as long as it is read.
struct list_file {
  std::string_view name; ///< "Socials.yml"
  std::string_view text;
  std::string_view path = {};    ///< what errors name; empty: `name`
  std::string_view changed = {}; ///< the day of its last change, for a file without an origin
};

[[nodiscard]] std::span<const list_file> shipped_list_files() noexcept;

} // namespace headwater::attribution
