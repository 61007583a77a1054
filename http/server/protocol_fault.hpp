#pragma once

// Client mistakes that have no code in the domain: refusals of the HTTP edge itself.

#include <string_view>

namespace headwater::http {

struct protocol_fault {
  unsigned short status;
  std::string_view code;
  std::string_view message;
};

} // namespace headwater::http
