#include "tests/tools/scratch.hpp"
#include "tools/terminal/input_file.hpp"

#include <array>
#include <sys/stat.h>
#include <thread>

namespace headwater::tools {
namespace {

std::string all_of(input_file& file, std::size_t piece) {
  std::string out, buffer(piece, '\0');
  for (;;) {
    const auto count = file.read(buffer).value();
    if (count == 0)
      return out;
    out.append(buffer, 0, count);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(input_files)

BOOST_AUTO_TEST_CASE(a_file_comes_in_pieces_and_has_a_size) {
  const testing::scratch in;
  const std::string text("a\0b\nc", 5);
  for (const std::size_t piece : {1U, 2U, 100U}) {
    input_file file;
    BOOST_REQUIRE(file.open(in.file("a", text)));
    BOOST_TEST(file.size() == 5U);
    BOOST_TEST(all_of(file, piece) == text);
  }
}

BOOST_AUTO_TEST_CASE(an_empty_file_is_at_its_end) {
  const testing::scratch in;
  input_file file;
  BOOST_REQUIRE(file.open(in.file("empty", "")));
  std::array<char, 8> piece{};
  BOOST_TEST(file.read(piece).value() == 0U);
}

BOOST_AUTO_TEST_CASE(a_pipe_has_no_size) {
  const testing::scratch in;
  const auto path = in.path("pipe");
  BOOST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  std::thread writer([&] { std::ofstream(path) << "through"; });
  input_file file;
  BOOST_TEST(file.open(path).has_value());
  BOOST_TEST(file.size() == 0U);
  BOOST_TEST(all_of(file, 3) == "through");
  writer.join();
}

BOOST_AUTO_TEST_CASE(a_whole_file_is_read_at_once) {
  const testing::scratch in;
  const std::string text(200'000, 'x');
  BOOST_TEST((read_whole(in.file("a", text), 200'000).value() == text));
  BOOST_TEST(read_whole(in.file("empty", ""), 0).value() == "");
  for (const auto& path : {in.path("missing"), in.path("")})
    BOOST_TEST((read_whole(path, 10).error().code == errc::io_failed), path);
}

BOOST_AUTO_TEST_CASE(a_file_without_an_end_is_not_read_to_it) {
  const testing::scratch in;
  const auto path = in.file("a", std::string(100'001, 'x'));
  for (const auto& name : {path, std::string("/dev/zero")}) {
    const auto got = read_whole(name, 100'000);
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code == errc::payload_too_large));
    BOOST_TEST(got.error().message == name + " is longer than 100000 bytes");
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_named_with_the_reason) {
  const testing::scratch in;
  input_file missing, folder;
  const auto opened = missing.open(in.path("missing"));
  BOOST_REQUIRE(opened.has_error());
  BOOST_TEST((opened.error().code == errc::io_failed));
  BOOST_TEST(opened.error().message ==
             "cannot read " + in.path("missing") + ": No such file or directory");
  BOOST_REQUIRE(folder.open(in.path("")));
  std::array<char, 8> piece{};
  const auto read = folder.read(piece);
  BOOST_REQUIRE(read.has_error());
  BOOST_TEST(read.error().message == "cannot read " + in.path("") + ": Is a directory");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
