#include "http/server/session.hpp"

#include "http/server/session_impl.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/write.hpp>
#include <spdlog/spdlog.h>

namespace headwater::http {

session::session(io_thread& thread, const session_context& context, socket connection)
    : thread_(thread), context_(context), socket_(std::move(connection)),
      exchange_(*this, thread, context.app, context.limits, context.memory) {
  exchange_.arrived_on = context.role;
  thread_.sessions.push_back(*this);
  thread_.counters.connections.add();
  boost::system::error_code gone;
  if (const auto from = socket_.remote_endpoint(gone); !gone)
    exchange_.client = counted(from.address());
}

session::~session() {
  thread_.counters.connections.subtract();
  if (context_.on_end)
    context_.on_end();
}

awaitable<void> session::run() {
  boost::system::error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  if (context_.tls) {
    const bool is_agreed = co_await shake_hands();
    if (!is_agreed)
      co_return;
  }
  while (!close_ && !gone_) {
    const auto what = co_await receive_head();
    if (what == received::nothing) {
      // Nothing is cut short here, so TLS may end as it should.
      if (tls_)
        (void)tls_->close();
      break;
    }
    looked_ = began_ = steady::now();
    const bool sent = co_await serve_one();
    record();
    if (!sent)
      gone_ = true;
    if (body_.capacity() > 64 * 1024)
      std::string().swap(body_);
    if (exchange_.out.body.capacity() > 64 * 1024)
      std::string().swap(exchange_.out.body);
    packer_.reset();
    packing_.reset();
    exchange_.release_memory();
  }
  if (!gone_)
    co_await linger();
}

/// Answers the current request. It counts as in flight until it is answered or an exception is
/// thrown, but not while it waits for its client: many slow clients must not refuse the others.
awaitable<bool> session::serve_one() {
  struct counted {
    explicit counted(session& of) : one(of) {
      one.in_flight_ = true;
      one.thread_.counters.in_flight.add();
    }
    ~counted() {
      one.in_flight_ = false;
      one.thread_.counters.in_flight.subtract();
    }
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;
    session& one;
  };
  const counted one(*this);
  co_await answer();
  const bool is_sent = streaming_ ? co_await finish_stream() : co_await reply();
  co_return is_sent;
}

void session::expire() {
  timed_out_ = true;
  disarm();
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void session::stop() {
  if (idle_)
    expire();
}

void session::abandon() {
  gone_ = true;
  if (tls_)
    tls_->detach();
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void start_session(io_thread& thread, const session_context& context, socket connection) {
  auto one = std::make_unique<session>(thread, context, std::move(connection));
  asio::co_spawn(
      thread.context.get_executor(),
      [](std::unique_ptr<session> self) -> awaitable<void> {
        try {
          co_await self->run();
        } catch (const std::exception& fault) {
          spdlog::error("event=session_failed reason=\"{}\"", fault.what());
        }
      }(std::move(one)),
      asio::detached);
}

void refuse_connection(socket connection, std::string_view request_id, std::string_view date) {
  response out;
  write_error(out, family::rules,
              protocol_fault{503, "service_unavailable", "Too many connections"}, request_id);
  std::string text;
  append_head(text, out, request_id, date, body_framing::length, true, 11);
  text += out.body;
  // A fresh socket's buffer takes this at once, and a refusal must not wait for the client.
  boost::system::error_code ignored;
  connection.non_blocking(true, ignored);
  connection.write_some(asio::buffer(text), ignored);
  connection.shutdown(socket::shutdown_both, ignored);
}

} // namespace headwater::http
