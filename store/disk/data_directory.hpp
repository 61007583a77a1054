#pragma once

// One of our data directories: its lock, its format and the paths within it (store/FORMAT.md).
// Owned by the log that uses it; the lock is held as long as this lives. It is taken before
// RocksDB's own, because merely opening a locked RocksDB renames the live server's LOG.

#include "domain/core/error.hpp"
#include "store/disk/files.hpp"

#include <filesystem>
#include <memory>

namespace headwater::store {

class data_directory {
public:
  /// Creates the directory if it is missing, and locks it.
  /// Errors: errc::io_failed (in use by another process, inaccessible), errc::incompatible_data
  /// (a newer format, not ours); nothing has been written then.
  /// A directory with a manifest is a snapshot, or one being restored, and is refused
  /// (errc::incompatible_data) unless `takes_snapshots`.
  [[nodiscard]] static result<std::unique_ptr<data_directory>>
  open(const std::filesystem::path& directory, bool takes_snapshots = false);

  /// True until initialisation is finished; such a directory never contained an event.
  [[nodiscard]] bool is_new() const { return is_new_; }
  /// Marks the directory as being initialised and removes the remains of an earlier attempt.
  [[nodiscard]] result<void> begin_initialising();
  [[nodiscard]] result<void> finish_initialising();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
  data_directory(std::filesystem::path path, file_descriptor lock, bool is_new)
      : path_(std::move(path)), lock_(std::move(lock)), is_new_(is_new) {}

  std::filesystem::path path_;
  file_descriptor lock_;
  bool is_new_;
};

/// Checks that only its owner can look into a data directory, since the log, the key and hashes of
/// tokens are in it. errc::io_failed, with the command that mends it. A directory that is missing
/// passes; one that is somebody else's is refused as `open` does, without that advice.
[[nodiscard]] result<void> check_private(const std::filesystem::path& directory);

/// For commands that write: checks that the files which they would make belong to the user whose
/// data this is, since a file of root's in between locks that user's service out. errc::io_failed,
/// with the command to run in its place. A directory in which no log was started passes, and one
/// whose disk gives all files to one user.
[[nodiscard]] result<void> check_owner(const std::filesystem::path& directory);

/// For readers, which take no lock: checks that the directory is ours, initialised and readable.
[[nodiscard]] result<void> check_readable(const std::filesystem::path& directory);

/// Writes FORMAT, which marks the directory as complete, so call it last.
[[nodiscard]] result<void> write_format(const std::filesystem::path& directory);

/// The file that makes a directory a snapshot (snapshots/README.md).
[[nodiscard]] inline std::filesystem::path manifest_path(const std::filesystem::path& directory) {
  return directory / "MANIFEST.json";
}
[[nodiscard]] inline std::filesystem::path head_path(const std::filesystem::path& directory) {
  return directory / "HEAD";
}
[[nodiscard]] inline std::filesystem::path database_path(const std::filesystem::path& directory) {
  return directory / "db";
}

} // namespace headwater::store
