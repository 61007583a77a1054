#include "http/server/listen_address.hpp"

#include "http/server/listener.hpp"

namespace headwater::http {

result<void> check_listen_address(std::string_view text) {
  const auto at = parse_endpoint(text);
  return at ? result<void>{} : result<void>{at.error()};
}

} // namespace headwater::http
