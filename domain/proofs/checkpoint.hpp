#pragma once

// What a log says of itself at one size: C2SP's checkpoint, https://c2sp.org/tlog-checkpoint, a
// signed note of these lines:
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
  std::string origin;                  ///< as check_key_name() wants it
  std::uint64_t size = 0;              ///< leaves
  digest root{};                       ///< of the tree of that size (RFC 6962, section 2.1)
  std::vector<std::string> extensions; ///< lines without their newline, none of them empty

  bool operator==(const checkpoint&) const = default;
};

/// The text that is signed. validation_error if it could not be read back as it is: an empty
/// origin or extension, a newline or another control character in one.
[[nodiscard]] result<std::string> render_body(const checkpoint& value);

/// The text, signed under the name of the origin; also the errors of sign_note().
[[nodiscard]] result<std::string> render(const checkpoint& value, const signing_key& key);

/// Reads a text without its signatures, so whoever calls it knows who says so. validation_error
/// that names the line: empty, a size that is not decimal, has leading zeros or exceeds 64 bits, a
/// root that is not the base64 of 32 bytes.
[[nodiscard]] result<checkpoint> parse_checkpoint_body(std::string_view body);

/// Reads a checkpoint that the verifier's key signed and that is of the log of the same name. The
/// errors of open_note() and parse_checkpoint_body(), and a validation_error for another origin.
[[nodiscard]] result<checkpoint> parse_checkpoint(std::string_view note,
                                                  const note_verifier& verifier);

} // namespace headwater
