#include "domain/core/preconditions.hpp"
#include "domain/rules/etag.hpp"

#include <boost/test/unit_test.hpp>

#include <utility>

using namespace headwater;

namespace {

preconditions if_match(std::string_view value) {
  return {read_entity_tags(value, "If-Match").value(), std::nullopt};
}

preconditions if_none_match(std::string_view value) {
  return {std::nullopt, read_entity_tags(value, "If-None-Match").value()};
}

bool holds(const preconditions& given, std::optional<std::string_view> tag) {
  const auto checked = given.check(tag);
  BOOST_TEST((checked || checked.error().code == errc::precondition_failed));
  return checked.has_value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(precondition)

BOOST_AUTO_TEST_CASE(the_tag_of_a_rule_is_the_quoted_revision) {
  BOOST_TEST(attribution::etag_of(42) == "\"42\"");
}

BOOST_AUTO_TEST_CASE(the_tag_of_a_text_tells_texts_apart) {
  const auto tag = etag_of_text("a");
  BOOST_TEST(tag == "\"ca978112ca1bbdca\""); // SHA-256 of "a" begins so
  BOOST_TEST(tag != etag_of_text("b"));
  BOOST_TEST(gzip_etag(tag) == "\"ca978112ca1bbdca-gz\"");
  BOOST_TEST(gzip_etag("") == "");
  BOOST_TEST(brotli_etag(tag) == "\"ca978112ca1bbdca-br\"");
  BOOST_TEST(brotli_etag("") == "");
}

BOOST_AUTO_TEST_CASE(if_match_allows_what_it_lists) {
  const std::pair<std::string_view, bool> cases[] = {{"*", true},
                                                     {" * ", true},
                                                     {"\"42\"", true},
                                                     {"\"41\"", false},
                                                     {"\"41\", \"42\"", true},
                                                     {"\"41\",\"43\"", false},
                                                     {"W/\"42\"", false},
                                                     {"W/\"42\", \"42\"", true},
                                                     {", \"42\" ,,", true},
                                                     {"\"\"", false},
                                                     {"\"a,b\", \"42\"", true},
                                                     {"\"042\"", false},
                                                     {"\"42-gz\"", true},
                                                     {"W/\"42-gz\"", false},
                                                     {"\"42-gz-gz\"", false}};
  for (const auto& [value, allowed] : cases) {
    BOOST_TEST(holds(if_match(value), "\"42\"") == allowed, value);
    BOOST_TEST(!holds(if_match(value), std::nullopt), value);
  }
}

BOOST_AUTO_TEST_CASE(if_none_match_refuses_what_it_lists_weakly) {
  const std::pair<std::string_view, bool> cases[] = {
      {"*", false},           {"\"42\"", false}, {"W/\"42\"", false}, {"\"42-gz\"", false},
      {"W/\"42-gz\"", false}, {"\"41\"", true},  {"\"\"", true},      {"\"41\", \"42\"", false}};
  for (const auto& [value, allowed] : cases) {
    BOOST_TEST(holds(if_none_match(value), "\"42\"") == allowed, value);
    BOOST_TEST(holds(if_none_match(value), std::nullopt), value);
  }
}

BOOST_AUTO_TEST_CASE(what_has_no_tag_matches_a_star_alone) {
  BOOST_TEST(holds(if_match("*"), ""));
  BOOST_TEST(!holds(if_match("\"\""), ""));
  BOOST_TEST(!holds(if_match("\"1\""), ""));
  BOOST_TEST(!holds(if_none_match("*"), ""));
  BOOST_TEST(holds(if_none_match("\"\", \"1\""), ""));
  BOOST_TEST(holds({}, ""));
  BOOST_TEST(holds({}, std::nullopt));
}

BOOST_AUTO_TEST_CASE(a_coding_counts_where_bytes_are_compared) {
  const auto tags = read_entity_tags("\"1-gz\", W/\"2\"", "If-None-Match").value();
  BOOST_TEST(tags.has_exactly("\"1-gz\""));
  BOOST_TEST(tags.has_exactly("\"2\""));
  BOOST_TEST(!tags.has_exactly("\"1\""));
  BOOST_TEST(!tags.has_exactly("\"2-gz\""));
  BOOST_TEST(!tags.has_exactly(""));
}

BOOST_AUTO_TEST_CASE(what_is_no_list_of_tags_is_a_bad_request) {
  for (std::string_view value : {"", "42", "\"42", "42\"", "\"42\" \"43\"", "*, \"42\"", "w/\"42\"",
                                 "W/42", ",", "\"4 2\"", "\"42\"x"}) {
    const auto read = read_entity_tags(value, "If-None-Match");
    BOOST_TEST((!read && read.error().code == errc::bad_request), value);
    if (!read)
      BOOST_TEST(read.error().message.starts_with("If-None-Match should be"), value);
  }
}

BOOST_AUTO_TEST_SUITE_END()
