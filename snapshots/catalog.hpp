#pragma once

// A directory of snapshots: their names, the lock, what it contains, and what to remove.
//
// One process at a time creates or prunes snapshots: it holds a flock on the directory itself, so
// none of our own files lies among the snapshots. Reading takes no lock.

#include "snapshots/manifest.hpp"
#include "store/disk/files.hpp"

#include <functional>
#include <memory>

namespace headwater::snapshots {

struct listed_snapshot {
  std::string name;
  micros created_at = 0;
  std::uint64_t position = 0;
  micros last_event = 0;          ///< time of the event at `position`
  digest chain{};                 ///< of the event at `position`
  std::uint64_t bytes = 0;        ///< of all its files
  std::uint64_t bytes_shared = 0; ///< of files that also exist elsewhere, by hard links
};

/// "20261121T153000Z-000000000123": when it was made and where it ends. A second one with the same
/// second and position gets "-2".
[[nodiscard]] std::string snapshot_name(micros created_at, std::uint64_t position);
[[nodiscard]] bool is_snapshot_name(std::string_view name);

/// A directory named like a snapshot that is not a complete one: damaged, or being made or removed,
/// or left by a killed process. It may contain events all the same.
struct incomplete_snapshot {
  std::string name;
  micros named_for = 0; ///< the second in its name; 0 if that is not a time
  error why;
};

struct catalog_content {
  /// In the order of what they hold, see is_before().
  std::vector<listed_snapshot> complete;
  std::vector<incomplete_snapshot> damaged;
  std::vector<incomplete_snapshot> partial; ///< named with `partial_suffix`
};

/// Whether a snapshot ends earlier than another: by the time of its last event, then by position.
/// Within a log both only grow, while the clock, and created_at with it, may be set back. Times
/// also compare logs of which one goes on from an older snapshot of the other. Of two that hold the
/// same, the one made first comes first.
[[nodiscard]] bool is_before(const listed_snapshot& one, const listed_snapshot& other);

/// All snapshots in a directory; nothing if the directory does not exist.
[[nodiscard]] result<catalog_content> read_catalog(const std::filesystem::path& in);

/// Only the complete snapshots of a directory.
[[nodiscard]] result<std::vector<listed_snapshot>> list_snapshots(const std::filesystem::path& in);

/// One snapshot as list_snapshots describes it.
[[nodiscard]] result<listed_snapshot> describe_snapshot(const std::filesystem::path& snapshot,
                                                        const manifest& of);

[[nodiscard]] inline bool any_snapshot(const listed_snapshot&) {
  return true;
}

/// The right to create and remove snapshots in a directory, for as long as this lives.
class catalog {
public:
  /// Creates the directory if it is missing. errc::io_failed if another process holds the lock.
  [[nodiscard]] static result<std::unique_ptr<catalog>>
  open(const std::filesystem::path& directory);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Removes the remains of unfinished attempts.
  [[nodiscard]] result<void> remove_partials() const;
  /// Removes the first snapshots, in the order of is_before(), until `keep` are left, and returns
  /// their names. Removes only complete snapshots, and only those for which `ours` returns true.
  /// The one named `just_made` counts as the last, whatever the clock said when it was made.
  [[nodiscard]] result<std::vector<std::string>>
  prune(std::size_t keep, const std::function<bool(const listed_snapshot&)>& ours = any_snapshot,
        std::string_view just_made = {}) const;

private:
  catalog(std::filesystem::path path, store::file_descriptor lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::filesystem::path path_;
  store::file_descriptor lock_;
};

/// The end of a snapshot's name while it is being created or removed.
inline constexpr std::string_view partial_suffix = ".partial";

} // namespace headwater::snapshots
