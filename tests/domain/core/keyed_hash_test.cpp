#include "colliding_keys.hpp"
#include "domain/core/keyed_hash.hpp"
#include "domain/json/json_rows.hpp"
#include "domain/json/json_value.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace headwater;
using headwater::testing::cost_of;
using headwater::testing::key_maker;
using headwater::testing::object_of;

namespace {

constexpr std::size_t many = 40'000;
/// With a hash that is known, keys that collide cost some hundred times as much.
constexpr double usual_spread = 5;

/// The bytes 0, 1, 2 ... hashed under the key 00 01 ... 0f, as the authors of SipHash do.
template <int Compressions, int Finalisations>
std::uint64_t sip_of_first(std::size_t size) {
  std::string text;
  while (text.size() < size)
    text.push_back(static_cast<char>(text.size()));
  return sip_hash<Compressions, Finalisations>(text, {0x0706050403020100U, 0x0f0e0d0c0b0a0908U});
}

hash_secret some_secret(std::uint64_t seed) {
  std::mt19937_64 random{seed};
  hash_secret out{};
  for (auto& each : out.nh)
    each = random();
  out.end = {random(), random()};
  out.sip = {random(), random()};
  return out;
}

class no_rows final : public json_rows {
public:
  void reset() override {}
  void member(std::string_view) override {}
  void twice(std::string_view) override { ++repeated; }
  bool begin_list(std::string_view) override { return false; }
  void row(draft, std::size_t) override {}
  void value(std::string_view, const json_item&) override {}

  std::size_t repeated = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(keyed_hashes)

// By `openssl mac -macopt c-rounds:1 -macopt d-rounds:3 SIPHASH`; that of no byte is Rust's, too.
BOOST_AUTO_TEST_CASE(siphash_1_3_is_that_of_other_implementations) {
  BOOST_TEST((sip_of_first<1, 3>(0)) == 0xabac0158050fc4dcU);
  BOOST_TEST((sip_of_first<1, 3>(1)) == 0xc9f49bf37d57ca93U);
  BOOST_TEST((sip_of_first<1, 3>(7)) == 0xd3927d989bb11140U);
  BOOST_TEST((sip_of_first<1, 3>(8)) == 0x369095118d299a8eU);
  BOOST_TEST((sip_of_first<1, 3>(15)) == 0xd320d86d2a519956U);
  BOOST_TEST((sip_of_first<1, 3>(16)) == 0xcc4fdd1a7d908b66U);
  BOOST_TEST((sip_of_first<1, 3>(64)) == 0xf17997ec4b4a6065U);
}

// The first and the last are those of the authors' list of vectors; that of 15 bytes is their
// paper's example.
BOOST_AUTO_TEST_CASE(siphash_2_4_is_that_of_its_paper) {
  BOOST_TEST((sip_of_first<2, 4>(0)) == 0x726fdb47dd0e0e31U);
  BOOST_TEST((sip_of_first<2, 4>(15)) == 0xa129ca6149be45e5U);
}

BOOST_AUTO_TEST_CASE(another_secret_gives_other_hashes) {
  const std::string long_text(300, 'x');
  for (const std::string_view text : {"", "a", "acme.com", long_text.c_str()})
    BOOST_TEST(quick_text_hash(text, some_secret(1)) != quick_text_hash(text, some_secret(2)));
  BOOST_TEST((sip_hash<1, 3>("acme.com", {1, 2})) != (sip_hash<1, 3>("acme.com", {1, 3})));
}

BOOST_AUTO_TEST_CASE(the_secret_is_drawn_once) {
  BOOST_TEST(&process_secret() == &process_secret());
  BOOST_TEST(process_secret().sip.first != process_secret().sip.second);
  BOOST_TEST(text_hash{}("acme.com") == keyed_hash<std::string>{}("acme.com"));
}

BOOST_AUTO_TEST_CASE(every_byte_of_a_text_counts_and_its_length_too) {
  const auto secret = some_secret(3);
  std::set<std::uint64_t> seen;
  std::size_t texts = 0;
  for (std::size_t size = 0; size <= 300; ++size) {
    std::string text(size, 'a');
    seen.insert(quick_text_hash(text, secret));
    ++texts;
    for (auto& c : text) {
      c = 'b';
      seen.insert(quick_text_hash(text, secret));
      c = 'a';
      ++texts;
    }
  }
  BOOST_TEST(seen.size() == texts);
}

BOOST_AUTO_TEST_CASE(few_texts_share_the_low_bits_of_their_hashes) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    const auto secret = some_secret(seed);
    std::vector<std::size_t> quick(1'024), numbers(1'024);
    for (std::size_t i = 0; i < 10'240; ++i) {
      ++quick[quick_text_hash("site-" + std::to_string(i) + ".com", secret) % quick.size()];
      ++numbers[hash_of_words(i << 40U, 0, secret) % numbers.size()];
    }
    BOOST_TEST(std::ranges::max(quick) < 40U, seed);
    BOOST_TEST(std::ranges::max(numbers) < 40U, seed);
  }
}

BOOST_AUTO_TEST_CASE(keys_for_the_tests_collide_in_the_standard_library) {
  const auto keys = key_maker().colliding(many);
  BOOST_TEST((std::set<std::string>(keys.begin(), keys.end()).size()) == many);
  std::set<std::size_t> hashes;
  for (const auto& each : keys)
    hashes.insert(std::hash<std::string>{}(each));
  BOOST_TEST(hashes.size() == 1U);
}

BOOST_AUTO_TEST_CASE(keys_that_were_made_to_collide_cost_no_more_in_a_set) {
  key_maker make;
  const auto fill = [](const auto& keys) {
    return cost_of([&] { BOOST_TEST((text_set(keys.begin(), keys.end()).size()) == many); });
  };
  const auto usual = fill(make.random(many));
  BOOST_TEST(fill(make.colliding(many)) < usual_spread * usual);
}

BOOST_AUTO_TEST_CASE(members_that_were_made_to_collide_cost_no_more_in_a_draft) {
  key_maker make;
  const auto read = [](const std::string& body) {
    return cost_of([&] { BOOST_TEST(parse_draft(body).value().members.size() == many); });
  };
  const auto usual = read(object_of(make.random(many)));
  const auto colliding = object_of(make.colliding(many));
  BOOST_TEST(read(colliding) < usual_spread * usual);
  const auto nested = [](const std::string& body) {
    return cost_of([&] { BOOST_TEST(parse_draft("{\"a\":" + body + "}").value().faults.empty()); });
  };
  BOOST_TEST(nested(colliding) < usual_spread * usual);
}

BOOST_AUTO_TEST_CASE(members_that_were_made_to_collide_cost_no_more_beside_rows) {
  key_maker make;
  const auto read = [](const std::string& body) {
    return cost_of([&] {
      no_rows into;
      BOOST_TEST(read_json_rows(body, into).has_value());
      BOOST_TEST(into.repeated == 0U);
    });
  };
  const auto usual = read(object_of(make.random(many)));
  BOOST_TEST(read(object_of(make.colliding(many))) < usual_spread * usual);
}

BOOST_AUTO_TEST_SUITE_END()
