/* A disk that forgets and fails, for a program that is started with this library in LD_PRELOAD.
 *
 * It watches what the program does below TORTURE_ROOT and writes into TORTURE_JOURNAL, before each operation, what undoes
 * it: old bytes, old sizes, old names. A sync is noted when it is done, and the disk itself is not asked to sync. After a
 * SIGKILL disk.py undoes what no sync covers: a power cut. Each file that was opened for writing or loses a name gets a
 * second name, its inode's number, in TORTURE_KEPT (on the same file system), so that it can be brought back.
 *
 * TORTURE_FAULTS is a file of `struct faults`, mapped: what a test writes there counts at once. The n-th operation of a
 * class from then on fails, and if it says so all after it.
 *
 * What goes past it: writes into mapped memory, which neither RocksDB as we set it up nor our own files use. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { most_files = 1 << 16, no_place = -1 };
enum record_kind { written = 1, resized, synced, name_made, name_gone, renamed, directory_synced };
enum fault_class { on_write, on_sync, on_name, on_read, fault_classes };

struct record { /* a text of `size` bytes follows: bytes as they were, or names, each with its 0 */
  uint32_t kind, size;
  uint64_t node;            /* the inode, or that of the directory whose names change */
  uint64_t first, second;   /* written: place, length; resized: new size; synced: up to this byte of the journal;
                               name_gone, renamed: the inode that loses its name, or 0, and the one that is renamed */
  uint64_t old_size;
};

struct faults {
  int64_t countdown[fault_classes]; /* 1: the next one; 0: none */
  int32_t number[fault_classes];    /* errno */
  int32_t stays[fault_classes];     /* 1: all after it fail, too */
  int32_t torn;                     /* 1: a write that fails leaves half of its bytes */
  int32_t delay;                    /* milliseconds until a write or sync that fails says so */
  int64_t hits;
  char last[256];                   /* what failed last */
  char only[64];                    /* how names of files end that count; empty: all */
};

static struct { uint64_t node; unsigned char is_watched, is_directory, appends; } files[most_files];
static char root[PATH_MAX], kept[PATH_MAX];
static size_t root_length;
static int journal = -1;
static uint64_t journal_end;
static struct faults *faults;
static useconds_t sync_delay;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t (*real_fread)(void *, size_t, size_t, FILE *);

__attribute__((constructor)) static void set_up(void) {
  const char *name = getenv("TORTURE_FAULTS"), *below = getenv("TORTURE_ROOT"), *delay = getenv("TORTURE_SYNC_MICROSECONDS");
  real_fread = (size_t(*)(void *, size_t, size_t, FILE *))dlsym(RTLD_NEXT, "fread_unlocked");
  if (!below || !getenv("TORTURE_KEPT") || !getenv("TORTURE_JOURNAL"))
    return;
  snprintf(kept, sizeof kept, "%s", getenv("TORTURE_KEPT"));
  sync_delay = delay ? (useconds_t)atoi(delay) : 0;
  int file = name ? (int)syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_CLOEXEC, 0) : -1;
  if (file >= 0) {
    void *at = mmap(NULL, sizeof *faults, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    syscall(SYS_close, file);
    if (at != MAP_FAILED)
      faults = at;
  }
  journal = (int)syscall(SYS_openat, AT_FDCWD, getenv("TORTURE_JOURNAL"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  struct stat about;
  if (journal < 0 || fstat(journal, &about) != 0) {
    fprintf(stderr, "bad_disk: no journal\n");
    _exit(99);
  }
  journal_end = (uint64_t)about.st_size;
  snprintf(root, sizeof root, "%s", below);
  root_length = strlen(root);
}

/* The absolute name of what `name` means, or 0 if it is not below the root. */
static int watched_name(int directory, const char *name, char *out) {
  if (!root_length)
    return 0;
  if (name[0] == '/') {
    snprintf(out, PATH_MAX, "%s", name);
  } else {
    char link[64], base[PATH_MAX];
    snprintf(link, sizeof link, directory == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", directory);
    ssize_t length = readlink(link, base, sizeof base - 1);
    if (length < 0)
      return 0;
    base[length] = 0;
    if (strlen(base) + strlen(name) + 2 > PATH_MAX)
      return 0;
    memcpy(out, base, (size_t)length);
    out[length] = '/';
    strcpy(out + length + 1, name);
  }
  size_t length = strlen(out);
  while (length > 1 && out[length - 1] == '/')
    out[--length] = 0;
  return strncmp(out, root, root_length) == 0 && (out[root_length] == '/' || out[root_length] == 0);
}

static int is_watched(int file) { return file >= 0 && file < most_files && files[file].is_watched; }

/* Whether the descriptor is still what it was: fclose closes without telling us, and a socket may have its number now. */
static int is_still(int file, struct stat *about) {
  const int before = errno;
  if (fstat(file, about) != 0 || about->st_ino != files[file].node || S_ISSOCK(about->st_mode))
    files[file].is_watched = 0;
  errno = before;
  return files[file].is_watched;
}

/* Whether this operation is to fail; errno is then set. Called with the lock held. */
static int fails(enum fault_class of, const char *what) {
  if (!faults || faults->countdown[of] <= 0)
    return 0;
  if (faults->countdown[of] > 1) {
    --faults->countdown[of];
    return 0;
  }
  if (!faults->stays[of])
    faults->countdown[of] = 0;
  if (!faults->hits++ || faults->stays[of])
    snprintf(faults->last, sizeof faults->last, "%s", what);
  errno = faults->number[of];
  return 1;
}

/* The name of an open file, for messages. */
static const char *named(const char *doing, int file) {
  static char text[PATH_MAX + 32];
  char link[64], name[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, name, sizeof name - 1);
  name[length < 0 ? 0 : length] = 0;
  snprintf(text, sizeof text, "%s %s", doing, name);
  return text;
}

static int file_fails(enum fault_class of, const char *doing, int file) {
  if (!faults || faults->countdown[of] <= 0)
    return 0;
  const size_t end = strlen(faults->only);
  const char *name = end || faults->countdown[of] == 1 ? named(doing, file) : "";
  if (end && (strlen(name) < end || strcmp(name + strlen(name) - end, faults->only) != 0))
    return 0;
  return fails(of, name);
}

/* Called without the lock, so that others may read meanwhile. */
static void wait_before_failing(void) {
  if (faults->delay)
    usleep((useconds_t)faults->delay * 1000);
}

static void note(struct record record, const void *text, size_t size) {
  struct iovec parts[2] = {{&record, sizeof record}, {(void *)text, size}};
  record.size = (uint32_t)size;
  const int before = errno;
  if (syscall(SYS_writev, journal, parts, size ? 2 : 1) != (ssize_t)(sizeof record + size)) {
    static const char message[] = "bad_disk: the journal cannot be written\n";
    syscall(SYS_write, 2, message, sizeof message - 1);
    _exit(99);
  }
  journal_end += sizeof record + size;
  errno = before;
}

/* Bytes [from, to) of a file as they are; the caller frees them. */
static char *old_bytes(int file, const char *name, off_t from, off_t to) {
  char *bytes = malloc((size_t)(to - from));
  int own = name ? (int)syscall(SYS_openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC, 0) : -1;
  char link[64];
  if (!name) { /* the program's descriptor may be for writing alone */
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    own = (int)syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC, 0);
  }
  for (off_t at = from; own >= 0 && bytes && at < to;) {
    ssize_t got = syscall(SYS_pread64, own, bytes + (at - from), (size_t)(to - at), at);
    if (got <= 0)
      break;
    at += got;
  }
  if (own >= 0)
    syscall(SYS_close, own);
  return bytes;
}

static void note_size(int file, const char *name, const struct stat *about, off_t size) {
  char *bytes = size < about->st_size ? old_bytes(file, name, size, about->st_size) : NULL;
  note((struct record){.kind = resized, .node = about->st_ino, .first = (uint64_t)size, .old_size = (uint64_t)about->st_size},
       bytes, bytes ? (size_t)(about->st_size - size) : 0);
  free(bytes);
}

static void keep(const char *name, uint64_t node) {
  char second[PATH_MAX + 32];
  const int before = errno;
  snprintf(second, sizeof second, "%s/%llu", kept, (unsigned long long)node);
  syscall(SYS_linkat, AT_FDCWD, name, AT_FDCWD, second, 0);
  errno = before;
}

static uint64_t parent_of(const char *name) {
  char parent[PATH_MAX];
  struct stat about;
  snprintf(parent, sizeof parent, "%s", name);
  char *slash = strrchr(parent, '/');
  *(slash == parent ? slash + 1 : slash) = 0;
  return stat(parent, &about) == 0 ? about.st_ino : 0;
}

static void note_name(enum record_kind kind, const char *name, uint64_t node) {
  note((struct record){.kind = kind, .node = parent_of(name), .first = node}, name, strlen(name) + 1);
}

static int open_any(int directory, const char *name, int flags, mode_t mode) {
  char full[PATH_MAX];
  if (!watched_name(directory, name, full)) {
    int other = (int)syscall(SYS_openat, directory, name, flags | O_LARGEFILE, mode);
    if (other >= 0 && other < most_files)
      files[other].is_watched = 0;
    return other;
  }
  pthread_mutex_lock(&lock);
  struct stat about;
  int was_there = lstat(full, &about) == 0, file = -1;
  const int writes = (flags & O_ACCMODE) != O_RDONLY;
  if (!was_there && (flags & O_CREAT)) {
    if (fails(on_name, full))
      goto done;
    note_name(name_made, full, 0);
  }
  if (was_there && S_ISREG(about.st_mode) && writes && !((flags & O_CREAT) && (flags & O_EXCL))) {
    keep(full, about.st_ino);
    if ((flags & O_TRUNC) && about.st_size > 0)
      note_size(-1, full, &about, 0);
  }
  file = (int)syscall(SYS_openat, directory, name, flags | O_LARGEFILE, mode);
  if (file >= 0 && file < most_files && fstat(file, &about) == 0) {
    files[file].node = about.st_ino;
    files[file].is_directory = S_ISDIR(about.st_mode);
    files[file].appends = (flags & O_APPEND) != 0;
    files[file].is_watched = S_ISDIR(about.st_mode) || S_ISREG(about.st_mode);
    if (writes)
      keep(full, about.st_ino);
  }
done:
  pthread_mutex_unlock(&lock);
  return file;
}

#define MODE                                                                                                                     \
  mode_t mode = 0;                                                                                                               \
  if (flags & (O_CREAT | __O_TMPFILE)) {                                                                                         \
    va_list more;                                                                                                                \
    va_start(more, flags);                                                                                                       \
    mode = va_arg(more, mode_t);                                                                                                 \
    va_end(more);                                                                                                                \
  }
int open(const char *name, int flags, ...) { MODE return open_any(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE return open_any(AT_FDCWD, name, flags, mode); }
int openat(int directory, const char *name, int flags, ...) { MODE return open_any(directory, name, flags, mode); }
int openat64(int directory, const char *name, int flags, ...) { MODE return open_any(directory, name, flags, mode); }
int __open_2(const char *name, int flags) { return open_any(AT_FDCWD, name, flags, 0); }
int __open64_2(const char *name, int flags) { return open_any(AT_FDCWD, name, flags, 0); }
int creat(const char *name, mode_t mode) { return open_any(AT_FDCWD, name, O_WRONLY | O_CREAT | O_TRUNC, mode); }
int creat64(const char *name, mode_t mode) { return creat(name, mode); }

int close(int file) {
  if (is_watched(file))
    files[file].is_watched = 0;
  return (int)syscall(SYS_close, file);
}

static ssize_t write_at(int file, const void *bytes, size_t length, off_t at) {
  if (at == no_place)
    return syscall(SYS_write, file, bytes, length);
  return syscall(SYS_pwrite64, file, bytes, length, at);
}

static ssize_t write_any(int file, const void *bytes, size_t length, off_t at) {
  struct stat about;
  if (!is_watched(file) || !is_still(file, &about))
    return write_at(file, bytes, length, at);
  pthread_mutex_lock(&lock);
  ssize_t done = -1;
  const int is_bad = file_fails(on_write, "write", file);
  const int why = errno;
  if (is_bad && (!faults->torn || length < 2))
    goto out;
  fstat(file, &about);
  const off_t from = at != no_place ? at : files[file].appends ? about.st_size : (off_t)syscall(SYS_lseek, file, 0, SEEK_CUR);
  const off_t to = from + (off_t)length < about.st_size ? from + (off_t)length : about.st_size;
  char *before = from < to ? old_bytes(file, NULL, from, to) : NULL;
  note((struct record){.kind = written, .node = about.st_ino, .first = (uint64_t)from, .second = length, .old_size = (uint64_t)about.st_size},
       before, before ? (size_t)(to - from) : 0);
  free(before);
  done = write_at(file, bytes, is_bad ? length / 2 : length, at);
  if (is_bad)
    done = -1;
out:
  pthread_mutex_unlock(&lock);
  if (is_bad) {
    wait_before_failing();
    errno = why;
  }
  return done;
}

ssize_t write(int file, const void *bytes, size_t length) { return write_any(file, bytes, length, no_place); }
ssize_t pwrite(int file, const void *bytes, size_t length, off_t at) { return write_any(file, bytes, length, at); }
ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at) { return write_any(file, bytes, length, at); }

static ssize_t write_parts(int file, const struct iovec *parts, int count, off_t at) {
  ssize_t total = 0;
  for (int i = 0; i < count; ++i) {
    ssize_t done = write_any(file, parts[i].iov_base, parts[i].iov_len, at == no_place ? at : at + total);
    if (done < 0)
      return total ? total : done;
    total += done;
    if ((size_t)done < parts[i].iov_len)
      break;
  }
  return total;
}
ssize_t writev(int file, const struct iovec *parts, int count) {
  return is_watched(file) ? write_parts(file, parts, count, no_place) : syscall(SYS_writev, file, parts, count);
}
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at) { return write_parts(file, parts, count, at); }
ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t at) { return write_parts(file, parts, count, at); }

int ftruncate(int file, off_t size) {
  if (!is_watched(file))
    return (int)syscall(SYS_ftruncate, file, size);
  pthread_mutex_lock(&lock);
  int done = -1;
  struct stat about;
  if (!file_fails(on_write, "truncate", file)) {
    if (fstat(file, &about) == 0 && about.st_size != size)
      note_size(file, NULL, &about, size);
    done = (int)syscall(SYS_ftruncate, file, size);
  }
  pthread_mutex_unlock(&lock);
  return done;
}
int ftruncate64(int file, off64_t size) { return ftruncate(file, size); }

int fallocate(int file, int mode, off_t at, off_t length) {
  if (!is_watched(file))
    return (int)syscall(SYS_fallocate, file, mode, at, length);
  pthread_mutex_lock(&lock);
  int done = -1;
  struct stat about;
  if (!file_fails(on_write, "allocate", file)) {
    if (!(mode & FALLOC_FL_KEEP_SIZE) && fstat(file, &about) == 0 && about.st_size < at + length)
      note_size(file, NULL, &about, at + length);
    /* Room that is only reserved would fill a small disk, as files that lost their names are kept. */
    done = mode == FALLOC_FL_KEEP_SIZE ? 0 : (int)syscall(SYS_fallocate, file, mode, at, length);
  }
  pthread_mutex_unlock(&lock);
  return done;
}
int fallocate64(int file, int mode, off64_t at, off64_t length) { return fallocate(file, mode, at, length); }
int posix_fallocate(int file, off_t at, off_t length) { return fallocate(file, 0, at, length) == 0 ? 0 : errno; }
int posix_fallocate64(int file, off64_t at, off64_t length) { return posix_fallocate(file, at, length); }

/* Covers what was noted before it began. */
static int sync_any(int file, long number) {
  if (!is_watched(file))
    return (int)syscall(number, file);
  pthread_mutex_lock(&lock);
  const int is_bad = file_fails(on_sync, "sync", file);
  const int why = errno;
  const struct record record = {.kind = files[file].is_directory ? directory_synced : synced, .node = files[file].node, .first = journal_end};
  pthread_mutex_unlock(&lock);
  if (is_bad) {
    wait_before_failing();
    errno = why;
    return -1;
  }
  if (sync_delay)
    usleep(sync_delay);
  pthread_mutex_lock(&lock);
  note(record, NULL, 0);
  pthread_mutex_unlock(&lock);
  return 0;
}
int fsync(int file) { return sync_any(file, SYS_fsync); }
int fdatasync(int file) { return sync_any(file, SYS_fdatasync); }

/* Starts writing, and promises nothing. It never fails: RocksDB asserts that it cannot, when it tries whether it is there. */
int sync_file_range(int file, off64_t at, off64_t length, unsigned flags) {
  return is_watched(file) ? 0 : (int)syscall(SYS_sync_file_range, file, at, length, flags);
}

int renameat2(int from, const char *old, int to, const char *new, unsigned flags) {
  char before[2 * PATH_MAX], after[PATH_MAX];
  const int is_ours = watched_name(from, old, before), comes_here = watched_name(to, new, after);
  if (!is_ours && !comes_here)
    return (int)syscall(SYS_renameat2, from, old, to, new, flags);
  pthread_mutex_lock(&lock);
  int done = -1;
  struct stat replaced;
  if (!fails(on_name, after)) {
    const int was_there = lstat(after, &replaced) == 0;
    if (was_there && S_ISREG(replaced.st_mode))
      keep(after, replaced.st_ino);
    const size_t first = strlen(before) + 1, second = strlen(after) + 1;
    memcpy(before + first, after, second);
    struct stat moved;
    const uint64_t node = lstat(before, &moved) == 0 ? moved.st_ino : 0;
    note((struct record){.kind = renamed, .node = parent_of(after), .first = was_there ? replaced.st_ino : 0, .second = node},
         before, first + second);
    done = (int)syscall(SYS_renameat2, from, old, to, new, flags);
  }
  pthread_mutex_unlock(&lock);
  return done;
}
int renameat(int from, const char *old, int to, const char *new) { return renameat2(from, old, to, new, 0); }
int rename(const char *old, const char *new) { return renameat2(AT_FDCWD, old, AT_FDCWD, new, 0); }

int unlinkat(int directory, const char *name, int flags) {
  char full[PATH_MAX];
  struct stat about;
  if (!watched_name(directory, name, full))
    return (int)syscall(SYS_unlinkat, directory, name, flags);
  pthread_mutex_lock(&lock);
  int done = -1;
  if (lstat(full, &about) != 0) {
    done = (int)syscall(SYS_unlinkat, directory, name, flags);
  } else if (!fails(on_name, full)) {
    if (S_ISREG(about.st_mode))
      keep(full, about.st_ino);
    note_name(name_gone, full, S_ISREG(about.st_mode) ? about.st_ino : 0);
    done = (int)syscall(SYS_unlinkat, directory, name, flags);
    if (done != 0) /* it is there still: as if it had been made anew */
      note_name(name_made, full, S_ISREG(about.st_mode) ? about.st_ino : 1);
  }
  pthread_mutex_unlock(&lock);
  return done;
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }
int remove(const char *name) {
  struct stat about;
  if (lstat(name, &about) != 0)
    return -1;
  return unlinkat(AT_FDCWD, name, S_ISDIR(about.st_mode) ? AT_REMOVEDIR : 0);
}

int linkat(int from, const char *old, int to, const char *new, int flags) {
  char full[PATH_MAX];
  if (!watched_name(to, new, full))
    return (int)syscall(SYS_linkat, from, old, to, new, flags);
  pthread_mutex_lock(&lock);
  struct stat about;
  int done = -1;
  if (lstat(full, &about) == 0) {
    errno = EEXIST;
  } else if (!fails(on_name, full)) {
    note_name(name_made, full, 0);
    done = (int)syscall(SYS_linkat, from, old, to, new, flags);
  }
  pthread_mutex_unlock(&lock);
  return done;
}
int link(const char *old, const char *new) { return linkat(AT_FDCWD, old, AT_FDCWD, new, 0); }

int mkdirat(int directory, const char *name, mode_t mode) {
  char full[PATH_MAX];
  struct stat about;
  if (!watched_name(directory, name, full))
    return (int)syscall(SYS_mkdirat, directory, name, mode);
  pthread_mutex_lock(&lock);
  int done = -1;
  if (lstat(full, &about) == 0) {
    errno = EEXIST;
  } else if (!fails(on_name, full)) {
    note_name(name_made, full, 0);
    done = (int)syscall(SYS_mkdirat, directory, name, mode);
  }
  pthread_mutex_unlock(&lock);
  return done;
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

static int read_fails(int file) {
  struct stat about;
  if (!faults || faults->countdown[on_read] <= 0 || !is_watched(file) || files[file].is_directory || !is_still(file, &about))
    return 0;
  pthread_mutex_lock(&lock);
  const int is_bad = file_fails(on_read, "read", file);
  pthread_mutex_unlock(&lock);
  return is_bad;
}
ssize_t read(int file, void *out, size_t length) { return read_fails(file) ? -1 : syscall(SYS_read, file, out, length); }
ssize_t pread(int file, void *out, size_t length, off_t at) {
  return read_fails(file) ? -1 : syscall(SYS_pread64, file, out, length, at);
}
ssize_t pread64(int file, void *out, size_t length, off64_t at) { return pread(file, out, length, at); }
ssize_t __read_chk(int file, void *out, size_t length, size_t room) { return room < length ? (errno = EFAULT, -1) : read(file, out, length); }
ssize_t __pread_chk(int file, void *out, size_t length, off_t at, size_t room) {
  return room < length ? (errno = EFAULT, -1) : pread(file, out, length, at);
}
ssize_t __pread64_chk(int file, void *out, size_t length, off64_t at, size_t room) { return __pread_chk(file, out, length, at, room); }
#undef fread_unlocked
size_t fread_unlocked(void *out, size_t size, size_t count, FILE *stream) { /* how RocksDB reads its WAL and MANIFEST */
  return read_fails(fileno(stream)) ? 0 : real_fread(out, size, count, stream);
}
