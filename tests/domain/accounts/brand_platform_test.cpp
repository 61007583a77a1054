#include "domain/accounts/brand_platform.hpp"
#include "domain/json/json_reader.hpp"

#include <boost/test/unit_test.hpp>

using namespace headwater;
using namespace headwater::accounts;

namespace {

result<std::string> read(std::string_view body) {
  return read_platform_name(parse_draft(body).value());
}

std::string fault_of(std::string_view body) {
  auto name = read(body);
  BOOST_REQUIRE_MESSAGE(name.has_error(), body);
  BOOST_TEST((name.error().code == errc::validation_error));
  BOOST_REQUIRE(name.error().faults.size() == 1U);
  return to_string(name.error().faults[0].at) + " " + name.error().faults[0].type;
}

} // namespace

BOOST_AUTO_TEST_SUITE(platforms_of_brands)

BOOST_AUTO_TEST_CASE(a_name_has_1_to_64_code_points) {
  std::string longest;
  for (int i = 0; i < 64; ++i)
    longest += "ü";
  BOOST_TEST(read(R"({"platform":"X"})").value() == "X");
  BOOST_TEST(read(R"({"platform":")" + longest + R"("})").value() == longest);
  BOOST_TEST(fault_of(R"({"platform":")" + longest + R"(u"})") == "body.platform string_too_long");
  BOOST_TEST(fault_of(R"({"platform":""})") == "body.platform string_too_short");
  BOOST_TEST(fault_of(R"({"platform":" "})") == "body.platform string_too_short");
}

BOOST_AUTO_TEST_CASE(a_name_is_required_and_a_string_without_control_characters) {
  BOOST_TEST(fault_of("{}") == "body.platform missing");
  BOOST_TEST(fault_of(R"({"platform":null})") == "body.platform string_type");
  BOOST_TEST(fault_of(R"({"platform":7})") == "body.platform string_type");
  BOOST_TEST(fault_of(R"({"platform":"a\nb"})") == "body.platform value_error");
  BOOST_TEST(fault_of(R"({"platform":"a\u0085b"})") == "body.platform value_error");
  BOOST_TEST(fault_of(R"({"platform":"a","platform":"b"})").starts_with("body.platform "));
}

// Reports take names separated by commas, and drop spaces around them.
BOOST_AUTO_TEST_CASE(a_name_has_no_comma_and_no_space_at_either_end) {
  for (const auto* name : {"a,b", ",", " ChatGPT ", " a", "a ", ", "})
    BOOST_TEST_CONTEXT("'" << name << "'") {
      BOOST_TEST(fault_of(std::string{R"({"platform":")"} + name + R"("})") ==
                 "body.platform value_error");
    }
  BOOST_TEST(read(R"({"platform":"a b; c"})").value() == "a b; c");
}

BOOST_AUTO_TEST_CASE(other_members_are_ignored) {
  BOOST_TEST(read(R"({"platform":"X","host":7,"created_at":1,"colour":"red"})").value() == "X");
}

BOOST_AUTO_TEST_SUITE_END()
