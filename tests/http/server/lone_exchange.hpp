#pragma once

// A request without a connection: its body is there, and what is sent in pieces is kept.

#include "http/server/exchange.hpp"
#include "http/server/io_thread.hpp"
#include "http/server/session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <optional>
#include <string>
#include <vector>

namespace headwater::http::testing {

class lone_exchange final : public connection_stream {
public:
  explicit lone_exchange(settings with = {})
      : limits(std::move(with)), memory(limits), x(*this, thread, nullptr, limits, memory) {
    x.head.verb = method::get;
    x.request_id = "01HREQUEST";
  }

  /// Sets path and query, which must outlive this.
  void ask(std::string_view path, std::string_view query = {}) {
    x.head.path = path;
    x.head.query = query;
    BOOST_REQUIRE(x.parameters.parse(query));
  }

  awaitable<result<std::string_view>> read_all(std::size_t limit) override {
    if (body.size() > limit)
      co_return error{errc::payload_too_large, "too large"};
    co_return std::string_view(body);
  }
  awaitable<result<std::string>> take_all(std::size_t limit) override {
    if (body.size() > limit)
      co_return error{errc::payload_too_large, "too large"};
    co_return std::move(body);
  }
  awaitable<result<bool>> read_some(std::string& into) override {
    into.append(body);
    body.clear();
    co_return false;
  }
  awaitable<bool> write_some(std::string_view piece) override {
    pieces.emplace_back(piece);
    co_return is_there;
  }
  [[nodiscard]] bool has_begun() const override { return !pieces.empty(); }
  void close_afterwards() override {}
  void break_off() override {}
  [[nodiscard]] bool is_gone() const override { return false; }
  awaitable<void> yield() override { co_return; }
  awaitable<bool> pause(std::chrono::milliseconds) override { co_return is_there; }

  settings limits;
  metrics_shard counters{0};
  io_thread thread{counters};
  memory_shares memory;
  exchange x;
  std::string body;
  std::vector<std::string> pieces;
  bool is_there = true; ///< the client
};

/// What a coroutine gives that waits for nobody.
template <class T>
T run(awaitable<T> what) {
  asio::io_context context;
  std::optional<T> out;
  std::exception_ptr failed;
  asio::co_spawn(context, std::move(what), [&](std::exception_ptr why, T value) {
    failed = why;
    out = std::move(value);
  });
  context.run();
  if (failed)
    std::rethrow_exception(failed);
  return std::move(*out);
}

} // namespace headwater::http::testing
