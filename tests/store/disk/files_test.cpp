#include "store/disk/files.hpp"
#include "tests/store/log_fixture.hpp"

#include <sys/stat.h>

namespace headwater::store::testing {

namespace {

/// The umask of the process, as long as it lives.
class umask_set {
public:
  explicit umask_set(mode_t to) : before_(::umask(to)) {}
  ~umask_set() { ::umask(before_); }
  umask_set(const umask_set&) = delete;
  umask_set& operator=(const umask_set&) = delete;

private:
  mode_t before_;
};

mode_t mode_of(const fs::path& path) {
  struct stat found {};
  BOOST_REQUIRE(::stat(path.c_str(), &found) == 0);
  return found.st_mode & 0777U;
}

} // namespace

BOOST_AUTO_TEST_SUITE(durable_files)

BOOST_AUTO_TEST_CASE(the_group_may_read_a_file_if_the_umask_says_so_and_no_secret_ever) {
  const scratch_directory in;
  const auto path = in.path() / "a";
  for (const auto& [mask, mode] : {std::pair<mode_t, mode_t>{077, 0600}, {027, 0640}, {0, 0640}}) {
    const umask_set set{mask};
    BOOST_REQUIRE(write_file_durably(path, "text"));
    BOOST_TEST(mode_of(path) == mode);
    BOOST_REQUIRE(write_file_durably(path, "text", readers::owner));
    BOOST_TEST(mode_of(path) == 0600U);
  }
}

BOOST_AUTO_TEST_CASE(a_file_is_replaced_whole_and_for_its_owner_alone) {
  const umask_set set{077};
  const scratch_directory in;
  const auto path = in.path() / "a";
  for (const auto* text : {"first", "", "another"}) {
    BOOST_REQUIRE(write_file_durably(path, text));
    BOOST_TEST(read_bytes(path) == text);
  }
  BOOST_TEST(mode_of(path) == 0600U);
}

BOOST_AUTO_TEST_CASE(nothing_behind_a_link_is_written_to) {
  const scratch_directory in;
  const auto victim = in.path() / "victim";
  write_bytes(victim, "precious");
  for (const auto* name : {"a.new", "room.probe"})
    fs::create_symlink(victim, in.path() / name);
  BOOST_REQUIRE(write_file_durably(in.path() / "a", "text"));
  BOOST_REQUIRE(check_room(in.path(), 100));
  fs::create_symlink(victim, in.path() / "room.probe");
  BOOST_REQUIRE(check_reserve(in.path(), 100));
  BOOST_TEST(read_bytes(victim) == "precious");
  BOOST_TEST(read_bytes(in.path() / "a") == "text");
  BOOST_TEST(!fs::is_symlink(in.path() / "a"));
}

BOOST_AUTO_TEST_CASE(a_part_that_a_killed_process_left_is_replaced_with_its_mode) {
  const umask_set set{077};
  const scratch_directory in;
  write_bytes(in.path() / "a.new", "half of a longer text");
  fs::permissions(in.path() / "a.new", fs::perms{0644});
  BOOST_REQUIRE(write_file_durably(in.path() / "a", "text"));
  BOOST_TEST(read_bytes(in.path() / "a") == "text");
  BOOST_TEST((fs::status(in.path() / "a").permissions() == fs::perms{0600}));
}

BOOST_AUTO_TEST_CASE(what_is_in_the_way_and_no_file_is_named) {
  const scratch_directory in;
  fs::create_directory(in.path() / "a.new");
  const auto done = write_file_durably(in.path() / "a", "text");
  BOOST_REQUIRE(!done);
  BOOST_TEST((done.error().code == errc::io_failed));
  BOOST_TEST(done.error().message.find("a.new") != std::string::npos, done.error().message);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
