#include "http/server/parser.hpp"

#include "http/server/framing.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <iterator>
#include <span>

namespace headwater::http {

namespace beast_http = boost::beast::http;

namespace {

struct verb_name {
  beast_http::verb verb;
  method name;
};

constexpr verb_name verbs[] = {
    {beast_http::verb::get, method::get},         {beast_http::verb::head, method::head},
    {beast_http::verb::post, method::post},       {beast_http::verb::put, method::put},
    {beast_http::verb::patch, method::patch},     {beast_http::verb::delete_, method::delete_},
    {beast_http::verb::options, method::options}, {beast_http::verb::connect, method::connect},
    {beast_http::verb::trace, method::trace},
};

/// Beast knows more methods (WebDAV's); to us they are all `other`.
method method_of(beast_http::verb verb) {
  const auto* known = std::ranges::find(verbs, verb, &verb_name::verb);
  return known == std::end(verbs) ? method::other : known->name;
}

} // namespace

bool parser::parse_head(std::string_view bytes) {
  // The arena never grows while views into it are alive: names and values are parts of `bytes`.
  arena_.clear();
  arena_.reserve(bytes.size());
  head_.fields.clear();
  error_code ec;
  // Beast takes only 1.0 and 1.1. What it finds is kept in the arena, so it may look at a copy.
  std::string as_served;
  if (const auto minor = later_minor_version(bytes)) {
    as_served = bytes;
    as_served[*minor] = '1';
    bytes = as_served;
  }
  put(boost::asio::const_buffer(bytes.data(), bytes.size()), ec);
  if (ec || !is_header_done())
    return false;
  head_.chunked = chunked();
  const auto length = content_length();
  head_.content_length = length ? std::optional<std::uint64_t>(*length) : std::nullopt;
  head_.keep_alive = wants_to_stay(head_);
  left_ = head_.content_length.value_or(0);
  return true;
}

std::size_t parser::parse_body(std::string_view bytes) {
  if (head_.chunked)
    return chunks_.take(bytes, body_);
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  body_.append(bytes.substr(0, size));
  left_ -= size;
  return size;
}

body_progress parser::progress() const {
  if (head_.chunked)
    return chunks_.progress();
  return left_ > 0 ? body_progress::incomplete : body_progress::complete;
}

std::string_view parser::keep(string_view text, bool lower) {
  const auto start = arena_.size();
  arena_.append(text.data(), text.size());
  if (lower)
    for (char& c : std::span(arena_).subspan(start))
      if (c >= 'A' && c <= 'Z')
        c = static_cast<char>(c | 0x20);
  return std::string_view(arena_).substr(start);
}

void parser::on_request_impl(verb_type verb, string_view, string_view target, int version,
                             error_code& ec) {
  ec = {};
  head_.version = static_cast<unsigned>(version);
  head_.target = keep(target, false);
  head_.verb = method_of(verb);
}

void parser::on_field_impl(field_type, string_view name, string_view value, error_code& ec) {
  ec = {};
  const auto key = keep(name, true);
  head_.fields.push_back({key, keep(value, false)});
}

void parser::on_header_impl(error_code& ec) {
  ec = {};
}

void parser::on_finish_impl(error_code& ec) {
  ec = {};
}

} // namespace headwater::http
