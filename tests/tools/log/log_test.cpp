#include "tests/tools/scratch.hpp"
#include "tools/log/log.hpp"

namespace headwater::tools {

BOOST_AUTO_TEST_SUITE(log_commands)

BOOST_AUTO_TEST_CASE(a_stream_is_found_by_what_it_is_of) {
  log_options with;
  BOOST_TEST(wanted_stream(with) == ""); // all
  with.stream = "account/by-name";
  BOOST_TEST(wanted_stream(with) == "account/by-name");
  with = {};
  with.system = true;
  BOOST_TEST(wanted_stream(with) == "system");
  with = {};
  with.account = "a";
  BOOST_TEST(wanted_stream(with) == "account/a");
  with = {};
  with.connection = "01C";
  BOOST_TEST(wanted_stream(with) == "connection/01C");
}

BOOST_AUTO_TEST_CASE(a_damaged_log_is_1_and_what_could_not_be_done_2) {
  const testing::captured_output output;
  BOOST_TEST(log_failure({errc::corrupt_log, "stream a: event 2"}) == 1);
  BOOST_TEST(log_failure({errc::io_failed, "cannot read"}) == 2);
  BOOST_TEST(log_failure({errc::not_found, "no account"}) == 2);
  BOOST_TEST(output.err() ==
             "headwater: stream a: event 2\nheadwater: cannot read\nheadwater: no account\n");
}

BOOST_AUTO_TEST_CASE(a_directory_that_holds_no_log_stays_as_it_was) {
  const testing::scratch in;
  for (const auto& data : {in.path("missing"), in.path("")}) {
    log_options with;
    with.data = data;
    with.account = "a";
    const testing::captured_output output;
    for (auto* command : {verify_log, show_log, replay_log, diff_log, rebuild_log, export_log})
      BOOST_TEST(command(with) == 2);
    const auto lines = output.err();
    BOOST_TEST(std::count(lines.begin(), lines.end(), '\n') == 6);
    BOOST_TEST(output.out() == "");
  }
  BOOST_TEST(std::filesystem::is_empty(in.path("")));
}

BOOST_AUTO_TEST_CASE(an_export_that_is_none_is_told_by_its_file) {
  const testing::scratch in;
  log_options with;
  with.key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  for (const auto* text : {"", "\n", "{\"headwater_export\":", "null\n"}) {
    with.file = in.file("export", text);
    const testing::captured_output output;
    BOOST_TEST(verify_export(with) == 1, text);
    BOOST_TEST(output.err().starts_with("headwater: " + in.path("export") + ": "), output.err());
    BOOST_TEST(output.out() == "");
  }
  with.file = in.path("missing");
  const testing::captured_output output;
  BOOST_TEST(verify_export(with) == 2);
  BOOST_TEST(output.err() == "headwater: cannot read " + in.path("missing") + "\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
