#include "tools/api/api_client.hpp"

#include "domain/core/text.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <charconv>
#include <chrono>
#include <optional>
#include <system_error>

namespace headwater::tools {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace beast_http = boost::beast::http;

/// The longest time without a byte in either direction. An import of 50,000 rules takes far less.
constexpr std::chrono::seconds patience{60};
constexpr std::size_t piece_size = 64 * 1024;
/// Far more than an export of all rules.
constexpr std::uint64_t largest_answer = std::uint64_t{1} << 30;

class api_call {
public:
  api_call(const server_address& server, api_request from, const transfer_watch& watch)
      : server_(server), watch_(watch), resolver_(context_), stream_(context_),
        request_(beast_http::string_to_verb(from.method), server.base + from.target, 11,
                 std::move(from.body)) {
    request_.set(beast_http::field::host,
                 server.port == "80" ? server.host : server.host + ":" + server.port);
    request_.set(beast_http::field::user_agent, "headwater");
    request_.set(beast_http::field::connection, "close");
    for (const auto& [name, value] : from.headers)
      request_.set(name, value);
    if (!request_.body().empty() || request_.method() == beast_http::verb::post)
      request_.prepare_payload();
    parser_.body_limit(largest_answer);
  }

  [[nodiscard]] result<api_answer> run() {
    std::exception_ptr failed;
    asio::co_spawn(context_, exchange(), [&](std::exception_ptr why) { failed = std::move(why); });
    context_.run();
    try {
      if (failed)
        std::rethrow_exception(failed);
    } catch (const boost::system::system_error& why) {
      return error(errc::io_failed,
                   server_.host + ":" + server_.port + ": " + why.code().message());
    }
    return api_answer{parser_.get().result_int(), std::move(parser_.get().body()), retry_after()};
  }

private:
  [[nodiscard]] std::optional<std::chrono::seconds> retry_after() const {
    const auto text = parser_.get()[beast_http::field::retry_after];
    unsigned seconds = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (wrong != std::errc{} || end != text.data() + text.size())
      return std::nullopt;
    return std::chrono::seconds{seconds};
  }

  asio::awaitable<void> exchange() {
    const auto host = server_.host.starts_with('[')
                          ? server_.host.substr(1, server_.host.size() - 2)
                          : server_.host;
    const auto found = co_await resolver_.async_resolve(host, server_.port, asio::use_awaitable);
    stream_.expires_after(patience);
    co_await stream_.async_connect(found, asio::use_awaitable);
    // A server may answer and close before it has read everything: its answer counts.
    const auto broken = co_await send();
    try {
      co_await receive();
    } catch (const boost::system::system_error&) {
      if (broken)
        throw *broken;
      throw;
    }
  }

  asio::awaitable<std::optional<boost::system::system_error>> send() {
    beast_http::request_serializer<beast_http::string_body> serializer(request_);
    serializer.limit(piece_size);
    const auto total = request_.body().size();
    std::uint64_t sent = 0;
    try {
      while (!serializer.is_done()) {
        stream_.expires_after(patience);
        sent += co_await beast_http::async_write_some(stream_, serializer, asio::use_awaitable);
        if (watch_.sent)
          watch_.sent(std::min<std::uint64_t>(sent, total), total);
      }
    } catch (const boost::system::system_error& why) {
      co_return why;
    }
    co_return std::nullopt;
  }

  asio::awaitable<void> receive() {
    beast::flat_buffer buffer;
    std::uint64_t received = 0;
    while (!parser_.is_done()) {
      stream_.expires_after(patience);
      const auto count =
          co_await beast_http::async_read_some(stream_, buffer, parser_, asio::use_awaitable);
      received += count;
      if (watch_.received)
        watch_.received(received, parser_.content_length().value_or(0));
    }
  }

  const server_address& server_;
  const transfer_watch& watch_;
  asio::io_context context_{1};
  asio::ip::tcp::resolver resolver_;
  beast::tcp_stream stream_;
  beast_http::request<beast_http::string_body> request_;
  beast_http::response_parser<beast_http::string_body> parser_;
};

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == text.npos &&
         std::stoul(std::string(text)) <= 65535;
}

} // namespace

result<server_address> parse_server_url(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  const auto wrong = [&](std::string_view why) {
    return error(errc::bad_request, "'" + std::string(url) + "' " + std::string(why));
  };
  if (starts_with_nocase(url, "https://"))
    return wrong("is HTTPS, which this command does not speak; use the server's http:// address");
  if (!starts_with_nocase(url, scheme))
    return wrong("is no address such as http://127.0.0.1:8080");
  auto rest = url.substr(scheme.size());
  const auto slash = std::min(rest.find('/'), rest.size());
  server_address out;
  out.base = rest.substr(slash);
  while (out.base.ends_with('/'))
    out.base.pop_back();
  rest = rest.substr(0, slash);
  const auto bracket = rest.rfind(']');
  const auto colon = rest.find(':', bracket == rest.npos ? 0 : bracket);
  out.host = rest.substr(0, colon);
  out.port = colon == rest.npos ? "80" : rest.substr(colon + 1);
  if (out.host.empty() || !is_port(out.port) || url.find_first_of("?#@ ") != url.npos)
    return wrong("is no address such as http://127.0.0.1:8080");
  return out;
}

result<api_answer> call_api(const server_address& server, api_request request,
                            const transfer_watch& watch) {
  return api_call(server, std::move(request), watch).run();
}

std::string encoded(std::string_view value) {
  constexpr char digits[] = "0123456789ABCDEF";
  constexpr std::string_view unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (const auto c : value) {
    if (unreserved.find(c) != unreserved.npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

} // namespace headwater::tools
