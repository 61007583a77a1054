// libFuzzer target: signed notes, checkpoints and verifier keys. What is read must be written as
// the same bytes; what our key signed opens to the same text, also beside signatures of others, and
// no changed text does.

#include "domain/proofs/base64.hpp"
#include "domain/proofs/checkpoint.hpp"
#include "domain/proofs/signed_note.hpp"
#include "tests/fuzz/fuzz_input.hpp"

using namespace headwater;

namespace {

constexpr std::string_view origin = "headwater.example/log";

const signing_key& key_here() {
  static const auto key = signing_key::from_seed(std::string(32, 's')).value();
  return key;
}

const note_verifier& verifier_here() {
  static const auto verifier = note_verifier::make(origin, key_here().public_key()).value();
  return verifier;
}

std::string signature_line(const note_signature& of) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>(of.key_hash >> shift & 0xffU);
  return "\xe2\x80\x94 " + of.name + " " + to_base64(bytes + of.signature) + "\n";
}

void check_note(std::string_view text) {
  const auto note = parse_note(text);
  const auto opened = open_note(text, verifier_here());
  if (!note) {
    fuzz::check_refusal(note.error());
    fuzz::require(!opened, "what is no note is opened", text);
    return;
  }
  std::string again = note->text + "\n";
  for (const auto& each : note->signatures) {
    fuzz::must(check_key_name(each.name), "a signature with an invalid name");
    fuzz::require(!each.signature.empty(), "a signature of nothing", text);
    again += signature_line(each);
  }
  fuzz::require_equal(again, text, "a note is read as another");
  fuzz::require(note->signatures.size() <= max_note_signatures, "too many signatures");
  fuzz::must(check_note_text(note->text), "a note with an invalid text");
  if (opened)
    fuzz::require_equal(*opened, note->text, "a note opens to another text");
  // Beside what others have signed, ours counts.
  const auto ours = sign_note(note->text, origin, key_here());
  if (ours &&
      !std::ranges::any_of(note->signatures,
                           [](const auto& each) { return each.name == origin; }) &&
      note->signatures.size() < max_note_signatures) {
    const auto signed_again = again + ours->substr(note->text.size() + 1);
    fuzz::require_equal(fuzz::must(open_note(signed_again, verifier_here()), "ours is not seen"),
                        note->text, "a note opens to another text");
  }
}

void check_signing(std::string_view text) {
  const auto note = sign_note(text, origin, key_here());
  fuzz::require(note.has_error() || check_note_text(text), "an invalid text is signed", text);
  if (!note)
    return fuzz::check_refusal(note.error());
  fuzz::require_equal(fuzz::must(open_note(*note, verifier_here()), "our own note does not open"),
                      text, "our own note opens to another text");
  auto changed = *note;
  changed[text.size() / 2] = changed[text.size() / 2] == 'a' ? 'b' : 'a';
  fuzz::require(!open_note(changed, verifier_here()), "a changed note opens", changed);
}

void check_checkpoint(std::string_view text) {
  const auto body = parse_checkpoint_body(text);
  if (body)
    fuzz::require_equal(fuzz::must(render_body(*body), "a checkpoint is not written"), text,
                        "a checkpoint is read as another");
  else
    fuzz::check_refusal(body.error());
  const auto whole = parse_checkpoint(text, verifier_here());
  if (!whole)
    return;
  fuzz::require(whole->origin == origin, "a checkpoint of another log");
  const auto again = fuzz::must(render(*whole, key_here()), "a checkpoint is not signed");
  fuzz::require(fuzz::must(parse_checkpoint(again, verifier_here()), "ours is not read") == *whole,
                "a checkpoint is read as another", text);
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  check_note(text);
  check_checkpoint(text);
  if (!text.empty())
    check_signing(text);
  if (const auto verifier = note_verifier::parse(text))
    fuzz::require_equal(verifier->to_string(), text, "a verifier is read as another");
  if (const auto bytes = from_base64(text))
    fuzz::require_equal(to_base64(*bytes), text, "base64 is read as another");
  const auto decoded = from_base64(to_base64(text));
  fuzz::require(decoded && *decoded == text, "base64 loses bytes", text);
  return 0;
}
