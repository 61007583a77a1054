// Implements the TLS part of session_impl.hpp: the waits between the steps of a tls_channel.

#include "http/server/session_impl.hpp"

#include <boost/asio/post.hpp>

namespace headwater::http {

namespace {

/// Larger reads are for bodies, and take all that is there.
constexpr std::size_t several_records = 16 * 1024;

/// Of one read: a client may send a byte in each, and each takes some microseconds.
constexpr int most_records = 16;

} // namespace

/// False if the deadline has passed, or the socket is of no use.
awaitable<bool> session::wait_for(tls_state what) {
  if (timed_out_)
    co_return false;
  const auto side = what == tls_state::wants_write ? socket::wait_write : socket::wait_read;
  const auto [fault] = co_await socket_.async_wait(side, as_result);
  co_return !fault && !timed_out_;
}

/// The handshakes of an address count as those of an account, because each takes some hundred
/// microseconds and needs no token.
std::string session::shakes_hands_as() const {
  return "handshakes of " + std::to_string(counted(exchange_.peer).bits);
}

awaitable<void> session::await_handshake_turn() {
  if (thread_.turns.counts_any() && thread_.turns.must_wait(shakes_hands_as(), steady::now()))
    co_await thread_.turns.next(shakes_hands_as());
}

/// The first piece makes the channel, which takes time, too.
tls_step session::go_on_shaking_hands() {
  const auto began = steady::now();
  if (!tls_)
    tls_ = std::make_unique<tls_channel>(*context_.tls->current(), socket_.native_handle());
  const auto step = tls_->shake_hands();
  const auto now = steady::now();
  thread_.turns.charge(shakes_hands_as(), now - began, now);
  return step;
}

/// False: the connection has ended. A connection that shakes hands is idle: it gives way where
/// there are too many, and ends when the server stops.
awaitable<bool> session::shake_hands() {
  arm(context_.limits.header_timeout);
  idle_ = true;
  thread_.enter_idle(*this);
  co_await await_handshake_turn();
  auto step = timed_out_ || gone_ ? tls_step{} : go_on_shaking_hands();
  while (step.must_wait()) {
    const bool goes_on = co_await wait_for(step.state);
    if (goes_on)
      co_await await_handshake_turn();
    step = goes_on && !timed_out_ ? go_on_shaking_hands() : tls_step{};
  }
  io_thread::leave_idle(*this);
  idle_ = false;
  disarm();
  if (step.state == tls_state::done && !timed_out_) {
    exchange_.out.is_over_tls = true;
    co_return true;
  }
  thread_.counters.failed_handshakes.add();
  if (timed_out_ || gone_)
    co_return false;
  const bool is_plain = tls_->is_plain_http();
  tls_.reset();
  if (is_plain)
    refuse_plain_http();
  co_await linger(); // so that the client gets the alert, or the answer
  co_return false;
}

/// To a client that speaks HTTP without TLS; what it asked for is not read.
void session::refuse_plain_http() {
  const auto id = thread_.new_request_id();
  write_error(exchange_.out, family::rules,
              protocol_fault{400, "bad_request", "This port speaks HTTPS: use https://"}, id);
  std::string text;
  append_head(text, exchange_.out, id, thread_.date, body_framing::length, true, 11);
  text += exchange_.out.body;
  boost::system::error_code ignored;
  socket_.write_some(asio::buffer(text), ignored); // a fresh socket takes it at once
}

awaitable<std::size_t> session::fill_from_tls(std::size_t want) {
  const client_wait until_read(*this);
  // Other connections get their turns before every read, as they do on a plain one.
  bool goes_on = true;
  if (tls_->has_pending())
    co_await asio::post(thread_.context.get_executor(), use_awaitable);
  else
    goes_on = co_await wait_for(tls_state::wants_read);
  tls_step step;
  while (goes_on && !timed_out_) {
    step = tls_->read(buffer_.prepare(want).data(), want);
    if (!step.must_wait())
      break;
    goes_on = co_await wait_for(step.state);
  }
  if (!goes_on || timed_out_ || step.state != tls_state::done)
    co_return 0;
  auto size = step.bytes;
  buffer_.commit(size);
  for (int records = 1; want > several_records && size < want && records < most_records;
       ++records) {
    step = tls_->read(buffer_.prepare(want - size).data(), want - size);
    if (step.state != tls_state::done)
      break; // the next read tells
    buffer_.commit(step.bytes);
    size += step.bytes;
  }
  co_return size;
}

awaitable<bool> session::send_to_tls(buffers data) {
  std::array<std::string_view, std::tuple_size_v<buffers>> rest;
  std::size_t left = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    rest[i] = {static_cast<const char*>(data[i].data()), data[i].size()};
    left += data[i].size();
  }
  const auto total = left;
  const auto began = steady::now();
  const auto latest = began + patience_.for_piece(total);
  bool has_waited = false;
  while (left > 0) {
    const auto step = tls_->write(rest);
    if (step.state == tls_state::done) {
      left -= step.bytes;
      auto skip = step.bytes;
      for (auto& one : rest) {
        const auto part = std::min(skip, one.size());
        one.remove_prefix(part);
        skip -= part;
      }
      continue;
    }
    if (!step.must_wait())
      co_return false;
    // A body being read has a deadline of its own, which sending must not remove.
    const auto other = deadline;
    arm(context_.limits.stream_timeout);
    deadline = std::min(deadline, latest);
    has_waited = true;
    const client_wait until_written(*this);
    const bool goes_on = co_await wait_for(step.state);
    deadline = other;
    if (!goes_on)
      co_return false;
  }
  if (has_waited)
    patience_.count(total, steady::now() - began);
  co_return true;
}

/// Sends close_notify, which tells the client that nothing was cut off.
awaitable<void> session::close_tls() {
  arm(context_.limits.drain_timeout);
  for (auto step = tls_->close(); step.must_wait(); step = tls_->close()) {
    const bool goes_on = co_await wait_for(step.state);
    if (!goes_on)
      break;
  }
  disarm();
}

} // namespace headwater::http
