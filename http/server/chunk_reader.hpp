#pragma once

// Decodes a chunked body (RFC 9112, 7.1) as it arrives. Pure; a parser has one for each request.
//
//   size line -> data -> end of data -> size line ... -> size line of 0 -> trailer lines ->
//   complete
//
// Invariant: never takes a byte after the body's last line. Lines must end with CRLF. Trailer
// fields are checked like header fields and dropped: none of them may affect the message or the
// connection.

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
    std::size_t trailers;       ///< bytes of all trailer lines, including the blank one
    std::size_t trailer_fields; ///< how many trailer fields
  };

  explicit chunk_reader(bounds limits) : limits_(limits) {}

  /// Takes as much as it can from the front of `bytes`, appends the data to `body` and returns how
  /// many bytes it took. Pass the rest again, followed by more. A size line is reported as
  /// malformed as soon as it can no longer become valid, even if its end has not arrived.
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
  std::uint64_t left_ = 0;         ///< bytes of this chunk's data still to come
  std::size_t trailer_bytes_ = 0;  ///< of the lines dropped
  std::size_t trailer_fields_ = 0; ///< fields dropped
};

} // namespace headwater::http
