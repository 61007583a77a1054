#include "domain/proofs/checkpoint.hpp"
#include "domain/proofs/merkle.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>

using namespace headwater;

namespace {

/// The key of the golden file: its seed is the bytes 0 to 31.
signing_key fixed_key() {
  std::string seed;
  for (char byte = 0; byte < 32; ++byte)
    seed.push_back(byte);
  return signing_key::from_seed(seed).value();
}

/// The checkpoint of the golden file: a tree of the three leaves a, b and c.
checkpoint fixed_checkpoint() {
  merkle_frontier frontier;
  for (auto entry : {"a", "b", "c"})
    frontier.append(merkle_leaf(entry));
  return {"headwater.example/log", frontier.size(), frontier.root(), {}};
}

note_verifier verifier_of(std::string_view name) {
  return note_verifier::make(name, fixed_key().public_key()).value();
}

std::string golden(const std::string& name) {
  const auto path = std::string(HEADWATER_SOURCE_DIR) + "/tests/golden/proofs/" + name;
  std::ifstream in(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(in, path);
  return {std::istreambuf_iterator<char>(in), {}};
}

constexpr std::string_view root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

std::string fault_of_body(const std::string& body) {
  const auto read = parse_checkpoint_body(body);
  return read ? "" : read.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(checkpoints)

BOOST_AUTO_TEST_CASE(golden_checkpoint_is_read_and_written_byte_for_byte) {
  const auto text = golden("checkpoint.1.txt");
  const auto key = golden("checkpoint.1.vkey");
  BOOST_TEST(verifier_of("headwater.example/log").to_string() + "\n" == key);
  const auto verifier = note_verifier::parse(key.substr(0, key.size() - 1));
  BOOST_REQUIRE(verifier);
  const auto read = parse_checkpoint(text, *verifier);
  BOOST_REQUIRE_MESSAGE(read, (read ? "" : read.error().message));
  BOOST_CHECK(*read == fixed_checkpoint());
  BOOST_TEST(render(fixed_checkpoint(), fixed_key()).value() == text);
}

BOOST_AUTO_TEST_CASE(example_of_the_specification_is_read) {
  const auto note = parse_note(
      "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
      "— example.com/behind-the-sofa "
      "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
      "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n");
  BOOST_REQUIRE(note);
  const auto read = parse_checkpoint_body(note->text);
  BOOST_REQUIRE(read);
  BOOST_TEST(read->origin == "example.com/behind-the-sofa");
  BOOST_TEST(read->size == 20852163U);
  BOOST_TEST(read->extensions.empty());
}

BOOST_AUTO_TEST_CASE(checkpoints_of_any_size_and_with_extensions_are_read_back) {
  for (const auto size : {std::uint64_t{0}, std::uint64_t{10}, ~std::uint64_t{0}})
    for (const auto& extensions : {std::vector<std::string>{}, {"one", "— two"}}) {
      const checkpoint value{"log.example", size, merkle_leaf("x"), extensions};
      const auto text = render(value, fixed_key());
      BOOST_REQUIRE(text);
      BOOST_CHECK(parse_checkpoint(*text, verifier_of("log.example")).value() == value);
      BOOST_CHECK(parse_checkpoint_body(render_body(value).value()).value() == value);
    }
}

BOOST_AUTO_TEST_CASE(malformed_bodies_are_refused_with_the_reason) {
  const std::string hash{root};
  const auto says = [](const std::string& body, std::string_view why) {
    const auto fault = fault_of_body(body);
    BOOST_TEST(fault.find(why) != std::string::npos, "'" << fault << "' is not about: " << why);
  };
  says("", "no newline at the end");
  says("log\n", "fewer than three lines");
  says("log\n1\n", "fewer than three lines");
  says("\n1\n" + hash, "line 1 is empty");
  says("log\n\n" + hash, "line 2 is empty");
  says("log\n1\n\n", "line 3 is empty");
  says("log\n1\n" + hash + "\n", "line 4 is empty");
  says("log\n1\n" + hash + "more\n\nmore\n", "line 5 is empty");
  for (auto size :
       {"01", "00", "-1", "+1", "1.0", " 1", "1 ", "0x1", "one", "18446744073709551616"})
    says(std::string("log\n") + size + "\n" + hash, "size in line 2");
  for (auto bad : {"x", "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I",
                   "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=",
                   "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw=="})
    says(std::string("log\n1\n") + bad + "\n", "root in line 3");
  says("log\r\n1\n" + hash, "control character in line 1");
  says("log\n1\n" + hash.substr(0, hash.size() - 1), "no newline at the end");
  says("\xff\n1\n" + hash, "not valid UTF-8");
  BOOST_TEST(fault_of_body("log\n1\n" + hash).empty());
}

BOOST_AUTO_TEST_CASE(checkpoint_of_another_log_is_refused) {
  const auto key = fixed_key();
  const auto body = render_body(fixed_checkpoint()).value();
  const auto note = sign_note(body, "other.example", key).value();
  const auto read = parse_checkpoint(note, verifier_of("other.example"));
  BOOST_REQUIRE(!read);
  BOOST_TEST(read.error().message ==
             "checkpoint: it is of the log headwater.example/log, not of other.example");
  BOOST_TEST(
      !parse_checkpoint(render(fixed_checkpoint(), key).value(), verifier_of("other.example")));
}

BOOST_AUTO_TEST_CASE(signed_text_that_is_no_checkpoint_is_refused) {
  const auto note = sign_note("log.example\n01\n", "log.example", fixed_key()).value();
  BOOST_TEST(parse_checkpoint(note, verifier_of("log.example")).error().message ==
             "checkpoint: fewer than three lines: origin, size, root");
}

BOOST_AUTO_TEST_CASE(values_that_could_not_be_read_back_are_not_rendered) {
  const auto refused = [](const std::string& origin, std::vector<std::string> extensions) {
    return !render({origin, 1, digest{}, std::move(extensions)}, fixed_key());
  };
  BOOST_TEST(refused("", {}));
  BOOST_TEST(refused("a\nb", {}));
  BOOST_TEST(refused("a b", {}));
  BOOST_TEST(refused("a+b", {}));
  BOOST_TEST(refused("a\n2\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", {}));
  BOOST_TEST(refused("log.example", {""}));
  BOOST_TEST(refused("log.example", {"a", "b\nc"}));
  BOOST_TEST(refused("log.example", {"a\n"}));
  BOOST_TEST(refused("log.example", {"\x01"}));
  BOOST_TEST(!refused("log.example", {"a"}));
}

BOOST_AUTO_TEST_SUITE_END()
