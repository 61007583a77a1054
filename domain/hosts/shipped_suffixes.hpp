#pragma once

// The public suffix list compiled into the program, defined by a source that cmake/embed_lists.py
// generates from domain/lists/data. Constant data, any thread.

#include <string_view>

namespace headwater::attribution {

[[nodiscard]] std::string_view shipped_suffix_text() noexcept;

} // namespace headwater::attribution
