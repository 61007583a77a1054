#pragma once

// HEAD: the two-slot file that names the last event on disk (store/FORMAT.md), because RocksDB
// alone cannot tell that the tail of its log was cut off. Owned by the log, written by its one
// appending thread. Invariant: never ahead of the log, so write() comes after the synced commit.

#include "domain/core/digest.hpp"
#include "domain/core/error.hpp"
#include "store/files.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace headwater::store {

struct head_mark {
  std::uint64_t position = 0;
  digest chain{};

  bool operator==(const head_mark&) const = default;
};

/// Reads the newer valid slot. errc::corrupt_log where the file is missing or no slot is valid.
[[nodiscard]] result<head_mark> read_head(const std::filesystem::path& path);

class head_file {
public:
  /// Writes a file with two empty slots and syncs it; the caller syncs the directory.
  [[nodiscard]] static result<void> create(const std::filesystem::path& path);
  [[nodiscard]] static result<std::unique_ptr<head_file>> open(const std::filesystem::path& path);

  /// Writes the older slot; on disk only after sync().
  [[nodiscard]] result<void> write(const head_mark& mark);
  /// fdatasync, if anything was written since the last one.
  [[nodiscard]] result<void> sync();

private:
  head_file(std::filesystem::path path, file_descriptor file, unsigned next_slot)
      : path_(std::move(path)), file_(std::move(file)), next_slot_(next_slot) {}

  std::filesystem::path path_;
  file_descriptor file_;
  unsigned next_slot_;
  bool dirty_ = false;
};

} // namespace headwater::store
