#include "store/engine/rocksdb_settings.hpp"
#include "store/engine/rocksdb_status.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace headwater::store {

BOOST_AUTO_TEST_SUITE(rocksdb_statuses)

BOOST_AUTO_TEST_CASE(corruption_is_told_from_trouble) {
  BOOST_TEST((from_status(rocksdb::Status::Corruption("x"), "d").code == errc::corrupt_log));
  for (const auto& status :
       {rocksdb::Status::IOError("x"), rocksdb::Status::NoSpace(), rocksdb::Status::Busy(),
        rocksdb::Status::ShutdownInProgress(), rocksdb::Status::InvalidArgument("x"),
        rocksdb::Status::TimedOut(), rocksdb::Status::NotFound()})
    BOOST_TEST((from_status(status, "d").code == errc::io_failed), status.ToString());
}

BOOST_AUTO_TEST_CASE(the_message_says_what_was_done_and_names_the_file) {
  BOOST_TEST(
      from_status(rocksdb::Status::IOError("/data/db/000007.log", "No space left"), "cannot write")
          .message == "cannot write: IO error: /data/db/000007.log: No space left");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(rocksdb_families)

BOOST_AUTO_TEST_CASE(each_family_is_found_by_its_own_name) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < family_count; ++i) {
    const auto each = static_cast<family>(i);
    names.insert(name_of(each));
    BOOST_TEST((family_named(name_of(each)) == each));
  }
  BOOST_TEST(names.size() == family_count);
  BOOST_TEST(name_of(family::unused) == "default");
  BOOST_TEST(!family_named("other").has_value());
  BOOST_TEST(!family_named("").has_value());
}

BOOST_AUTO_TEST_CASE(families_are_opened_in_the_order_of_their_numbers) {
  const auto all = family_descriptors({1 << 20, 1 << 20});
  BOOST_REQUIRE(all.size() == family_count);
  for (std::size_t i = 0; i < family_count; ++i) {
    BOOST_TEST(all[i].name == name_of(static_cast<family>(i)));
    const auto each = static_cast<family>(i);
    const bool is_merged = each == family::rollups || each == family::rows || each == family::usage;
    BOOST_TEST((all[i].options.merge_operator != nullptr) == is_merged, all[i].name);
  }
}

BOOST_AUTO_TEST_CASE(rocksdb_is_told_to_lose_nothing_in_silence) {
  const auto options = database_options({1 << 20, 1 << 20});
  BOOST_TEST(options.paranoid_checks);
  BOOST_TEST(options.atomic_flush);
  BOOST_TEST(options.recycle_log_file_num == 0U);
  BOOST_TEST(options.max_bgerror_resume_count == 0);
  bool recovers = true;
  BOOST_REQUIRE(options.listeners.size() == 1U);
  options.listeners[0]->OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason::kFlush, {}, &recovers);
  BOOST_TEST(!recovers);
}

BOOST_AUTO_TEST_CASE(a_damaged_table_that_a_compaction_met_stops_no_writes) {
  const auto options = database_options({1 << 20, 1 << 20});
  auto& policy = *options.listeners.at(0);
  auto status = rocksdb::Status::Corruption("block");
  policy.OnBackgroundError(rocksdb::BackgroundErrorReason::kFlush, &status);
  BOOST_TEST(status.IsCorruption());
  policy.OnBackgroundError(rocksdb::BackgroundErrorReason::kCompaction, &status);
  BOOST_TEST(status.ok());
  status = rocksdb::Status::NoSpace();
  policy.OnBackgroundError(rocksdb::BackgroundErrorReason::kCompaction, &status);
  BOOST_TEST(!status.ok());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store
