#include "domain/core/text_rules.hpp"
#include "domain/referrals/batch.hpp"
#include "domain/referrals/row_value.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>

using namespace headwater;
using namespace headwater::referrals;

namespace {

const connection_identity identity{"01ARZ3NDEKTSV4RRFFQ69G5FAV", 7, "example.com", provider::custom,
                                   1};
constexpr day_number today = 20'000;

referral_row row(std::string_view referrer, std::string_view page,
                 std::optional<std::int64_t> sessions, day_number date = today) {
  referral_row r;
  r.date = date;
  r.raw_referrer_value = referrer;
  r.raw_page_value = page;
  r.metrics.sessions = sessions;
  return r;
}

/// A table of stored rows, as the store keeps it.
class stored_rows {
public:
  batch_received push(std::vector<referral_row> rows) {
    auto screened = screen({std::move(rows), nullptr}, identity, today, platform_list::shipped());
    std::vector<std::optional<std::string>> found;
    for (const auto& place : screened.places)
      found.push_back(values_.contains(place) ? std::optional{values_[place]} : std::nullopt);
    auto plan = settle(std::move(screened), found);
    BOOST_REQUIRE(plan.has_value());
    for (const auto& row : plan->event.rows)
      values_[place_of(row.row)] =
          encode_row_value(as_stored(row, page_id_of(row.row.raw_page_value)));
    return plan->event;
  }

private:
  std::map<row_place, std::string> values_;
};

void check_counts(const batch_received& event, std::uint64_t accepted, std::uint64_t rejected,
                  std::uint64_t deduplicated, std::size_t changed) {
  BOOST_TEST(event.accepted == accepted);
  BOOST_TEST(event.rejected == rejected);
  BOOST_TEST(event.deduplicated == deduplicated);
  BOOST_TEST(event.rows.size() == changed);
}

} // namespace

BOOST_AUTO_TEST_SUITE(batches)

BOOST_AUTO_TEST_CASE(an_unlisted_referrer_is_rejected_with_a_message) {
  stored_rows store;
  auto event = store.push({row("chatgpt.com", "/a", 1), row("google.com", "/b", 1)});
  check_counts(event, 1, 1, 0, 1);
  BOOST_TEST(event.rows[0].platform == "ChatGPT");
  BOOST_REQUIRE(event.errors.size() == 1U);
  BOOST_TEST(event.errors[0] == "Row 1: referrer is not on the AI platform allow-list: google.com");
}

BOOST_AUTO_TEST_CASE(tomorrow_is_accepted_and_the_day_after_is_not) {
  stored_rows store;
  auto event = store.push({row("chatgpt.com", "/a", 1, today + 1),
                           row("chatgpt.com", "/a", 1, today + 2), row("chatgpt.com", "/a", 1, 0)});
  check_counts(event, 2, 1, 0, 2);
  BOOST_TEST(event.errors.at(0) == "Row 1: date is after tomorrow (UTC): 2024-10-06");
}

BOOST_AUTO_TEST_CASE(sending_the_same_again_changes_nothing) {
  stored_rows store;
  std::vector<referral_row> rows = {row("chatgpt.com", "/a", 1), row("claude.ai", "/a", 2)};
  check_counts(store.push(rows), 2, 0, 0, 2);
  check_counts(store.push(rows), 2, 0, 2, 0);
}

BOOST_AUTO_TEST_CASE(a_batch_id_is_no_part_of_the_comparison) {
  stored_rows store;
  auto first = row("chatgpt.com", "/a", 1);
  first.batch_id = "monday";
  auto second = row("chatgpt.com", "/a", 1);
  second.batch_id = "tuesday";
  check_counts(store.push({first}), 1, 0, 0, 1);
  auto event = store.push({second});
  check_counts(event, 1, 0, 1, 0);
  BOOST_TEST((event.batch_ids == std::vector<std::string>{"tuesday"}));
}

BOOST_AUTO_TEST_CASE(sending_again_replaces_all_metrics_together) {
  stored_rows store;
  auto both = row("chatgpt.com", "/a", 5);
  both.metrics.pageviews = 9;
  store.push({both});
  auto event = store.push({row("chatgpt.com", "/a", 5)});
  check_counts(event, 1, 0, 0, 1);
  BOOST_TEST(!event.rows[0].row.metrics.pageviews.has_value());
}

BOOST_AUTO_TEST_CASE(null_differs_from_zero) {
  stored_rows store;
  store.push({row("chatgpt.com", "/a", std::nullopt)});
  check_counts(store.push({row("chatgpt.com", "/a", 0)}), 1, 0, 0, 1);
  check_counts(store.push({row("chatgpt.com", "/a", 0)}), 1, 0, 1, 0);
  check_counts(store.push({row("chatgpt.com", "/a", std::nullopt)}), 1, 0, 0, 1);
}

BOOST_AUTO_TEST_CASE(the_last_row_of_a_key_supersedes_the_earlier_ones) {
  stored_rows store;
  auto event = store.push({row("chatgpt.com", "/a", 1), row("chatgpt.com", "/b", 7),
                           row("chatgpt.com", "/a", 2), row("chatgpt.com", "/a", 3)});
  check_counts(event, 4, 0, 2, 2);
  BOOST_TEST(event.rows[0].row.raw_page_value == "/a");
  BOOST_TEST(event.rows[0].row.metrics.sessions.value() == 3);
  check_counts(store.push({row("chatgpt.com", "/a", 9), row("chatgpt.com", "/a", 3)}), 2, 0, 2, 0);
}

BOOST_AUTO_TEST_CASE(raw_values_are_kept_apart_as_sent) {
  stored_rows store;
  check_counts(store.push({row("chatgpt.com", "/a", 1), row("www.chatgpt.com", "/a", 1),
                           row("ChatGPT.com", "/a", 1), row("chatgpt.com", "/A", 1)}),
               4, 0, 0, 4);
}

BOOST_AUTO_TEST_CASE(batch_ids_are_distinct_in_order_of_appearance) {
  stored_rows store;
  std::vector<referral_row> rows(4, row("chatgpt.com", "/a", 1));
  rows[0].batch_id = "b";
  rows[1].batch_id = "a";
  rows[2].batch_id = "b";
  BOOST_TEST((store.push(rows).batch_ids == std::vector<std::string>{"b", "a"}));
}

BOOST_AUTO_TEST_CASE(twenty_messages_of_two_hundred_characters_are_kept) {
  stored_rows store;
  std::string referrer;
  for (int i = 0; i < 300; ++i)
    referrer += "\xe2\x82\xac";
  auto event = store.push(std::vector<referral_row>(25, row(referrer, "/a", 1)));
  BOOST_TEST(event.rejected == 25U);
  BOOST_REQUIRE(event.errors.size() == 20U);
  BOOST_TEST(event.errors[19].starts_with("Row 19: "));
  for (const auto& message : event.errors) {
    BOOST_TEST(!longer_than(message, 200));
    BOOST_TEST(longer_than(message, 199));
  }
}

BOOST_AUTO_TEST_CASE(an_empty_batch_is_a_quiet_day) {
  stored_rows store;
  check_counts(store.push({}), 0, 0, 0, 0);
}

BOOST_AUTO_TEST_CASE(a_stored_value_that_cannot_be_read_is_corruption) {
  auto screened =
      screen({{row("chatgpt.com", "/a", 1)}, nullptr}, identity, today, platform_list::shipped());
  std::vector<std::optional<std::string>> stored = {"\x07nonsense"};
  auto plan = settle(std::move(screened), stored);
  BOOST_REQUIRE(plan.has_error());
  BOOST_TEST((plan.error().code == errc::corrupt_log));
}

BOOST_AUTO_TEST_CASE(a_lookup_that_answers_another_count_is_an_error) {
  auto screened =
      screen({{row("chatgpt.com", "/a", 1)}, nullptr}, identity, today, platform_list::shipped());
  auto plan = settle(std::move(screened), {});
  BOOST_REQUIRE(plan.has_error());
  BOOST_TEST((plan.error().code == errc::internal_error));
}

BOOST_AUTO_TEST_SUITE_END()
