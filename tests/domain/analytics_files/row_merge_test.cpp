// Buffers, parts, sums and batches, against a std::map that knows nothing of them.

#include "domain/analytics_files/push_batch.hpp"
#include "domain/analytics_files/rejections.hpp"
#include "domain/analytics_files/row_merge.hpp"
#include "domain/referrals/row_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <deque>
#include <map>
#include <random>
#include <tuple>

using namespace headwater;
using namespace headwater::analytics_files;
using referrals::referral_row;
using referrals::revenue;
using referrals::row_metrics;

namespace {

export_row row(line_number line, day_number date, std::string_view referrer, std::string_view page,
               row_metrics metrics = {}) {
  return {line, {date, referrer, page, metrics, std::nullopt}};
}

/// Everything that a merge of one buffer gives.
struct merged {
  std::deque<std::string> texts;
  std::vector<export_row> rows;
  std::uint64_t added_up = 0;
  std::string refusal;
};

merged run(row_merge merge) {
  merged out;
  export_row next;
  for (;;) {
    const auto more = merge.next(next);
    if (!more) {
      out.refusal = more.error().message;
      return out;
    }
    if (!*more)
      break;
    auto kept = next;
    kept.row.raw_referrer_value = out.texts.emplace_back(next.row.raw_referrer_value);
    kept.row.raw_page_value = out.texts.emplace_back(next.row.raw_page_value);
    if (next.row.batch_id)
      kept.row.batch_id = out.texts.emplace_back(*next.row.batch_id);
    out.rows.push_back(kept);
  }
  out.added_up = merge.added_up();
  return out;
}

merged run(row_buffer& buffer) {
  buffer.sort();
  std::vector<std::unique_ptr<sorted_rows>> parts;
  parts.push_back(rows_of(buffer));
  return run(row_merge(std::move(parts)));
}

void add(std::optional<std::int64_t>& to, const std::optional<std::int64_t>& more) {
  if (more)
    to = to.value_or(0) + *more;
}

owned_list list_of(std::string_view json) {
  return read_platforms(json).value();
}

constexpr std::string_view small_list =
    R"({"version":"v","platforms":[{"name":"ChatGPT","entries":[{"kind":"host","value":"chatgpt.com"},{"kind":"comet","value":"x"}]}]})";

} // namespace

BOOST_AUTO_TEST_SUITE(row_sums)

BOOST_AUTO_TEST_CASE(bytes_of_a_row_give_it_back) {
  auto one = row(7, -3, "ref", "page", {1, std::nullopt, 0, revenue{19'990'000}});
  one.row.batch_id = "b";
  std::string bytes;
  append_row(bytes, one);
  append_row(bytes, row(8, 4, "x", ""));
  std::string_view rest = bytes;
  export_row got;
  BOOST_REQUIRE(take_row(rest, got));
  BOOST_TEST(got.line == 7u);
  BOOST_TEST((got.row == one.row));
  BOOST_REQUIRE(take_row(rest, got));
  BOOST_TEST((got.row == row(8, 4, "x", "").row));
  BOOST_TEST(!take_row(rest, got));
  rest = std::string_view(bytes).substr(0, bytes.size() / 2 - 1);
  BOOST_TEST(!take_row(rest, got));
}

BOOST_AUTO_TEST_CASE(figures_of_one_key_add_up_and_null_stays_null) {
  row_buffer buffer(1 << 20);
  auto first = row(5, 1, "a", "/", {1, std::nullopt, std::nullopt, revenue{10}});
  first.row.batch_id = "first";
  buffer.add(row(9, 1, "a", "/", {2, 5, std::nullopt, revenue{5}}));
  buffer.add(first);
  buffer.add(row(6, 1, "a", "/x", {7, std::nullopt, std::nullopt, std::nullopt}));
  buffer.add(row(7, 1, "A", "/"));
  const auto got = run(buffer);
  BOOST_TEST(got.added_up == 1u);
  BOOST_REQUIRE_EQUAL(got.rows.size(), 3u);
  const auto& sum = got.rows[1];
  BOOST_TEST(sum.line == 5u);
  BOOST_TEST((sum.row.metrics == row_metrics{3, 5, std::nullopt, revenue{15}}));
  BOOST_TEST((sum.row.batch_id == std::optional<std::string_view>{"first"}));
}

BOOST_AUTO_TEST_CASE(sums_that_no_row_may_hold_are_refused) {
  constexpr auto most = referrals::row_limits::max_count;
  for (const auto& metrics :
       {row_metrics{most, {}, {}, {}}, row_metrics{{}, {}, {}, revenue{revenue::max_millionths}}}) {
    row_buffer buffer(1 << 20);
    buffer.add(row(3, 1, "a", "/", metrics));
    buffer.add(row(4, 1, "a", "/", metrics));
    BOOST_TEST(run(buffer).refusal.find("lines 3 and 4") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(any_cut_into_parts_gives_the_sums_of_a_map) {
  const auto seed = std::random_device{}();
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937_64 random(seed);
  static constexpr std::array<std::string_view, 4> referrers = {"a", "ab", "b", ""};
  static constexpr std::array<std::string_view, 3> pages = {"/", "/a", "b"};
  for (int round = 0; round < 50; ++round) {
    std::map<std::tuple<std::string_view, day_number, std::string_view>, row_metrics> model;
    std::deque<row_buffer> buffers;
    std::vector<std::unique_ptr<sorted_rows>> parts;
    const auto rows = random() % 400;
    for (std::uint64_t i = 0; i < rows; ++i) {
      if (buffers.empty() || random() % 50 == 0)
        buffers.emplace_back(1 << 20);
      const auto count = [&]() -> std::optional<std::int64_t> {
        const auto drawn = static_cast<std::int64_t>(random() % 9);
        return drawn == 0 ? std::nullopt : std::optional{drawn};
      };
      auto one = row(i + 1, static_cast<day_number>(random() % 5), referrers[random() % 4],
                     pages[random() % 3], {count(), count(), std::nullopt, std::nullopt});
      buffers.back().add(one);
      auto& sum = model[{one.row.raw_referrer_value, one.row.date, one.row.raw_page_value}];
      add(sum.pageviews, one.row.metrics.pageviews);
      add(sum.sessions, one.row.metrics.sessions);
    }
    for (auto& buffer : buffers) {
      buffer.sort();
      parts.push_back(rows_of(buffer));
    }
    const auto got = run(row_merge(std::move(parts)));
    BOOST_REQUIRE_EQUAL(got.rows.size(), model.size());
    BOOST_TEST(got.added_up == rows - model.size());
    auto expected = model.begin();
    for (const auto& each : got.rows) {
      BOOST_TEST((std::tuple{each.row.raw_referrer_value, each.row.date, each.row.raw_page_value} ==
                  expected->first));
      BOOST_TEST((each.row.metrics == expected->second));
      ++expected;
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(push_batches)

BOOST_AUTO_TEST_CASE(a_body_is_what_the_api_reads) {
  batch_cutter cutter(10, "run");
  const auto one = row(4, parse_date("2026-01-31").value(), "chatgpt.com / \"x\"", "/a\nb",
                       {1, std::nullopt, 0, revenue{19'990'000}});
  BOOST_TEST(!cutter.add(one, false));
  BOOST_TEST(!cutter.add(row(2, one.row.date, "b", "/"), true));
  const auto batch = cutter.take();
  BOOST_TEST(batch.number == 1u);
  BOOST_TEST(batch.rejected == 1u);
  BOOST_TEST(batch.first_line() == 2u);
  BOOST_TEST(batch.last_line() == 4u);
  const auto read = referrals::read_rows(batch.body, referrals::body_format::ndjson);
  BOOST_REQUIRE(read.has_value());
  BOOST_REQUIRE_EQUAL(read->rows.size(), 2u);
  auto expected = one.row;
  expected.batch_id = "run-1";
  BOOST_TEST((read->rows[0] == expected));
  BOOST_TEST(cutter.empty());
}

BOOST_AUTO_TEST_CASE(batches_end_at_their_rows_and_at_5_mib) {
  batch_cutter by_rows(2, "");
  BOOST_TEST(!by_rows.add(row(1, 0, "a", "/"), false));
  BOOST_TEST(!by_rows.add(row(2, 0, "b", "/"), false));
  BOOST_TEST(by_rows.add(row(3, 0, "c", "/"), false));
  BOOST_TEST(by_rows.take().lines.size() == 2u);
  BOOST_TEST(!by_rows.add(row(3, 0, "c", "/"), false));
  BOOST_TEST(by_rows.take().number == 2u);

  batch_cutter by_bytes(max_batch_rows, "");
  const std::string page(2000, 'p');
  std::size_t rows = 0;
  while (!by_bytes.add(row(rows + 1, 0, "a", page), false))
    ++rows;
  const auto batch = by_bytes.take();
  BOOST_TEST(batch.lines.size() == rows);
  BOOST_TEST(batch.body.size() <= max_batch_bytes);
  BOOST_TEST(batch.body.size() + 2100 > max_batch_bytes);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(rejected_rows)

BOOST_AUTO_TEST_CASE(the_most_frequent_come_first_and_the_rest_is_counted) {
  rejections counted(list_of(small_list), 100);
  std::uint64_t rejected = 0;
  for (int i = 0; i < 30; ++i) {
    const auto name = "r" + std::to_string(100 + i);
    for (int n = 0; n < (i == 29 ? 5 : i == 3 ? 4 : 1); ++n)
      rejected += counted.add({1, name, "/", {}, {}}) ? 1 : 0;
  }
  BOOST_TEST(rejected == 37u);
  BOOST_TEST(!counted.add({100, "www.chatgpt.com / referral", "/", {}, {}}));
  BOOST_TEST(counted.add({101, "www.chatgpt.com / referral", "/", {}, {}}));
  const auto& top = counted.most_frequent();
  BOOST_REQUIRE_EQUAL(top.size(), 20u);
  BOOST_TEST(top[0].referrer == "r129");
  BOOST_TEST(top[0].rows == 5u);
  BOOST_TEST(top[1].referrer == "r103");
  BOOST_TEST(top[2].referrer == "r100");
  BOOST_TEST(counted.referrers() == 30u);
  BOOST_TEST(counted.rows() == 37u);
  BOOST_TEST(counted.future_rows() == 1u);
}

BOOST_AUTO_TEST_CASE(a_list_that_is_none_is_refused) {
  for (const auto* text :
       {"", "{}", "[]", R"({"version":"v"})", R"({"version":1,"platforms":[]})",
        R"({"version":"v","platforms":[1]})",
        R"({"version":"v","platforms":[{"name":"a","entries":[{"kind":"host"}]}]})"})
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(read_platforms(text).has_error());
    }
  BOOST_TEST(list_of(small_list)->version() == "v");
  BOOST_TEST(list_of(small_list)->entries().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
