#include "http/rule_handlers.hpp"

namespace headwater::http {

result<std::optional<attribution::if_match>> read_if_match(const exchange& x) {
  const auto header = joined(x.head, "if-match");
  if (!header)
    return std::optional<attribution::if_match>{};
  TRY(auto parsed, attribution::parse_if_match(*header));
  return std::optional{std::move(parsed)};
}

} // namespace headwater::http
