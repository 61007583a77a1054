#include "store/disk/files.hpp"

#include "domain/core/try.hpp"
#include "store/disk/disk_space.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace headwater::store {
namespace {

constexpr mode_t owner_and_group = 0640; // less what the umask takes

/// A file of ours that was not there, or of which a killed process left a part. Whatever has its
/// name is removed, a link too: nothing behind it is written to.
result<file_descriptor> make_fresh(const std::filesystem::path& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    return errno_error("cannot remove", path);
  return open_file(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
}

result<void> write_and_sync(const std::filesystem::path& path, std::string_view text,
                            readers who = readers::by_umask) {
  TRY(auto file, make_fresh(path));
  // Before there is a byte in it.
  if (who == readers::owner && ::fchmod(file.get(), S_IRUSR | S_IWUSR) != 0)
    return errno_error("cannot set the permissions of", path);
  while (!text.empty()) {
    auto written = ::write(file.get(), text.data(), text.size());
    if (written < 0)
      return errno_error("cannot write", path);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0)
    return errno_error("cannot sync", path);
  return {};
}

} // namespace

file_descriptor::file_descriptor(file_descriptor&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

file_descriptor& file_descriptor::operator=(file_descriptor&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

file_descriptor::~file_descriptor() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

error fs_error(std::string_view doing, const std::filesystem::path& path,
               const std::error_code& why) {
  return {errc::io_failed, std::string{doing} + " " + path.string() + ": " + why.message()};
}

error errno_error(std::string_view doing, const std::filesystem::path& path) {
  auto why = std::generic_category().message(errno);
  return {errc::io_failed, std::string{doing} + " " + path.string() + ": " + why};
}

result<file_descriptor> open_file(const std::filesystem::path& path, int flags) {
  auto descriptor = ::open(path.c_str(), flags | O_CLOEXEC, owner_and_group);
  if (descriptor < 0)
    return errno_error("cannot open", path);
  return file_descriptor{descriptor};
}

result<std::string> read_small_file(const std::filesystem::path& path, std::size_t limit) {
  TRY(auto file, open_file(path, O_RDONLY));
  std::string text(limit + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    auto got = ::read(file.get(), text.data() + size, text.size() - size);
    if (got < 0)
      return errno_error("cannot read", path);
    if (got == 0)
      break;
    size += static_cast<std::size_t>(got);
  }
  if (size > limit)
    return error{errc::incompatible_data,
                 path.string() + " is longer than " + std::to_string(limit) + " bytes"};
  text.resize(size);
  return text;
}

result<void> write_file_durably(const std::filesystem::path& path, std::string_view text,
                                readers who) {
  auto fresh = path;
  fresh += ".new";
  if (auto written = write_and_sync(fresh, text, who); !written)
    return written;
  if (::rename(fresh.c_str(), path.c_str()) != 0)
    return errno_error("cannot rename", fresh);
  return sync_directory(path.parent_path());
}

result<void> check_room(const std::filesystem::path& directory, std::size_t bytes) {
  const auto probe = directory / "room.probe";
  auto written = write_and_sync(probe, std::string(bytes, '\0'));
  ::unlink(probe.c_str());
  return written;
}

result<void> check_reserve(const std::filesystem::path& directory, std::uint64_t bytes) {
  // Asked first: reserving takes all there is, for a moment, before it fails.
  TRY(const auto disk, disk_space_of(directory));
  if (disk.free < bytes)
    return error{errc::io_failed, directory.string() + " has " + std::to_string(disk.free) +
                                      " bytes free, and this needs " + std::to_string(bytes) +
                                      ": No space left on device"};
  const auto probe = directory / "room.probe";
  TRY(auto file, make_fresh(probe));
  const auto why = bytes == 0 ? 0 : ::posix_fallocate(file.get(), 0, static_cast<off_t>(bytes));
  ::unlink(probe.c_str());
  if (why == 0)
    return {};
  errno = why;
  return errno_error("cannot reserve " + std::to_string(bytes) + " bytes in", directory);
}

std::optional<micros> modified_at(const std::filesystem::path& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0)
    return std::nullopt;
  constexpr micros micros_per_second = 1'000'000;
  constexpr micros nanoseconds_per_micro = 1'000;
  return found.st_mtim.tv_sec * micros_per_second + found.st_mtim.tv_nsec / nanoseconds_per_micro;
}

result<void> sync_file(const std::filesystem::path& path) {
  TRY(auto opened, open_file(path, O_RDONLY));
  if (::fsync(opened.get()) != 0)
    return errno_error("cannot sync", path);
  return {};
}

result<void> sync_directory(const std::filesystem::path& directory) {
  TRY(auto opened, open_file(directory, O_RDONLY | O_DIRECTORY));
  if (::fsync(opened.get()) != 0)
    return errno_error("cannot sync", directory);
  return {};
}

} // namespace headwater::store
