#include "domain/core/digest.hpp"
#include "domain/referrals/row_block.hpp"
#include "domain/referrals/row_value.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <random>
#include <string>

using namespace headwater;
using namespace headwater::referrals;

namespace {

constexpr std::string_view connection_id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

platform_row row_of(day_number day, std::string_view referrer, std::string_view page,
                    std::int64_t sessions = 1) {
  platform_row entry;
  entry.row.date = day;
  entry.row.raw_referrer_value = referrer;
  entry.row.raw_page_value = page;
  entry.row.metrics.sessions = sessions;
  entry.platform = "P";
  return entry;
}

/// Pages are named by the numbers in them here, which say more than a hash when a test fails.
page_id number_of(std::string_view page) {
  page_id number = 0;
  for (const auto c : page)
    number = c >= '0' && c <= '9' ? number * 10 + static_cast<page_id>(c - '0') : number;
  return number;
}

std::vector<block_write> blocks_of(const std::vector<platform_row>& rows) {
  std::vector<row_place> places;
  std::vector<stored_row> stored;
  for (const auto& row : rows) {
    places.push_back(place_of(row.row));
    stored.push_back(as_stored(row, number_of(row.row.raw_page_value)));
  }
  return row_blocks(connection_id, stored, places);
}

std::string merged_rows(std::vector<std::string_view> blocks) {
  return merge_blocks(blocks).value();
}

std::map<page_id, std::int64_t> sessions_in(std::string_view block) {
  std::map<page_id, std::int64_t> out;
  block_reader from{block};
  std::string previous;
  while (from.next()) {
    BOOST_TEST((previous < from.hash()));
    previous = from.hash();
    const auto row = decode_row_value(from.value()).value();
    out[row.page] = row.metrics.sessions.value();
  }
  BOOST_REQUIRE(from.verdict());
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(row_blocks_of_a_day)

BOOST_AUTO_TEST_CASE(the_layout_is_for_ever) {
  const auto row = row_of(1, "chatgpt.com", "/a");
  const auto hash = sha256({std::string_view{"chatgpt.com\0/a", 14}});
  const auto blocks = blocks_of({row});
  BOOST_REQUIRE(blocks.size() == 1U);
  auto key = "r/" + std::string{connection_id} + std::string{"\x80\0\0\x01", 4};
  key.push_back(static_cast<char>(hash[0] >> 4));
  BOOST_TEST(blocks[0].key == key);
  const auto value = encode_row_value(as_stored(row, 0));
  BOOST_TEST(blocks[0].block == "\x01" + std::string{as_bytes(hash).substr(0, 16)} +
                                    static_cast<char>(value.size()) + value);
}

BOOST_AUTO_TEST_CASE(keys_sort_by_day_and_tell_their_place) {
  std::string previous;
  for (day_number day : {-719162, -1, 0, 1, 255, 256, 20'000, 2932896}) {
    const auto key = row_block_key(connection_id, place_of(row_of(day, "r", "p").row));
    BOOST_TEST((previous < key)); // as bytes, not as signed characters
    BOOST_TEST(place_of_row_block(key)->day == day);
    BOOST_TEST(place_of_row_block(key)->connection_id == connection_id);
    previous = key;
  }
  BOOST_TEST(place_of_row_block("").has_error());
  BOOST_TEST(place_of_row_block(previous + "x").has_error());
}

BOOST_AUTO_TEST_CASE(each_part_of_the_upsert_key_makes_another_place) {
  const auto base = place_of(row_of(1, "ab", "c").row);
  BOOST_TEST((base != place_of(row_of(2, "ab", "c").row)));
  BOOST_TEST((base != place_of(row_of(1, "a", "bc").row)));
  BOOST_TEST((base != place_of(row_of(1, "AB", "c").row)));
  BOOST_TEST((base == place_of(row_of(1, "ab", "c", 9).row)));
}

BOOST_AUTO_TEST_CASE(later_blocks_lie_over_earlier_ones) {
  std::vector<platform_row> rows;
  std::vector<std::string> pages;
  for (int i = 0; i < 200; ++i)
    pages.push_back("/" + std::to_string(i));
  for (const auto& page : pages)
    rows.push_back(row_of(1, "r", page, 1));
  const auto first = blocks_of(rows);
  for (auto& row : rows)
    row.row.metrics.sessions = 2;
  const auto second = blocks_of({rows.begin(), rows.begin() + 100});
  for (auto& row : rows)
    row.row.metrics.sessions = 3;
  const auto third = blocks_of({rows.begin() + 50, rows.begin() + 150});
  std::map<std::string, std::vector<std::string_view>> by_key;
  for (const auto* writes : {&first, &second, &third})
    for (const auto& [key, block] : *writes)
      by_key[key].push_back(block);
  std::map<page_id, std::int64_t> found;
  for (const auto& [key, blocks] : by_key) {
    const auto whole = merged_rows(blocks);
    found.merge(sessions_in(whole));
    if (blocks.size() == 3) {
      BOOST_TEST(merged_rows({merged_rows({blocks[0], blocks[1]}), blocks[2]}) == whole);
      BOOST_TEST(merged_rows({blocks[0], merged_rows({blocks[1], blocks[2]})}) == whole);
    }
  }
  BOOST_REQUIRE(found.size() == 200U);
  for (page_id i = 0; i < 200; ++i)
    BOOST_TEST(found.at(i) == (i >= 50 && i < 150 ? 3 : i < 50 ? 2 : 1));
}

BOOST_AUTO_TEST_CASE(a_lookup_finds_exactly_the_rows_that_are_there) {
  std::vector<std::string> pages;
  for (int i = 0; i < 300; ++i)
    pages.push_back("/" + std::to_string(i));
  std::vector<platform_row> stored;
  for (int i = 0; i < 300; i += 2)
    stored.push_back(row_of(i % 3, "r", pages[static_cast<std::size_t>(i)], i));
  std::map<std::string, std::string> table;
  for (auto& [key, block] : blocks_of(stored))
    table[key] = block;
  std::vector<row_place> places;
  for (int i = 0; i < 300; ++i)
    places.push_back(place_of(row_of(i % 3, "r", pages[static_cast<std::size_t>(i)]).row));
  row_lookup lookup{places};
  for (const auto& wanted : lookup.blocks())
    if (const auto found = table.find(row_block_key(connection_id, wanted.first));
        found != table.end())
      BOOST_REQUIRE(lookup.take(wanted, found->second));
  const auto values = std::move(lookup).values();
  BOOST_REQUIRE(values.size() == 300U);
  for (int i = 0; i < 300; ++i) {
    const auto& value = values[static_cast<std::size_t>(i)];
    BOOST_TEST(value.has_value() == (i % 2 == 0));
    if (value)
      BOOST_TEST(decode_row_value(*value)->metrics.sessions.value() == i);
  }
}

BOOST_AUTO_TEST_CASE(a_block_that_is_cut_is_refused) {
  const auto good = blocks_of({row_of(1, "chatgpt.com", "/a")}).at(0).block;
  for (std::size_t size = 2; size < good.size(); ++size) {
    const auto cut = good.substr(0, size);
    block_reader from{cut};
    while (from.next()) {
    }
    BOOST_TEST(from.verdict().has_error(), "cut to " << size);
    const std::vector<std::string_view> blocks = {good, cut};
    BOOST_TEST(!merge_blocks(blocks).has_value());
    const std::vector<std::string_view> turned = {cut, good};
    BOOST_TEST(!merge_blocks(turned).has_value());
  }
  BOOST_TEST(block_reader{""}.verdict().has_error());
  BOOST_TEST(block_reader{"\x02"}.verdict().has_error());
}

BOOST_AUTO_TEST_SUITE_END()
