#pragma once

// Gzip (RFC 1952) by zlib at its fastest level, a piece at a time, so that packing a long text can
// give others a turn in between. One per answer, on one thread.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace headwater::http {

class gzip_writer {
public:
  /// Takes some hundred microseconds.
  static constexpr std::size_t piece_size = 64 * 1024;
  /// Bytes that one takes, as zlib's manual says of its default window and memory level.
  static constexpr std::size_t memory = 264 * 1024;

  gzip_writer();

  /// Appends the packed bytes that are ready to `out`.
  void add(std::string& out, std::string_view piece);
  /// Appends the rest. Nothing may be added afterwards.
  void finish(std::string& out);

private:
  struct ending {
    void operator()(z_stream_s* of) const;
  };

  void run(std::string& out, std::string_view piece, int flush);

  std::unique_ptr<z_stream_s, ending> stream_;
};

} // namespace headwater::http
