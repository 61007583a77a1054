#include "tests/tools/scratch.hpp"
#include "tools/api/api_token.hpp"

namespace headwater::tools {

using testing::scratch;
using testing::variable;

BOOST_AUTO_TEST_SUITE(api_token)

BOOST_AUTO_TEST_CASE(without_a_file_it_is_that_of_the_environment) {
  const variable set{"HEADWATER_TOKEN", "hw_secret"};
  BOOST_TEST(find_token("").value() == "hw_secret");
}

BOOST_AUTO_TEST_CASE(an_empty_variable_is_none) {
  for (const char* value : {"", static_cast<const char*>(nullptr)}) {
    const variable set{"HEADWATER_TOKEN", value};
    BOOST_TEST((find_token("").error().code == errc::unauthorized));
  }
}

BOOST_AUTO_TEST_CASE(a_file_wins_and_its_line_need_not_end) {
  const variable set{"HEADWATER_TOKEN", "other"};
  const scratch in;
  for (const auto* text : {"hw_secret", "hw_secret\n", "  hw_secret\r\n\n"})
    BOOST_TEST(find_token(in.file("token", text)).value() == "hw_secret");
}

BOOST_AUTO_TEST_CASE(a_file_without_one_token_is_refused_and_not_shown) {
  const scratch in;
  for (const auto* text : {"", "\n", " \t\r\n", "one\ntwo\n", "one\rtwo"}) {
    const auto got = find_token(in.file("token", text));
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code == errc::unauthorized));
    BOOST_TEST(got.error().message == in.path("token") + " holds no token");
  }
}

BOOST_AUTO_TEST_CASE(a_large_file_is_no_token) {
  const auto got = find_token("/dev/zero");
  BOOST_REQUIRE(got.has_error());
  BOOST_TEST(got.error().message == "/dev/zero is longer than 4096 bytes");
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_named) {
  const scratch in;
  for (const auto& path : {in.path("missing"), in.path("")}) { // the latter is a directory
    const auto got = find_token(path);
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST(got.error().message.find(path) != std::string::npos);
  }
  BOOST_TEST((find_token(in.path("missing")).error().code == errc::io_failed));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
