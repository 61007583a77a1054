#include "tools/log/event_text.hpp"

#include <boost/test/unit_test.hpp>

namespace headwater::tools {
namespace {

store::recorded_event event_with(std::string payload) {
  store::recorded_event out;
  out.header.stream = "account/a";
  out.header.sequence = 2;
  out.header.position = 11;
  out.header.type = "referrer_mapping_created";
  out.header.time = 1'000'000;
  out.part.emplace();
  out.from = {"7", "01HREQUEST"};
  out.payload = std::move(payload);
  return out;
}

/// The second line.
std::string payload_line(std::string payload) {
  const auto text = text_of(event_with(std::move(payload)));
  return text.substr(text.find('\n') + 1);
}

} // namespace

BOOST_AUTO_TEST_SUITE(event_text)

BOOST_AUTO_TEST_CASE(an_event_is_two_lines) {
  BOOST_TEST(text_of(event_with(R"({"id":1})")) ==
             "11  account/a 2  1970-01-01T00:00:01.000000Z  referrer_mapping_created  by 7 in "
             "01HREQUEST\n    {\"id\":1}\n");
}

BOOST_AUTO_TEST_CASE(an_erased_event_tells_nobody_and_nothing) {
  auto event = event_with("secret");
  event.part.reset();
  const auto text = text_of(event);
  BOOST_TEST(text == "11  account/a 2  1970-01-01T00:00:01.000000Z  referrer_mapping_created\n"
                     "    without payload\n");
}

BOOST_AUTO_TEST_CASE(a_long_payload_is_cut_between_characters) {
  BOOST_TEST(payload_line(std::string(600, 'x')) == "    " + std::string(600, 'x') + "\n");
  BOOST_TEST(payload_line(std::string(601, 'x')) ==
             "    " + std::string(600, 'x') + " ... (601 bytes)\n");
  const std::string smile = "\xF0\x9F\x98\x80";
  for (const std::size_t before : {597U, 598U, 599U})
    BOOST_TEST(payload_line(std::string(before, 'x') + smile) ==
               "    " + std::string(before, 'x') + " ... (" + std::to_string(before + 4) +
                   " bytes)\n");
}

BOOST_AUTO_TEST_CASE(a_terminal_obeys_nothing_of_it) {
  BOOST_TEST(payload_line("a\x1b[2J\x7f\n\xC2\x9B"
                          "31m\xC2\xA0\xC3\xA4\xC2") ==
             "    a\\u001b[2J\\u007f\\u000a\\u009b31m\xC2\xA0\xC3\xA4\uFFFD\n");
  BOOST_TEST(payload_line("\"user\u202Egnp.exe\"") == "    \"user\\u202egnp.exe\"\n");
  auto event = event_with("{}");
  event.from.principal = "\x1b]0;x\x07";
  BOOST_TEST(text_of(event).find("by \\u001b]0;x\\u0007 in") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
