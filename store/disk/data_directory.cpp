#include "store/disk/data_directory.hpp"

#include "domain/core/try.hpp"
#include "store/disk/files.hpp"
#include "store/disk/head_file.hpp"
#include "store/disk/key_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace headwater::store {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t format_version = 1;
constexpr std::string_view format_name = "headwater-data ";
constexpr std::string_view initialising_mark = " initialising";
constexpr std::size_t format_limit = 256;

enum class directory_state : std::uint8_t { empty = 1, initialising, ready };

error not_ours(const fs::path& directory, std::string_view why) {
  return {errc::incompatible_data,
          directory.string() + " is not a data directory of Headwater: " + std::string{why}};
}

result<directory_state> parse_format(const fs::path& directory, std::string_view text) {
  std::uint32_t version = 0;
  if (!text.starts_with(format_name) || !text.ends_with('\n'))
    return not_ours(directory, "its FORMAT file is somebody else's");
  text.remove_prefix(format_name.size());
  text.remove_suffix(1);
  auto [rest, failed] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (failed != std::errc{} || version == 0)
    return not_ours(directory, "its FORMAT file names no version");
  if (version > format_version)
    return error{errc::incompatible_data,
                 directory.string() + " has data format " + std::to_string(version) +
                     ", as FORMAT says, and this program knows formats up to " +
                     std::to_string(format_version) + " only"};
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  if (text.empty())
    return directory_state::ready;
  if (text == initialising_mark)
    return directory_state::initialising;
  return not_ours(directory, "its FORMAT file is damaged");
}

/// Files that may be in a directory that is about to become ours.
bool is_harmless(const fs::path& name) {
  return name == "LOCK" || name == "FORMAT.new" || name == "lost+found";
}

result<directory_state> inspect(const fs::path& directory) {
  std::error_code failed;
  bool formatted = fs::exists(directory / "FORMAT", failed);
  if (failed)
    return fs_error("cannot look into", directory, failed);
  if (formatted) {
    TRY(auto text, read_small_file(directory / "FORMAT", format_limit));
    return parse_format(directory, text);
  }
  fs::directory_iterator entries{directory, failed};
  if (failed)
    return fs_error("cannot list", directory, failed);
  for (const auto& entry : entries)
    if (!is_harmless(entry.path().filename()))
      return not_ours(directory,
                      "it has no FORMAT file, and it is not empty; what a restore leaves "
                      "that was ended in its middle looks like that, too");
  return directory_state::empty;
}

/// flock keeps others out, including our own process; fcntl's lock only tells them who holds it.
result<file_descriptor> take_lock(const fs::path& directory) {
  auto path = directory / "LOCK";
  TRY(auto file, open_file(path, O_RDWR | O_CREAT | O_NOFOLLOW));
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) {
    if (::fcntl(file.get(), F_SETLK, &whole) != 0)
      return errno_error("cannot lock", path);
    return file;
  }
  if (errno != EWOULDBLOCK)
    return errno_error("cannot lock", path);
  std::string message = "data directory " + directory.string() + " is in use by another process";
  if (::fcntl(file.get(), F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK)
    message += " (pid " + std::to_string(whole.l_pid) + ")";
  return error{errc::io_failed, message};
}

std::string format_text(std::string_view mark) {
  return std::string{format_name} + std::to_string(format_version) + std::string{mark} + "\n";
}

result<void> create_missing(const fs::path& directory) {
  std::error_code failed;
  if (fs::is_directory(directory, failed))
    return {};
  fs::create_directories(directory, failed);
  if (failed)
    return fs_error("cannot create", directory, failed);
  fs::permissions(directory, fs::perms::owner_all, failed);
  if (failed)
    return fs_error("cannot set the permissions of", directory, failed);
  return sync_directory(fs::absolute(directory).lexically_normal().parent_path());
}

/// An unfinished first start has left no event, so HEAD, if it exists, names none, and nothing was
/// signed. Otherwise FORMAT is wrong, and nothing may be removed.
result<void> check_left_empty(const fs::path& directory) {
  std::error_code failed;
  std::string found;
  if (fs::exists(head_path(directory), failed)) {
    const auto head = read_head(head_path(directory));
    if (!head)
      found = head.error().message;
    else if (head->position > 0)
      found = "HEAD names position " + std::to_string(head->position);
  }
  if (found.empty() && fs::exists(fs::symlink_status(key_path(directory), failed)))
    found = "there is a signing key";
  if (found.empty())
    return {};
  return not_ours(directory, "FORMAT says that the first start did not end, but " + found +
                                 "; nothing was removed");
}

/// A path as a shell reads it back.
std::string for_shell(const fs::path& path) {
  const auto is_plain = [](char c) {
    constexpr std::string_view others = "/._-+,@%=:";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != others.npos;
  };
  auto text = (path.string().starts_with('-') ? "." / path : path).string();
  if (!text.empty() && std::ranges::all_of(text, is_plain))
    return text;
  std::string out = "'";
  for (const char c : text)
    out += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return out + "'";
}

/// As sudo takes it: a name, or a number for a user without one.
std::string user_name(uid_t user) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> text{};
  if (::getpwuid_r(user, &entry, text.data(), text.size(), &found) == 0 && found != nullptr)
    return found->pw_name;
  return "#" + std::to_string(user);
}

/// Who owns a file that this process makes in the directory. Some disks (NFS, shares of a
/// container's host) give it to somebody else.
result<uid_t> owner_of_new_file(const fs::path& directory) {
  const auto probe = directory / "owner.probe";
  ::unlink(probe.c_str()); // of a killed process
  TRY(const auto file, open_file(probe, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW));
  struct stat made {};
  const bool is_known = ::fstat(file.get(), &made) == 0;
  ::unlink(probe.c_str());
  if (!is_known)
    return errno_error("cannot look at", probe);
  return made.st_uid;
}

} // namespace

result<std::unique_ptr<data_directory>> data_directory::open(const fs::path& directory,
                                                             bool takes_snapshots) {
  std::error_code absent;
  if (!takes_snapshots && fs::exists(manifest_path(directory), absent))
    return error{errc::incompatible_data, directory.string() +
                                              " is a snapshot: make a data directory of it with "
                                              "'headwater snapshot restore'"};
  CHECK(create_missing(directory));
  // Inspected before the lock is taken, so that no LOCK appears in a directory that is not ours,
  // and again after, because another process may have initialised it in between.
  CHECK(inspect(directory));
  TRY(auto lock, take_lock(directory));
  TRY(auto state, inspect(directory));
  return std::unique_ptr<data_directory>{
      new data_directory{directory, std::move(lock), state != directory_state::ready}};
}

result<void> data_directory::begin_initialising() {
  if (auto empty = check_left_empty(path_); !empty)
    return empty;
  if (auto marked = write_file_durably(path_ / "FORMAT", format_text(initialising_mark)); !marked)
    return marked;
  for (const auto& left : {database_path(path_), head_path(path_)}) {
    std::error_code failed;
    fs::remove_all(left, failed);
    if (failed)
      return fs_error("cannot remove", left, failed);
  }
  return {};
}

result<void> data_directory::finish_initialising() {
  if (auto synced = sync_directory(path_); !synced)
    return synced;
  if (auto written = write_file_durably(path_ / "FORMAT", format_text("")); !written)
    return written;
  is_new_ = false;
  return {};
}

result<void> write_format(const fs::path& directory) {
  return write_file_durably(directory / "FORMAT", format_text(""));
}

result<void> check_private(const fs::path& directory) {
  constexpr mode_t for_others = S_IRWXG | S_IRWXO;
  struct stat about {};
  // What is missing or no directory is reported by whatever opens it.
  if (::stat(directory.c_str(), &about) != 0 || !S_ISDIR(about.st_mode) ||
      (about.st_mode & for_others) == 0)
    return {};
  // Before advice that would shut others out of a directory that is theirs, too.
  CHECK(inspect(directory));
  char mode[8];
  std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(about.st_mode) & 07777U);
  return error{errc::io_failed, "the data directory " + directory.string() +
                                    " is open to others than its owner (mode " + mode +
                                    "); take it so with --allow-readable-data, or run: chmod 700 " +
                                    for_shell(directory)};
}

result<void> check_owner(const fs::path& directory) {
  struct stat format {};
  if (::stat((directory / "FORMAT").c_str(), &format) != 0 || format.st_uid == ::geteuid())
    return {};
  CHECK(inspect(directory));
  const auto made_by = owner_of_new_file(directory);
  if (made_by && *made_by == format.st_uid)
    return {};
  const auto owner = user_name(format.st_uid);
  return error{errc::io_failed, "the data directory " + directory.string() +
                                    " belongs to the user " + owner + ", and this runs as " +
                                    user_name(::geteuid()) +
                                    ", whose files would lock that user out; run: sudo -u " +
                                    for_shell(owner) + " headwater ..."};
}

result<void> check_readable(const fs::path& directory) {
  TRY(auto state, inspect(directory));
  if (state != directory_state::ready)
    return not_ours(directory, "no log was started in it yet");
  return {};
}

} // namespace headwater::store
