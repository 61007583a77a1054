#include "http/parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <cctype>

namespace headwater::http {

namespace beast_http = boost::beast::http;

bool parser::parse_head(std::string_view bytes) {
  // The arena never grows while views into it are alive: names and values are parts of `bytes`.
  arena_.clear();
  arena_.reserve(bytes.size());
  head_.fields.clear();
  error_code ec;
  put(boost::asio::const_buffer(bytes.data(), bytes.size()), ec);
  if (ec || !is_header_done())
    return false;
  head_.chunked = chunked();
  const auto length = content_length();
  head_.content_length = length ? std::optional<std::uint64_t>(*length) : std::nullopt;
  head_.keep_alive = keep_alive();
  return true;
}

std::size_t parser::parse_body(std::string_view bytes, bool& malformed) {
  // Beast 1.81 asserts that a body which begins with its last chunk comes in pieces of at least
  // these 5 bytes, which is what the shortest chunked body has.
  if (head_.chunked && !chunk_seen_ && bytes.size() < 5) {
    malformed = !bytes.empty() && std::isxdigit(static_cast<unsigned char>(bytes.front())) == 0;
    return 0;
  }
  chunk_seen_ = true;
  error_code ec;
  eager(true);
  const auto used = put(boost::asio::const_buffer(bytes.data(), bytes.size()), ec);
  malformed = ec && ec != beast_http::error::need_more;
  // A chunk's size line, or the end of the last chunk, that is longer than this is an attack.
  if (!malformed && head_.chunked && bytes.size() - used > chunk_line_limit_ && !is_done())
    malformed = true;
  // What is left is part of such a line. Beast would wait for the CR that a bare LF lacks.
  if (!malformed && head_.chunked && !is_done())
    for (auto at = bytes.find('\n', used); at != bytes.npos; at = bytes.find('\n', at + 1))
      malformed = malformed || at == used || bytes[at - 1] != '\r';
  return used;
}

std::string_view parser::keep(string_view text, bool lower) {
  const auto start = arena_.size();
  arena_.append(text.data(), text.size());
  if (lower)
    for (auto i = start; i < arena_.size(); ++i)
      if (arena_[i] >= 'A' && arena_[i] <= 'Z')
        arena_[i] = static_cast<char>(arena_[i] | 0x20);
  return std::string_view(arena_).substr(start);
}

void parser::on_request_impl(verb_type verb, string_view, string_view target, int version,
                             error_code& ec) {
  ec = {};
  head_.version = static_cast<unsigned>(version);
  head_.target = keep(target, false);
  // Beast knows more methods (WebDAV's); all of those are `other` to us.
  switch (verb) {
  case verb_type::get:
    head_.verb = method::get;
    break;
  case verb_type::head:
    head_.verb = method::head;
    break;
  case verb_type::post:
    head_.verb = method::post;
    break;
  case verb_type::put:
    head_.verb = method::put;
    break;
  case verb_type::patch:
    head_.verb = method::patch;
    break;
  case verb_type::delete_:
    head_.verb = method::delete_;
    break;
  case verb_type::options:
    head_.verb = method::options;
    break;
  case verb_type::connect:
    head_.verb = method::connect;
    break;
  case verb_type::trace:
    head_.verb = method::trace;
    break;
  default:
    head_.verb = method::other;
  }
}

void parser::on_field_impl(field_type, string_view name, string_view value, error_code& ec) {
  ec = {};
  if (is_header_done()) { // a trailer
    ec = beast_http::error::bad_field;
    return;
  }
  const auto key = keep(name, true);
  head_.fields.push_back({key, keep(value, false)});
}

void parser::on_header_impl(error_code& ec) {
  ec = {};
}

void parser::on_body_init_impl(const boost::optional<std::uint64_t>&, error_code& ec) {
  ec = {};
}

std::size_t parser::on_body_impl(string_view body, error_code& ec) {
  ec = {};
  body_.append(body.data(), body.size());
  return body.size();
}

void parser::on_chunk_header_impl(std::uint64_t, string_view extensions, error_code& ec) {
  ec = {};
  if (extensions.size() > chunk_line_limit_)
    ec = beast_http::error::bad_chunk_extension;
}

std::size_t parser::on_chunk_body_impl(std::uint64_t, string_view body, error_code& ec) {
  return on_body_impl(body, ec);
}

void parser::on_finish_impl(error_code& ec) {
  ec = {};
}

} // namespace headwater::http
