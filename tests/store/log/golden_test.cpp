// The bytes of format 1, as tests/golden/store/format-1.txt holds them. That file was computed
// apart from this code, from store/FORMAT.md alone, and is only ever added to.

#include "store/disk/head_file.hpp"
#include "store/log/event_checks.hpp"
#include "store/log/event_codec.hpp"
#include "store/log/records.hpp"
#include "store/tables/keys.hpp"
#include "tests/store/log_fixture.hpp"

#include <openssl/sha.h>

#include <algorithm>

namespace headwater::store::testing {
namespace {

std::string golden(const std::string& name) {
  static const auto lines = [] {
    std::map<std::string, std::string> out;
    std::ifstream in{HEADWATER_SOURCE_DIR "/tests/golden/store/format-1.txt"};
    for (std::string line; std::getline(in, line);)
      out[line.substr(0, line.find(' '))] = line.substr(line.find(' ') + 1);
    return out;
  }();
  BOOST_REQUIRE_MESSAGE(lines.contains(name), name + " is missing in format-1.txt");
  return lines.at(name);
}

std::string golden_bytes(const std::string& name) {
  auto bytes = from_hex(golden(name));
  BOOST_REQUIRE(bytes);
  return *bytes;
}

digest golden_digest(const std::string& name) {
  digest out{};
  std::ranges::copy(golden_bytes(name), out.begin());
  return out;
}

/// SHA-256 by OpenSSL's one-shot function, not by ours.
digest hash_of(const std::string& bytes) {
  digest out{};
  ::SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), out.data());
  return out;
}

recorded_event decoded(const std::string& name) {
  recorded_event event;
  BOOST_REQUIRE(read_record(golden_bytes(name), event));
  return event;
}

} // namespace

BOOST_AUTO_TEST_SUITE(golden_bytes_of_format_1)

BOOST_AUTO_TEST_CASE(records_decode_and_encode_to_the_same_bytes) {
  for (const std::string n : {".1", ".2"}) {
    auto event = decoded("record" + n);
    BOOST_TEST(event.header_text == golden("header" + n));
    BOOST_TEST(write_header(event.header) == golden("header" + n));
    BOOST_TEST(write_record(write_header(event.header), event.chain, &*event.part) ==
               golden_bytes("record" + n));
    BOOST_TEST(event.part->text == golden("part" + n));
    auto sealed = seal(event.from, event.key, event.payload, event.part->salt);
    BOOST_TEST(sealed.text == golden("part" + n));
    BOOST_TEST((sealed.payload_hash == golden_digest("payload_hash" + n)));
  }
}

BOOST_AUTO_TEST_CASE(the_first_record_says_what_it_said) {
  auto event = decoded("record.1");
  BOOST_TEST(event.header.stream == "account/acme");
  BOOST_TEST(event.header.sequence == 1);
  BOOST_TEST(event.header.position == 1);
  BOOST_TEST(event.header.type == "passthrough_referrer_created");
  BOOST_TEST(event.header.schema == 1);
  BOOST_TEST(event.header.time == 1'700'000'000'000'001);
  BOOST_TEST(event.from.principal == "7");
  BOOST_TEST(event.from.request_id == "01JD7Z0000000000000000000A");
  BOOST_REQUIRE(event.key);
  BOOST_TEST(event.key->key == "k\xc3\xa9y \"1\"\n");
  BOOST_TEST(event.payload == R"({"domain":"booking.example","label":null,)"
                              R"("n":9007199254740991,"tags":["a,}","b]"]})");
}

BOOST_AUTO_TEST_CASE(an_erased_record_keeps_its_header_and_chain) {
  auto event = decoded("erased_record.1");
  BOOST_TEST(!event.part);
  BOOST_TEST(event.payload.empty());
  BOOST_TEST(event.header_text == golden("header.1"));
  BOOST_TEST((event.chain == golden_digest("chain.1")));
  BOOST_TEST(write_record(event.header_text, event.chain, nullptr) ==
             golden_bytes("erased_record.1"));
  stream_checker checker{event.header.stream, 1, {}};
  BOOST_TEST(checker.check(event).has_value());
  auto next = decoded("record.2");
  BOOST_TEST(checker.check(next).has_value());
}

BOOST_AUTO_TEST_CASE(hashes_are_what_the_page_says) {
  digest chain{};
  for (const std::string n : {".1", ".2"}) {
    chain = hash_of(std::string{as_bytes(chain)} + golden("header" + n));
    BOOST_TEST((chain == decoded("record" + n).chain));
    BOOST_TEST((hash_of(golden_bytes("salt" + n) + golden("part" + n)) ==
                decoded("record" + n).header.payload_hash));
  }
}

BOOST_AUTO_TEST_CASE(keys_and_small_values_encode_to_the_same_bytes) {
  BOOST_TEST(event_key("account/acme", 1) == golden_bytes("event_key.1"));
  BOOST_TEST(event_key("account/acme", 2) == golden_bytes("event_key.2"));
  const std::string odd("a\0\0\xff"
                        "b",
                        5);
  BOOST_TEST(event_key(odd, 258) == golden_bytes("odd_stream_key"));
  auto place = parse_event_key(golden_bytes("odd_stream_key"));
  BOOST_REQUIRE(place);
  BOOST_TEST(place->stream == odd);
  BOOST_TEST(place->sequence == 258);
  BOOST_TEST(as_bytes(use_key("account/acme", "k\xc3\xa9y \"1\"\n")) == golden_bytes("use_key"));
  auto head = read_stream_head(golden_bytes("stream_head"));
  BOOST_REQUIRE(head);
  BOOST_TEST((*head == stream_head{2, 9, golden_digest("chain.2")}));
  BOOST_TEST(write_stream_head(*head) == golden_bytes("stream_head"));
  auto use = read_use(golden_bytes("use"));
  BOOST_REQUIRE(use);
  BOOST_TEST(use->first_sequence == 1);
  BOOST_TEST(use->events == 1);
  BOOST_TEST((use->fingerprint == decoded("record.1").key->fingerprint));
  BOOST_TEST(write_use(*use) == golden_bytes("use"));
}

BOOST_AUTO_TEST_CASE(head_slots_have_the_same_bytes) {
  scratch_directory directory;
  auto path = directory.path() / "HEAD";
  BOOST_REQUIRE(head_file::create(path));
  BOOST_TEST(read_bytes(path).size() == 8192);
  auto head = head_file::open(path);
  BOOST_REQUIRE(head);
  BOOST_REQUIRE((*head)->write_end(9, golden_digest("chain.2")));
  BOOST_REQUIRE((*head)->write_checkpoint(7));
  auto bytes = read_bytes(path);
  BOOST_TEST((bytes.substr(0, 88) == golden_bytes("head_slot.2") ||
              bytes.substr(4096, 88) == golden_bytes("head_slot.2")));
  write_bytes(path, golden_bytes("head_slot.2"));
  BOOST_TEST((read_head(path).value() == head_mark{9, golden_digest("chain.2"), 7}));
  write_bytes(path, golden_bytes("head_slot") + std::string(4096 - 80, '\0'));
  BOOST_TEST((read_head(path).value() == head_mark{9, golden_digest("chain.2")}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
