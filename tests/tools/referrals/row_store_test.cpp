#include "tests/tools/scratch.hpp"
#include "tools/referrals/row_store.hpp"

#include <map>
#include <random>

namespace headwater::tools {
namespace {

using analytics_files::export_row;
using sums = std::map<std::string, std::int64_t>; ///< pageviews by referrer

export_row row(analytics_files::line_number line, std::string_view referrer,
               std::int64_t pageviews) {
  export_row out;
  out.line = line;
  out.row.date = 20'000;
  out.row.raw_referrer_value = referrer;
  out.row.raw_page_value = "/";
  out.row.metrics.pageviews = pageviews;
  return out;
}

sums merged(row_store& store) {
  auto rows = store.merge();
  sums out;
  for (export_row next;;) {
    const auto more = rows.next(next);
    BOOST_REQUIRE_MESSAGE(more, more.error().message);
    if (!*more)
      return out;
    const std::string referrer(next.row.raw_referrer_value);
    const bool is_new = out.emplace(referrer, next.row.metrics.pageviews.value()).second;
    BOOST_TEST(is_new, referrer);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(row_stores)

BOOST_AUTO_TEST_CASE(what_fits_in_memory_and_what_waits_in_a_file_add_up_alike) {
  constexpr int rows = 2'000;
  for (const std::size_t memory : {2'000U, 20'000U, 1U << 20}) {
    std::mt19937 random(7);
    row_store store(memory);
    sums expected;
    for (int i = 1; i <= rows; ++i) {
      const auto referrer = "r" + std::to_string(random() % 300);
      const auto views = static_cast<std::int64_t>(random() % 100);
      expected[referrer] += views;
      BOOST_REQUIRE(store.add(row(static_cast<analytics_files::line_number>(i), referrer, views)));
    }
    BOOST_TEST(store.size() == static_cast<std::uint64_t>(rows));
    BOOST_TEST((merged(store) == expected), memory);
  }
}

BOOST_AUTO_TEST_CASE(no_row_is_none) {
  row_store store;
  BOOST_TEST(store.size() == 0U);
  BOOST_TEST(merged(store).empty());
}

BOOST_AUTO_TEST_CASE(a_row_longer_than_all_memory_is_kept) {
  row_store store(16);
  const std::string referrer(512, 'r');
  for (int i = 1; i <= 3; ++i)
    BOOST_REQUIRE(store.add(row(static_cast<analytics_files::line_number>(i), referrer, i)));
  BOOST_TEST((merged(store) == sums{{referrer, 6}}));
}

BOOST_AUTO_TEST_CASE(the_file_has_no_name) {
  const testing::scratch in;
  const testing::variable set{"TMPDIR", in.path("").c_str()};
  row_store store(16);
  BOOST_REQUIRE(store.add(row(1, "a-referrer-that-fills-it", 1)));
  BOOST_TEST(std::filesystem::is_empty(in.path("")));
  BOOST_TEST((merged(store) == sums{{"a-referrer-that-fills-it", 1}}));
}

BOOST_AUTO_TEST_CASE(a_folder_that_takes_no_file_is_named) {
  const testing::scratch in;
  const testing::variable set{"TMPDIR", in.path("missing").c_str()};
  row_store store(16);
  const auto added = store.add(row(1, "a-referrer-that-fills-it", 1));
  BOOST_REQUIRE(added.has_error());
  BOOST_TEST((added.error().code == errc::io_failed));
  BOOST_TEST(added.error().message == "cannot make a file in " + in.path("missing") +
                                          " (No such file or directory); set TMPDIR to another "
                                          "folder");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
