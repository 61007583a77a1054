#pragma once

// Text signed by named keys: C2SP's signed note, https://c2sp.org/signed-note, with Ed25519.
//
//   <text, every line of it ending in a newline>
//   <empty line>
//   — <key name> <base64 of the 4-byte key hash and the signature>
//
// Pure, any thread.

#include "domain/core/error.hpp"
#include "domain/proofs/signing_key.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headwater {

/// Larger notes, and those with more signatures, are refused unread.
inline constexpr std::size_t max_note_bytes = std::size_t{1} << 20;
inline constexpr std::size_t max_note_signatures = 100;

/// Whether a key may have this name: valid UTF-8, not empty, without Unicode spaces, plus signs and
/// control characters; otherwise a validation_error.
[[nodiscard]] result<void> check_key_name(std::string_view name);

/// Whether this can be the text of a note: valid UTF-8 ending in a newline and without other
/// control characters, at most max_note_bytes; otherwise a validation_error that says what is
/// wrong, and in which line.
[[nodiscard]] result<void> check_note_text(std::string_view text);

/// Checks the signatures of one key: its name, public key and key hash. Written as `<name>+<key
/// hash in hexadecimal>+<base64 of 0x01 and the public key>`.
class note_verifier {
public:
  /// validation_error if check_key_name() refuses the name.
  [[nodiscard]] static result<note_verifier> make(std::string_view name, const public_key& key);
  /// Reads what to_string() writes; validation_error for anything else, including other algorithms
  /// and a hash that does not belong to name and key.
  [[nodiscard]] static result<note_verifier> parse(std::string_view text);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const public_key& key() const { return key_; }
  /// The first four bytes, big-endian, of SHA-256(name || "\n" || 0x01 || public key).
  [[nodiscard]] std::uint32_t key_hash() const { return hash_; }
  [[nodiscard]] std::string to_string() const;

  bool operator==(const note_verifier&) const = default;

private:
  note_verifier(std::string_view name, const public_key& key);

  std::string name_;
  public_key key_{};
  std::uint32_t hash_ = 0;
};

/// A signature line. What the signature's bytes mean depends on the algorithm, which only the key
/// hash reveals; nothing is verified here.
struct note_signature {
  std::string name;
  std::uint32_t key_hash = 0;
  std::string signature; ///< one byte at least

  bool operator==(const note_signature&) const = default;
};

/// A note as read, not verified.
struct signed_note {
  std::string text; ///< with its last newline
  std::vector<note_signature> signatures;

  bool operator==(const signed_note&) const = default;
};

/// Reads a note without verifying any signature, so the text must not be trusted. validation_error
/// that says what is wrong: size, UTF-8, control characters, no blank line, no signature, a
/// malformed signature line.
[[nodiscard]] result<signed_note> parse_note(std::string_view note);

/// The text of a note if the verifier's key has signed it: at least one signature has its name and
/// key hash, and all that do must verify. Those of other keys are ignored. Otherwise a
/// validation_error.
[[nodiscard]] result<std::string> open_note(std::string_view note, const note_verifier& verifier);

/// A note with one signature. The errors of check_note_text(), check_key_name() and
/// signing_key::sign(), and a validation_error if it exceeds max_note_bytes with the signature.
[[nodiscard]] result<std::string> sign_note(std::string_view text, std::string_view name,
                                            const signing_key& key);

} // namespace headwater
