#include "tools/terminal/output_file.hpp"

#include "domain/core/try.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace headwater::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t buffer_size = std::size_t{64} << 10;

error cannot(const std::string& what, int why) {
  return {errc::io_failed, "cannot " + what + ": " + std::generic_category().message(why)};
}

error refused_file(const fs::path& file, const std::string& why) {
  return {errc::io_failed, "cannot write " + file.string() + ": " + why};
}

bool is_same(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// The file that a link leads to, if the link may be followed: in a folder where everybody may
/// write, another user's link would choose what is overwritten.
result<fs::path> behind_link(const fs::path& file) {
  struct stat link {};
  if (::lstat(file.c_str(), &link) != 0 || !S_ISLNK(link.st_mode))
    return file;
  if (link.st_uid != ::geteuid() && link.st_uid != 0)
    return refused_file(file, "it is a link of another user; name the file itself");
  std::error_code failed;
  auto real = fs::canonical(file, failed);
  if (failed)
    return file;
  return real;
}

/// Why a file that is in the way is not one that this program left; empty if it may be.
std::string not_left_by_us(const struct stat& about) {
  if (S_ISLNK(about.st_mode))
    return "a link";
  if (!S_ISREG(about.st_mode))
    return "no file";
  if (about.st_uid != ::geteuid())
    return "another user's";
  return about.st_nlink > 1 ? "known by another name, too" : "";
}

/// Whether no other command holds it. Locks are advice; a file system without them has none to ask.
bool lock(int descriptor) {
  return ::flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

} // namespace

output_file::~output_file() {
  if (descriptor_ >= 0 && !is_stream())
    ::unlink(partial_.c_str());
  close();
}

void output_file::close() {
  if (descriptor_ > STDERR_FILENO)
    ::close(descriptor_);
  descriptor_ = -1;
}

result<void> output_file::open(const fs::path& path) {
  file_ = path;
  struct stat named {};
  struct stat output {};
  const bool is_there = ::stat(path.c_str(), &named) == 0;
  if (is_there && ::fstat(STDOUT_FILENO, &output) == 0 && is_same(named, output)) {
    descriptor_ = STDOUT_FILENO;
    return {};
  }
  if (is_there && !S_ISREG(named.st_mode))
    return open_stream();
  TRY(file_, behind_link(path));
  return open_partial();
}

result<void> output_file::open_stream() {
  descriptor_ = ::open(file_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  struct stat opened {};
  if (descriptor_ < 0 || ::fstat(descriptor_, &opened) != 0)
    return cannot("write " + file_.string(), errno);
  if (S_ISREG(opened.st_mode))
    return refused_file(file_, "it has just become a file; try again");
  return {};
}

result<void> output_file::open_partial() {
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  constexpr mode_t owner_only = S_IRUSR | S_IWUSR;
  auto partial = file_;
  partial += ".partial";
  int made = ::open(partial.c_str(), flags, owner_only);
  if (made < 0 && errno == EEXIST) {
    partial_ = partial;
    CHECK(remove_left());
    made = ::open(partial.c_str(), flags, owner_only);
  }
  if (made < 0)
    return cannot("write " + partial.string(), errno);
  if (!lock(made)) {
    // Another command has just taken it for one that was left.
    ::close(made);
    return refused_file(partial, "another command is writing it");
  }
  partial_ = std::move(partial);
  descriptor_ = made;
  return {};
}

/// Removes the partial file of a command that was killed.
result<void> output_file::remove_left() const {
  struct stat found {};
  if (::lstat(partial_.c_str(), &found) != 0)
    return errno == ENOENT ? result<void>{} : cannot("look at " + partial_.string(), errno);
  if (const auto why = not_left_by_us(found); !why.empty())
    return refused_file(partial_, "it is there already and is " + why +
                                      "; remove it, or write to another place");
  const int left = ::open(partial_.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (left < 0)
    return errno == ENOENT ? result<void>{} : cannot("look at " + partial_.string(), errno);
  struct stat opened {};
  result<void> done;
  if (::fstat(left, &opened) != 0 || !is_same(found, opened))
    done = refused_file(partial_, "it was replaced meanwhile; try again");
  else if (!lock(left))
    done = refused_file(partial_, "another command is writing it");
  else if (::unlink(partial_.c_str()) != 0 && errno != ENOENT)
    done = cannot("remove " + partial_.string(), errno);
  ::close(left);
  return done;
}

result<void> output_file::write(std::string_view bytes) {
  buffer_.append(bytes);
  return buffer_.size() < buffer_size ? result<void>{} : flush();
}

result<void> output_file::flush() {
  for (std::string_view rest = buffer_; !rest.empty();) {
    const auto count = ::write(descriptor_, rest.data(), rest.size());
    if (count >= 0)
      rest.remove_prefix(static_cast<std::size_t>(count));
    else if (errno != EINTR)
      return cannot("write " + (is_stream() ? file_ : partial_).string(), errno);
  }
  buffer_.clear();
  return {};
}

result<void> output_file::finish() {
  CHECK(flush());
  if (!is_stream()) {
    if (::fsync(descriptor_) != 0)
      return cannot("write " + partial_.string(), errno);
    if (::rename(partial_.c_str(), file_.c_str()) != 0)
      return cannot("rename " + partial_.string() + " to " + file_.string(), errno);
  }
  close();
  return {};
}

} // namespace headwater::tools
