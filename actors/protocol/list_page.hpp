#pragma once

// Lists that are read in turns, some elements at a time.

#include <cstddef>
#include <vector>

namespace headwater::actors {

/// Elements that follow one another in a list.
template <class Element>
struct list_page {
  std::vector<Element> items;
  bool is_last = false; ///< there are no more after these; else there is at least one of these
};

/// Bytes of stored rows with which a page ends: an element may have kilobytes.
inline constexpr std::size_t page_room = 32 * 1024;

} // namespace headwater::actors
