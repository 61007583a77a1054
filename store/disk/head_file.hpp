#pragma once

// HEAD: the two-slot file that names the last event and the last checkpoint on disk
// (store/FORMAT.md), because RocksDB alone cannot tell that the end of its log was cut off. Owned
// by the log. Invariant: never ahead of the log, so write it only after syncing what it names.

#include "domain/core/digest.hpp"
#include "domain/core/error.hpp"
#include "store/disk/files.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>

namespace headwater::store {

struct head_mark {
  std::uint64_t position = 0;
  digest chain{};
  std::uint64_t checkpoint_size = 0; ///< events covered by the last checkpoint; 0: none

  bool operator==(const head_mark&) const = default;
};

/// Reads the newer valid slot. errc::corrupt_log if the file is missing or neither slot is valid.
[[nodiscard]] result<head_mark> read_head(const std::filesystem::path& path);

/// Whether only one of its two slots is valid, as after a power cut in the middle of a write. The
/// server's next write mends it; errors as of read_head().
[[nodiscard]] result<bool> has_damaged_slot(const std::filesystem::path& path);

/// Thread-safe.
class head_file {
public:
  /// Writes a file with two empty slots and syncs it; the caller syncs the directory.
  [[nodiscard]] static result<void> create(const std::filesystem::path& path);
  [[nodiscard]] static result<std::unique_ptr<head_file>> open(const std::filesystem::path& path);

  /// Both functions write the older slot and carry over the other's value; on disk only after
  /// sync().
  [[nodiscard]] result<void> write_end(std::uint64_t position, const digest& chain);
  [[nodiscard]] result<void> write_checkpoint(std::uint64_t size);
  /// fdatasync, if anything was written since the last call.
  [[nodiscard]] result<void> sync();

private:
  head_file(std::filesystem::path path, file_descriptor file, const head_mark& mark,
            unsigned next_slot)
      : path_(std::move(path)), file_(std::move(file)), mark_(mark), next_slot_(next_slot) {}

  result<void> write(const head_mark& mark);

  std::mutex mutex_;
  std::filesystem::path path_;
  file_descriptor file_;
  head_mark mark_;
  unsigned next_slot_;
  bool dirty_ = false;
};

} // namespace headwater::store
