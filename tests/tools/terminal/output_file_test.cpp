#include "tests/tools/scratch.hpp"
#include "tools/terminal/output_file.hpp"

#include <fcntl.h>
#include <iterator>
#include <sys/file.h>
#include <sys/stat.h>

namespace headwater::tools {
namespace {

namespace fs = std::filesystem;

std::string text_in(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// Writes a whole file; the message if it could not.
std::string write(const std::string& path, const std::string& text) {
  output_file to;
  if (auto opened = to.open(path); !opened)
    return opened.error().message;
  if (auto written = to.write(text); !written)
    return written.error().message;
  const auto done = to.finish();
  return done ? "" : done.error().message;
}

bool contains(const std::string& text, const std::string& words) {
  return text.find(words) != text.npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(output_files)

BOOST_AUTO_TEST_CASE(a_file_is_there_once_it_is_complete) {
  const testing::scratch in;
  const auto path = in.path("a");
  const std::string large(300'000, 'x');
  {
    output_file to;
    BOOST_REQUIRE(to.open(path));
    BOOST_TEST(!to.is_stream());
    BOOST_REQUIRE(to.write(large));
    BOOST_TEST(!fs::exists(path));
    BOOST_TEST(fs::exists(path + ".partial"));
    BOOST_REQUIRE(to.write("end"));
    BOOST_REQUIRE(to.finish());
  }
  BOOST_TEST((text_in(path) == large + "end"));
  BOOST_TEST(!fs::exists(path + ".partial"));
  struct stat found {};
  BOOST_REQUIRE(::stat(path.c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 0777) == 0600);
}

BOOST_AUTO_TEST_CASE(one_that_is_not_finished_leaves_what_was_there) {
  const testing::scratch in;
  const auto path = in.file("a", "old");
  {
    output_file to;
    BOOST_REQUIRE(to.open(path));
    BOOST_REQUIRE(to.write("new"));
  }
  BOOST_TEST(text_in(path) == "old");
  BOOST_TEST(!fs::exists(path + ".partial"));
  BOOST_TEST(write(path, "new") == "");
  BOOST_TEST(text_in(path) == "new");
}

BOOST_AUTO_TEST_CASE(what_a_killed_command_left_is_replaced) {
  const testing::scratch in;
  const auto partial = in.file("a.partial", "half");
  BOOST_TEST(write(in.path("a"), "whole") == "");
  BOOST_TEST(text_in(in.path("a")) == "whole");
  BOOST_TEST(!fs::exists(partial));
}

BOOST_AUTO_TEST_CASE(what_another_command_is_writing_stays) {
  const testing::scratch in;
  output_file first;
  BOOST_REQUIRE(first.open(in.path("a")));
  BOOST_TEST(write(in.path("a"), "second") ==
             "cannot write " + in.path("a.partial") + ": another command is writing it");
  BOOST_REQUIRE(first.write("first"));
  BOOST_REQUIRE(first.finish());
  BOOST_TEST(text_in(in.path("a")) == "first");
}

BOOST_AUTO_TEST_CASE(nothing_behind_a_link_in_its_way_is_written) {
  const testing::scratch in;
  const auto victim = in.file("victim", "precious");
  fs::create_symlink(victim, in.path("a.partial"));
  BOOST_TEST(write(in.path("a"), "x") ==
             "cannot write " + in.path("a.partial") +
                 ": it is there already and is a link; remove it, or write to another place");
  fs::create_hard_link(victim, in.path("b.partial"));
  BOOST_TEST(contains(write(in.path("b"), "x"), "is known by another name, too"));
  fs::create_directory(in.path("c.partial"));
  BOOST_TEST(contains(write(in.path("c"), "x"), "is no file"));
  BOOST_REQUIRE(::mkfifo(in.path("d.partial").c_str(), 0600) == 0);
  BOOST_TEST(contains(write(in.path("d"), "x"), "is no file"));
  fs::create_symlink(in.path("nowhere"), in.path("e.partial"));
  BOOST_TEST(contains(write(in.path("e"), "x"), "is a link"));
  BOOST_TEST(text_in(victim) == "precious");
  BOOST_TEST(!fs::exists(in.path("nowhere")));
}

BOOST_AUTO_TEST_CASE(a_link_of_ones_own_stays_a_link) {
  const testing::scratch in;
  fs::create_symlink(in.file("behind", "old"), in.path("a"));
  BOOST_TEST(write(in.path("a"), "new") == "");
  BOOST_TEST(fs::is_symlink(in.path("a")));
  BOOST_TEST(text_in(in.path("behind")) == "new");
}

BOOST_AUTO_TEST_CASE(a_link_of_another_user_is_not_followed) {
  if (::geteuid() != 0)
    return; // only root can give a link away
  const testing::scratch in;
  constexpr uid_t somebody = 65534;
  fs::create_symlink(in.file("behind", "old"), in.path("a"));
  BOOST_REQUIRE(::lchown(in.path("a").c_str(), somebody, somebody) == 0);
  BOOST_TEST(contains(write(in.path("a"), "new"), "it is a link of another user"));
  BOOST_TEST(text_in(in.path("behind")) == "old");
  BOOST_REQUIRE(::lchown(in.file("b.partial", "").c_str(), somebody, somebody) == 0);
  BOOST_TEST(contains(write(in.path("b"), "new"), "is another user's"));
}

BOOST_AUTO_TEST_CASE(a_device_gets_the_bytes_itself) {
  output_file to;
  BOOST_REQUIRE(to.open("/dev/null"));
  BOOST_TEST(to.is_stream());
  BOOST_REQUIRE(to.write("x"));
  BOOST_TEST(to.finish().has_value());
  BOOST_TEST(write("/dev/full", "x") == "cannot write /dev/full: No space left on device");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_made_says_why) {
  const testing::scratch in;
  BOOST_TEST(write(in.path("no/a"), "x") ==
             "cannot write " + in.path("no/a.partial") + ": No such file or directory");
  BOOST_TEST(contains(write(in.path(""), "x"), "Is a directory"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
