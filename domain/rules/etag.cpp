#include "domain/rules/etag.hpp"

namespace headwater::attribution {

std::string etag_of(std::uint64_t revision) {
  return '"' + std::to_string(revision) + '"';
}

} // namespace headwater::attribution
