#pragma once

// What a log states about itself at one size: C2SP's checkpoint, https://c2sp.org/tlog-checkpoint,
// a signed note with these lines:
//
//   <origin: the name of the log, and of the key that signs>
//   <size: leaves, decimal>
//   <root: base64>
//   <extension lines, if any>
//
// Pure, any thread.

#include "domain/core/digest.hpp"
#include "domain/core/error.hpp"
#include "domain/proofs/signed_note.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headwater {

struct checkpoint {
  std::string origin;                  ///< a valid name by check_key_name()
  std::uint64_t size = 0;              ///< leaves
  digest root{};                       ///< of the tree of that size (RFC 6962, section 2.1)
  std::vector<std::string> extensions; ///< lines without their newline, none of them empty

  bool operator==(const checkpoint&) const = default;
};

/// The text to sign. validation_error if it could not be read back unchanged: an empty origin or
/// extension, a newline or another control character in one.
[[nodiscard]] result<std::string> render_body(const checkpoint& value);

/// The text, signed under the name of the origin; also the errors of sign_note().
[[nodiscard]] result<std::string> render(const checkpoint& value, const signing_key& key);

/// Reads the text only, without signatures, so the caller must know who vouches for it.
/// validation_error, naming the line: empty, a size that is not decimal, has leading zeros or
/// exceeds 64 bits, a root that is not the base64 of 32 bytes.
[[nodiscard]] result<checkpoint> parse_checkpoint_body(std::string_view body);

/// Reads a checkpoint that the verifier's key has signed for the log of the same name. The errors
/// of open_note() and parse_checkpoint_body(), and a validation_error for another origin.
[[nodiscard]] result<checkpoint> parse_checkpoint(std::string_view note,
                                                  const note_verifier& verifier);

} // namespace headwater
