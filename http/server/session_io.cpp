// Implements the reading and writing half of session_impl.hpp.

#include "domain/core/text.hpp"
#include "domain/core/try.hpp"
#include "http/server/framing.hpp"
#include "http/server/session_impl.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <poll.h>

namespace headwater::http {

namespace {

constexpr std::size_t small_read = 4 * 1024;
constexpr std::size_t large_read = 64 * 1024;

/// For a head that does not end; `resume` is after the lines that were read.
protocol_fault header_too_large(std::size_t resume) {
  if (resume == 0)
    return {414, "uri_too_long", "Request target too long"};
  return {431, "header_too_large", "Request header too large"};
}

/// A connection that ends, the longest one first, where a new one needs a place.
class gives_way_to_others {
public:
  gives_way_to_others(timed& one, io_thread& thread) : one_(one) { thread.enter_idle(one); }
  ~gives_way_to_others() { io_thread::leave_idle(one_); }
  gives_way_to_others(const gives_way_to_others&) = delete;
  gives_way_to_others& operator=(const gives_way_to_others&) = delete;

private:
  timed& one_;
};

} // namespace

std::string_view session::unread() const {
  return {static_cast<const char*>(buffer_.data().data()), buffer_.size()};
}

awaitable<std::size_t> session::fill_from_socket(std::size_t want) {
  const client_wait until_read(*this);
  const auto [ec, n] = co_await socket_.async_read_some(buffer_.prepare(want), as_result);
  buffer_.commit(n);
  // The deadline may have passed between the read and this line.
  co_return ec || timed_out_ ? 0 : n;
}

std::optional<session::received> session::try_head(std::size_t& resume) {
  const auto& limits = context_.limits;
  // RFC 9112, 2.2: empty lines before a request line are ignored.
  while (resume == 0 && unread().starts_with("\r\n"))
    buffer_.consume(2);
  // Determined before anything else, because even a refusal of the rest depends on it.
  exchange_.head.verb = is_head_request(unread()) ? method::head : method::other;
  const auto scan = scan_head(unread().substr(0, limits.header_limit), resume);
  switch (scan.state) {
  case head_state::incomplete:
    if (buffer_.size() < limits.header_limit)
      return std::nullopt;
    fault_ = header_too_large(resume);
    return received::fault;
  case head_state::malformed:
    fault_ = {400, "bad_request", scan.reason};
    return received::fault;
  case head_state::complete:
    break;
  }
  if (is_other_version(unread().substr(0, scan.length))) {
    fault_ = {505, "http_version_not_supported", "Only HTTP/1.x is served"};
    return received::fault;
  }
  parser_.emplace(
      exchange_.head, arena_, body_,
      chunk_reader::bounds{limits.chunk_line_limit, limits.header_limit, limits.field_limit});
  const bool good = parser_->parse_head(unread().substr(0, scan.length));
  buffer_.consume(scan.length);
  if (!good) {
    fault_ = {400, "bad_request", "Malformed request"};
    return received::fault;
  }
  if (exchange_.head.fields.size() > limits.field_limit) {
    fault_ = {431, "header_too_large", "Too many header fields"};
    return received::fault;
  }
  return received::request;
}

awaitable<session::received> session::receive_head() {
  reset_exchange();
  // Until its head is whole; else clients that never end theirs would keep everybody out.
  const gives_way_to_others while_it_waits(*this, thread_);
  std::size_t resume = 0;
  bool armed = false;
  bool begun = false;
  for (;;) {
    if (buffer_.size() > 0) {
      if (const auto what = try_head(resume)) {
        disarm();
        co_return *what;
      }
    }
    if (buffer_.size() == 0) {
      if (thread_.stopping || close_)
        co_return received::nothing;
      // Empty lines before a request do not restart the deadline.
      if (!std::exchange(armed, true))
        arm(context_.limits.idle_timeout);
    } else if (!begun) {
      begun = true;
      arm(context_.limits.header_timeout);
    }
    idle_ = buffer_.size() == 0;
    const auto n = co_await fill(small_read);
    const bool was_idle = std::exchange(idle_, false);
    if (n > 0)
      continue;
    if (was_idle && timed_out_ && buffer_.size() > 0) {
      // It was told to end, and the first bytes had just come: what they begin is the last request.
      close_ = true;
      thread_.enter_idle(*this);
      continue;
    }
    disarm();
    if (buffer_.size() == 0 || !timed_out_ || gone_) {
      gone_ = true;
      co_return received::nothing;
    }
    fault_ = {408, "request_timeout", "Timed out reading the request header"};
    co_return received::fault;
  }
}

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

/// Much at once only where memory for it is charged, or the body is read in pieces.
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

awaitable<bool> session::send_to_socket(buffers data) {
  std::size_t total = 0;
  for (const auto& one : data)
    total += one.size();
  boost::system::error_code ec;
  auto sent = socket_.write_some(data, ec);
  if (!ec && sent == total)
    co_return true;
  if (ec && ec != asio::error::would_block && ec != asio::error::try_again)
    co_return false;
  const auto began = steady::now();
  const auto latest = began + patience_.for_piece(total);
  while (sent < total) {
    buffers rest = data;
    auto skip = sent;
    for (auto& one : rest) {
      const auto part = std::min(skip, one.size());
      one += part;
      skip -= part;
    }
    // A body being read has a deadline of its own, which sending must not remove.
    const auto other = deadline;
    arm(context_.limits.stream_timeout);
    deadline = std::min(deadline, latest);
    const client_wait until_written(*this);
    const auto [fault, n] = co_await socket_.async_write_some(rest, as_result);
    deadline = other;
    if (fault)
      co_return false;
    sent += n;
  }
  patience_.count(total, steady::now() - began);
  co_return true;
}

/// The answer is out and the connection ends: reads on for a while, so that the client gets the
/// answer instead of a reset that destroys it.
awaitable<void> session::linger() {
  if (tls_)
    co_await close_tls();
  boost::system::error_code ignored;
  socket_.shutdown(socket::shutdown_send, ignored);
  const auto& limits = context_.limits;
  std::size_t drained = 0;
  // Many may be here at a time, and what they say is of no interest.
  buffer_.clear();
  keep_small_buffers();
  arm(limits.drain_timeout);
  while (!timed_out_ && drained < limits.drain_limit) {
    const auto [fault, n] =
        co_await socket_.async_read_some(asio::buffer(thread_.discarded), as_result);
    if (fault)
      break;
    drained += n;
  }
  disarm();
}

awaitable<bool> session::pause(std::chrono::milliseconds how_long) {
  asio::basic_waitable_timer<steady, asio::wait_traits<steady>, executor> timer(
      thread_.context.get_executor(), how_long);
  {
    const client_wait until_then(*this);
    (void)co_await timer.async_wait(as_result);
  }
  if (gone_ || thread_.stopping)
    co_return false;
  if (has_client_left())
    gone_ = true;
  co_return !gone_;
}

/// No read is pending, so this looks whether the client has closed its side. Anything that it has
/// sent ahead stays where it is.
bool session::has_client_left() {
  if (tls_)
    return tls_->is_ended();
  char byte = 0;
  boost::system::error_code ec;
  const auto n = socket_.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, ec);
  return ec ? ec != asio::error::would_block && ec != asio::error::try_again : n == 0;
}

/// Long work is for nothing if the client has closed its connection meanwhile. One that has only
/// said that it sends no more counts as gone, too, as with other servers.
void session::look_for_client() {
  constexpr auto look_every = std::chrono::milliseconds{250};
  const auto now = steady::now();
  if (now - looked_ < look_every)
    return;
  looked_ = now;
  ::pollfd client{socket_.native_handle(), POLLRDHUP, 0};
  if (::poll(&client, 1, 0) > 0)
    gone_ = true;
}

awaitable<void> session::yield() {
  look_for_client();
  const waiting_time until_then(exchange_);
  co_await let_others_work();
}

awaitable<void> session::let_others_work() {
  if (exchange_.must_wait())
    co_await thread_.turns.next(exchange_.charged_to);
  else
    co_await asio::post(thread_.context.get_executor(), use_awaitable);
}

} // namespace headwater::http
