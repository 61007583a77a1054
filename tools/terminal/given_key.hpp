#pragma once

// The verifier key of checkpoints, as commands take it by --key.

#include "domain/proofs/signed_note.hpp"

#include <optional>
#include <string>

namespace headwater::tools {

/// The key that `text` is, or that is in the file of this name; nothing for an empty text.
/// validation_error or errc::io_failed, which quotes nothing of the file.
[[nodiscard]] result<std::optional<note_verifier>> given_key(const std::string& text);

} // namespace headwater::tools
