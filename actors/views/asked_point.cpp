#include "actors/views/asked_point.hpp"

#include "domain/core/given_time.hpp"

#include <charconv>
#include <limits>

namespace headwater::actors {

std::optional<asked_point> read_point(location place, std::string_view text) {
  asked_point out{std::move(place), std::string(text), std::nullopt, 0};
  if (!text.empty() && text.find_first_not_of("0123456789") == text.npos) {
    std::uint64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    out.version = failed == std::errc{} ? number : std::numeric_limits<std::uint64_t>::max();
    return out;
  }
  const auto at = parse_given_time(text);
  if (!at)
    return std::nullopt;
  out.time = *at;
  return out;
}

asked_point now_point() {
  asked_point out;
  out.time = std::numeric_limits<micros>::max();
  return out;
}

} // namespace headwater::actors
