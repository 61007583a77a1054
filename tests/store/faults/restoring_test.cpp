// Restores on a disk that fails once.

#include "snapshots/made_snapshot.hpp"
#include "snapshots/restored_log.hpp"
#include "tests/store/changed_bytes.hpp"
#include "tests/store/faults/runs.hpp"
#include "tests/store/log_fixture.hpp"

#include <cerrno>

namespace headwater::store::testing {
namespace {

constexpr micros restored_at = 1'795'262'400'000'000; // 2026-11-21T12:00:00Z
constexpr operation failing[] = {operation::write,  operation::sync,   operation::directory_sync,
                                 operation::rename, operation::remove, operation::make_directory,
                                 operation::create, operation::reserve};

void note_if_wrong(std::string_view doing, const result<void>& done) {
  if (!done)
    note("wrong " + std::string{doing} + ": " + done.error().message);
}

result<void> make_snapshot_in(const fs::path& directory) {
  rocksdb_options options;
  options.directory = log_in(directory);
  TRY(const auto log, open_rocksdb_log(options));
  append_request request{"account/a", 0, {command_of(3)}};
  if (log->append({&request, 1}, restored_at).at(0).status != append_status::appended)
    return error{errc::io_failed, "not appended"};
  TRY(const auto on, snapshots::catalog::open(snapshots_in(directory)));
  CHECK(snapshots::make_snapshot(*log, *on, restored_at, "0.0-test", {}));
  return {};
}

result<void> restore_in(const fs::path& directory) {
  TRY(const auto made, snapshots::list_snapshots(snapshots_in(directory)));
  snapshots::restore_request wanted;
  wanted.from = snapshots_in(directory) / made.at(0).name;
  wanted.to = directory / "restored";
  wanted.now = restored_at;
  wanted.by = {"0", "01HRESTORE"};
  CHECK(snapshots::restore_snapshot(wanted, {}));
  return {};
}

/// A process restores, and if it fails another one does. What failed once must be possible then.
traced_process restore_again(const fs::path& directory, const fault_plan& plan) {
  fs::remove_all(directory / "restored");
  auto first = run_forked([&](int trace) {
    begin_faults(directory, trace, plan);
    if (const auto restored = restore_in(directory); !restored)
      note("failed " + restored.error().message);
    else
      note_counts();
  });
  if (first.counts() != operation_counts{})
    return first;
  return run_forked([&](int trace) {
    begin_faults(directory, trace, {});
    note_if_wrong("again", restore_in(directory));
  });
}

} // namespace

BOOST_AUTO_TEST_SUITE(restoring)

BOOST_AUTO_TEST_CASE(a_restore_that_met_a_fault_leaves_nothing_that_hinders_the_next_one) {
  scratch_directory scratch{memory_or_disk()};
  const auto directory = scratch.path();
  const auto made = run_forked([&](int trace) {
    begin_faults(directory, trace, {});
    note_if_wrong("making a snapshot", make_snapshot_in(directory));
  });
  BOOST_REQUIRE(made.ended.empty());
  BOOST_REQUIRE(made.complaints().empty());
  const auto counts = restore_again(directory, {}).counts();
  for (const auto of : failing) {
    const auto count = counts[static_cast<std::size_t>(of)];
    BOOST_TEST(count > 0U, name_of(of));
    // The last ones are those after which most is there already.
    const std::uint64_t first = every_byte() || count < 4 ? 1 : count - 3;
    for (auto n = first; n <= count; ++n) {
      const fault_plan plan{fault_kind::once, of, n, EIO, false};
      const auto process = restore_again(directory, plan);
      BOOST_TEST(process.ended == "", describe(plan));
      for (const auto& why : process.complaints())
        BOOST_ERROR(why << "; " << describe(plan));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
