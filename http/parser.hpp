#pragma once

// Beast's HTTP/1 parser with our own sink: fields go into one reused arena instead of one heap node
// each, chunk extensions are bounded and trailers refused. One per session; only session.cpp and
// parser.cpp include it, because Beast is slow to compile.

#include "http/request.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <string>

namespace headwater::http {

class parser final : public boost::beast::http::basic_parser<true> {
public:
  using error_code = boost::beast::error_code;

  /// `arena` keeps the bytes that `head` views; `body` takes decoded body bytes.
  parser(request_head& head, std::string& arena, std::string& body, std::size_t chunk_line_limit)
      : head_(head), arena_(arena), body_(body), chunk_line_limit_(chunk_line_limit) {
    eager(false);
    body_limit(boost::none);
    header_limit(1U << 30); // the session counts, before this parser sees a byte
  }

  /// Parses exactly one complete head. False: malformed.
  [[nodiscard]] bool parse_head(std::string_view bytes);

  /// Feeds raw bytes of the body and gives how many of them were used. `malformed` is set where the
  /// chunked framing is broken.
  std::size_t parse_body(std::string_view bytes, bool& malformed);

private:
  using string_view = boost::beast::string_view;
  using verb_type = boost::beast::http::verb;
  using field_type = boost::beast::http::field;

  void on_request_impl(verb_type verb, string_view, string_view target, int version,
                       error_code& ec) override;
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(field_type, string_view name, string_view value, error_code& ec) override;
  void on_header_impl(error_code& ec) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code& ec) override;
  std::size_t on_body_impl(string_view body, error_code& ec) override;
  void on_chunk_header_impl(std::uint64_t, string_view extensions, error_code& ec) override;
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code& ec) override;
  void on_finish_impl(error_code& ec) override;

  std::string_view keep(string_view text, bool lower);

  request_head& head_;
  std::string& arena_;
  std::string& body_;
  std::size_t chunk_line_limit_;
  bool body_begun_ = false; ///< Beast has seen bytes of the body
  bool chunk_seen_ = false; ///< one chunk's size line is parsed
};

} // namespace headwater::http
