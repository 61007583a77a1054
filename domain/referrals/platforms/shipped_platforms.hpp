#pragma once

// The compiled-in list of AI platforms, defined by a source that cmake/ai_platforms.py generates
// from data/*.yml. Constant data, any thread.

#include "domain/referrals/platforms/platform_list.hpp"

#include <span>
#include <string_view>

namespace headwater::referrals {

[[nodiscard]] std::span<const platform_entry> shipped_entries() noexcept;

/// The first 12 hexadecimal digits of the SHA-256 over the data files.
[[nodiscard]] std::string_view shipped_version() noexcept;

} // namespace headwater::referrals
