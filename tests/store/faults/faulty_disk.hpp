#pragma once

// A disk that fails on order. In a process that began to use it, every system call that touches a
// file below one directory goes through it: those of the store, of std::filesystem and of RocksDB
// alike, because this test program defines write(), fsync() and the others itself
// (system_calls.cpp), and shared libraries take them from the program. So nothing in the program
// under test knows of it, and nothing goes around it.

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace headwater::store::testing {

/// What is counted, and fails, by itself.
enum class operation : std::uint8_t {
  write,
  sync,
  directory_sync,
  rename,
  read,
  truncate,
  create,
  open, ///< of a file or directory that is there
  remove,
  link,
  make_directory,
  reserve, ///< fallocate
};
inline constexpr std::size_t operation_count = 12;

[[nodiscard]] std::string_view name_of(operation which);

enum class fault_kind : std::uint8_t {
  none,
  once,      ///< the n-th operation fails, later ones succeed
  for_ever,  ///< the n-th and all later ones of its sort fail
  full_disk, ///< from the n-th write on, nothing that takes space succeeds
};

struct fault_plan {
  fault_kind kind = fault_kind::none;
  operation of = operation::write;
  std::uint64_t n = 0; ///< from 1 on
  int error = 0;       ///< an errno
  /// A write that fails writes the first half before.
  bool writes_half = false;
};

/// "write 17 fails once with EIO".
[[nodiscard]] std::string describe(const fault_plan& plan);

using operation_counts = std::array<std::uint64_t, operation_count>;

/// From here on all threads of this process use the faulty disk for what is below `directory`,
/// which is on the disk as it stands, and every call is traced into the descriptor.
void begin_faults(const std::filesystem::path& directory, int trace, const fault_plan& plan);

/// Notes something in the trace, among the calls.
void note(const std::string& text);

/// How often each operation was called in a trace's process: noted at its end.
void note_counts();
[[nodiscard]] operation_counts read_counts(std::string_view text);

} // namespace headwater::store::testing
