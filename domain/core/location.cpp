#include "domain/core/location.hpp"

#include <algorithm>

namespace headwater {

location location::with_rest_of(const location& tail) const {
  auto out = *this;
  if (!tail.empty())
    out.steps_.insert(out.steps_.end(), tail.steps_.begin() + 1, tail.steps_.end());
  return out;
}

bool location::contains(const location& other) const {
  return steps_.size() <= other.steps_.size() &&
         std::equal(steps_.begin(), steps_.end(), other.steps_.begin());
}

std::string to_string(const location& place) {
  std::string out;
  for (const auto& step : place.steps()) {
    if (const auto* name = std::get_if<std::string>(&step))
      out.append(out.empty() ? "" : ".").append(*name);
    else
      out.append("[").append(std::to_string(std::get<std::int64_t>(step))).append("]");
  }
  return out;
}

} // namespace headwater
