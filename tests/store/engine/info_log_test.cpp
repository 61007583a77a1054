#include "store/engine/info_log.hpp"
#include "tests/store/log_fixture.hpp"

#include <sys/stat.h>
#include <thread>

namespace headwater::store::testing {
namespace {

/// As RocksDB writes a line.
void write(info_log& to, const std::string& text) {
  rocksdb::Log(rocksdb::InfoLogLevel::ERROR_LEVEL, &to, "%s", text.c_str());
}

std::size_t lines_in(const fs::path& path) {
  const auto text = read_bytes(path);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

} // namespace

BOOST_AUTO_TEST_SUITE(info_logs)

BOOST_AUTO_TEST_CASE(a_line_has_its_time_and_only_its_owner_reads_it) {
  const scratch_directory in;
  const auto path = in.path() / "LOG";
  info_log log(path);
  BOOST_TEST(!fs::exists(path)); // nothing was said yet
  write(log, "something");
  const auto text = read_bytes(path);
  BOOST_TEST(text.size() == 27U + 1 + std::string("[ERROR] something").size() + 1, text);
  BOOST_TEST(text.ends_with("Z [ERROR] something\n"));
  struct stat found {};
  BOOST_REQUIRE(::stat(path.c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 0777U) == 0600U);
}

BOOST_AUTO_TEST_CASE(a_long_line_is_cut) {
  const scratch_directory in;
  const auto path = in.path() / "LOG";
  info_log log(path);
  write(log, std::string(10'000, 'x'));
  BOOST_TEST(lines_in(path) == 1U);
  BOOST_TEST(read_bytes(path).size() < 4'200U);
}

BOOST_AUTO_TEST_CASE(a_full_file_gives_way_to_a_new_one_and_one_old_is_kept) {
  const scratch_directory in;
  const auto path = in.path() / "LOG";
  {
    info_log log(path);
    for (int i = 0; i < 900; ++i) // 3.6 MB
      write(log, std::string(4'000, 'x'));
  }
  BOOST_TEST(fs::file_size(path) < (1U << 20) + 5'000);
  BOOST_TEST(fs::file_size(path.string() + ".old") >= (1U << 20));
  const auto before = fs::file_size(path);
  info_log again(path); // goes on where it was
  write(again, "more");
  BOOST_TEST(fs::file_size(path) > before);
}

BOOST_AUTO_TEST_CASE(a_line_that_cannot_be_written_is_left_out) {
  const scratch_directory in;
  const auto path = in.path() / "missing" / "LOG";
  info_log log(path);
  write(log, "lost");
  fs::create_directory(in.path() / "missing");
  write(log, "kept");
  BOOST_TEST(lines_in(path) == 1U);
}

BOOST_AUTO_TEST_CASE(lines_of_several_threads_stay_whole) {
  const scratch_directory in;
  const auto path = in.path() / "LOG";
  info_log log(path);
  std::vector<std::thread> all;
  for (int i = 0; i < 4; ++i)
    all.emplace_back([&] {
      for (int line = 0; line < 100; ++line)
        write(log, "0123456789");
    });
  for (auto& each : all)
    each.join();
  std::istringstream text(read_bytes(path));
  std::size_t whole = 0;
  for (std::string line; std::getline(text, line);)
    whole += line.ends_with("Z [ERROR] 0123456789") && line.size() == 46U ? 1U : 0U;
  BOOST_TEST(whole == 400U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
