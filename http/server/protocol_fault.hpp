#pragma once

// What a client did that has no code in the domain: the edge's own refusals.

#include <string_view>

namespace headwater::http {

struct protocol_fault {
  unsigned short status;
  std::string_view code;
  std::string_view message;
};

} // namespace headwater::http
