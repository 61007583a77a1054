// Data directories that are in use, somebody else's, half made or not accessible: one clear error
// each, and nothing written.

#include "store/disk/data_directory.hpp"
#include "tests/store/child_process.hpp"
#include "tests/store/log_fixture.hpp"

#include <sys/prctl.h>
#include <sys/stat.h>

namespace headwater::store::testing {
namespace {

/// Opening fails with this code and words in its message, and changes no byte.
void check_refused(const fs::path& directory, errc code, const std::string& words) {
  auto before = all_bytes(directory);
  auto opened = try_open(directory);
  BOOST_REQUIRE_MESSAGE(opened.has_error(), "it was opened");
  BOOST_TEST((opened.error().code == code), opened.error().message);
  BOOST_TEST(opened.error().message.find(words) != std::string::npos, opened.error().message);
  BOOST_TEST((all_bytes(directory) == before));
}

void make_log(const fs::path& directory) {
  auto log = open_or_fail(directory);
  must_append(*log, request_of("account/a", 0, 3));
}

} // namespace

BOOST_AUTO_TEST_SUITE(directory_children, *boost::unit_test::disabled())

BOOST_AUTO_TEST_CASE(holds_the_lock) {
  auto directory = child_directory();
  BOOST_REQUIRE(directory);
  [[maybe_unused]] const auto log = open_or_fail(*directory);
  tell_parent(1);
  for (;;)
    ::pause();
}

BOOST_AUTO_TEST_CASE(opens_without_permission) {
  auto directory = child_directory();
  BOOST_REQUIRE(directory);
  constexpr uid_t nobody = 65534;
  const auto we = ::geteuid();
  if (we == 0)
    BOOST_REQUIRE(::seteuid(nobody) == 0);
  auto opened = try_open(*directory);
  // Back to what leak detection needs.
  BOOST_REQUIRE(::seteuid(we) == 0);
  BOOST_REQUIRE(::prctl(PR_SET_DUMPABLE, 1) == 0);
  BOOST_REQUIRE(opened.has_error());
  BOOST_TEST((opened.error().code == errc::io_failed));
  BOOST_TEST(opened.error().message.find("Permission denied") != std::string::npos,
             opened.error().message);
  BOOST_TEST(opened.error().message.find(*directory) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(data_directories)

BOOST_AUTO_TEST_CASE(a_directory_in_use_names_the_process_that_holds_it) {
  scratch_directory directory;
  {
    child_process child{"directory_children/holds_the_lock", directory.data().string()};
    BOOST_REQUIRE(child.next());
    check_refused(directory.data(), errc::io_failed,
                  "data directory " + directory.data().string() +
                      " is in use by another process (pid " + std::to_string(child.pid()) + ")");
  }
  open_or_fail(directory.data());
}

BOOST_AUTO_TEST_CASE(a_directory_in_use_by_this_process_is_refused_too) {
  rocksdb_engine engine;
  must_append(engine.log(), request_of("account/a", 0));
  check_refused(engine.directory.data(), errc::io_failed, "is in use");
  must_append(engine.log(), request_of("account/a", 1));
}

BOOST_AUTO_TEST_CASE(a_newer_format_is_refused) {
  scratch_directory directory;
  make_log(directory.data());
  write_bytes(directory.data() / "FORMAT", "headwater-data 2\n");
  check_refused(directory.data(), errc::incompatible_data, "has data format 2");
  auto reader = open_for_reading(directory.data());
  BOOST_REQUIRE(reader.has_error());
  BOOST_TEST((reader.error().code == errc::incompatible_data));
}

BOOST_AUTO_TEST_CASE(a_damaged_format_file_is_refused) {
  scratch_directory directory;
  make_log(directory.data());
  for (const auto* text : {"", "x", "headwater-data 1", "headwater-data \n", "headwater-data 0\n",
                           "headwater-data 1 \n", "headwater-data 1 initialisinG\n"}) {
    write_bytes(directory.data() / "FORMAT", text);
    check_refused(directory.data(), errc::incompatible_data, "not a data directory of Headwater");
  }
  fs::remove(directory.data() / "FORMAT");
  check_refused(directory.data(), errc::incompatible_data, "no FORMAT file");
}

BOOST_AUTO_TEST_CASE(a_foreign_directory_is_refused_and_gets_no_lock_file) {
  scratch_directory directory;
  fs::create_directory(directory.data());
  write_bytes(directory.data() / "thesis.txt", "years of work");
  check_refused(directory.data(), errc::incompatible_data, "not a data directory of Headwater");
  BOOST_TEST(!fs::exists(directory.data() / "LOCK"));
}

BOOST_AUTO_TEST_CASE(a_file_in_the_place_of_the_directory_is_refused) {
  scratch_directory directory;
  write_bytes(directory.data(), "a file");
  auto opened = try_open(directory.data());
  BOOST_REQUIRE(opened.has_error());
  BOOST_TEST((opened.error().code == errc::io_failed));
  BOOST_TEST(read_bytes(directory.data()) == "a file");
}

BOOST_AUTO_TEST_CASE(a_directory_without_permission_is_refused) {
  scratch_directory directory;
  make_log(directory.data());
  auto before = all_bytes(directory.data());
  const auto closed = fs::perms::none;
  const auto readable = fs::perms::owner_read | fs::perms::owner_exec | fs::perms::group_read |
                        fs::perms::group_exec | fs::perms::others_read | fs::perms::others_exec;
  fs::permissions(directory.path(), readable);
  for (auto permissions : {closed, readable}) {
    fs::permissions(directory.data() / "LOCK", fs::perms::owner_read | fs::perms::others_read);
    fs::permissions(directory.data() / "FORMAT", fs::perms::owner_read | fs::perms::others_read);
    fs::permissions(directory.data(), permissions);
    child_process child{"directory_children/opens_without_permission", directory.data().string()};
    BOOST_TEST((child.wait() == 0));
  }
  fs::permissions(directory.data(), fs::perms::owner_all);
  fs::permissions(directory.path(), fs::perms::owner_all);
  BOOST_TEST((all_bytes(directory.data()) == before));
}

BOOST_AUTO_TEST_CASE(a_missing_directory_is_made_for_the_owner_alone) {
  scratch_directory directory;
  auto nested = directory.path() / "a" / "b";
  make_log(nested);
  struct stat found {};
  BOOST_REQUIRE(::stat(nested.c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 0777) == 0700);
  BOOST_TEST(open_or_fail(nested)->end().position == 3);
}

BOOST_AUTO_TEST_CASE(a_directory_that_others_may_look_into_is_named_with_what_mends_it) {
  scratch_directory directory;
  const auto data = directory.path() / "it's here";
  BOOST_TEST(check_private(data).has_value()); // not there yet
  make_log(data);
  BOOST_TEST(check_private(data).has_value());
  for (const auto mode : {0755, 0750, 0701, 0710, 0740, 0720}) {
    BOOST_REQUIRE(::chmod(data.c_str(), static_cast<mode_t>(mode)) == 0);
    const auto open = check_private(data);
    BOOST_REQUIRE(!open);
    BOOST_TEST((open.error().code == errc::io_failed));
    BOOST_TEST(open.error().message.ends_with("run: chmod 700 '" + directory.path().string() +
                                              "/it'\\''s here'"),
               open.error().message);
    BOOST_TEST(open.error().message.find("--allow-readable-data") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(an_empty_directory_is_to_be_closed_before_it_is_used) {
  scratch_directory directory;
  fs::create_directory(directory.data());
  fs::permissions(directory.data(), fs::perms{0755});
  const auto open = check_private(directory.data());
  BOOST_REQUIRE(!open);
  BOOST_TEST(open.error().message.ends_with("(mode 0755); take it so with --allow-readable-data, "
                                            "or run: chmod 700 " +
                                            directory.data().string()),
             open.error().message);
}

BOOST_AUTO_TEST_CASE(no_directory_of_others_is_advised_to_be_closed) {
  scratch_directory directory;
  fs::create_directory(directory.data());
  fs::permissions(directory.data(), fs::perms{0755});
  write_bytes(directory.data() / "holiday.jpg", "x");
  const auto open = check_private(directory.data());
  BOOST_REQUIRE(!open);
  BOOST_TEST((open.error().code == errc::incompatible_data));
  BOOST_TEST(open.error().message.find("chmod") == std::string::npos, open.error().message);
}

/// Whether the test runs as root, who alone can give files to others.
boost::test_tools::assertion_result is_root(boost::unit_test::test_unit_id) {
  return ::geteuid() == 0;
}

BOOST_AUTO_TEST_CASE(what_a_command_would_write_beside_the_files_of_another_user_is_refused,
                     *boost::unit_test::precondition(is_root)) {
  constexpr uid_t other = 54321;
  scratch_directory directory;
  BOOST_TEST(check_owner(directory.data()).has_value()); // not there yet
  fs::create_directory(directory.data());
  BOOST_REQUIRE(::chown(directory.data().c_str(), other, other) == 0);
  BOOST_TEST(check_owner(directory.data()).has_value()); // empty
  make_log(directory.data());
  BOOST_TEST(check_owner(directory.data()).has_value()); // all is root's, as in a container
  BOOST_REQUIRE(::chown((directory.data() / "FORMAT").c_str(), other, other) == 0);
  const auto before = all_bytes(directory.data());
  const auto refused = check_owner(directory.data());
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code == errc::io_failed));
  BOOST_TEST(refused.error().message.ends_with("run: sudo -u '#54321' headwater ..."),
             refused.error().message);
  BOOST_TEST((all_bytes(directory.data()) == before));
}

BOOST_AUTO_TEST_CASE(an_interrupted_initialisation_is_begun_again) {
  scratch_directory directory;
  static_cast<void>(open_or_fail(directory.data())); // no event yet
  auto whole = directory.path() / "whole";
  fs::copy(directory.data(), whole, fs::copy_options::recursive);
  for (const std::vector<std::string>& left : {std::vector<std::string>{"LOCK"},
                                               {"LOCK", "FORMAT.new"},
                                               {"LOCK", "FORMAT"},
                                               {"LOCK", "FORMAT", "FORMAT.new", "db"},
                                               {"LOCK", "FORMAT", "db", "HEAD"}}) {
    fs::remove_all(directory.data());
    fs::create_directory(directory.data());
    for (const auto& name : left) {
      if (name.starts_with("FORMAT"))
        write_bytes(directory.data() / name, "headwater-data 1 initialising\n");
      else
        fs::copy(whole / name, directory.data() / name, fs::copy_options::recursive);
    }
    fs::remove(directory.data() / "db" / "CURRENT");
    auto log = open_or_fail(directory.data());
    BOOST_TEST(log->end().position == 0);
    must_append(*log, request_of("account/a", 0));
    BOOST_TEST(read_bytes(directory.data() / "FORMAT") == "headwater-data 1\n");
  }
}

BOOST_AUTO_TEST_CASE(a_format_that_lies_about_the_first_start_removes_nothing) {
  for (const std::string what : {"events", "a key", "a damaged HEAD"}) {
    scratch_directory directory;
    if (what == "events")
      make_log(directory.data());
    else
      static_cast<void>(open_or_fail(directory.data()));
    if (what == "a key")
      write_bytes(directory.data() / "signing_key", "k");
    if (what == "a damaged HEAD")
      write_bytes(directory.data() / "HEAD", "x");
    write_bytes(directory.data() / "FORMAT", "headwater-data 1 initialising\n");
    const auto before = all_bytes(directory.data());
    const auto refused = try_open(directory.data());
    BOOST_REQUIRE_MESSAGE(!refused, what);
    BOOST_TEST((refused.error().code == errc::incompatible_data));
    BOOST_TEST((all_bytes(directory.data()) == before), what);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
