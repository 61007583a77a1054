#include "domain/core/constant_text.hpp"

#include <boost/test/unit_test.hpp>

namespace headwater {
namespace {

constexpr std::string_view middle = "-";
constexpr constant_text<> whole{"a", middle, "", "bc"};
constexpr constant_text<2> full{"xy"};

} // namespace

BOOST_AUTO_TEST_SUITE(constant_texts)

BOOST_AUTO_TEST_CASE(parts_follow_each_other) {
  static_assert(whole.view() == "a-bc");
  static_assert(std::string_view(whole).size() == 4);
  BOOST_TEST(whole.view() == "a-bc");
}

BOOST_AUTO_TEST_CASE(text_may_fill_its_room) {
  BOOST_TEST(full.view() == "xy");
}

BOOST_AUTO_TEST_CASE(no_parts_are_an_empty_text) {
  BOOST_TEST(constant_text<>(std::initializer_list<std::string_view>{}).view().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater
