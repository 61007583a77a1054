#include "tools/serve.hpp"

#include "http/application.hpp"
#include "http/server.hpp"
#include "tools/failure.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <spdlog/spdlog.h>

#include <csignal>
#include <cstdlib>
#include <iostream>

namespace headwater::tools {
namespace {

/// The first token of a new installation: HEADWATER_ADMIN_TOKEN, or a generated one that is shown
/// once, on stdout.
result<void> create_first_token(actors::service& service) {
  auto fresh = service.is_new();
  if (!fresh)
    return fresh.error();
  if (!*fresh)
    return {};
  const char* given = std::getenv("HEADWATER_ADMIN_TOKEN");
  std::optional<std::string> own;
  if (given && *given)
    own = given;
  auto secret = service.create_token("first admin", "admin", own);
  if (!secret)
    return secret.error();
  if (!own)
    std::cout << "admin token: " << *secret << std::endl;
  return {};
}

void wait_for_signal() {
  boost::asio::io_context context{1};
  boost::asio::signal_set signals{context, SIGTERM, SIGINT};
  signals.async_wait([](const boost::system::error_code&, int signal) {
    spdlog::info("stopping on signal {}", signal);
  });
  context.run();
}

} // namespace

int serve(const settings& with) {
  spdlog::set_level(spdlog::level::from_str(with.log_level));
  auto service = actors::service::open(with.service);
  if (!service)
    return failure(service.error());
  if (auto made = create_first_token(**service); !made)
    return failure(made.error());
  http::application app{**service};
  auto server = http::make_server(app, with.http);
  if (auto started = server->start(); !started)
    return failure(started.error());
  auto address = with.http.listen.substr(0, with.http.listen.rfind(':'));
  std::cout << "headwater is listening on http://" << address << ':' << server->port() << std::endl;
  wait_for_signal();
  server->stop();
  (*service)->stop();
  spdlog::info("stopped");
  return 0;
}

} // namespace headwater::tools
