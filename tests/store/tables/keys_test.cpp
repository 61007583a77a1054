// The order of keys is that of what they name; their bytes are in tests/golden.

#include "store/tables/keys.hpp"
#include "store/tables/table.hpp"

#include <boost/test/unit_test.hpp>

#include <tuple>

namespace headwater::store {
namespace {

using namespace std::string_view_literals;

/// Names that begin alike, end with zero bytes or have them in their middle, in the order of bytes.
constexpr std::string_view names[] = {""sv,          "\0"sv,        "\0\0"sv, "\0\1"sv, "\0\xff"sv,
                                      "a"sv,         "a\0"sv,       "a\0b"sv, "a\1"sv,  "aa"sv,
                                      "account/a"sv, "b\xff\xff"sv, "\xff"sv};
constexpr std::uint64_t sequences[] = {0, 1, 255, 256, UINT64_MAX};

} // namespace

BOOST_AUTO_TEST_SUITE(keys)

BOOST_AUTO_TEST_CASE(an_event_key_comes_back_as_its_place) {
  for (const auto name : names)
    for (const auto sequence : sequences) {
      const auto place = parse_event_key(event_key(name, sequence));
      BOOST_REQUIRE(place.has_value());
      BOOST_TEST((place->stream == name && place->sequence == sequence));
    }
}

BOOST_AUTO_TEST_CASE(events_lie_in_the_order_of_stream_and_sequence) {
  using place = std::pair<std::string_view, std::uint64_t>;
  std::vector<place> all;
  for (const auto name : names)
    for (const auto sequence : sequences)
      all.emplace_back(name, sequence);
  for (const auto& one : all)
    for (const auto& other : all)
      BOOST_TEST((event_key(one.first, one.second) < event_key(other.first, other.second)) ==
                 (one < other));
}

BOOST_AUTO_TEST_CASE(all_events_of_a_stream_lie_before_its_end_and_those_of_others_do_not) {
  for (const auto name : names)
    for (const auto other : names)
      for (const auto sequence : sequences) {
        const auto key = event_key(other, sequence);
        const bool lies_within = key >= stream_key(name) && key < stream_end_key(name);
        BOOST_TEST(lies_within == (name == other));
      }
}

BOOST_AUTO_TEST_CASE(what_is_no_event_key_is_refused) {
  const auto good = event_key("a\0b"sv, 7);
  for (std::size_t size = 0; size < good.size(); ++size)
    BOOST_TEST(!parse_event_key(good.substr(0, size)).has_value(), size);
  BOOST_TEST(!parse_event_key(good + "x").has_value());
  BOOST_TEST(!parse_event_key(stream_end_key("a") + std::string(8, '\0')).has_value());
}

BOOST_AUTO_TEST_CASE(an_idempotency_key_is_of_one_stream) {
  BOOST_TEST((use_key("a", "bc") != use_key("ab", "c")));
  BOOST_TEST((use_key("a", "b") == use_key("a", "b")));
}

BOOST_AUTO_TEST_CASE(checkpoints_lie_in_the_order_of_their_sizes) {
  BOOST_TEST(checkpoint_key(255) < checkpoint_key(256));
  BOOST_TEST(parse_checkpoint_key(checkpoint_key(UINT64_MAX)).value() == UINT64_MAX);
  for (const auto& bad : {std::string{}, std::string("c"), checkpoint_key(1) + "x",
                          "d" + checkpoint_key(1).substr(1)})
    BOOST_TEST(!parse_checkpoint_key(bad).has_value());
}

BOOST_AUTO_TEST_CASE(a_prefix_ends_where_no_key_has_it_any_more) {
  BOOST_TEST(prefix_end("ab").value() == "ac");
  BOOST_TEST(prefix_end("a\xff\xff").value() == "b");
  BOOST_TEST(prefix_end("a\x7f").value() == "a\x80");
  for (const auto none : {""sv, "\xff"sv, "\xff\xff"sv})
    BOOST_TEST(!prefix_end(none).has_value());
}

BOOST_AUTO_TEST_CASE(a_range_holds_one_key_or_all_with_a_prefix) {
  const auto one = row_at(table::rows, "a");
  BOOST_TEST((one.from == "a" && one.to == "a\0"sv));
  const auto many = rows_with(table::rows, "a\xff");
  BOOST_TEST((many.from == "a\xff" && many.to == "b"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store
