#include "store/disk/files.hpp"
#include "tests/store/faults/power_cut.hpp"
#include "tests/store/faults/runs.hpp"
#include "tests/store/log_fixture.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace headwater::store::testing {
namespace {

/// A directory in which a process did something on a faulty disk, and what a power cut at its end
/// left.
class cut_off {
public:
  explicit cut_off(const std::function<void(const fs::path&)>& work, const fault_plan& plan = {})
      : process_(run_forked([&](int trace) {
          begin_faults(before(), trace, plan);
          work(before());
        })) {
    BOOST_TEST(process_.ended == "");
    for (const auto& why : process_.complaints())
      BOOST_ERROR(why);
  }

  /// The names of the files that are left, with their contents.
  [[nodiscard]] std::map<std::string, std::string> left(unsynced fate, std::uint64_t seed = 1) {
    std::mt19937_64 random{seed};
    const auto to = directory_.path() / ("after " + std::to_string(++images_));
    disk_image{process_.entries, fate, random}.write_to(to);
    std::map<std::string, std::string> out;
    for (const auto& [path, bytes] : all_bytes(to))
      out[fs::path{path}.lexically_relative(to).string()] = bytes;
    return out;
  }

private:
  [[nodiscard]] fs::path before() const {
    fs::create_directories(directory_.path() / "before");
    return directory_.path() / "before";
  }

  scratch_directory directory_{memory_or_disk()};
  traced_process process_;
  std::size_t images_ = 0;
};

using contents = std::map<std::string, std::string>;

void append_to(const fs::path& path, std::string_view text) {
  const auto file = open_file(path, O_WRONLY | O_CREAT | O_APPEND);
  if (!file || ::write(file->get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    note("wrong: cannot write " + path.string());
}

void must(const result<void>& done) {
  if (!done)
    note("wrong: " + done.error().message);
}

} // namespace

BOOST_AUTO_TEST_SUITE(power_cuts)

BOOST_AUTO_TEST_CASE(bytes_that_were_not_synced_are_lost_or_a_part_of_them) {
  cut_off work{[](const fs::path& in) {
    append_to(in / "a.log", "synced");
    must(sync_file(in / "a.log"));
    must(sync_directory(in));
    append_to(in / "a.log", ", and not");
  }};
  BOOST_TEST((work.left(unsynced::lost) == contents{{"a.log", "synced"}}));
  BOOST_TEST((work.left(unsynced::kept) == contents{{"a.log", "synced, and not"}}));
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const auto text = work.left(unsynced::mixed, seed).at("a.log");
    BOOST_TEST(std::string_view{"synced, and not"}.starts_with(text));
    BOOST_TEST(text.starts_with("synced"));
    seen.insert(text);
    BOOST_TEST(work.left(unsynced::zeroed, seed).at("a.log").size() == 15U);
  }
  BOOST_TEST(seen.size() > 3U);
}

BOOST_AUTO_TEST_CASE(names_are_those_of_when_the_directory_was_synced) {
  cut_off work{[](const fs::path& in) {
    for (const auto* name : {"old", "removed", "other"}) {
      append_to(in / name, name);
      must(sync_file(in / name));
    }
    must(sync_directory(in));
    append_to(in / "new", "new");
    must(sync_file(in / "new"));
    fs::rename(in / "old", in / "other");
    fs::remove(in / "removed");
    fs::create_directory(in / "directory");
  }};
  BOOST_TEST((work.left(unsynced::lost) ==
              contents{{"old", "old"}, {"removed", "removed"}, {"other", "other"}}));
  BOOST_TEST((work.left(unsynced::kept) ==
              contents{{"new", "new"}, {"other", "old"}, {"directory", "/"}}));
}

BOOST_AUTO_TEST_CASE(what_a_failed_sync_left_no_later_one_brings_to_the_disk) {
  fault_plan plan;
  plan.kind = fault_kind::once;
  plan.of = operation::sync;
  plan.n = 1;
  plan.error = EIO;
  cut_off work{[](const fs::path& in) {
                 append_to(in / "a", "one ");
                 if (sync_file(in / "a"))
                   note("wrong: the sync did not fail");
                 append_to(in / "a", "two");
                 must(sync_file(in / "a"));
                 must(sync_directory(in));
               },
               plan};
  BOOST_TEST((work.left(unsynced::lost).at("a") == std::string("\0\0\0\0two", 7)));
  BOOST_TEST(work.left(unsynced::kept).at("a") == "one two");
}

BOOST_AUTO_TEST_CASE(a_full_disk_takes_half_of_a_write_and_then_nothing) {
  fault_plan plan;
  plan.kind = fault_kind::full_disk;
  plan.n = 2;
  plan.writes_half = true;
  cut_off work{[](const fs::path& in) {
                 append_to(in / "a", "first");
                 const auto file = open_file(in / "a", O_WRONLY | O_APPEND);
                 if (::write(file->get(), "abcd", 4) != -1 || errno != ENOSPC)
                   note("wrong: the disk was not full");
                 if (::mkdir((in / "b").c_str(), S_IRWXU) != -1 || errno != ENOSPC)
                   note("wrong: there was room for a directory");
                 if (::unlink((in / "a").c_str()) != 0)
                   note("wrong: a full disk does not let go of a file");
                 must(check_reserve(in, 0).has_error()
                          ? result<void>{}
                          : result<void>{error{errc::io_failed, "it was created"}});
               },
               plan};
  BOOST_TEST(work.left(unsynced::kept).empty());
}

BOOST_AUTO_TEST_CASE(directories_that_are_removed_with_all_in_them_and_hard_links_are_followed) {
  cut_off work{[](const fs::path& in) {
    fs::create_directories(in / "gone" / "deeper");
    append_to(in / "gone" / "deeper" / "a", "a");
    append_to(in / "b", "b");
    if (::link((in / "b").c_str(), (in / "c").c_str()) != 0)
      note("wrong: no link");
    append_to(in / "c", "c");
    fs::remove_all(in / "gone");
  }};
  BOOST_TEST((work.left(unsynced::kept) == contents{{"b", "bc"}, {"c", "bc"}}));
  BOOST_TEST(work.left(unsynced::lost).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
