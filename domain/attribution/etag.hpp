#pragma once

// Entity tags of single rules and the If-Match header that quotes them (RFC 9110, 13.1.1). Pure.

#include "domain/core/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

/// `"<revision>"`, quotes included: a strong tag.
[[nodiscard]] std::string etag_of(std::uint64_t revision);

/// What a client says it saw. `tags` hold strong tags without their quotes.
struct if_match {
  bool any = false; ///< the header was `*`
  std::vector<std::string> tags;

  /// True if the rule at that revision is one of those that the client saw.
  [[nodiscard]] bool allows(std::uint64_t revision) const;
  bool operator==(const if_match&) const = default;
};

/// Reads `*` or a list of tags; several header lines are joined by commas first. Weak tags are
/// well-formed but never match. errc::bad_request for anything else.
[[nodiscard]] result<if_match> parse_if_match(std::string_view header);

} // namespace headwater::attribution
