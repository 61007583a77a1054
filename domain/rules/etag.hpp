#pragma once

// Entity tags of single rules. Pure.

#include <cstdint>
#include <string>

namespace headwater::attribution {

/// `"<revision>"`, quotes included: a strong tag.
[[nodiscard]] std::string etag_of(std::uint64_t revision);

} // namespace headwater::attribution
