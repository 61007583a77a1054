#pragma once

// The signing key of an installation: DATA/signing_key (store/FORMAT.md), readable only by its
// owner. It lies beside db/, so no copy of the database contains it: one key signs one history.

#include "domain/proofs/checkpoint.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace headwater::store {

/// A key and the name that it signs under.
struct log_key {
  signing_key key;
  note_verifier verifier;  ///< of its public part; its name is the log's origin
  bool is_exposed = false; ///< others besides the owner may read the file

  [[nodiscard]] const std::string& origin() const { return verifier.name(); }
};

[[nodiscard]] inline std::filesystem::path key_path(const std::filesystem::path& directory) {
  return directory / "signing_key";
}

/// Makes the key from 32 secret bytes; validation_error if the origin is not a valid key name.
[[nodiscard]] result<log_key> make_log_key(std::string_view origin, std::string_view seed);

/// Nothing if the directory has no key. errc::incompatible_data if its file is damaged,
/// errc::io_failed if it cannot be read.
[[nodiscard]] result<std::optional<log_key>> read_key_file(const std::filesystem::path& directory);

/// Writes the file, which is on disk when this returns. The caller wipes its own copy of the seed.
[[nodiscard]] result<void> write_key_file(const std::filesystem::path& directory,
                                          std::string_view origin, std::string_view seed);

} // namespace headwater::store
