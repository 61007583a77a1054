#include "store/tables/mergers.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>

namespace headwater::store {
namespace {

/// Joins values; none of them may be "bad".
std::optional<std::string> join(std::span<const std::string_view> values) {
  std::string out;
  for (const auto each : values) {
    if (each == "bad")
      return std::nullopt;
    out.append(each);
  }
  return out;
}

/// What RocksDB gets for a value, or none, and what was written over it.
std::optional<std::string> full(const char* existing, const std::vector<rocksdb::Slice>& operands) {
  const auto merging = merger("test", join);
  const rocksdb::Slice key("k");
  rocksdb::Slice value, unused;
  if (existing != nullptr)
    value = existing;
  std::string out = "what was there before";
  rocksdb::MergeOperator::MergeOperationOutput to(out, unused);
  const rocksdb::MergeOperator::MergeOperationInput from(
      key, existing == nullptr ? nullptr : &value, operands, nullptr);
  const bool is_merged = merging->FullMergeV2(from, &to);
  return is_merged ? std::optional{out} : std::nullopt;
}

std::optional<std::string> partial(const std::deque<rocksdb::Slice>& operands) {
  std::string out;
  const bool is_merged = merger("test", join)->PartialMergeMulti("k", operands, &out, nullptr);
  return is_merged ? std::optional{out} : std::nullopt;
}

} // namespace

BOOST_AUTO_TEST_SUITE(mergers)

BOOST_AUTO_TEST_CASE(values_are_merged_the_oldest_first) {
  BOOST_TEST(full("a", {"b", "c"}).value() == "abc");
  BOOST_TEST(full(nullptr, {"b", "c"}).value() == "bc");
  BOOST_TEST(full("", {"b"}).value() == "b");
  BOOST_TEST(partial({"b", "c", "d"}).value() == "bcd");
}

BOOST_AUTO_TEST_CASE(merging_some_of_them_early_comes_to_the_same) {
  const auto early = partial({"b", "c"}).value();
  BOOST_TEST(full("a", {early, "d"}).value() == full("a", {"b", "c", "d"}).value());
}

BOOST_AUTO_TEST_CASE(a_value_that_cannot_be_read_is_corruption_to_whoever_reads) {
  BOOST_TEST(!full("bad", {"b"}).has_value());
  BOOST_TEST(!full("a", {"b", "bad"}).has_value());
  BOOST_TEST(!partial({"b", "bad"}).has_value());
}

BOOST_AUTO_TEST_CASE(only_sums_rows_and_counts_are_merged) {
  for (const auto which : {table::rollups, table::rows, table::usage}) {
    const auto merge = merge_function_of(which);
    BOOST_REQUIRE(merge != nullptr);
    const std::string_view damaged = "\xff\xff\xff";
    BOOST_TEST(!merge({&damaged, 1}).has_value());
  }
  for (const auto which :
       {table::directory, table::referrals, table::side_facts, table::proofs, table::states})
    BOOST_TEST((merge_function_of(which) == nullptr));
}

BOOST_AUTO_TEST_CASE(the_name_tells_the_layout_to_rocksdb) {
  BOOST_TEST(merger("layout-2", join)->Name() == std::string("layout-2"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store
