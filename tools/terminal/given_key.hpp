#pragma once

// What an auditor has kept elsewhere, as commands take it: the verifier key of checkpoints by
// --key, and a checkpoint by --checkpoint.

#include "domain/proofs/checkpoint.hpp"
#include "domain/proofs/signed_note.hpp"

#include <optional>
#include <string>

namespace headwater::tools {

/// The key that `text` is, or that is in the file of this name; nothing for an empty text.
/// validation_error or errc::io_failed, which quotes nothing of the file.
[[nodiscard]] result<std::optional<note_verifier>> given_key(const std::string& text);

/// The checkpoint in the file, or on standard input for "-", once its signature is known to be
/// good; nothing for an empty name. One that cannot be judged says nothing about a log:
/// errc::validation_error, which also tells that there is no key.
[[nodiscard]] result<std::optional<checkpoint>>
given_checkpoint(const std::string& file, const std::optional<note_verifier>& key);

} // namespace headwater::tools
