#include "domain/core/digest.hpp"
#include "domain/proofs/base64.hpp"
#include "domain/proofs/signed_note.hpp"

#include <boost/test/unit_test.hpp>

using namespace headwater;

namespace {

// The examples of Go's golang.org/x/mod/sumdb/note, from which the specification grew.
constexpr std::string_view peter_key =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view peter_seed = "gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM=";
constexpr std::string_view peter_text = "If you think cryptography is the answer to your problem,\n"
                                        "then you don't know what your problem is.\n";
constexpr std::string_view peter_line =
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6K"
    "E6RyyBwJnAM=\n";

// The example of the specification, whose key it does not tell.
constexpr std::string_view specified =
    "Ognuno sta solo sul cuor della terra\n"
    "trafitto da un raggio di sole:\n"
    "\n"
    "ed è subito sera.\n"
    "\n"
    "— quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0"
    "xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

std::string peter_note() {
  return std::string(peter_text) + '\n' + std::string(peter_line);
}

note_verifier peter() {
  return note_verifier::parse(peter_key).value();
}

signing_key key_of(char byte) {
  return signing_key::from_seed(std::string(32, byte)).value();
}

note_verifier verifier_of(std::string_view name, const signing_key& key) {
  return note_verifier::make(name, key.public_key()).value();
}

/// The signature line that sign_note() makes.
std::string line_of(std::string_view text, std::string_view name, const signing_key& key) {
  return sign_note(text, name, key).value().substr(text.size() + 1);
}

/// Why it is refused; empty if it is not.
std::string fault_of(std::string_view note) {
  const auto read = parse_note(note);
  if (read)
    return "";
  BOOST_CHECK(read.error().code == errc::validation_error);
  BOOST_TEST(!open_note(note, peter()));
  return read.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(signed_notes)

BOOST_AUTO_TEST_CASE(example_of_go_is_read_and_signed_again_byte_for_byte) {
  BOOST_TEST(open_note(peter_note(), peter()).value() == peter_text);
  const auto key = signing_key::from_seed(from_base64(peter_seed).value()).value();
  BOOST_TEST(sign_note(peter_text, "PeterNeumann", key).value() == peter_note());
  BOOST_TEST(verifier_of("PeterNeumann", key).to_string() == peter_key);
  BOOST_TEST(peter().key_hash() == 0xc74f20a3U);
}

BOOST_AUTO_TEST_CASE(example_of_the_specification_is_split_at_its_last_blank_line) {
  const auto read = parse_note(specified);
  BOOST_REQUIRE(read);
  BOOST_TEST(read->text.ends_with("sole:\n\ned è subito sera.\n"));
  BOOST_REQUIRE(read->signatures.size() == 1U);
  BOOST_TEST(read->signatures[0].name == "quasimodo.example/salvatore");
  BOOST_TEST(read->signatures[0].key_hash == 0x367ba04bU);
  BOOST_TEST(read->signatures[0].signature.size() == 64U);
}

BOOST_AUTO_TEST_CASE(note_with_any_bit_of_text_or_signature_changed_is_refused) {
  const auto good = peter_note();
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    auto bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    BOOST_REQUIRE_MESSAGE(!open_note(bad, peter()), "bit " << bit);
  }
  for (std::size_t length = 0; length < good.size(); ++length)
    BOOST_REQUIRE_MESSAGE(!open_note(good.substr(0, length), peter()), "length " << length);
}

BOOST_AUTO_TEST_CASE(signatures_of_unknown_keys_are_ignored) {
  const std::string text = "text\n";
  const auto known = key_of('k');
  const auto other = key_of('o');
  const auto verifier = verifier_of("log.example", known);
  const auto ours = line_of(text, "log.example", known);
  const auto same_name = line_of(text, "log.example", other);
  const auto same_key = line_of(text, "witness.example", known);
  // The hash of the known key under another name, with bytes that are no Ed25519 signature.
  std::string odd = from_hex(verifier.to_string().substr(12, 8)).value() + "short";
  const auto strange = "— other.example " + to_base64(odd) + "\n";
  const auto all = text + "\n" + same_name + strange + ours + same_key;
  BOOST_TEST(open_note(all, verifier).value() == text);
  BOOST_TEST(parse_note(all)->signatures.size() == 4U);
  BOOST_TEST(open_note(text + "\n" + same_name + strange + same_key, verifier).error().message ==
             "signed note: no signature of the key log.example+" +
                 verifier.to_string().substr(12, 8));
}

BOOST_AUTO_TEST_CASE(bad_signature_of_the_known_key_is_refused_beside_a_good_one) {
  const auto key = key_of('k');
  const auto verifier = verifier_of("log.example", key);
  const auto good = line_of("text\n", "log.example", key);
  const auto bad = line_of("other text\n", "log.example", key);
  BOOST_TEST(open_note("text\n\n" + good + good, verifier).has_value());
  for (const auto& lines : {good + bad, bad + good, bad}) {
    const auto opened = open_note("text\n\n" + lines, verifier);
    BOOST_REQUIRE(!opened);
    BOOST_TEST(opened.error().message.find("is not by it") != std::string::npos);
  }
  const auto cut = from_hex(verifier.to_string().substr(12, 8)).value() + std::string(63, 'x');
  const auto opened = open_note("text\n\n— log.example " + to_base64(cut) + "\n", verifier);
  BOOST_TEST(opened.error().message.find("has not the length of one") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(malformed_notes_are_refused_with_the_reason) {
  const std::string line{peter_line};
  const auto says = [](const std::string& note, std::string_view why) {
    const auto fault = fault_of(note);
    BOOST_TEST(fault.find(why) != std::string::npos, "'" << fault << "' is not about: " << why);
  };
  says("", "no newline at the end");
  says("text", "no newline at the end");
  says("text\n\n" + line.substr(0, line.size() - 1), "no newline at the end");
  says("text\n" + line, "no blank line");
  says("\n" + line, "no blank line");
  says("text\n", "no blank line");
  says("text\n\n", "no signature after");
  says("text\n\n" + line + "\n", "no signature after");
  says("text\n\nmore\n", "em dash");
  says("text\n\n- a AAAAAAA=\n", "em dash");
  says("text\n\n" + line + "rest\n", "em dash");
  says("text\r\n\n" + line, "control character in line 1");
  says("a\nb\tc\n\n" + line, "control character in line 2");
  says(std::string("a\0b\n\n", 5) + line, "control character in line 1");
  says("\xff\n\n" + line, "not valid UTF-8");
  says("\xed\xa0\x80\n\n" + line, "not valid UTF-8");
  says("text\n\n— name\n", "no signature after its key name");
  says("text\n\n—  AAAAAAA=\n", "key name is empty");
  says("text\n\n— a+b AAAAAAA=\n", "has a plus");
  says("text\n\n— a\xC2\xA0"
       "b AAAAAAA=\n",
       "has a space");
  says("text\n\n— name \n", "too short");
  says("text\n\n— name AAAAAA==\n", "too short");
  says("text\n\n— name AAAAAAA\n", "not base64");
  says("text\n\n— name AAAAAAB=\n", "not base64");
  says("text\n\n— name AAAAAAA= \n", "not base64");
  says("text\n\n— na me AAAAAAA=\n", "not base64");
  BOOST_TEST(fault_of("text\n\n— name AAAAAAA=\n").empty());
}

BOOST_AUTO_TEST_CASE(size_and_number_of_signatures_are_bounded) {
  const std::string line = "— name AAAAAAA=\n";
  std::string lines;
  for (std::size_t i = 0; i < max_note_signatures; ++i)
    lines += line;
  BOOST_TEST(fault_of("text\n\n" + lines).empty());
  BOOST_TEST(fault_of("text\n\n" + lines + line) == "signed note: more than 100 signatures");
  const auto fill = max_note_bytes - line.size() - 2;
  BOOST_TEST(fault_of(std::string(fill, 'x') + "\n\n" + line).empty());
  BOOST_TEST(fault_of(std::string(fill + 1, 'x') + "\n\n" + line) ==
             "signed note: more than 1048576 bytes");
}

BOOST_AUTO_TEST_CASE(key_names_are_without_spaces_and_plus) {
  for (std::string_view good : {"a", "example.com/log42", "ü", "日本", "a=b"})
    BOOST_TEST(check_key_name(good).has_value(), good);
  for (std::string_view bad : {"", "a b", " ", "a+b", "a\tb", "a\nb", "\xff", "a\xC2\x85",
                               "\xC2\xA0", "\xE1\x9A\x80", "\xE2\x80\x8A", "\xE2\x80\xA8",
                               "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"})
    BOOST_TEST(!check_key_name(bad), to_hex(bad));
}

BOOST_AUTO_TEST_CASE(malformed_verifier_keys_are_refused_with_the_reason) {
  const auto says = [](std::string_view key, std::string_view why) {
    const auto read = note_verifier::parse(key);
    BOOST_REQUIRE_MESSAGE(!read, key);
    BOOST_TEST(read.error().message.find(why) != std::string::npos, read.error().message);
  };
  says("", "not <name>");
  says("PeterNeumann", "not <name>");
  says("PeterNeumann+c74f20a3", "not <name>");
  says("PeterNeumann+c74f20a+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "8 hexadecimal");
  says("PeterNeumann+c74f20a3ff+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "8 hexadecimal");
  says("PeterNeumann+c74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "small letters");
  says("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "not that of its");
  says("Peter+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "not that of its");
  says("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T", "not base64");
  says("PeterNeumann+c74f20a3+", "not base64");
  says("PeterNeumann+c74f20a3+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "algorithm");
  says("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy", "32 bytes");
  says("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "name is empty");
  says("Peter N+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "has a space");
}

BOOST_AUTO_TEST_CASE(texts_that_could_not_be_read_back_are_not_signed) {
  const auto key = key_of('k');
  for (std::string_view bad : {"", "text", "a\tb\n", "\xff\n"})
    BOOST_TEST(!sign_note(bad, "log.example", key), to_hex(bad));
  BOOST_TEST(!sign_note("text\n", "log example", key));
  BOOST_TEST(!sign_note(std::string(max_note_bytes - 10, 'x') + "\n", "log.example", key));
}

BOOST_AUTO_TEST_SUITE_END()
