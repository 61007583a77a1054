#include "http/server/listener.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

#include <charconv>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace headwater::http {

using tcp = asio::ip::tcp;

namespace {

/// Bytes that the kernel takes for a connection beyond what it can send. By default it takes up to
/// 4 MiB, and copying them took most of the time that clients cost which do not read.
constexpr int most_unsent = 128 * 1024;

} // namespace

result<tcp::endpoint> parse_endpoint(std::string_view text) {
  const auto bad = [&] {
    return error{errc::bad_request,
                 "not an address like 127.0.0.1:8080 or [::1]:8080: " + std::string(text)};
  };
  const auto colon = text.rfind(':');
  if (colon == text.npos)
    return bad();
  auto name = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  const bool bracketed = name.size() > 2 && name.front() == '[' && name.back() == ']';
  if (bracketed)
    name = name.substr(1, name.size() - 2);
  std::uint16_t port = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(std::string(name), ec);
  if (ec || fault != std::errc{} || end != digits.data() + digits.size() || digits.empty() ||
      address.is_v6() != bracketed)
    return bad();
  return tcp::endpoint(address, port);
}

listener::listener(std::vector<std::unique_ptr<io_thread>>& threads, const session_context& context,
                   std::atomic<std::size_t>& open, std::size_t most)
    : threads_(threads), context_(context), open_(open), most_(most),
      acceptor_(threads.front()->context.get_executor()) {}

result<void> listener::open(const tcp::endpoint& at) {
  protocol_ = at.protocol();
  return listen_on(acceptor_, at);
}

result<void> listen_on(tcp_acceptor& acceptor, const tcp::endpoint& at) {
  try {
    acceptor.open(at.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    if (at.address().is_v6())
      acceptor.set_option(asio::ip::v6_only(true));
    acceptor.bind(at);
    // Connections inherit it.
    static_cast<void>(::setsockopt(acceptor.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT,
                                   &most_unsent, sizeof most_unsent));
    acceptor.listen(asio::socket_base::max_listen_connections);
    return {};
  } catch (const boost::system::system_error& fault) {
    return error{errc::io_failed, "cannot listen on " + at.address().to_string() + ":" +
                                      std::to_string(at.port()) + ": " + fault.code().message()};
  }
}

std::uint16_t listener::port() const {
  boost::system::error_code ignored;
  return acceptor_.local_endpoint(ignored).port();
}

void listener::hand_over(socket connection, std::size_t to) {
  const bool is_full = open_.fetch_add(1, std::memory_order_relaxed) >= most_;
  const auto to_ask = context_.role == listener_role::operators ? 1 : threads_.size();
  begin(std::move(connection), to, is_full, to_ask);
}

void listener::begin(socket connection, std::size_t at, bool is_full, std::size_t to_ask) {
  auto& on = *threads_[at];
  asio::post(on.context, [=, this, &on, one = std::move(connection)]() mutable {
    if (on.stopping) {
      context_.on_end();
    } else if (!is_full || (context_.role != listener_role::operators && on.end_longest_idle())) {
      on.counters.accepted.add();
      start_session(on, context_, std::move(one));
    } else if (to_ask > 1) {
      // Each thread knows only its own connections.
      const auto next = (at + 1) % threads_.size();
      socket same(threads_[next]->context.get_executor());
      boost::system::error_code failed;
      const auto descriptor = one.release(failed);
      same.assign(protocol_, descriptor, failed);
      if (!failed)
        return begin(std::move(same), next, is_full, to_ask - 1);
      ::close(descriptor);
      context_.on_end();
    } else {
      on.counters.refused.add();
      if (!context_.tls) // with TLS it is closed without a word: a handshake would cost the most
        refuse_connection(std::move(one), on.new_request_id(), on.date);
      context_.on_end();
    }
  });
}

awaitable<void> listener::run() {
  auto& own = *threads_.front();
  asio::basic_waitable_timer<steady, asio::wait_traits<steady>, executor> pause(
      own.context.get_executor());
  std::uint64_t failures = 0; // since the last accepted connection
  while (acceptor_.is_open()) {
    const auto to = next_++ % threads_.size();
    boost::system::error_code ec;
    socket connection(threads_[to]->context.get_executor());
    co_await acceptor_.async_accept(connection, asio::redirect_error(use_awaitable, ec));
    if (ec == asio::error::operation_aborted || !acceptor_.is_open())
      co_return;
    if (ec) {
      // Out of descriptors or memory: open connections must make progress first.
      if (failures++ == 0)
        spdlog::warn("event=accept_failed reason=\"{}\"", ec.message());
      pause.expires_after(context_.limits.tick);
      co_await pause.async_wait(asio::redirect_error(use_awaitable, ec));
      continue;
    }
    if (failures > 0)
      spdlog::warn("event=accept_resumed attempts={}", failures);
    failures = 0;
    hand_over(std::move(connection), to);
  }
}

void listener::close() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
}

} // namespace headwater::http
