#include "tools/serve.hpp"

#include "domain/core/try.hpp"
#include "http/application.hpp"
#include "http/server/descriptor_budget.hpp"
#include "http/server/listen_address.hpp"
#include "http/server/server.hpp"
#include "store/disk/data_directory.hpp"
#include "tools/descriptors.hpp"
#include "tools/lists_directory.hpp"
#include "tools/terminal/common_options.hpp"
#include "tools/terminal/failure.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <spdlog/spdlog.h>

#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <malloc.h>

namespace headwater::tools {
namespace {

/// Rewords a fault of a body for an operator who has set a variable.
error about_given_token(const error& why) {
  auto text = why.faults.empty() ? why.message : why.faults.front().message;
  return {why.code, "HEADWATER_ADMIN_TOKEN: " + text};
}

/// The first token of a new installation: HEADWATER_ADMIN_TOKEN, or a generated one, which is shown
/// once, on stdout.
result<void> create_first_token(actors::service& service) {
  TRY(auto fresh, service.is_new());
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes the environment
  const char* given = std::getenv("HEADWATER_ADMIN_TOKEN");
  std::optional<std::string> own;
  if (given && *given)
    own = given;
  if (!fresh) {
    if (own && !service.knows_token(*own))
      spdlog::warn(
          "HEADWATER_ADMIN_TOKEN is no token of this installation, which has its own since "
          "its first start; 'headwater token create' makes another");
    return {};
  }
  auto secret = service.create_token("first admin", "admin", own);
  if (!secret)
    return own ? about_given_token(secret.error()) : secret.error();
  if (!own && !(std::cout << "admin token: " << *secret << '\n' << std::flush))
    return error{errc::io_failed, "the admin token cannot be written to stdout and is lost; make "
                                  "another with 'headwater token create'"};
  return {};
}

/// Catches SIGTERM and SIGINT from its construction on, so that one that arrives during the start
/// is neither lost nor fatal: the service comes up and stops again. SIGHUP, which a terminal sends
/// when it closes and an operator to have files read again, ends nothing.
class stop_signals {
public:
  stop_signals() : signals_(context_, SIGTERM, SIGINT, SIGHUP) { listen(); }

  /// Returns after SIGTERM or SIGINT. SIGHUP calls `on_hangup`.
  void wait(std::function<void()> on_hangup) {
    on_hangup_ = std::move(on_hangup);
    context_.run();
  }

private:
  void listen() {
    signals_.async_wait([this](const boost::system::error_code&, int signal) {
      if (signal != SIGHUP) {
        spdlog::info("stopping on signal {}", signal);
        return;
      }
      on_hangup_();
      listen();
    });
  }

  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_;
  std::function<void()> on_hangup_;
};

void tell_of_lists(const attribution::source_lists& lists, const std::string& directory) {
  for (const auto& note : notes_on(lists, directory))
    spdlog::log(note.is_warning ? spdlog::level::warn : spdlog::level::info, "{}", note.text);
}

void read_lists_again(http::application& app, const std::string& directory) {
  const auto read = read_lists(directory);
  if (!read) {
    spdlog::error("SIGHUP: the old lists stay in use: {}", read.error().message);
    return;
  }
  app.lists.store(*read);
  spdlog::info("SIGHUP: visits get the lists that were read");
  tell_of_lists(**read, directory);
}

/// The answer to SIGHUP.
void read_files_again(http::server& of, http::application& app, const settings& with) {
  if (with.http.tls_certificate.empty() && with.lists.empty())
    spdlog::info("SIGHUP: there is nothing to read again; SIGTERM stops the service");
  if (!with.lists.empty())
    read_lists_again(app, with.lists);
  if (with.http.tls_certificate.empty())
    return;
  if (const auto read = of.reload_tls(); !read)
    spdlog::error("SIGHUP: the old certificate stays in use: {}", read.error().message);
  else
    spdlog::info("SIGHUP: new connections get the certificate that was read");
}

http::descriptor_demand required_by(const http::settings& with) {
  const auto of_operators = with.ops_listen.empty() ? 0 : 1 + with.ops_connections_limit;
  return {open_descriptors() + of_operators, with.io_threads, with.connections_limit};
}

/// The port may be another than the one in the address, which may be 0.
std::string url_of(const http::settings& with, const std::string& listen, std::uint16_t port) {
  const auto host = listen.substr(0, listen.rfind(':'));
  return (with.tls_certificate.empty() ? "http://" : "https://") + host + ":" +
         std::to_string(port);
}

/// Prints one line, whatever was granted.
void say(const http::descriptor_budget& got, const http::descriptor_demand& demand) {
  const auto all = descriptors_wanted(demand);
  if (got.connections < demand.connections)
    spdlog::warn("open files: limit {}, {} connections in place of {}, {} files of the store; to "
                 "have all of them set 'ulimit -n {}' or LimitNOFILE={}",
                 got.limit, got.connections, demand.connections, got.store_files, all, all);
  else
    spdlog::info("open files: limit {}, {} connections, {} files of the store", got.limit,
                 got.connections, got.store_files);
}

} // namespace

/// Large bodies and answers give their memory back at once. By default the allocator learns from
/// the first large block that is freed to keep all later ones, for each thread.
void give_large_blocks_back() {
  constexpr int large = 1 << 20;
  // NOLINTBEGIN(concurrency-mt-unsafe): there are no other threads yet
  ::mallopt(M_MMAP_THRESHOLD, large);
  ::mallopt(M_TRIM_THRESHOLD, 16 * large);
  // NOLINTEND(concurrency-mt-unsafe)
}

int serve(const settings& with) {
  give_large_blocks_back();
  spdlog::set_level(spdlog::level::from_str(with.log_level));
  // Before a directory is made, or a token is shown for the only time.
  if (auto listens = http::check_listen_addresses(with.http); !listens)
    return failure(listens.error());
  if (auto usable = http::check_tls_files(with.http); !usable)
    return with.http.tls_certificate.empty() == with.http.tls_key.empty()
               ? failure(usable.error())
               : give_up(usable.error().message);
  const auto lists = read_lists(with.lists);
  if (!lists)
    return failure(lists.error());
  if (with.http.proxy_protocol && with.http.trusted_proxies.empty())
    return give_up(
        "--proxy-protocol needs --trusted-proxies, the addresses of the proxies that speak it");
  if (with.allow_readable_data)
    let_group_read();
  else if (auto closed = store::check_private(with.service.data); !closed)
    return failure(closed.error());
  if (auto own = store::check_owner(with.service.data); !own)
    return failure(own.error());
  const auto demand = required_by(with.http);
  const auto budget = share_descriptors(demand, raise_descriptor_limit(descriptors_wanted(demand)));
  if (!budget)
    return failure(budget.error());
  stop_signals signals;
  auto below = with.service;
  below.open_tables = budget->open_tables;
  below.snapshots.program = HEADWATER_VERSION;
  auto service = actors::service::open(below);
  if (!service)
    return failure(service.error());
  if (auto made = create_first_token(**service); !made)
    return failure(made.error());
  http::application app{**service, *lists};
  auto limits = with.http;
  limits.connections_limit = budget->connections;
  limits.version = HEADWATER_VERSION;
  auto server = http::make_server(app, limits);
  if (auto started = server->start(); !started)
    return failure(started.error());
  say(*budget, demand);
  tell_of_lists(**lists, with.lists);
  if (!limits.ops_listen.empty())
    std::cout << "operators are served on " << url_of(limits, limits.ops_listen, server->ops_port())
              << '\n';
  std::cout << "headwater is listening on " << url_of(limits, limits.listen, server->port()) << '\n'
            << std::flush;
  signals.wait([&] { read_files_again(*server, app, with); });
  server->stop();
  (*service)->stop();
  spdlog::info("stopped");
  return 0;
}

} // namespace headwater::tools
