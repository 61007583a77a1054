#include "http/server/session.hpp"

#include "http/server/proxy_header.hpp"
#include "http/server/session_impl.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/write.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace headwater::http {

namespace {

/// How many connections an address may have; 0: any number.
std::size_t most_connections_of(const asio::ip::address& peer, const settings& limits) {
  if (limits.trusted_proxies.contains(peer))
    return 0;
  if (limits.connections_of_address)
    return *limits.connections_of_address;
  constexpr std::size_t usual_share = 4;
  return peer.is_loopback() ? 0 : std::max<std::size_t>(1, limits.connections_limit / usual_share);
}

} // namespace

session::session(io_thread& thread, const session_context& context, socket connection)
    : thread_(thread), context_(context), socket_(std::move(connection)),
      exchange_(*this, thread, context.app, context.limits, context.memory) {
  exchange_.arrived_on = context.role;
  gives_way = context.role != listener_role::operators; // those have places of their own
  thread_.sessions.push_back(*this);
  thread_.counters.connections.add();
  boost::system::error_code gone;
  if (const auto from = socket_.remote_endpoint(gone); !gone)
    exchange_.peer = unmapped(from.address());
  thread_.enter_idle(*this); // before run() begins, so that many that come at once find room, too
}

session::~session() {
  thread_.leave_group(*this);
  thread_.counters.connections.subtract();
  if (context_.on_end)
    context_.on_end();
}

awaitable<void> session::run() {
  if (gone_)
    co_return;
  boost::system::error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  const bool is_known = co_await learn_source();
  if (!is_known)
    co_return;
  if (!take_place()) {
    thread_.counters.refused.add();
    if (!context_.tls) // a handshake would cost more than the answer
      refuse_connection(std::move(socket_), thread_.new_request_id(), thread_.date);
    co_return;
  }
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
    keep_small_buffers();
    packer_.reset();
    packing_.reset();
    exchange_.out.shared.reset();
    exchange_.release_memory();
    if (is_turn_over())
      co_await let_others_work();
  }
  if (!gone_)
    co_await linger();
}

/// Many connections that have had much to say add up.
void session::keep_small_buffers() {
  for (auto* each : {&body_, &exchange_.out.body})
    if (each->capacity() > uncounted_body_bytes)
      std::string().swap(*each);
  if (buffer_.size() == 0 && buffer_.capacity() > uncounted_body_bytes)
    buffer_.shrink_to_fit();
}

/// Where the proxy protocol is spoken, a trusted proxy says who is calling before anything else.
/// False: it did not, and there is nothing to be answered.
awaitable<bool> session::learn_source() {
  const auto& limits = context_.limits;
  if (!limits.proxy_protocol || !limits.trusted_proxies.contains(exchange_.peer))
    co_return true;
  idle_ = true;
  thread_.enter_idle(*this);
  arm(limits.header_timeout);
  const auto got = co_await read_proxy_header(socket_);
  disarm();
  io_thread::leave_idle(*this);
  idle_ = false;
  if (got) {
    if (got->source)
      exchange_.peer = unmapped(*got->source);
    co_return !thread_.stopping;
  }
  // Proxies look whether the port is open, and then go without a word.
  if (!got.error().message.empty() && thread_.may_complain())
    spdlog::warn("event=proxy_header_refused proxy={} reason=\"{}\"", exchange_.peer.to_string(),
                 timed_out_ ? "the PROXY header did not come in time" : got.error().message);
  co_return false;
}

/// Whether the address may have one more connection. If it has as many as it may, its longest idle
/// one on this thread ends instead.
bool session::take_place() {
  if (context_.role == listener_role::operators)
    return true;
  const auto most = most_connections_of(exchange_.peer, context_.limits);
  if (most == 0)
    return true;
  const auto from = counted(exchange_.peer);
  auto entered = context_.addresses.enter(from);
  place_ = std::move(entered.held);
  thread_.enter_group(*this, from);
  return entered.open <= most || io_thread::end_longest_idle(*group);
}

/// Whether others are to have their turn before the next request. Requests that a client has sent
/// ahead are answered without a wait between them, and each may be too short to be counted, so they
/// are counted together. What takes longer is counted itself, or has waited for an actor.
bool session::is_turn_over() {
  constexpr std::chrono::microseconds longest_piece{500};
  if (buffer_.size() == 0) {
    uncounted_ = {};
    return false;
  }
  const auto now = steady::now();
  uncounted_ += std::min<steady::duration>(now - began_, account_turns::shortest_counted);
  if (uncounted_ < longest_piece)
    return false;
  thread_.turns.charge(exchange_.charged_to, std::exchange(uncounted_, {}), now);
  return true;
}

/// Answers the current request. It counts as in flight until it is answered or an exception is
/// thrown, but not while it waits for its client, and not if it is one of an operator's: neither
/// many slow clients nor many who need no token must refuse the others.
awaitable<bool> session::serve_one() {
  struct counted {
    explicit counted(session& of) : one(of) {
      one.in_flight_ = true;
      one.thread_.counters.in_flight.add();
    }
    ~counted() {
      if (std::exchange(one.in_flight_, false))
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

void session::give_way() {
  gone_ = !idle_; // the first part of a head is not answered
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
