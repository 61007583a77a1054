#include "domain/core/given_time.hpp"

#include <algorithm>

namespace headwater {

std::optional<micros> parse_given_time(std::string_view text) {
  constexpr std::size_t most_decimals = 6;
  const auto dot = text.find('.');
  if (dot == text.npos)
    return parse_rfc3339(text);
  const auto end = std::min(text.find_first_not_of("0123456789", dot + 1), text.size());
  const auto kept = std::min(end, dot + 1 + most_decimals);
  return parse_rfc3339(std::string(text.substr(0, kept)).append(text.substr(end)));
}

} // namespace headwater
