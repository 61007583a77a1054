// Random pushes against a model that knows nothing of keys, hashes and phases: a std::map from the
// upsert key to the row.

#include "domain/referrals/batch.hpp"
#include "domain/referrals/connection_event.hpp"
#include "domain/referrals/projection.hpp"
#include "domain/referrals/row_value.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <map>
#include <random>
#include <string>
#include <tuple>

using namespace headwater;
using namespace headwater::referrals;

namespace {

const connection_identity random_identity{"01ARZ3NDEKTSV4RRFFQ69G5FAV", 7, "example.com",
                                          provider::custom, 1};
constexpr day_number first_day_of_all = 20'000;

using model_key = std::tuple<day_number, std::string, std::string>;
using table = std::map<std::string, std::string>;

referral_row random_row(std::mt19937_64& random) {
  static constexpr std::array<std::string_view, 5> referrers = {
      "chatgpt.com", "perplexity / referral", "google.com", "claude.ai", "(direct)"};
  static constexpr std::array<std::string_view, 4> pages = {"/", "/a", "/b", "/b?c"};
  static constexpr std::array<std::string_view, 3> ids = {"x", "y", "z"};
  auto count = [&random]() -> std::optional<std::int64_t> {
    auto drawn = static_cast<std::int64_t>(random() % 3);
    return drawn == 2 ? std::nullopt : std::optional{drawn};
  };
  referral_row row;
  row.date = first_day_of_all - 1 + static_cast<day_number>(random() % 4);
  row.raw_referrer_value = referrers[random() % referrers.size()];
  row.raw_page_value = pages[random() % pages.size()];
  row.metrics = {count(), count(), std::nullopt, std::nullopt};
  if (auto money = count())
    row.metrics.purchase_revenue = revenue{*money};
  if (random() % 2 == 0)
    row.batch_id = ids[random() % ids.size()];
  return row;
}

bool listed(const referral_row& row) {
  return row.raw_referrer_value != "google.com" && row.raw_referrer_value != "(direct)" &&
         row.date <= first_day_of_all + 1;
}

struct model {
  std::map<model_key, row_metrics> rows;
  std::uint64_t accepted = 0, rejected = 0, deduplicated = 0;

  /// Counts a push: of each key the last row counts, and only if it differs from before the push.
  void push(const std::vector<referral_row>& batch) {
    accepted = rejected = deduplicated = 0;
    std::map<model_key, row_metrics> last;
    for (const auto& row : batch) {
      if (!listed(row)) {
        ++rejected;
        continue;
      }
      ++accepted;
      last[{row.date, std::string{row.raw_referrer_value}, std::string{row.raw_page_value}}] =
          row.metrics;
    }
    deduplicated = accepted - last.size();
    for (const auto& [key, metrics] : last) {
      auto before = rows.find(key);
      if (before != rows.end() && before->second == metrics)
        ++deduplicated;
      rows[key] = metrics;
    }
  }
};

void write(table& into, const std::vector<block_write>& writes) {
  for (const auto& [key, block] : writes) {
    auto& there = into[key];
    there =
        there.empty() ? block : merge_blocks(std::vector<std::string_view>{there, block}).value();
  }
}

std::map<page_id, std::string> pages_of(const table& stored) {
  std::map<page_id, std::string> pages;
  for (const auto& [key, block] : stored) {
    if (!key.starts_with(page_block_prefix(random_identity.id)))
      continue;
    block_reader from{block};
    while (from.next())
      pages[page_id_of_hash(from.hash())] = from.value();
    BOOST_TEST(from.verdict().has_value());
  }
  return pages;
}

std::map<model_key, row_metrics> rows_of(const table& stored) {
  const auto pages = pages_of(stored);
  std::map<model_key, row_metrics> rows;
  for (const auto& [key, block] : stored) {
    if (!key.starts_with(row_block_prefix))
      continue;
    block_reader from{block};
    while (from.next()) {
      auto row = decode_row_value(from.value()).value();
      rows[{place_of_row_block(key).value().day, std::string{row.raw_referrer_value},
            pages.at(row.page)}] = row.metrics;
    }
    BOOST_TEST(from.verdict().has_value());
  }
  return rows;
}

batch_plan plan_of(const table& stored, std::vector<referral_row> rows) {
  auto screened = screen({std::move(rows), nullptr}, random_identity, first_day_of_all,
                         platform_list::shipped());
  row_lookup lookup{screened.places};
  for (const auto& wanted : lookup.blocks()) {
    const auto found = stored.find(row_block_key(random_identity.id, wanted.first));
    if (found != stored.end())
      BOOST_REQUIRE(lookup.take(wanted, found->second));
  }
  const auto values = std::move(lookup).values();
  return settle(std::move(screened), values).value();
}

} // namespace

BOOST_AUTO_TEST_CASE(random_pushes_equal_a_plain_map_live_and_replayed) {
  auto seed = std::random_device{}();
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937_64 random{seed};
  for (int history = 0; history < 200; ++history) {
    BOOST_TEST_CONTEXT("seed " << seed << ", history " << history) {
      model expected;
      table live, replayed;
      for (std::uint64_t sequence = 1; sequence <= 6; ++sequence) {
        std::vector<referral_row> rows(random() % 60);
        for (auto& row : rows)
          row = random_row(random);
        expected.push(rows);
        auto plan = plan_of(live, rows);
        BOOST_TEST(plan.event.accepted == expected.accepted);
        BOOST_TEST(plan.event.rejected == expected.rejected);
        BOOST_TEST(plan.event.deduplicated == expected.deduplicated);
        BOOST_TEST(plan.event.accepted + plan.event.rejected == rows.size());
        auto whole = plan.rows;
        std::ranges::move(page_blocks(random_identity.id, plan.pages), std::back_inserter(whole));
        BOOST_TEST((whole == project_rows(plan.event)));
        write(live, whole);
        auto read = decode_connection_event("batch_received", 1, encode(plan.event));
        write(replayed, project_rows(std::get<batch_received>(read.value())));
        BOOST_TEST((live == replayed));
        BOOST_TEST((rows_of(live) == expected.rows));
        BOOST_TEST(plan_of(live, rows).event.rows.empty());
      }
    }
  }
}
