#include "store/log/event_checks.hpp"
#include "store/log/event_codec.hpp"
#include "store/log/event_json.hpp"
#include "store/log/first_event.hpp"
#include "tests/store/log_fixture.hpp"

namespace headwater::store::testing {
namespace {

/// The events of a stream of three, as read back.
std::vector<recorded_event> three_events() {
  memory_log log;
  must_append(log, request_of("account/a", 0, 3));
  std::vector<recorded_event> out;
  BOOST_REQUIRE(log.read_stream("account/a", 1, [&](const recorded_event& event) -> result<void> {
    out.push_back(event);
    return {};
  }));
  return out;
}

/// What a checker says of events in order; empty: all is well.
std::string verdict(const std::vector<recorded_event>& events) {
  const stream_name name = "account/a";
  stream_checker checker(name, 1, {});
  for (const auto& each : events)
    if (const auto checked = checker.check(each); !checked) {
      BOOST_TEST((checked.error().code == errc::corrupt_log));
      return checked.error().message;
    }
  return {};
}

bool names_the_second(const std::string& text, std::string_view why) {
  return text.starts_with("stream account/a, sequence 2: ") && text.find(why) != text.npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(event_checks)

BOOST_AUTO_TEST_CASE(events_as_they_were_written_are_sound) {
  const auto events = three_events();
  BOOST_TEST(verdict(events) == "");
  const stream_name name = "account/a";
  stream_checker later(name, 2, events[0].chain);
  BOOST_TEST(later.check(events[1]).has_value());
  BOOST_TEST(later.next() == 3U);
  BOOST_TEST((later.chain() == events[1].chain));
}

BOOST_AUTO_TEST_CASE(a_gap_or_another_streams_event_is_named_by_its_place) {
  auto events = three_events();
  BOOST_TEST(names_the_second(verdict({events[0], events[2]}), "account/a 3"));
  events[1].header.stream = "account/b";
  BOOST_TEST(names_the_second(verdict(events), "account/b 2"));
}

BOOST_AUTO_TEST_CASE(an_event_read_backwards_is_checked_against_the_one_before) {
  const auto events = three_events();
  BOOST_TEST(check_after(events[0], nullptr).has_value());
  for (const std::size_t at : {1, 2})
    BOOST_TEST(check_after(events[at], &events[at - 1]).has_value());
  const auto why = [](const recorded_event& event, const recorded_event* before) {
    const auto checked = check_after(event, before);
    return checked ? std::string{} : checked.error().message;
  };
  BOOST_TEST(names_the_second(why(events[2], &events[0]), "account/a 3"));
  BOOST_TEST(why(events[1], nullptr) != "");
  auto moved = events[1];
  moved.header.position = events[0].header.position;
  BOOST_TEST(names_the_second(why(moved, &events[0]), "position"));
  auto changed = events[1];
  changed.part->text += ' ';
  BOOST_TEST(names_the_second(why(changed, &events[0]), "payload_hash"));
  auto before = events[0];
  before.chain[0] ^= 1U;
  BOOST_TEST(names_the_second(why(events[1], &before), "chain"));
}

BOOST_AUTO_TEST_CASE(a_position_follows_the_one_before) {
  auto events = three_events();
  events[1].header.position = events[0].header.position;
  BOOST_TEST(names_the_second(verdict(events), "position"));
}

BOOST_AUTO_TEST_CASE(another_payload_does_not_have_the_hash) {
  auto events = three_events();
  events[1].part->text += " ";
  BOOST_TEST(names_the_second(verdict(events), "payload_hash"));
  BOOST_TEST(check_at_position(events[1], 2).has_error());
  events[1].part.reset(); // erased: there is nothing to compare
  BOOST_TEST(verdict(events) == "");
  BOOST_TEST(check_at_position(events[1], 2).has_value());
}

BOOST_AUTO_TEST_CASE(another_header_breaks_the_chain) {
  auto events = three_events();
  events[1].header_text[0] = ' ';
  BOOST_TEST(names_the_second(verdict(events), "chain"));
}

BOOST_AUTO_TEST_CASE(an_event_in_another_ones_place_is_refused) {
  const auto events = three_events();
  BOOST_TEST(check_at_position(events[1], 2).has_value());
  const auto wrong = check_at_position(events[1], 3);
  BOOST_REQUIRE(wrong.has_error());
  BOOST_TEST(names_the_second(wrong.error().message, "its position is 2, not 3"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(event_json)

BOOST_AUTO_TEST_CASE(an_event_shows_the_very_bytes_that_are_hashed) {
  auto event = three_events()[1];
  std::string out = "before ";
  append_event(out, event);
  const auto salt = to_hex(salt_bytes(event.part->salt));
  BOOST_TEST(out == "before {\"chain\":\"" + to_hex(event.chain) +
                        "\",\"header\":" + event.header_text + ",\"part\":" + event.part->text +
                        ",\"salt\":\"" + salt + "\"}");
  event.part.reset();
  out.clear();
  append_event(out, event);
  BOOST_TEST(out.ends_with(event.header_text + ",\"part\":null,\"salt\":null}"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(first_events)

BOOST_AUTO_TEST_CASE(one_event_is_found_by_its_number) {
  memory_log log;
  must_append(log, request_of("account/a", 0, 2));
  must_append(log, request_of("account/b", 0, 2));
  BOOST_TEST(first_event(log, "account/b", 2).value().value().header.position == 4U);
  BOOST_TEST(first_event(log, "", 3).value().value().header.stream == "account/b");
}

BOOST_AUTO_TEST_CASE(behind_the_end_there_is_none) {
  memory_log log;
  BOOST_TEST(!first_event(log, "", 1).value().has_value());
  BOOST_TEST(!first_event(log, "account/a", 1).value().has_value());
  must_append(log, request_of("account/a", 0, 2));
  BOOST_TEST(!first_event(log, "account/a", 3).value().has_value());
  BOOST_TEST(!first_event(log, "", 3).value().has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
