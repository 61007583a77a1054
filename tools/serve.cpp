#include "tools/serve.hpp"

#include "http/application.hpp"
#include "http/listen_address.hpp"
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

/// An operator set a variable, not a field of a body.
error about_given_token(const error& why) {
  auto text = why.faults.empty() ? why.message : why.faults.front().message;
  return {why.code, "HEADWATER_ADMIN_TOKEN: " + text};
}

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
    return own ? about_given_token(secret.error()) : secret.error();
  if (!own && !(std::cout << "admin token: " << *secret << std::endl))
    return error{errc::io_failed, "the admin token cannot be written to stdout and is lost; make "
                                  "another with 'headwater token create'"};
  return {};
}

/// SIGTERM and SIGINT from its making on, so that one that comes during the start is not lost and
/// does not kill: the service comes up and stops again.
class stop_signals {
public:
  stop_signals() : signals_(context_, SIGTERM, SIGINT) {
    signals_.async_wait([](const boost::system::error_code&, int signal) {
      spdlog::info("stopping on signal {}", signal);
    });
  }

  void wait() { context_.run(); }

private:
  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_;
};

} // namespace

int serve(const settings& with) {
  spdlog::set_level(spdlog::level::from_str(with.log_level));
  // Before a directory is made, or a token that is shown once.
  if (auto listens = http::check_listen_address(with.http.listen); !listens)
    return failure(listens.error());
  stop_signals signals;
  auto below = with.service;
  below.snapshots.program = HEADWATER_VERSION;
  auto service = actors::service::open(below);
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
  signals.wait();
  server->stop();
  (*service)->stop();
  spdlog::info("stopped");
  return 0;
}

} // namespace headwater::tools
