#include "http/server/listen_address.hpp"

#include "http/server/listener.hpp"
#include "http/tls/tls_context.hpp"

namespace headwater::http {

result<void> check_listen_address(std::string_view text) {
  const auto at = parse_endpoint(text);
  return at ? result<void>{} : result<void>{at.error()};
}

result<void> check_tls_files(const settings& with) {
  const tls_files named{with.tls_certificate, with.tls_key};
  if (!named.is_given())
    return {};
  const auto read = tls_context::load(named);
  return read ? result<void>{} : result<void>{read.error()};
}

} // namespace headwater::http
