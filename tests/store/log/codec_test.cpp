// What the readers of stored bytes refuse: anything but what the writers write.

#include "domain/json/canonical_reader.hpp"
#include "store/log/event_codec.hpp"
#include "store/log/records.hpp"
#include "store/log/stream_head_cache.hpp"
#include "tests/store/log_fixture.hpp"

namespace headwater::store::testing {
namespace {

event_header sample_header() {
  return {"account/\"a\\\n\x01", 3, 9, "thing_happened", 2, 1000, sha256({"x"})};
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  auto at = text.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

} // namespace

BOOST_AUTO_TEST_SUITE(codecs)

BOOST_AUTO_TEST_CASE(a_header_survives_the_round_trip) {
  auto header = sample_header();
  event_header back;
  BOOST_REQUIRE(read_header(write_header(header), back));
  BOOST_TEST(write_header(back) == write_header(header));
  BOOST_TEST(back.stream == header.stream);
}

BOOST_AUTO_TEST_CASE(a_header_with_other_bytes_is_refused) {
  const auto text = write_header(sample_header());
  event_header out;
  for (const auto& bad : {text + " ", text.substr(0, text.size() - 1), " " + text, std::string{},
                          replaced(text, "\"position\":9", "\"position\":09"),
                          replaced(text, "\"position\":9", "\"position\":-9"),
                          replaced(text, "\"position\":9", "\"position\":9.0"),
                          replaced(text, "\"position\":9", "\"position\":9007199254740992"),
                          replaced(text, "\"schema\":2", "\"schema\":4294967296"),
                          replaced(text, "\\n", "\\u000a"), replaced(text, "\\u0001", "\\u0041"),
                          replaced(text, "\\u0001", "\\u001F"), replaced(text, "\\u0001", "\x01"),
                          replaced(text, "account/", "account\\/"), replaced(text, "time", "tyme")})
    BOOST_TEST(!read_header(bad, out), bad);
}

BOOST_AUTO_TEST_CASE(a_record_cut_anywhere_is_refused_or_differs) {
  auto event = make_event(R"({"a":"b"})");
  auto text = write_header(sample_header());
  auto whole = write_record(text, sha256({"chain"}), &event.part);
  recorded_event out;
  BOOST_REQUIRE(read_record(whole, out));
  for (std::size_t size = 0; size < whole.size(); ++size)
    BOOST_TEST(!read_record(whole.substr(0, size), out), size);
  BOOST_TEST(!read_record(whole + "x", out));
  BOOST_TEST(!read_record("\2" + whole.substr(1), out));
}

BOOST_AUTO_TEST_CASE(a_payload_may_be_any_json_value) {
  for (const auto* payload :
       {"{}", "[]", "null", "true", "-12.5e3", R"("a\"b,}")", R"([[{"}":"]"}],1])"}) {
    recorded_event event;
    event.part = seal({"p", "r"}, idempotency{"k", sha256({"f"})}, payload, {});
    BOOST_REQUIRE(decode_part(event));
    BOOST_TEST(event.payload == payload);
    BOOST_TEST(event.from.request_id == "r");
  }
}

BOOST_AUTO_TEST_CASE(small_values_of_another_size_or_version_are_refused) {
  auto head = write_stream_head({1, 2, {}});
  BOOST_TEST(read_stream_head(head).has_value());
  BOOST_TEST(!read_stream_head(head + "x").has_value());
  BOOST_TEST(!read_stream_head("\2" + head.substr(1)).has_value());
  auto use = write_use({{}, 1, 2});
  BOOST_TEST(read_use(use).has_value());
  BOOST_TEST(!read_use(use.substr(1)).has_value());
  BOOST_TEST(!read_use("\2" + use.substr(1)).has_value());
}

BOOST_AUTO_TEST_CASE(the_head_cache_is_bounded_and_forgets_the_least_recently_used) {
  stream_head_cache cache{2};
  cache.put("a", {1, 1, {}});
  cache.put("b", {2, 2, {}});
  BOOST_TEST(cache.find("a"));
  cache.put("c", {3, 3, {}});
  BOOST_TEST(cache.size() == 2);
  BOOST_TEST(!cache.find("b"));
  BOOST_REQUIRE(cache.find("a"));
  BOOST_TEST(cache.find("a")->version == 1);
  cache.put("a", {9, 9, {}});
  BOOST_TEST(cache.find("a")->version == 9);
  BOOST_TEST(cache.size() == 2);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
