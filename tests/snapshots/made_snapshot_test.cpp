#include "domain/proofs/merkle.hpp"
#include "tests/snapshots/snapshot_fixture.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

namespace headwater::snapshots::testing {
namespace {

std::vector<std::string> events_of(const fs::path& directory) {
  auto log = store::open_for_reading(directory);
  BOOST_REQUIRE_MESSAGE(log, log.error().message);
  return all_of(**log);
}

} // namespace

BOOST_AUTO_TEST_SUITE(making)

BOOST_AUTO_TEST_CASE(snapshot_holds_the_events_and_says_so) {
  workplace here;
  here.append(3);
  here.append(2, "connection/01H");
  const auto made = here.make();
  BOOST_TEST(made.listed.name == "20261121T120000Z-000000000005");
  const auto& holds = made.what.holds;
  BOOST_TEST(holds.position == 5);
  BOOST_TEST((holds.chain == here.log->end().chain));
  BOOST_TEST(holds.events == 5);
  BOOST_TEST(holds.streams == 2);
  BOOST_TEST(holds.connections == 1);
  BOOST_TEST(holds.accounts == 0);
  merkle_frontier tree;
  for (const auto& chain : *here.log->chains(1, 5))
    tree.append(merkle_leaf(as_bytes(chain)));
  BOOST_TEST((holds.merkle_root == tree.root()));
  BOOST_TEST(events_of(here.path_of(made)) == all_of(*here.log), boost::test_tools::per_element());
  BOOST_TEST((made.manifest_sha256 == sha256({read_bytes(here.path_of(made) / "MANIFEST.json")})));
  const auto verified = verify_snapshot(here.path_of(made), {});
  BOOST_REQUIRE_MESSAGE(verified, verified.error().message);
  BOOST_TEST((verified->what == made.what));
}

BOOST_AUTO_TEST_CASE(snapshot_of_an_empty_log_is_one) {
  workplace here;
  const auto made = here.make();
  BOOST_TEST(made.what.holds.position == 0);
  BOOST_TEST(verify_snapshot(here.path_of(made), {}).has_value());
}

BOOST_AUTO_TEST_CASE(snapshots_under_appends_hold_all_that_was_acknowledged_before_each) {
  workplace here;
  here.append(1);
  std::atomic<bool> enough = false;
  std::atomic<bool> failed = false; // Boost.Test's macros belong to one thread
  std::thread writer{[&] {
    for (std::uint64_t version = 1; !enough && !failed; version += 3) {
      const auto request = request_of("account/acme", version, 3);
      failed = here.log->append({&request, 1}, noon)[0].status != store::append_status::appended;
    }
  }};
  for (int i = 0; i < 10; ++i) {
    const auto before = here.log->end().position;
    const auto made = here.try_make();
    const auto after = here.log->end().position;
    BOOST_REQUIRE_MESSAGE(made, made.error().message);
    const auto position = made->what.holds.position;
    BOOST_TEST(position >= before);
    BOOST_TEST(position <= after);
    const auto verified = verify_snapshot(here.path_of(*made), {});
    BOOST_TEST(verified.has_value());
  }
  enough = true;
  writer.join();
  BOOST_TEST(!failed);
  const auto all = all_of(*here.log);
  for (const auto& each : *list_snapshots(here.on->path())) {
    const auto copied = events_of(here.on->path() / each.name);
    BOOST_REQUIRE(copied.size() <= all.size());
    BOOST_TEST(std::equal(copied.begin(), copied.end(), all.begin()), each.name);
  }
}

BOOST_AUTO_TEST_CASE(what_did_not_change_is_shared) {
  workplace here;
  for (int i = 0; i < 50; ++i)
    here.append(20, "account/" + std::to_string(i));
  auto before = here.make();
  BOOST_TEST(before.listed.bytes_shared > 0);
  // RocksDB writes a fresh file once more, in the background, when it can drop sequence numbers.
  bool all_shared = false;
  for (int i = 1; i < 50 && !all_shared; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    auto after = here.make(noon + i * 1'000'000);
    all_shared = std::ranges::all_of(after.what.files, [&](const file_entry& file) {
      const auto earlier = here.path_of(before) / file.name;
      return !file.name.ends_with(".sst") ||
             (fs::exists(earlier) && fs::equivalent(here.path_of(after) / file.name, earlier));
    });
    before = std::move(after);
  }
  BOOST_TEST(all_shared);
}

BOOST_AUTO_TEST_CASE(second_one_of_the_same_second_and_position_has_another_name) {
  workplace here;
  here.append(1);
  static_cast<void>(here.make());
  BOOST_TEST(here.make().listed.name == "20261121T120000Z-000000000001-2");
  BOOST_TEST(list_snapshots(here.on->path())->size() == 2);
}

BOOST_AUTO_TEST_CASE(snapshot_that_is_told_to_end_leaves_nothing) {
  workplace here;
  here.append(10);
  for (const auto* when : {"copying", "verifying", "hashing"}) {
    const auto made = here.try_make([&](std::string_view doing, auto, auto) -> result<void> {
      if (doing == when)
        return error{errc::service_unavailable, "no more"};
      return {};
    });
    BOOST_REQUIRE(!made);
    BOOST_TEST(made.error().message == "no more");
    BOOST_TEST(here.names_in_catalog() == 0, when);
  }
  here.append(1);
}

BOOST_AUTO_TEST_CASE(full_disk_is_noticed_before_the_flush_and_the_log_goes_on) {
  workplace here;
  here.append(10);
  {
    const file_size_limit limit{4 << 20};
    const auto made = here.try_make();
    BOOST_REQUIRE(!made);
    BOOST_TEST(made.error().message.starts_with("cannot reserve"), made.error().message);
  }
  BOOST_TEST(here.names_in_catalog() == 0);
  here.append(10);
  BOOST_TEST(here.make().what.holds.position == 20);
}

BOOST_AUTO_TEST_CASE(full_disk_while_files_are_hashed_leaves_nothing) {
  workplace here;
  here.append(10);
  std::optional<file_size_limit> limit;
  const auto made = here.try_make([&](std::string_view doing, auto, auto) -> result<void> {
    if (doing == "hashing" && !limit)
      limit.emplace(16); // MANIFEST.json is longer
    return {};
  });
  limit.reset();
  BOOST_REQUIRE(!made);
  BOOST_TEST(made.error().message.find("MANIFEST.json") != std::string::npos, made.error().message);
  BOOST_TEST(here.names_in_catalog() == 0);
  // Whether the log goes on is not asked: the limit is the process's, and a compaction of the
  // source may have met it, too.
}

BOOST_AUTO_TEST_CASE(stopped_log_has_no_more_snapshots) {
  workplace here;
  here.append(1);
  {
    const file_size_limit limit{0};
    auto failed = append_one(*here.log, request_of("account/acme", 1));
    BOOST_REQUIRE(failed.status == store::append_status::failed);
  }
  const auto made = here.try_make();
  BOOST_REQUIRE(!made);
  BOOST_TEST(made.error().message.starts_with("the log takes no more writes"));
  BOOST_TEST(here.names_in_catalog() == 0);
}

BOOST_AUTO_TEST_CASE(start_refuses_a_snapshot_and_writes_nothing) {
  workplace here;
  here.append(1);
  const auto path = here.path_of(here.make());
  const auto before = all_bytes(path);
  const auto opened = try_open(path);
  BOOST_REQUIRE(!opened);
  BOOST_TEST((opened.error().code == errc::incompatible_data));
  BOOST_TEST(opened.error().message.find("is a snapshot") != std::string::npos);
  BOOST_TEST((all_bytes(path) == before));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::snapshots::testing
