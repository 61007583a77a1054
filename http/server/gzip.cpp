// Makes zlib's input pointers const.
#define ZLIB_CONST

#include "http/server/gzip.hpp"

#include <array>
#include <new>
#include <stdexcept>
#include <zlib.h>

namespace headwater::http {

namespace {

constexpr int level = 1;
constexpr int gzip_window = 15 + 16; // 16: with gzip's header and trailer
constexpr int memory_level = 8;

} // namespace

void gzip_writer::ending::operator()(z_stream_s* of) const {
  deflateEnd(of);
  delete of;
}

gzip_writer::gzip_writer() : stream_(new z_stream_s{}) {
  if (deflateInit2(stream_.get(), level, Z_DEFLATED, gzip_window, memory_level,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
}

void gzip_writer::add(std::string& out, std::string_view piece) {
  run(out, piece, Z_NO_FLUSH);
}

void gzip_writer::finish(std::string& out) {
  run(out, {}, Z_FINISH);
}

void gzip_writer::run(std::string& out, std::string_view piece, int flush) {
  auto& stream = *stream_;
  std::array<char, 16 * 1024> room;
  stream.next_in = reinterpret_cast<const Bytef*>(piece.data());
  stream.avail_in = static_cast<uInt>(piece.size());
  do {
    stream.next_out = reinterpret_cast<Bytef*>(room.data());
    stream.avail_out = static_cast<uInt>(room.size());
    if (deflate(&stream, flush) == Z_STREAM_ERROR)
      throw std::logic_error("zlib refuses its own state");
    out.append(room.data(), room.size() - stream.avail_out);
  } while (stream.avail_out == 0);
}

} // namespace headwater::http
