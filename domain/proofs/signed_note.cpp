#include "domain/proofs/signed_note.hpp"

#include "domain/core/digest.hpp"
#include "domain/core/ordered_bytes.hpp"
#include "domain/core/text.hpp"
#include "domain/core/try.hpp"
#include "domain/proofs/base64.hpp"

#include <algorithm>
#include <array>

namespace headwater {
namespace {

constexpr std::string_view line_start = "\xE2\x80\x94 "; // em dash and space
constexpr char ed25519 = 1;
constexpr std::size_t key_hash_length = 4;

/// The non-ASCII code points of Unicode's White_Space, as UTF-8; no other text contains these
/// bytes.
constexpr std::array<std::string_view, 19> wide_spaces = {
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
    "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
    "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
    "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

error not_a_note(std::string why) {
  return {errc::validation_error, std::move(why)};
}

error bad_note(const std::string& why) {
  return not_a_note("signed note: " + why);
}

error too_large() {
  return bad_note("more than " + std::to_string(max_note_bytes) + " bytes");
}

std::string line_number(std::string_view before) {
  return std::to_string(1 + std::ranges::count(before, '\n'));
}

std::string key_id(std::string_view name, std::uint32_t hash) {
  std::string bytes;
  append_big_endian(bytes, hash);
  return std::string(name) + '+' + to_hex(bytes);
}

result<note_signature> parse_signature(std::string_view line) {
  if (!line.starts_with(line_start))
    return bad_note("a signature line does not start with an em dash and a space");
  line.remove_prefix(line_start.size());
  const auto name = line.substr(0, line.find(' '));
  if (name.size() == line.size())
    return bad_note("a signature line has no signature after its key name");
  if (auto good = check_key_name(name); !good)
    return bad_note(good.error().message);
  const auto bytes = from_base64(line.substr(name.size() + 1));
  if (!bytes)
    return bad_note("a signature is not base64");
  if (bytes->size() <= key_hash_length)
    return bad_note("a signature is too short for a key hash and a signature");
  return note_signature{std::string(name),
                        read_big_endian<std::uint32_t>(bytes->substr(0, key_hash_length)),
                        bytes->substr(key_hash_length)};
}

} // namespace

result<void> check_key_name(std::string_view name) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  if (name.empty())
    return not_a_note("a key name is empty");
  if (!is_valid_utf8(name))
    return not_a_note("a key name is not valid UTF-8");
  if (name.find('+') != name.npos)
    return not_a_note("a key name has a plus");
  if (std::ranges::any_of(name, is_control))
    return not_a_note("a key name has a control character");
  if (name.find(' ') != name.npos || std::ranges::any_of(wide_spaces, [&](std::string_view space) {
        return name.find(space) != name.npos;
      }))
    return not_a_note("a key name has a space");
  return {};
}

result<void> check_note_text(std::string_view text) {
  if (text.size() > max_note_bytes)
    return too_large();
  const auto control = std::ranges::find_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
  if (control != text.end())
    return bad_note("a control character in line " +
                    line_number(text.substr(0, static_cast<std::size_t>(control - text.begin()))));
  if (!is_valid_utf8(text))
    return bad_note("not valid UTF-8");
  if (!text.ends_with('\n'))
    return bad_note("no newline at the end");
  return {};
}

note_verifier::note_verifier(std::string_view name, const public_key& key)
    : name_(name), key_(key) {
  const auto hash = sha256({name, "\n", std::string_view(&ed25519, 1), as_bytes(key)});
  hash_ = read_big_endian<std::uint32_t>(as_bytes(hash).substr(0, key_hash_length));
}

result<note_verifier> note_verifier::make(std::string_view name, const public_key& key) {
  if (auto good = check_key_name(name); !good)
    return good.error();
  return note_verifier{name, key};
}

result<note_verifier> note_verifier::parse(std::string_view text) {
  const auto first = text.find('+');
  const auto second = first == text.npos ? first : text.find('+', first + 1);
  if (second == text.npos)
    return not_a_note("verifier key: not <name>+<hash>+<key>");
  const auto name = text.substr(0, first);
  const auto digits = text.substr(first + 1, second - first - 1);
  const auto hash = from_hex(digits);
  const auto coded = from_base64(text.substr(second + 1));
  if (!hash || hash->size() != key_hash_length || to_hex(*hash) != digits)
    return not_a_note("verifier key: its hash is not 8 hexadecimal digits, small letters");
  if (!coded || coded->empty())
    return not_a_note("verifier key: its key is not base64");
  if (coded->front() != ed25519)
    return not_a_note("verifier key: not of the algorithm Ed25519");
  public_key key{};
  if (coded->size() != 1 + key.size())
    return not_a_note("verifier key: an Ed25519 key has 32 bytes");
  std::copy(coded->begin() + 1, coded->end(), key.begin());
  auto out = make(name, key);
  if (out && out->hash_ != read_big_endian<std::uint32_t>(*hash))
    return not_a_note("verifier key: its hash is not that of its name and key");
  return out;
}

std::string note_verifier::to_string() const {
  std::string coded(1, ed25519);
  coded += as_bytes(key_);
  return key_id(name_, hash_) + '+' + to_base64(coded);
}

result<signed_note> parse_note(std::string_view note) {
  CHECK(check_note_text(note));
  const auto blank = note.rfind("\n\n");
  if (blank == note.npos)
    return bad_note("no blank line before the signatures");
  signed_note out{std::string(note.substr(0, blank + 1)), {}};
  for (auto rest = note.substr(blank + 2); !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    if (out.signatures.size() == max_note_signatures)
      return bad_note("more than " + std::to_string(max_note_signatures) + " signatures");
    TRY(auto signature, parse_signature(line));
    out.signatures.push_back(std::move(signature));
  }
  if (out.signatures.empty())
    return bad_note("no signature after the blank line");
  return out;
}

result<std::string> open_note(std::string_view note, const note_verifier& verifier) {
  TRY(auto parsed, parse_note(note));
  const auto id = key_id(verifier.name(), verifier.key_hash());
  bool found = false;
  for (const auto& [name, hash, bytes] : parsed.signatures) {
    if (name != verifier.name() || hash != verifier.key_hash())
      continue;
    ed25519_signature signature{};
    if (bytes.size() != signature.size())
      return bad_note("a signature of the key " + id + " has not the length of one");
    std::copy(bytes.begin(), bytes.end(), signature.begin());
    if (auto good = verify_signature(verifier.key(), parsed.text, signature); !good)
      return bad_note("a signature of the key " + id + " is not by it: " + good.error().message);
    found = true;
  }
  if (!found)
    return bad_note("no signature of the key " + id);
  return std::move(parsed.text);
}

result<std::string> sign_note(std::string_view text, std::string_view name,
                              const signing_key& key) {
  if (auto good = check_note_text(text); !good)
    return good.error();
  TRY(const auto verifier, note_verifier::make(name, key.public_key()));
  TRY(const auto signature, key.sign(text));
  std::string bytes;
  append_big_endian(bytes, verifier.key_hash());
  bytes.append(signature.begin(), signature.end());
  std::string out(text);
  out += '\n';
  out += line_start;
  out += name;
  out += ' ';
  out += to_base64(bytes);
  out += '\n';
  if (out.size() > max_note_bytes)
    return too_large();
  return out;
}

} // namespace headwater
