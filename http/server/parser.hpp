#pragma once

// A request from bytes: its head by Beast's HTTP/1 parser with our own sink, where fields go into
// one reused arena instead of one heap node each, and its body without Beast, whose chunks are
// lenient and whose trailers are believed. One for each request; only parser.cpp and the session's
// files include it, because Beast is slow to compile.

#include "http/server/chunk_reader.hpp"
#include "http/server/request.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <string>

namespace headwater::http {

class parser final : public boost::beast::http::basic_parser<true> {
public:
  using error_code = boost::beast::error_code;

  /// `arena` keeps the bytes that `head` views; `body` takes decoded body bytes.
  parser(request_head& head, std::string& arena, std::string& body, chunk_reader::bounds limits)
      : head_(head), arena_(arena), body_(body), chunks_(limits) {
    eager(false);
    body_limit(boost::none);
    header_limit(1U << 30); // the session counts, before this parser sees a byte
  }

  /// Parses exactly one complete head. False: malformed.
  [[nodiscard]] bool parse_head(std::string_view bytes);

  /// Takes what it can of the body from the front of `bytes` and gives how many it took, which may
  /// be none before more is there.
  std::size_t parse_body(std::string_view bytes);

  /// How far the body is; complete where there is none.
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

  // Beast sees no byte behind the head.
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view, error_code&) override { return 0; }

  std::string_view keep(string_view text, bool lower);

  request_head& head_;
  std::string& arena_;
  std::string& body_;
  chunk_reader chunks_;
  std::uint64_t left_ = 0; ///< bytes of a body with a length that are still to come
};

} // namespace headwater::http
