#include "actors/shared/append.hpp"
#include "actors/views/event_pages.hpp"
#include "store/log/event_json.hpp"
#include "tests/store/memory_log.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>

using namespace headwater;
using namespace headwater::actors;

namespace {

/// Events over a few streams, at times that often repeat.
struct filled_log {
  explicit filled_log(std::uint64_t seed, std::size_t count = 200) {
    std::mt19937_64 random{seed};
    micros now = 1'000;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string stream = "account/" + std::to_string(random() % 3);
      store::append_request request{stream, log.version(stream).value(), {{}}};
      request.commands[0].events.push_back(make_event({{"1", "r"}, {}},
                                                      "type_" + std::to_string(random() % 3), 1,
                                                      "{\"n\":" + std::to_string(i) + "}"));
      now += static_cast<micros>(random() % 3);
      BOOST_REQUIRE(
          (log.append({&request, 1}, now).at(0).status == store::append_status::appended));
    }
  }

  std::vector<store::recorded_event> all(const std::string& stream) const {
    std::vector<store::recorded_event> out;
    const auto keep = [&](const store::recorded_event& event) {
      out.push_back(event);
      return result<void>{};
    };
    BOOST_REQUIRE(stream.empty() ? log.read_all(1, keep) : log.read_stream(stream, 1, keep));
    return out;
  }

  store::memory_log log;
};

std::uint64_t number_of(const store::recorded_event& event, const std::string& stream) {
  return stream.empty() ? event.header.position : event.header.sequence;
}

bool is_wanted(const store::recorded_event& event, const read_events& by) {
  const auto number = number_of(event, by.stream);
  const bool is_after =
      by.order == reading_order::forwards ? number > by.after : by.after == 0 || number < by.after;
  return is_after && number <= by.until && (by.type.empty() || by.type == event.header.type) &&
         (!by.from || event.header.time >= *by.from) && (!by.to || event.header.time <= *by.to);
}

read_events of_stream(std::string stream) {
  read_events out;
  out.stream = std::move(stream);
  out.limit = 1'000;
  return out;
}

void holds_what_there_is_room_for(reading_order order) {
  filled_log filled(3);
  const std::string stream = "account/1";
  store::append_request request{stream, filled.log.version(stream).value(), {{}}};
  const std::string large(100'000, 'x');
  request.commands[0].events.push_back(
      make_event({{"1", "r"}, {}}, "large", 1, "{\"n\":\"" + large + "\"}"));
  BOOST_REQUIRE(
      (filled.log.append({&request, 1}, 9'999).at(0).status == store::append_status::appended));
  auto wanted = of_stream(stream);
  wanted.room = 4'096;
  wanted.order = order;
  std::vector<std::string> expected, got;
  for (const auto& event : filled.all(stream))
    store::append_event(expected.emplace_back(), event);
  if (order == reading_order::backwards)
    std::ranges::reverse(expected);
  std::size_t large_ones = 0;
  for (bool is_over = false; !is_over;) {
    const auto page = read_page(filled.log, wanted).value();
    std::size_t bytes = 0;
    for (const auto& event : page.events) {
      bytes += event.json.size();
      got.push_back(event.json);
    }
    BOOST_REQUIRE(bytes <= wanted.room);
    BOOST_REQUIRE((page.events.empty() == (page.needs > 0)));
    large_ones += page.needs > 0 ? 1 : 0;
    wanted.room = page.needs > 0 ? page.needs : 4'096;
    wanted.after = page.last;
    is_over = page.is_caught_up;
  }
  BOOST_TEST(large_ones == 1);
  BOOST_TEST((got == expected));
}

} // namespace

BOOST_AUTO_TEST_SUITE(event_readings)

BOOST_AUTO_TEST_CASE(pages_give_each_wanted_event_once_and_in_order) {
  const auto seed = std::random_device{}();
  BOOST_TEST_INFO("seed " << seed);
  filled_log filled(seed);
  std::mt19937_64 random{seed};
  for (int round = 0; round < 300; ++round) {
    auto wanted = of_stream(random() % 2 ? "account/" + std::to_string(random() % 4) : "");
    wanted.order = random() % 2 ? reading_order::forwards : reading_order::backwards;
    const bool is_back = wanted.order == reading_order::backwards;
    wanted.after = random() % 220;
    if (random() % 3 == 0)
      wanted.type = "type_" + std::to_string(random() % 4);
    if (random() % 3 == 0)
      wanted.from = static_cast<micros>(990 + random() % 230);
    if (random() % 3 == 0)
      wanted.to = static_cast<micros>(990 + random() % 230);
    if (random() % 3 == 0)
      wanted.until = random() % 220;
    std::vector<std::string> expected;
    for (const auto& event : filled.all(wanted.stream))
      if (is_wanted(event, wanted))
        store::append_event(expected.emplace_back(), event);
    if (is_back)
      std::ranges::reverse(expected);
    std::vector<std::string> got;
    for (bool is_over = false; !is_over;) {
      wanted.limit = random() % 20 + 1;
      const auto page = read_page(filled.log, wanted);
      BOOST_REQUIRE(page);
      BOOST_REQUIRE(page->events.size() <= wanted.limit);
      for (const auto& event : page->events)
        got.push_back(event.json);
      is_over = page->is_past || page->is_caught_up;
      BOOST_REQUIRE((is_over || wanted.after == 0 || page->last != wanted.after));
      BOOST_REQUIRE((is_over || wanted.after == 0 || (page->last < wanted.after) == is_back));
      wanted.after = page->last;
      (is_back ? wanted.to : wanted.from).reset();
    }
    BOOST_REQUIRE(got == expected);
  }
}

BOOST_AUTO_TEST_CASE(pages_for_a_rule_have_the_events_that_are_about_it) {
  store::memory_log log;
  const auto add = [&](const std::string& type, const std::string& payload) {
    store::append_request request{"account/a", log.version("account/a").value(), {{}}};
    request.commands[0].events.push_back(make_event({{"1", "r"}, {}}, type, 1, payload));
    BOOST_REQUIRE((log.append({&request, 1}, 1).at(0).status == store::append_status::appended));
  };
  add("referrer_mapping_created", R"({"id":5})");     // 1
  add("referrer_mapping_created", R"({"id":55})");    // 2
  add("passthrough_referrer_created", R"({"id":5})"); // 3
  add("referrer_mappings_imported", R"({"added":[{"id":6}],"changed":[{"id":5}],"removed":[]})");
  add("referrer_mappings_imported", R"({"added":[],"changed":[],"removed":[4,5]})"); // 5
  add("rules_restored", R"({"passthrough_referrers":{"added":[{"id":7}],"removed":[]},)"
                        R"("referrer_mappings":{"added":[{"id":5}],"removed":[]}})"); // 6
  const auto numbers = [&](const char* rule, reading_order order, std::string type = "") {
    auto wanted = of_stream("account/a");
    wanted.rule = attribution::parse_rule_name(rule);
    BOOST_REQUIRE(wanted.rule.has_value());
    wanted.order = order;
    wanted.type = std::move(type);
    const auto page = read_page(log, wanted).value();
    BOOST_TEST(page.is_caught_up);
    std::vector<std::uint64_t> out;
    for (const auto& each : page.events)
      out.push_back(each.number);
    return out;
  };
  using list = std::vector<std::uint64_t>;
  const auto forwards = reading_order::forwards;
  const auto backwards = reading_order::backwards;
  BOOST_TEST(numbers("referrer_mapping:5", forwards) == (list{1, 4, 5, 6}));
  BOOST_TEST(numbers("referrer_mapping:5", backwards) == (list{6, 5, 4, 1}));
  BOOST_TEST(numbers("passthrough_referrer:5", forwards) == list{3});
  BOOST_TEST(numbers("passthrough_referrer:7", backwards) == list{6});
  BOOST_TEST(numbers("referrer_mapping:7", backwards).empty());
  BOOST_TEST(numbers("referrer_mapping:5", backwards, "rules_restored") == list{6});
  auto erased = of_stream("account/a");
  erased.rule = attribution::parse_rule_name("referrer_mapping:5");
  erased.is_erased = true;
  BOOST_TEST(read_page(log, erased).value().events.empty());
}

BOOST_AUTO_TEST_CASE(search_for_what_is_rare_stops_where_enough_was_looked_at) {
  constexpr std::uint64_t count = 20'000;
  store::memory_log log;
  store::append_request request{"account/a", 0, {{}}};
  for (std::uint64_t i = 0; i < count; ++i)
    request.commands[0].events.push_back(make_event({{"1", "r"}, {}}, "usual", 1, "{}"));
  BOOST_REQUIRE((log.append({&request, 1}, 1).at(0).status == store::append_status::appended));
  for (const auto order : {reading_order::forwards, reading_order::backwards}) {
    auto wanted = of_stream("account/a");
    wanted.type = "rare";
    wanted.order = order;
    const auto page = read_page(log, wanted).value();
    BOOST_TEST(page.events.empty());
    BOOST_TEST(!page.is_caught_up);
    const auto looked_at = order == reading_order::forwards ? page.last : count + 1 - page.last;
    BOOST_TEST(looked_at <= 16'384U); // or fewer of 4 MiB
    BOOST_TEST(looked_at > 8'000U);
    wanted.after = page.last;
    BOOST_TEST(read_page(log, wanted).value().is_caught_up);
  }
}

BOOST_AUTO_TEST_CASE(page_holds_no_more_than_there_is_room_for) {
  for (const auto order : {reading_order::forwards, reading_order::backwards})
    holds_what_there_is_room_for(order);
}

BOOST_AUTO_TEST_CASE(reading_that_nobody_waits_for_any_more_is_not_begun) {
  filled_log filled(4);
  auto wanted = of_stream("account/1");
  wanted.waits_until = std::chrono::steady_clock::now() - std::chrono::milliseconds{1};
  const auto late = read_page(filled.log, wanted);
  BOOST_REQUIRE(late.has_error());
  BOOST_TEST((late.error().code == errc::service_unavailable));
}

BOOST_AUTO_TEST_CASE(stream_without_events_is_at_its_end) {
  store::memory_log log;
  for (const auto* stream : {"", "account/none"}) {
    const auto page = read_page(log, of_stream(stream)).value();
    BOOST_TEST((page.events.empty() && page.end == 0 && page.last == 0 && page.is_caught_up));
  }
}

BOOST_AUTO_TEST_CASE(events_up_to_a_time_are_counted_as_a_scan_counts_them) {
  filled_log filled(7);
  for (const std::string stream : {"", "account/0", "account/1"}) {
    const auto events = filled.all(stream);
    for (micros time = 990; time < 1'300; ++time) {
      std::uint64_t count = 0;
      for (const auto& event : events)
        count += event.header.time <= time ? 1 : 0;
      BOOST_REQUIRE(count_until(filled.log, stream, events.size(), time).value() == count);
    }
  }
  BOOST_TEST(time_of(filled.log, "account/0", 9'999).has_error());
}

BOOST_AUTO_TEST_CASE(event_is_rendered_with_the_bytes_that_are_hashed) {
  filled_log filled(1, 3);
  const auto event = filled.all("").front();
  std::string text;
  store::append_event(text, event);
  BOOST_TEST(text == R"({"chain":")" + to_hex(event.chain) + R"(","header":)" + event.header_text +
                         R"(,"part":)" + event.part->text + R"(,"salt":")" +
                         to_hex({reinterpret_cast<const char*>(event.part->salt.data()), 16}) +
                         R"("})");
  auto erased = event;
  erased.part.reset();
  text.clear();
  store::append_event(text, erased);
  BOOST_TEST(text.ends_with(R"(,"part":null,"salt":null})"));
}

BOOST_AUTO_TEST_SUITE_END()
