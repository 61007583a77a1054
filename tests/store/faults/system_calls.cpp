// The system calls of this program that touch files. RocksDB, the C++ library and the store find
// these definitions before those of the C library. Outside the directory of a faulty disk, and in a
// process without one, each does what it always does.

#include "tests/store/faults/faulty_disk_calls.hpp"

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace headwater::store::testing {
namespace {

using guard = std::lock_guard<std::mutex>;

faulty_disk& disk() {
  return the_disk();
}

int failed(int error) {
  errno = error;
  return -1;
}

/// Whether this process has a faulty disk at all; set before it has threads, so no lock is needed.
bool may_be_watched() {
  return disk().is_active();
}

bool is_there(int at, const char* path) {
  struct stat about {};
  return ::fstatat(at, path, &about, AT_SYMLINK_NOFOLLOW) == 0;
}

long raw_open(int at, const char* path, int flags, mode_t mode) {
  return ::syscall(SYS_openat, at, path, flags, mode);
}

int open_at(int at, const char* path, int flags, mode_t mode) {
  if (!may_be_watched())
    return static_cast<int>(raw_open(at, path, flags, mode));
  const guard lock{disk().mutex()};
  const auto name = disk().within(at, path);
  if (!name)
    return static_cast<int>(raw_open(at, path, flags, mode));
  const bool makes = (flags & O_CREAT) != 0 && !is_there(at, path);
  if (const auto error = disk().fails(makes ? operation::create : operation::open))
    return failed(error);
  const auto opened = static_cast<int>(raw_open(at, path, flags, mode));
  if (opened < 0)
    return opened;
  if (makes)
    disk().made(opened, *name);
  else if ((flags & O_TRUNC) != 0)
    if (const auto file = disk().find(opened))
      disk().add({traced::cut, file->number, 0, {}, {}});
  return opened;
}

std::uint64_t offset_of(int descriptor) {
  struct stat about {};
  if ((::fcntl(descriptor, F_GETFL) & O_APPEND) != 0 && ::fstat(descriptor, &about) == 0)
    return static_cast<std::uint64_t>(about.st_size);
  return static_cast<std::uint64_t>(::lseek(descriptor, 0, SEEK_CUR));
}

/// Writes by `raw`, which takes how many bytes, at an offset of the file.
template <class Raw>
ssize_t write_at(int descriptor, const void* bytes, std::size_t size,
                 std::optional<std::uint64_t> where, Raw&& raw) {
  if (!may_be_watched())
    return raw(size);
  const guard lock{disk().mutex()};
  const auto file = disk().find(descriptor);
  if (!file)
    return raw(size);
  const auto error = disk().fails(operation::write);
  if (error != 0 && !(disk().writes_half() && size > 1))
    return failed(error);
  const auto at = where ? *where : offset_of(descriptor);
  const auto done = raw(error != 0 ? size / 2 : size);
  if (done > 0)
    disk().add({traced::written,
                file->number,
                at,
                {},
                {static_cast<const char*>(bytes), static_cast<std::size_t>(done)}});
  return error != 0 ? failed(error) : done;
}

int sync_by(long number, int descriptor) {
  const auto raw = [&] { return static_cast<int>(::syscall(number, descriptor)); };
  if (!may_be_watched())
    return raw();
  const guard lock{disk().mutex()};
  const auto file = disk().find(descriptor);
  if (!file)
    return raw();
  if (const auto error =
          disk().fails(file->is_directory ? operation::directory_sync : operation::sync)) {
    if (!file->is_directory)
      disk().add({traced::sync_failed, file->number, 0, {}, {}});
    return failed(error);
  }
  // On a file system that is kept in memory this costs nothing, and else it is not needed.
  if (file->is_directory)
    disk().add({traced::directory_synced, 0, 0, file->path, {}});
  else
    disk().add({traced::synced, file->number, 0, {}, {}});
  return 0;
}

template <class Raw>
ssize_t read_by(int descriptor, Raw&& raw) {
  if (!may_be_watched())
    return raw();
  {
    const guard lock{disk().mutex()};
    if (disk().find(descriptor))
      if (const auto error = disk().fails(operation::read))
        return failed(error);
  }
  return raw();
}

/// A call that changes names: counted, and traced if it succeeds.
template <class Raw>
int change_name(operation which, int at, const char* path, Raw&& raw, const auto& trace) {
  if (!may_be_watched())
    return raw();
  const guard lock{disk().mutex()};
  const auto name = disk().within(at, path);
  if (!name)
    return raw();
  if (const auto error = disk().fails(which))
    return failed(error);
  const auto done = raw();
  if (done == 0)
    trace(*name);
  return done;
}

int rename_at(int from_at, const char* from, int to_at, const char* to) {
  return change_name(
      operation::rename, from_at, from,
      [&] { return static_cast<int>(::syscall(SYS_renameat2, from_at, from, to_at, to, 0)); },
      [&](const std::string& name) {
        disk().add({traced::renamed, 0, 0, name, disk().within(to_at, to).value_or("?")});
      });
}

int remove_at(int at, const char* path, int flags) {
  return change_name(
      operation::remove, at, path,
      [&] { return static_cast<int>(::syscall(SYS_unlinkat, at, path, flags)); },
      [&](const std::string& name) {
        disk().add({traced::removed, 0, 0, name, {}});
      });
}

int truncate_to(int descriptor, off_t size) {
  const auto raw = [&] { return static_cast<int>(::syscall(SYS_ftruncate, descriptor, size)); };
  if (!may_be_watched())
    return raw();
  const guard lock{disk().mutex()};
  const auto file = disk().find(descriptor);
  if (!file)
    return raw();
  if (const auto error = disk().fails(operation::truncate))
    return failed(error);
  const auto done = raw();
  if (done == 0)
    disk().add({traced::cut, file->number, static_cast<std::uint64_t>(size), {}, {}});
  return done;
}

int reserve(int descriptor, int mode, off_t offset, off_t size) {
  const auto raw = [&] {
    return static_cast<int>(::syscall(SYS_fallocate, descriptor, mode, offset, size));
  };
  if (!may_be_watched())
    return raw();
  const guard lock{disk().mutex()};
  const auto file = disk().find(descriptor);
  if (!file)
    return raw();
  if (const auto error = disk().fails(operation::reserve))
    return failed(error);
  struct stat before {};
  ::fstat(descriptor, &before);
  const auto done = raw();
  if (done == 0 && (mode & FALLOC_FL_KEEP_SIZE) == 0 && offset + size > before.st_size)
    disk().add({traced::cut, file->number, static_cast<std::uint64_t>(offset + size), {}, {}});
  return done;
}

} // namespace
} // namespace headwater::store::testing

namespace faults = headwater::store::testing;

extern "C" {

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const auto mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : mode_t{0};
  va_end(more);
  return faults::open_at(AT_FDCWD, path, flags, mode);
}

int openat(int at, const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const auto mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : mode_t{0};
  va_end(more);
  return faults::open_at(at, path, flags, mode);
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
  return faults::write_at(descriptor, bytes, size, std::nullopt, [&](size_t most) -> ssize_t {
    return ::syscall(SYS_write, descriptor, bytes, most);
  });
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  return faults::write_at(descriptor, bytes, size, static_cast<std::uint64_t>(offset),
                          [&](size_t most) -> ssize_t {
                            return ::syscall(SYS_pwrite64, descriptor, bytes, most, offset);
                          });
}

int fsync(int descriptor) {
  return faults::sync_by(SYS_fsync, descriptor);
}

int fdatasync(int descriptor) {
  return faults::sync_by(SYS_fdatasync, descriptor);
}

ssize_t read(int descriptor, void* bytes, size_t size) {
  return faults::read_by(descriptor,
                         [&]() -> ssize_t { return ::syscall(SYS_read, descriptor, bytes, size); });
}

ssize_t pread(int descriptor, void* bytes, size_t size, off_t offset) {
  return faults::read_by(descriptor, [&]() -> ssize_t {
    return ::syscall(SYS_pread64, descriptor, bytes, size, offset);
  });
}

size_t fread_unlocked(void* bytes, size_t size, size_t count, FILE* file) {
  using function = size_t (*)(void*, size_t, size_t, FILE*);
  static const auto next = reinterpret_cast<function>(::dlsym(RTLD_NEXT, "fread_unlocked"));
  const auto done = faults::read_by(::fileno(file), [&]() -> ssize_t {
    return static_cast<ssize_t>(next(bytes, size, count, file));
  });
  return done < 0 ? 0 : static_cast<size_t>(done);
}

int rename(const char* from, const char* to) noexcept {
  return faults::rename_at(AT_FDCWD, from, AT_FDCWD, to);
}

int renameat(int from_at, const char* from, int to_at, const char* to) noexcept {
  return faults::rename_at(from_at, from, to_at, to);
}

int unlink(const char* path) noexcept {
  return faults::remove_at(AT_FDCWD, path, 0);
}

int rmdir(const char* path) noexcept {
  return faults::remove_at(AT_FDCWD, path, AT_REMOVEDIR);
}

int unlinkat(int at, const char* path, int flags) noexcept {
  return faults::remove_at(at, path, flags);
}

int remove(const char* path) noexcept {
  struct stat about {};
  const bool is_directory = ::lstat(path, &about) == 0 && S_ISDIR(about.st_mode);
  return faults::remove_at(AT_FDCWD, path, is_directory ? AT_REMOVEDIR : 0);
}

int link(const char* from, const char* to) noexcept {
  return faults::change_name(
      faults::operation::link, AT_FDCWD, from,
      [&] { return static_cast<int>(::syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0)); },
      [&](const std::string& name) {
        faults::disk().add({faults::traced::linked, 0, 0, name,
                            faults::disk().within(AT_FDCWD, to).value_or("?")});
      });
}

int mkdir(const char* path, mode_t mode) noexcept {
  return faults::change_name(
      faults::operation::make_directory, AT_FDCWD, path,
      [&] { return static_cast<int>(::syscall(SYS_mkdirat, AT_FDCWD, path, mode)); },
      [&](const std::string& name) { faults::disk().made_directory(name); });
}

int ftruncate(int descriptor, off_t size) noexcept {
  return faults::truncate_to(descriptor, size);
}

int fallocate(int descriptor, int mode, off_t offset, off_t size) {
  return faults::reserve(descriptor, mode, offset, size);
}

int posix_fallocate(int descriptor, off_t offset, off_t size) {
  return faults::reserve(descriptor, 0, offset, size) == 0 ? 0 : errno;
}

} // extern "C"
