#include "http/server/gzip.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <zlib.h>

namespace headwater::http {

namespace {

std::string packed(std::string_view text, std::size_t piece_size) {
  gzip_writer writer;
  std::string out;
  for (; !text.empty(); text.remove_prefix(std::min(piece_size, text.size())))
    writer.add(out, text.substr(0, piece_size));
  writer.finish(out);
  return out;
}

std::string unpacked(std::string packed, std::size_t size) {
  std::string out(size + 1, '\0');
  z_stream stream{};
  BOOST_REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  BOOST_TEST(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  BOOST_TEST(stream.avail_in == 0u);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(gzip)

BOOST_AUTO_TEST_CASE(a_text_comes_back_whatever_its_pieces) {
  std::mt19937_64 random(7);
  for (const std::size_t size : {0u, 1u, 1'025u, 65'536u, 300'000u}) {
    std::string text;
    while (text.size() < size)
      text += "rule " + std::to_string(random() % 1'000'000) + "\n";
    text.resize(size);
    for (const std::size_t piece : {1'000u, 65'536u, 1'000'000u})
      BOOST_TEST((unpacked(packed(text, piece), size) == text), size << " by " << piece);
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_packed_comes_back_too) {
  std::mt19937_64 random(8);
  std::string noise(200'000, '\0');
  for (auto& byte : noise)
    byte = static_cast<char>(random());
  BOOST_TEST((unpacked(packed(noise, gzip_writer::piece_size), noise.size()) == noise));
}

BOOST_AUTO_TEST_CASE(a_repetitive_text_gets_small) {
  const std::string text(1'000'000, 'a');
  BOOST_TEST(packed(text, gzip_writer::piece_size).size() < 20'000u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
