#pragma once

// The few file operations that must reach the disk, with errors that name the file. Stateless.

#include "domain/core/error.hpp"
#include "domain/core/time.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace headwater::store {

/// An open file descriptor, closed with its owner.
class file_descriptor {
public:
  explicit file_descriptor(int descriptor) : descriptor_(descriptor) {}
  file_descriptor(file_descriptor&& other) noexcept;
  file_descriptor& operator=(file_descriptor&& other) noexcept;
  ~file_descriptor();

  [[nodiscard]] int get() const { return descriptor_; }

private:
  int descriptor_;
};

/// errc::io_failed, "<doing> <path>: <text of errno>".
[[nodiscard]] error errno_error(std::string_view doing, const std::filesystem::path& path);
/// The same for what std::filesystem says: "cannot list /data: Permission denied".
[[nodiscard]] error fs_error(std::string_view doing, const std::filesystem::path& path,
                             const std::error_code& why);

/// `flags` as for open(2); a new file is for its owner, and for
/// its group to read if the umask lets it.
[[nodiscard]] result<file_descriptor> open_file(const std::filesystem::path& path, int flags);

/// The whole file, which must not exceed `limit` bytes.
[[nodiscard]] result<std::string> read_small_file(const std::filesystem::path& path,
                                                  std::size_t limit);

/// Who may read a file besides its owner.
enum class readers : std::uint8_t {
  by_umask, ///< its group, if the umask says so
  owner,    ///< nobody else, whatever the umask
};

/// Replaces the whole file by way of "<path>.new", which is made anew and never written through a
/// link, and syncs it and its directory.
[[nodiscard]] result<void> write_file_durably(const std::filesystem::path& path,
                                              std::string_view text,
                                              readers who = readers::by_umask);

/// Checks that the disk accepts `bytes` more, by writing a file of that size, syncing it and
/// removing it. RocksDB 7.8.3 aborts if it cannot write while opening; this returns an error
/// instead.
[[nodiscard]] result<void> check_room(const std::filesystem::path& directory, std::size_t bytes);

/// Checks that the disk has room for `bytes` more, by reserving and releasing them; writes them
/// only if the file system cannot reserve.
[[nodiscard]] result<void> check_reserve(const std::filesystem::path& directory,
                                         std::uint64_t bytes);

/// When the file, or what a link leads to, was last written; nothing if that cannot be told.
[[nodiscard]] std::optional<micros> modified_at(const std::filesystem::path& path);

/// Syncs an existing file to disk.
[[nodiscard]] result<void> sync_file(const std::filesystem::path& path);

/// Makes the creation, renaming and removal of names in the directory durable.
[[nodiscard]] result<void> sync_directory(const std::filesystem::path& directory);

} // namespace headwater::store
