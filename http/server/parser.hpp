#pragma once

// Parses a request: its head with Beast's HTTP/1 parser but our own sink, which stores fields in
// one reused arena instead of one heap node each; its body without Beast, which is lenient about
// chunks and trusts trailers. One for each request. Include it only in parser.cpp and the session's
// files, because Beast is slow to compile.

#include "http/server/chunk_reader.hpp"
#include "http/server/request.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <string>

namespace headwater::http {

class parser final : public boost::beast::http::basic_parser<true> {
public:
  using error_code = boost::beast::error_code;

  /// `arena` keeps the bytes that `head` views; `body` receives decoded body bytes.
  parser(request_head& head, std::string& arena, std::string& body, chunk_reader::bounds limits)
      : head_(head), arena_(arena), body_(body), chunks_(limits) {
    eager(false);
    body_limit(boost::none);
    header_limit(1U << 30); // the session counts before this parser sees a byte
  }

  /// Parses exactly one complete head. False: malformed.
  [[nodiscard]] bool parse_head(std::string_view bytes);

  /// Takes as much of the body as it can from the front of `bytes` and returns how many bytes it
  /// took, possibly none until more arrives.
  std::size_t parse_body(std::string_view bytes);

  /// How far the body has been read; complete if there is none.
  [[nodiscard]] body_progress progress() const;

private:
  using string_view = boost::beast::string_view;
  using verb_type = boost::beast::http::verb;
  using field_type = boost::beast::http::field;

  void on_request_impl(verb_type verb, string_view, string_view target, int version,
                       error_code& ec) override;
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(field_type, string_view name, string_view value, error_code& ec) override;
  void on_header_impl(error_code& ec) override;
  void on_finish_impl(error_code& ec) override;

  // Beast never sees a byte after the head.
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view, error_code&) override { return 0; }

  std::string_view keep(string_view text, bool lower);

  request_head& head_;
  std::string& arena_;
  std::string& body_;
  chunk_reader chunks_;
  std::uint64_t left_ = 0; ///< bytes still to come of a body with Content-Length
};

} // namespace headwater::http
