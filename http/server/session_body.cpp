// Implements the part of session_impl.hpp that reads the body of a request.

#include "domain/core/text.hpp"
#include "domain/core/try.hpp"
#include "http/server/framing.hpp"
#include "http/server/session_impl.hpp"

#include <algorithm>

namespace headwater::http {

namespace {
/// Where memory for it is charged, or it is read in pieces.
constexpr std::size_t large_read = 64 * 1024;
} // namespace

error session::body_error(std::string message) {
  close_ = true;
  return {errc::bad_request, std::move(message)};
}

/// Takes buffered bytes of the body. False: they are not valid, and body_fault() says why.
bool session::take_body_bytes() {
  buffer_.consume(parser_->parse_body(unread()));
  const auto how_far = parser_->progress();
  return how_far == body_progress::incomplete || how_far == body_progress::complete;
}

protocol_fault session::body_fault() const {
  if (parser_->progress() == body_progress::trailers_too_large)
    return {431, "header_too_large", "Trailer fields too large"};
  return {400, "bad_request", "Malformed chunked body"};
}

/// RFC 9110, 10.1.1: right before the body is read, unless the client has already sent some of it.
awaitable<void> session::promise_to_read() {
  if (promised_)
    co_return;
  promised_ = true;
  static constexpr std::string_view expected = "100-continue";
  const auto expect = exchange_.head.value("expect");
  if (exchange_.head.version == 10 || buffer_.size() > 0 || expect.size() != expected.size() ||
      !starts_with_nocase(expect, expected))
    co_return;
  static constexpr std::string_view line = "HTTP/1.1 100 Continue\r\n\r\n";
  if (!co_await send({asio::buffer(line), {}, {}}))
    gone_ = true;
}

/// Bodies must not be compressed.
result<void> session::check_coding() const {
  if (!has_content_coding(exchange_.head))
    return {};
  return error{errc::unsupported_media_type,
               "The request body must not be compressed: its Content-Encoding is not supported"};
}

/// Reads and decodes some more of the body. False: it is complete. The caller arms the deadline.
awaitable<result<bool>> session::advance_body() {
  if (body_is_read())
    co_return false;
  co_await promise_to_read();
  if (gone_)
    co_return body_error("The client is gone");
  const auto before = body_.size();
  for (;;) {
    if (buffer_.size() > 0 && !take_body_bytes()) {
      fault_ = body_fault();
      co_return body_error(std::string(fault_->message));
    }
    if (body_.size() > before || body_is_read())
      co_return body_.size() > before;
    if (co_await fill(next_read()) > 0)
      continue;
    if (timed_out_) {
      fault_ = {408, "request_timeout", "Timed out reading the request body"};
      co_return body_error("Timed out reading the request body");
    }
    gone_ = true;
    co_return body_error("The request body ended early");
  }
}

std::size_t session::next_read() const {
  const auto length = exchange_.head.content_length.value_or(large_read);
  if (length <= small_read)
    return small_read;
  return reads_whole_ && body_charged_ == 0 ? uncounted_body_bytes : large_read;
}

/// Room for the next piece of a body that is read whole, charged before it is taken. Left to itself
/// the string would have room for up to twice what has arrived, and nobody would count that. It
/// doubles here, too, so an announced length alone reserves nothing; it never exceeds that length.
result<void> session::make_room() {
  if (body_.capacity() - body_.size() >= next_read())
    return {};
  auto room = std::max(2 * body_.capacity(), body_.size() + next_read());
  if (const auto length = exchange_.head.content_length) // no more will come
    room = std::min<std::size_t>(room, *length);
  if (room <= body_.capacity())
    return {};
  CHECK(charge_body(room));
  // A new string, because reserve() of one that has room takes at least twice as much.
  std::string larger;
  larger.reserve(room);
  larger.append(body_);
  body_.swap(larger);
  return {};
}

/// Charges the memory of a body up to that size. Small ones are not counted.
result<void> session::charge_body(std::size_t room) {
  if (room <= body_charged_ || room <= uncounted_body_bytes)
    return {};
  CHECK(exchange_.reserve_body(room - body_charged_));
  body_charged_ = room;
  return {};
}

awaitable<result<std::string_view>> session::read_all(std::size_t limit) {
  const auto too_large = [limit] {
    return error{errc::payload_too_large,
                 "Request body exceeds " + std::to_string(limit) + " bytes"};
  };
  reads_whole_ = true;
  CO_CHECK(check_coding());
  if (exchange_.head.content_length.value_or(0) > limit)
    co_return too_large();
  // No more than is not counted: an announced length costs nothing, and with huge pages the first
  // bytes of 8 MiB would take 2 MiB.
  if (const auto length = exchange_.head.content_length)
    body_.reserve(std::min<std::size_t>(*length, uncounted_body_bytes));
  // Most bodies have arrived with their head.
  if (exchange_.head.content_length && buffer_.size() > 0) {
    promised_ = true;
    if (take_body_bytes() && body_is_read()) {
      CO_CHECK(charge_body(body_.capacity()));
      co_return std::string_view(body_);
    }
  }
  arm(context_.limits.body_timeout);
  for (bool goes_on = true; goes_on;) {
    auto fits = make_room();
    result<bool> more = false;
    if (fits)
      more = co_await advance_body();
    if (!more)
      fits = more.error();
    if (fits)
      fits = charge_body(body_.size());
    if (fits && body_.size() > limit)
      fits = too_large();
    if (!fits) {
      std::string().swap(body_); // the client may take long to send the rest
      disarm();
      co_return fits.error();
    }
    goes_on = *more;
  }
  disarm();
  // Reading it took a while, in which many may have come to work, and the turn may have gone.
  CO_CHECK(exchange_.take_place());
  co_await exchange_.await_turn();
  co_return std::string_view(body_);
}

awaitable<result<std::string>> session::take_all(std::size_t limit) {
  CO_CHECK(co_await read_all(limit));
  co_return std::exchange(body_, {});
}

awaitable<result<bool>> session::read_some(std::string& into) {
  CO_CHECK(check_coding());
  arm(context_.limits.stream_timeout);
  auto more = co_await advance_body();
  disarm();
  if (more.has_error())
    co_return more.error();
  into.append(body_);
  body_.clear();
  co_await exchange_.await_turn();
  co_return !body_is_read();
}

} // namespace headwater::http
