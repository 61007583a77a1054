#pragma once

// Decodes a chunked body (RFC 9112, 7.1) as it comes. Pure; a parser has one for each request.
//
//   size line -> data -> end of data -> size line ... -> size line of 0 -> trailer lines ->
//   complete
//
// Invariant: no byte behind the body's last line is taken. Lines end with CRLF, and nothing else is
// taken for an end of line. Trailer fields are looked at as a header's are and dropped: none of
// them can say anything about the message or the connection.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace headwater::http {

enum class body_progress : std::uint8_t { incomplete = 1, complete, malformed, trailers_too_large };

class chunk_reader {
public:
  struct bounds {
    std::size_t line;           ///< bytes of a size line with its extensions
    std::size_t trailers;       ///< bytes of all trailer lines with the blank one
    std::size_t trailer_fields; ///< how many
  };

  explicit chunk_reader(bounds limits) : limits_(limits) {}

  /// Takes what it can from the front of `bytes`, appends the data among them to `body` and gives
  /// how many it took. The rest is to come again, with more behind it. A size line that cannot
  /// become a good one is malformed before it is complete, so that nobody waits for a deadline.
  std::size_t take(std::string_view bytes, std::string& body);

  [[nodiscard]] body_progress progress() const { return progress_; }

private:
  enum class step : std::uint8_t { size_line = 1, data, end_of_data, trailers };

  std::size_t take_once(std::string_view bytes, std::string& body);
  std::size_t take_size_line(std::string_view bytes);
  std::size_t take_data(std::string_view bytes, std::string& body);
  std::size_t take_end_of_data(std::string_view bytes);
  std::size_t take_trailer_line(std::string_view bytes);
  std::size_t fail(body_progress why);

  bounds limits_;
  body_progress progress_ = body_progress::incomplete;
  step step_ = step::size_line;
  std::uint64_t left_ = 0;         ///< bytes of this chunk's data that are still to come
  std::size_t trailer_bytes_ = 0;  ///< of the lines that were dropped
  std::size_t trailer_fields_ = 0; ///< how many were dropped
};

} // namespace headwater::http
