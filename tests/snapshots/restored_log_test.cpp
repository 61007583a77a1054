#include "domain/accounts/system_events.hpp"
#include "store/audit/verify.hpp"
#include "store/log/first_event.hpp"
#include "tests/snapshots/snapshot_fixture.hpp"
#include "tests/store/proof_fixture.hpp"

namespace headwater::snapshots::testing {
namespace {

struct restoring_fixture : workplace {
  restoring_fixture() {
    append(5);
    append(5, "connection/01H");
    made = make();
    path = path_of(made);
    before = all_bytes(path);
  }
  ~restoring_fixture() { BOOST_TEST((all_bytes(path) == before), "the snapshot was changed"); }

  made_snapshot made;
  fs::path path;
  std::map<std::string, std::string> before;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(restoring, restoring_fixture)

BOOST_AUTO_TEST_CASE(restored_log_goes_on_from_the_snapshot_with_log_restored) {
  append(3); // not in the snapshot
  const auto done = restore(path);
  BOOST_REQUIRE_MESSAGE(done, done.error().message);
  BOOST_TEST(done->end.position == 11);
  auto restored = open_or_fail(new_data());
  auto expected = all_of(*log);
  expected.resize(10);
  auto events = all_of(*restored);
  BOOST_REQUIRE(events.size() == 11);
  events.pop_back();
  BOOST_TEST(events == expected, boost::test_tools::per_element());
  auto read = restored->read_stream("system", 1, [&](const store::recorded_event& event) {
    BOOST_TEST(event.header.type == "log_restored");
    BOOST_TEST(event.header.time == noon + 1);
    BOOST_TEST(event.from.principal == "0");
    const auto decoded =
        accounts::decode_system_event(event.header.type, event.header.schema, event.payload);
    BOOST_TEST((std::get<accounts::log_restored>(*decoded) ==
                accounts::log_restored{{10, made.what.holds.chain, noon}, {}, {}}));
    return result<void>{};
  });
  BOOST_TEST(read.has_value());
  BOOST_TEST(store::verify_log(*restored, {})->events == 11);
  must_append(*restored, request_of("account/acme", 5), noon + 2);
}

BOOST_AUTO_TEST_CASE(log_restored_names_the_old_origin_and_its_last_checkpoint) {
  auto tree = store::testing::grown_tree(*log);
  const auto key = store::testing::test_key("headwater/old");
  store::testing::cut(*log, tree, key);
  append(2);
  const auto checkpointed = make(noon + 1'000'000);
  BOOST_REQUIRE(restore(path_of(checkpointed)));
  const auto restored = open_or_fail(new_data());
  const auto event = store::first_event(*restored, "system", 1).value().value();
  const auto decoded =
      accounts::decode_system_event(event.header.type, event.header.schema, event.payload);
  const auto& told = std::get<accounts::log_restored>(*decoded);
  BOOST_TEST((told.old_origin == std::optional<std::string>{"headwater/old"}));
  BOOST_REQUIRE(told.old_checkpoint.has_value());
  const auto read = parse_checkpoint(*told.old_checkpoint, key.verifier);
  BOOST_REQUIRE_MESSAGE(read, read.error().message);
  BOOST_TEST(read->size == 10U);
  BOOST_TEST((read->root == tree.root()));
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_far_off_makes_no_log_unless_it_is_accepted) {
  constexpr micros minute = 60'000'000;
  constexpr micros day = 1'440 * minute;
  restore_request wanted;
  wanted.from = path;
  wanted.to = new_data();
  wanted.by = {"0", "01HRESTORE"};
  wanted.built = noon - day;
  for (const auto now : {noon - 6 * minute, noon + 401 * day}) {
    wanted.now = now;
    wanted.accept_clock = false;
    const auto refused = restore_snapshot(wanted, {});
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.error().message.find("--accept-clock") != std::string::npos));
    BOOST_TEST(!fs::exists(new_data()));
    wanted.accept_clock = true;
    const auto done = restore_snapshot(wanted, {});
    BOOST_REQUIRE_MESSAGE(done, done.error().message);
    BOOST_TEST(done->accepted_clock == refused.error().message);
    fs::remove_all(new_data());
  }
  wanted.accept_clock = false;
  wanted.built = noon + 2 * day; // a new program restores an old snapshot
  BOOST_REQUIRE(restore_snapshot(wanted, {}));
}

BOOST_AUTO_TEST_CASE(restored_directory_shares_no_file_and_holds_nothing_else) {
  BOOST_REQUIRE(restore(path));
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator{new_data()}) {
    BOOST_TEST((entry.is_directory() || entry.hard_link_count() == 1), entry.path());
    if (entry.path().parent_path() == new_data())
      names.push_back(entry.path().filename());
  }
  std::ranges::sort(names);
  BOOST_TEST(names == (std::vector<std::string>{"FORMAT", "HEAD", "LOCK", "db"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(directory_that_is_not_empty_is_refused_and_kept) {
  fs::create_directory(new_data());
  write_bytes(new_data() / "mine", "x");
  auto done = restore(path);
  BOOST_REQUIRE(!done);
  BOOST_TEST((done.error().code == errc::incompatible_data));
  BOOST_TEST(done.error().message.find("not empty: it holds mine") != std::string::npos);
  BOOST_TEST((all_bytes(new_data()) ==
              std::map<std::string, std::string>{{(new_data() / "mine").string(), "x"}}));
  fs::remove(new_data() / "mine");
  BOOST_TEST(restore(path).has_value());
  done = restore(path);
  BOOST_REQUIRE(!done);
  BOOST_TEST((done.error().code == errc::incompatible_data));
}

BOOST_AUTO_TEST_CASE(nothing_is_restored_into_the_snapshot_itself) {
  workplace here;
  here.append(3);
  const auto from = here.path_of(here.make());
  for (const auto& to : {from, from / "new", from / "db" / "new", from / ".." / from.filename()}) {
    restore_request wanted;
    wanted.from = from;
    wanted.to = to;
    const auto refused = restore_snapshot(wanted, {});
    BOOST_REQUIRE_MESSAGE(!refused, to);
    BOOST_TEST((refused.error().code == errc::incompatible_data));
    BOOST_TEST(verify_snapshot(from, {}).has_value());
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_restored_that_differs_from_what_was_noted) {
  workplace here;
  here.append(3);
  const auto made_there = here.make();
  restore_request wanted;
  wanted.from = here.path_of(made_there);
  wanted.to = here.new_data();
  wanted.now = noon + 1;
  wanted.by = {"0", "01HRESTORE"};
  const std::vector<noted_facts> others{
      {digest{}, {}},
      {made_there.manifest_sha256, store::testing::test_key("headwater/other").verifier}};
  for (const auto& other : others) {
    wanted.noted = other;
    const auto refused = restore_snapshot(wanted, {});
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.error().code == errc::corrupt_log));
    BOOST_TEST(!fs::exists(here.new_data()));
  }
  wanted.noted = {made_there.manifest_sha256, {}};
  BOOST_TEST(restore_snapshot(wanted, {}).has_value());
}

BOOST_AUTO_TEST_CASE(damaged_snapshot_is_not_restored) {
  const auto good = read_bytes(path / "HEAD");
  auto bad = good;
  bad[8] = static_cast<char>(bad[8] ^ 1);
  write_bytes(path / "HEAD", bad);
  const auto done = restore(path);
  BOOST_REQUIRE(!done);
  BOOST_TEST(done.error().message.starts_with("HEAD "));
  BOOST_TEST(!fs::exists(new_data()));
  write_bytes(path / "HEAD", good);
}

BOOST_AUTO_TEST_CASE(full_disk_before_copying_and_in_its_middle_leaves_nothing) {
  {
    const file_size_limit limit{1 << 20};
    const auto done = restore(path);
    BOOST_REQUIRE(!done);
    BOOST_TEST(done.error().message.starts_with("cannot reserve"), done.error().message);
  }
  BOOST_TEST(!fs::exists(new_data()));
  std::optional<file_size_limit> limit;
  const auto done = restore(path, [&](std::string_view doing, auto, auto) -> result<void> {
    if (doing == "copying" && !limit)
      limit.emplace(100); // the first file is shorter, HEAD is longer
    return {};
  });
  limit.reset();
  BOOST_REQUIRE(!done);
  BOOST_TEST((done.error().code == errc::io_failed));
  BOOST_TEST(done.error().message.find("HEAD") != std::string::npos, done.error().message);
  BOOST_TEST(!fs::exists(new_data()));
}

BOOST_AUTO_TEST_CASE(restore_that_is_told_to_end_keeps_the_empty_directory_that_was_there) {
  fs::create_directory(new_data());
  const auto done = restore(path, [&](std::string_view doing, auto, auto) -> result<void> {
    if (doing != "copying")
      return {};
    // What a kill would leave is no data directory, neither as a whole nor in its parts.
    BOOST_TEST(!try_open(new_data()).has_value());
    BOOST_TEST(!try_open(new_data() / "restoring").has_value());
    return error{errc::service_unavailable, "no more"};
  });
  BOOST_REQUIRE(!done);
  BOOST_TEST(fs::is_empty(new_data()));
}

BOOST_AUTO_TEST_CASE(restore_that_did_not_end_is_refused_by_restore_and_start) {
  fs::create_directories(new_data() / "restoring");
  const auto done = restore(path);
  BOOST_REQUIRE(!done);
  BOOST_TEST(done.error().message.find("a restore that did not end") != std::string::npos);
  BOOST_TEST(!try_open(new_data()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::snapshots::testing
