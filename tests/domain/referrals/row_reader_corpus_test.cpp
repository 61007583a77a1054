// The corpus of nst/JSONTestSuite: y_ files are JSON, n_ files are not, i_ files are up to the
// reader. The reader knows only arrays of rows, so each text is tried as a whole body and as the
// value of an unknown field of a good row.

#include "domain/referrals/row_reader.hpp"
#include "tests/domain/corpora.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

using namespace headwater;
using namespace headwater::referrals;

namespace {

struct corpus_file {
  std::string name;
  std::string text;
};

std::vector<corpus_file> corpus(char kind) {
  std::vector<corpus_file> files;
  const auto folder = headwater::testing::corpus_folder("json/test_parsing");
  if (!folder)
    return files;
  for (const auto& entry : std::filesystem::directory_iterator{*folder}) {
    auto name = entry.path().filename().string();
    if (name.front() != kind)
      continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files.push_back({name, {std::istreambuf_iterator<char>{in}, {}}});
  }
  BOOST_TEST(!files.empty());
  return files;
}

std::string in_a_row(const std::string& text) {
  return R"([{"date":"2026-05-20","raw_referrer_value":"a","raw_page_value":"b","x":)" + text +
         "}]";
}

/// 200, 400 or 422.
int status(const std::string& body) {
  auto rows = read_rows(body, body_format::json_array);
  if (rows)
    return 200;
  return rows.error().code == errc::bad_request ? 400 : 422;
}

bool is_array(const std::string& text) {
  return sniff_format(text) == body_format::json_array;
}

} // namespace

BOOST_AUTO_TEST_SUITE(row_reader_corpus)

BOOST_AUTO_TEST_CASE(valid_json_is_read_and_only_duplicate_keys_are_refused) {
  const std::set<std::string> duplicates = {"y_object_duplicated_key.json",
                                            "y_object_duplicated_key_and_value.json"};
  for (const auto& file : corpus('y'))
    BOOST_TEST_CONTEXT(file.name) {
      BOOST_TEST(status(in_a_row(file.text)) == (duplicates.count(file.name) != 0 ? 422 : 200));
      if (is_array(file.text))
        BOOST_TEST(status(file.text) != 400);
      else
        BOOST_TEST(status(file.text) == 400);
    }
}

BOOST_AUTO_TEST_CASE(invalid_json_is_a_bad_request) {
  for (const auto& file : corpus('n'))
    BOOST_TEST_CONTEXT(file.name) {
      BOOST_TEST(status(file.text) == 400);
      BOOST_TEST(status(in_a_row(file.text)) == 400);
    }
}

BOOST_AUTO_TEST_CASE(what_the_standard_leaves_open_is_decided_by_the_contract) {
  for (const auto& file : corpus('i')) {
    const auto& name = file.name;
    auto contains = [&name](std::string_view part) { return name.find(part) != std::string::npos; };
    bool beyond_a_double =
        contains("overflow") || (contains("huge_exp") && !contains("huge_neg_exp"));
    int expected = 400; // bytes that are not UTF-8, half surrogate pairs, 500 levels, a BOM
    if (contains("i_number"))
      expected = beyond_a_double ? 422 : 200;
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST(status(in_a_row(file.text)) == expected);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
