#pragma once

// A directory of snapshots: their names, who works in it, what is in it, and what goes.
//
// One process makes or prunes at a time: it holds a flock on the directory itself, so no file of
// ours lies between the snapshots. Reading takes no lock.

#include "snapshots/manifest.hpp"
#include "store/disk/files.hpp"

#include <functional>
#include <memory>

namespace headwater::snapshots {

struct listed_snapshot {
  std::string name;
  micros created_at = 0;
  std::uint64_t position = 0;
  digest chain{};                 ///< of the event at `position`
  std::uint64_t bytes = 0;        ///< of all its files
  std::uint64_t bytes_shared = 0; ///< of files that other directories hold as well, by hard links
};

/// "20261121T153000Z-000000000123": when it was made and where it ends. A second one of the same
/// second and position gets "-2".
[[nodiscard]] std::string snapshot_name(micros created_at, std::uint64_t position);
[[nodiscard]] bool is_snapshot_name(std::string_view name);

/// A directory with the name of a snapshot that is none: a damaged one, or one that is being made
/// or removed, or was when a kill came. It may hold events all the same.
struct incomplete_snapshot {
  std::string name;
  micros named_for = 0; ///< the second in its name; 0 where that is no time
  error why;
};

struct catalog_content {
  std::vector<listed_snapshot> complete; ///< the oldest first
  std::vector<incomplete_snapshot> damaged;
  std::vector<incomplete_snapshot> partial; ///< with `partial_suffix`
};

/// Everything of ours in a directory; nothing where there is no directory.
[[nodiscard]] result<catalog_content> read_catalog(const std::filesystem::path& in);

/// The complete snapshots of a directory alone.
[[nodiscard]] result<std::vector<listed_snapshot>> list_snapshots(const std::filesystem::path& in);

/// One snapshot as list_snapshots tells it.
[[nodiscard]] result<listed_snapshot> describe_snapshot(const std::filesystem::path& snapshot,
                                                        const manifest& of);

[[nodiscard]] inline bool any_snapshot(const listed_snapshot&) {
  return true;
}

/// The right to make and to remove snapshots in a directory, as long as it lives.
class catalog {
public:
  /// Makes the directory if it is missing. errc::io_failed where somebody else works in it.
  [[nodiscard]] static result<std::unique_ptr<catalog>>
  open(const std::filesystem::path& directory);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Removes what attempts that did not end have left.
  [[nodiscard]] result<void> remove_partials() const;
  /// Removes the oldest snapshots until `keep` are left, and gives their names. Takes away nothing
  /// but complete snapshots, and of those only what `ours` says yes to.
  [[nodiscard]] result<std::vector<std::string>>
  prune(std::size_t keep,
        const std::function<bool(const listed_snapshot&)>& ours = any_snapshot) const;

private:
  catalog(std::filesystem::path path, store::file_descriptor lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::filesystem::path path_;
  store::file_descriptor lock_;
};

/// What the name of a snapshot ends with while it is being made or removed.
inline constexpr std::string_view partial_suffix = ".partial";

} // namespace headwater::snapshots
