#include "http/server/listen_address.hpp"

#include "domain/core/try.hpp"
#include "http/server/listener.hpp"
#include "http/tls/tls_context.hpp"

#include <boost/asio/io_context.hpp>

#include <vector>

namespace headwater::http {

result<void> check_listen_addresses(const settings& with) {
  asio::io_context context{1};
  std::vector<tcp_acceptor> at_once; // the two addresses may be the same
  for (const auto& text : {with.listen, with.ops_listen}) {
    if (text.empty())
      continue;
    TRY(const auto at, parse_endpoint(text));
    CHECK(listen_on(at_once.emplace_back(context.get_executor()), at));
  }
  return {};
}

result<void> check_tls_files(const settings& with) {
  const tls_files named{with.tls_certificate, with.tls_key};
  if (!named.is_given())
    return {};
  const auto read = tls_context::load(named);
  return read ? result<void>{} : result<void>{read.error()};
}

} // namespace headwater::http
