#include "tests/snapshots/snapshot_fixture.hpp"

namespace headwater::snapshots::testing {

BOOST_AUTO_TEST_SUITE(catalogs)

BOOST_AUTO_TEST_CASE(names_tell_time_and_position) {
  BOOST_TEST(snapshot_name(noon, 123) == "20261121T120000Z-000000000123");
  BOOST_TEST(snapshot_name(noon, 1'234'567'890'123) == "20261121T120000Z-1234567890123");
  for (const auto* good : {"20261121T120000Z-000000000123", "20261121T120000Z-1234567890123",
                           "20261121T120000Z-000000000123-12"})
    BOOST_TEST(is_snapshot_name(good), good);
  for (const auto* bad : {"", "db", "20261121T120000Z", "20261121T120000Z-123",
                          "20261121T120000Z-000000000123.partial", "20261121T120000Z-000000000123-",
                          "x20261121T120000Z-000000000123"})
    BOOST_TEST(!is_snapshot_name(bad), bad);
}

BOOST_AUTO_TEST_CASE(prune_removes_the_oldest_and_nothing_else) {
  workplace here;
  for (int i = 0; i < 5; ++i) {
    here.append(1);
    static_cast<void>(here.make(noon + i * 1'000'000));
  }
  for (const auto* other : {"20001121T120000Z-000000000123", "mine", "20261121T120000Z.partial2"})
    fs::create_directory(here.on->path() / other);
  const auto gone = here.on->prune(2);
  BOOST_REQUIRE(gone);
  BOOST_TEST(*gone == (std::vector<std::string>{"20261121T120000Z-000000000001",
                                                "20261121T120001Z-000000000002",
                                                "20261121T120002Z-000000000003"}),
             boost::test_tools::per_element());
  const auto left = *list_snapshots(here.on->path());
  BOOST_REQUIRE(left.size() == 2);
  BOOST_TEST(left[0].name == "20261121T120003Z-000000000004");
  for (const auto& each : left)
    BOOST_TEST(verify_snapshot(here.on->path() / each.name, {}).has_value());
  BOOST_TEST(here.names_in_catalog() == 5);
  BOOST_TEST(here.on->prune(2)->empty());
}

BOOST_AUTO_TEST_CASE(prune_counts_and_removes_only_what_is_ours) {
  workplace here;
  for (int i = 0; i < 4; ++i) {
    here.append(1);
    static_cast<void>(here.make(noon + i * 1'000'000));
  }
  const auto gone =
      here.on->prune(1, [](const listed_snapshot& each) { return each.position % 2 == 0; });
  BOOST_REQUIRE(gone);
  BOOST_TEST(*gone == (std::vector<std::string>{"20261121T120001Z-000000000002"}),
             boost::test_tools::per_element());
  BOOST_TEST(list_snapshots(here.on->path())->size() == 3);
}

BOOST_AUTO_TEST_CASE(prune_goes_by_the_log_and_not_by_the_clock_of_their_making) {
  workplace here;
  for (const int second : {2, 1, 40, 3}) {
    here.append(1);
    static_cast<void>(here.make(noon + second * 1'000'000));
  }
  const auto gone = here.on->prune(2);
  BOOST_REQUIRE(gone);
  BOOST_TEST(*gone == (std::vector<std::string>{"20261121T120002Z-000000000001",
                                                "20261121T120001Z-000000000002"}),
             boost::test_tools::per_element());
  BOOST_TEST(list_snapshots(here.on->path())->back().name == "20261121T120003Z-000000000004");
}

BOOST_AUTO_TEST_CASE(the_one_just_made_stays_though_others_were_made_with_the_clock_ahead) {
  workplace here;
  here.append(1);
  for (int i = 0; i < 2; ++i)
    static_cast<void>(here.make(noon + (40 + i) * 1'000'000));
  const auto last = here.make();
  const auto gone = here.on->prune(2, any_snapshot, last.listed.name);
  BOOST_REQUIRE(gone);
  BOOST_TEST(*gone == (std::vector<std::string>{"20261121T120040Z-000000000001"}),
             boost::test_tools::per_element());
  BOOST_TEST(fs::exists(here.path_of(last)));
}

BOOST_AUTO_TEST_CASE(no_catalog_is_made_in_a_database_a_snapshot_or_a_data_directory_itself) {
  workplace here;
  here.append(1);
  const auto made = here.make();
  here.on.reset();
  const auto data = here.directory.data();
  const auto snapshot = here.directory.path() / "shelf" / made.listed.name;
  for (const auto& bad : {data, data / "db", data / "db" / "new", data / "db" / "CURRENT", snapshot,
                          snapshot / "db", snapshot / "new" / "deeper"}) {
    const auto refused = catalog::open(bad);
    BOOST_REQUIRE_MESSAGE(!refused, bad);
    BOOST_TEST((refused.error().code == errc::incompatible_data));
  }
  BOOST_TEST(verify_snapshot(snapshot, {}).has_value());
  BOOST_TEST(catalog::open(data / "snapshots").has_value());
}

BOOST_AUTO_TEST_CASE(what_has_lost_its_manifest_is_told) {
  workplace here;
  here.append(1);
  const auto made = here.make();
  BOOST_TEST(read_catalog(here.on->path())->damaged.empty());
  write_bytes(here.path_of(made) / "MANIFEST.json", "{}");
  const auto all = read_catalog(here.on->path());
  BOOST_TEST(all->complete.empty());
  BOOST_REQUIRE(all->damaged.size() == 1);
  BOOST_TEST(all->damaged.front().name == made.listed.name);
  BOOST_TEST(all->damaged.front().named_for == noon);
  BOOST_TEST(all->damaged.front().why.message.starts_with(made.listed.name + ": "));
}

BOOST_AUTO_TEST_CASE(what_has_lost_a_file_or_is_not_complete_is_told) {
  workplace here;
  here.append(1);
  const auto lacks = here.make();
  const auto whole = here.make(noon + 1'000'000);
  fs::remove(here.path_of(lacks) / "db" / "CURRENT");
  for (const auto* name : {"20261121T115959Z.partial", "20261121T110000Z-000000000001.partial",
                           "99999999T999999Z.partial", "mine", "my.partial"})
    fs::create_directory(here.on->path() / name);
  const auto all = read_catalog(here.on->path());
  BOOST_REQUIRE(all);
  BOOST_REQUIRE(all->complete.size() == 1);
  BOOST_TEST(all->complete.front().name == whole.listed.name);
  BOOST_REQUIRE(all->damaged.size() == 1);
  BOOST_TEST(all->damaged.front().name == lacks.listed.name);
  BOOST_REQUIRE(all->partial.size() == 3);
  BOOST_TEST(all->partial[0].name == "20261121T110000Z-000000000001.partial");
  BOOST_TEST(all->partial[0].named_for == noon - 3'600'000'000);
  BOOST_TEST(all->partial[1].named_for == noon - 1'000'000);
  BOOST_TEST(all->partial[2].named_for == 0);
}

BOOST_AUTO_TEST_CASE(what_a_kill_left_goes_with_the_next_snapshot) {
  workplace here;
  for (const auto* left :
       {"20261121T115959Z.partial", "20261121T110000Z-000000000001.partial", "my.partial"})
    fs::create_directories(here.on->path() / left / "db");
  static_cast<void>(here.make());
  BOOST_TEST(fs::exists(here.on->path() / "my.partial"));
  BOOST_TEST(here.names_in_catalog() == 2);
}

BOOST_AUTO_TEST_CASE(one_works_on_a_catalog_at_a_time) {
  workplace here;
  const auto second = catalog::open(here.on->path());
  BOOST_REQUIRE(!second);
  BOOST_TEST((second.error().code == errc::io_failed));
  here.on.reset();
  BOOST_TEST(catalog::open(here.directory.path() / "shelf").has_value());
}

BOOST_AUTO_TEST_CASE(directory_that_is_not_there_has_no_snapshots) {
  BOOST_TEST(read_catalog("/nowhere/at/all")->damaged.empty());
  BOOST_TEST(list_snapshots("/nowhere/at/all")->empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::snapshots::testing
