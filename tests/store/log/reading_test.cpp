// The contract of reading events, over every engine.

#include "store/log/event_codec.hpp"
#include "tests/store/log_fixture.hpp"

namespace headwater::store::testing {

BOOST_AUTO_TEST_SUITE(reading)

BOOST_AUTO_TEST_CASE_TEMPLATE(an_event_comes_back_whole, Engine, engines) {
  Engine engine;
  idempotency key{"k \"1\"", sha256({"f"})};
  event_salt salt{};
  salt[3] = 9;
  append_request request{"account/a", 0, {{}}};
  auto part = seal({"12", "01HXYZ"}, key, R"({"a":[{"b":"}],\"{"}],"c":null})", salt);
  request.commands[0].events.push_back({"rule_created", 3, part});
  request.commands[0].key = key;
  must_append(engine.log(), request, 1'700'000'000'000'001);
  std::optional<recorded_event> got;
  BOOST_REQUIRE(engine.log().read_stream("account/a", 1, [&](const recorded_event& event) {
    got = event;
    return result<void>{};
  }));
  BOOST_REQUIRE(got);
  BOOST_TEST(got->header.stream == "account/a");
  BOOST_TEST(got->header.sequence == 1);
  BOOST_TEST(got->header.position == 1);
  BOOST_TEST(got->header.type == "rule_created");
  BOOST_TEST(got->header.schema == 3);
  BOOST_TEST(got->header.time == 1'700'000'000'000'001);
  BOOST_TEST((got->header.payload_hash == part.payload_hash));
  BOOST_TEST(got->header_text == write_header(got->header));
  BOOST_TEST((got->chain == sha256({std::string(32, '\0'), got->header_text})));
  BOOST_REQUIRE(got->part);
  BOOST_TEST(got->part->text == part.text);
  BOOST_TEST((got->part->salt == salt));
  BOOST_TEST(got->from.principal == "12");
  BOOST_TEST(got->from.request_id == "01HXYZ");
  BOOST_REQUIRE(got->key);
  BOOST_TEST(got->key->key == key.key);
  BOOST_TEST((got->key->fingerprint == key.fingerprint));
  BOOST_TEST(got->payload == R"({"a":[{"b":"}],\"{"}],"c":null})");
}

BOOST_AUTO_TEST_CASE(what_looks_like_the_end_of_a_payload_is_not_taken_for_it) {
  const std::string end = R"(,"principal":"7","request_id":"r"})";
  const std::string payloads[] = {
      R"({"a":1,"principal":"7","request_id":"r"})",
      R"({"a":{"b":2,"principal":[{"c":3,"principal":"7"}]},"principal":null})",
      R"(",\"principal\":\"7\"")",
      "null",
  };
  for (const auto& payload : payloads)
    for (const std::string request_id : {"r", "", end.c_str(), "\\", "\\\",\"principal\":"}) {
      event_salt salt{};
      recorded_event event;
      event.part = seal({end, request_id}, std::nullopt, payload, salt);
      BOOST_TEST_CONTEXT(event.part->text) {
        BOOST_REQUIRE(decode_part(event));
        BOOST_TEST(event.payload == payload);
        BOOST_TEST(event.from.principal == end);
        BOOST_TEST(event.from.request_id == request_id);
      }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(streams_of_a_prefix_come_whole_one_after_the_other, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  for (const std::uint64_t round : {0, 1, 2})
    for (const auto* stream : {"connection/x", "account/b", "account/a", "account", "account/ab"})
      must_append(log, request_of(stream, round));
  const auto places = [&](std::string_view prefix) {
    std::vector<std::string> out;
    BOOST_REQUIRE(log.read_streams(prefix, [&](const recorded_event& event) {
      out.push_back(event.header.stream + " " + std::to_string(event.header.sequence));
      return result<void>{};
    }));
    return out;
  };
  const std::vector<std::string> wanted{"account/a 1",  "account/a 2",  "account/a 3",
                                        "account/ab 1", "account/ab 2", "account/ab 3",
                                        "account/b 1",  "account/b 2",  "account/b 3"};
  BOOST_TEST(places("account/") == wanted, boost::test_tools::per_element());
  BOOST_TEST(places("").size() == 15u);
  BOOST_TEST(places("nothing/").empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_error_of_the_visitor_ends_the_reading_of_streams, Engine,
                              engines) {
  Engine engine;
  must_append(engine.log(), request_of("account/a", 0, 3));
  must_append(engine.log(), request_of("account/b", 0, 3));
  int seen = 0;
  const auto read = engine.log().read_streams("", [&](const recorded_event&) -> result<void> {
    if (++seen == 4)
      return error{errc::internal_error, "enough"};
    return {};
  });
  BOOST_TEST(seen == 4);
  BOOST_REQUIRE(read.has_error());
  BOOST_TEST(read.error().message == "enough");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(chains_run_per_stream_from_zero_bytes, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  std::vector<append_request> group{request_of("account/a", 0, 3), request_of("account/b", 0, 2),
                                    request_of("account/a", 3, 2)};
  BOOST_REQUIRE(log.append(group, 1).size() == 3);
  for (const auto* name : {"account/a", "account/b"}) {
    digest chain{};
    BOOST_REQUIRE(log.read_stream(name, 1, [&](const recorded_event& event) {
      chain = sha256({as_bytes(chain), event.header_text});
      BOOST_TEST((chain == event.chain));
      return result<void>{};
    }));
  }
  digest last{};
  BOOST_REQUIRE(log.read_all(7, [&](const recorded_event& event) {
    last = event.chain;
    return result<void>{};
  }));
  BOOST_TEST((log.end().chain == last));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_header_is_found_by_sequence_and_by_position, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  const provable_log& proofs = log;
  std::vector<append_request> group{request_of("account/a", 0, 3), request_of("account/b", 0, 2),
                                    request_of("account/a", 3, 2)};
  BOOST_REQUIRE(log.append(group, 1).size() == 3);
  std::uint64_t position = 0;
  BOOST_REQUIRE(log.read_all(1, [&](const recorded_event& event) -> result<void> {
    const auto& header = event.header;
    for (const auto& found : {proofs.find_header(header.stream, header.sequence).value(),
                              proofs.find_header({}, ++position).value()}) {
      BOOST_REQUIRE(found.has_value());
      BOOST_TEST(found->header.stream == header.stream);
      BOOST_TEST(found->header.sequence == header.sequence);
      BOOST_TEST(found->header.position == position);
      BOOST_TEST((found->header.payload_hash == header.payload_hash));
      BOOST_TEST((found->chain == event.chain));
    }
    return {};
  }));
  for (const auto& [stream, number] : std::initializer_list<std::pair<stream_name, std::uint64_t>>{
           {"account/a", 0}, {"account/a", 6}, {"account/c", 1}, {"", 0}, {"", position + 1}})
    BOOST_TEST(!proofs.find_header(stream, number).value().has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_stream_is_read_from_any_sequence, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  must_append(log, request_of("account/a", 0, 5));
  must_append(log, request_of("account/b", 0, 1));
  auto whole = stream_of(log, "account/a");
  for (std::uint64_t from = 0; from < 9; ++from) {
    auto skipped = std::min<std::size_t>(from == 0 ? 0 : from - 1, whole.size());
    std::vector<std::string> expected(whole.begin() + static_cast<std::ptrdiff_t>(skipped),
                                      whole.end());
    BOOST_TEST(stream_of(log, "account/a", from) == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(everything_is_read_from_any_position, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  for (std::uint64_t i = 0; i < 600; ++i)
    must_append(log, request_of("account/" + std::to_string(i % 7), i / 7));
  auto whole = all_of(log);
  BOOST_TEST(whole.size() == 600);
  for (std::uint64_t from : {0, 1, 2, 255, 256, 257, 258, 600, 601, 999}) {
    auto skipped = std::min<std::size_t>(from == 0 ? 0 : from - 1, whole.size());
    std::vector<std::string> expected(whole.begin() + static_cast<std::ptrdiff_t>(skipped),
                                      whole.end());
    BOOST_TEST(all_of(log, from) == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_read_backwards_is_what_is_read_forwards_up_to_there, Engine,
                              engines) {
  Engine engine;
  auto& log = engine.log();
  for (std::uint64_t i = 0; i < 600; ++i)
    must_append(log, request_of("account/" + std::to_string(i % 7), i / 7));
  const auto read_back = [&](const stream_name& stream, std::uint64_t from) {
    std::vector<std::string> out;
    const auto note = [&](const recorded_event& event) -> result<void> {
      out.push_back(show(event));
      return {};
    };
    BOOST_REQUIRE(stream.empty() ? log.read_all_back(from, note)
                                 : log.read_stream_back(stream, from, note));
    std::ranges::reverse(out);
    return out;
  };
  for (const stream_name stream : {"", "account/0", "account/6", "account/none"}) {
    const auto whole = stream.empty() ? all_of(log) : stream_of(log, stream);
    for (std::size_t from : {0, 1, 2, 8, 9, 84, 85, 86, 255, 256, 257, 599, 600, 601, 999}) {
      std::vector<std::string> expected(
          whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(std::min(from, whole.size())));
      BOOST_TEST(read_back(stream, from) == expected, boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_visitor_ends_the_reading_backwards_with_its_error, Engine,
                              engines) {
  Engine engine;
  auto& log = engine.log();
  must_append(log, request_of("account/a", 0, 5));
  std::vector<std::uint64_t> seen;
  auto visit = [&](const recorded_event& event) -> result<void> {
    seen.push_back(event.header.sequence);
    if (event.header.sequence == 4)
      return error{errc::internal_error, "enough"};
    return {};
  };
  for (const auto& read :
       {log.read_stream_back("account/a", 5, visit), log.read_all_back(5, visit)}) {
    BOOST_REQUIRE(read.has_error());
    BOOST_TEST(read.error().message == "enough");
  }
  BOOST_TEST(seen == (std::vector<std::uint64_t>{5, 4, 5, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_visitor_ends_the_reading_with_its_error, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  must_append(log, request_of("account/a", 0, 5));
  int seen = 0;
  auto visit = [&](const recorded_event& event) -> result<void> {
    ++seen;
    if (event.header.sequence == 2)
      return error{errc::internal_error, "enough"};
    return {};
  };
  auto one = log.read_stream("account/a", 1, visit);
  auto all = log.read_all(1, visit);
  BOOST_TEST(seen == 4);
  BOOST_REQUIRE(one.has_error());
  BOOST_REQUIRE(all.has_error());
  BOOST_TEST(one.error().message == "enough");
  BOOST_TEST(all.error().message == "enough");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
