#include "tests/tools/scratch.hpp"
#include "tools/terminal/failure.hpp"

namespace headwater::tools {

BOOST_AUTO_TEST_SUITE(failure_of_a_command)

BOOST_AUTO_TEST_CASE(it_is_one_line_with_all_faults) {
  const error why{errc::validation_error,
                  "bad",
                  {{location{"body", "domain"}, "is missing", "missing"},
                   {location{"body", std::int64_t{3}}, "is no row", "row"}}};
  testing::captured_output output;
  BOOST_TEST(failure(why) == 1);
  BOOST_TEST(output.err() == "headwater: bad; body.domain: is missing; body[3]: is no row\n");
  BOOST_TEST(output.out() == "");
}

BOOST_AUTO_TEST_CASE(it_quotes_nothing_that_a_terminal_would_obey) {
  testing::captured_output output;
  BOOST_TEST(failure(std::string{"bad \x1b[2J\u202E"}) == 1);
  BOOST_TEST(output.err() == "headwater: bad \\u001b[2J\\u202e\n");
}

BOOST_AUTO_TEST_CASE(output_that_was_written_changes_no_status) {
  testing::captured_output output;
  for (const int status : {0, 1, 2})
    BOOST_TEST(with_output_written(status) == status);
  BOOST_TEST(output.err() == "");
}

BOOST_AUTO_TEST_CASE(output_that_was_not_written_is_a_failure) {
  testing::captured_output output;
  std::cout.setstate(std::ios::badbit);
  const auto done = with_output_written(0), failed = with_output_written(1);
  std::cout.clear();
  BOOST_TEST(done == 2);
  BOOST_TEST(failed == 1); // what was wrong before has been told
  BOOST_TEST(output.err() == "headwater: cannot write to standard output\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
