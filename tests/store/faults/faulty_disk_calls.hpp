#pragma once

// The faulty disk as the system calls see it. Any thread.

#include "tests/store/faults/disk_trace.hpp"
#include "tests/store/faults/faulty_disk.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <sys/types.h>

namespace headwater::store::testing {

/// A descriptor of a file or directory below the watched directory.
struct watched_file {
  std::uint64_t number = 0; ///< of a file
  bool is_directory = false;
  std::string path; ///< of a directory, relative
};

class faulty_disk {
public:
  void begin(const std::filesystem::path& directory, int trace, const fault_plan& plan);
  [[nodiscard]] bool is_active() const { return is_active_; }

  // What follows is called with the lock held.
  [[nodiscard]] std::mutex& mutex() { return mutex_; }
  /// The errno that this operation fails with; 0 if it does not.
  [[nodiscard]] int fails(operation which);
  [[nodiscard]] bool writes_half() const { return plan_.writes_half; }
  [[nodiscard]] std::optional<watched_file> find(int descriptor) const;
  /// The path relative to the watched directory; nothing if it is not below it.
  [[nodiscard]] std::optional<std::string> within(int at, const char* path) const;
  /// A file or directory that the call made.
  void made(int descriptor, const std::string& path);
  void made_directory(const std::string& path);
  void add(trace_entry entry) const { write_trace(trace_, entry); }
  [[nodiscard]] const operation_counts& counts() const { return counts_; }

private:
  void take_stock();

  bool is_active_ = false;
  std::mutex mutex_;
  std::string directory_;
  dev_t device_ = 0;
  int trace_ = -1;
  fault_plan plan_;
  operation_counts counts_{};
  bool is_full_ = false;
  std::uint64_t next_number_ = 1; ///< 0 is the directory itself
  std::map<ino_t, std::uint64_t> numbers_;
};

[[nodiscard]] faulty_disk& the_disk();

} // namespace headwater::store::testing
