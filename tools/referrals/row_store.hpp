#pragma once

// The rows of an export between reading and sending, in a fixed amount of memory: what is more
// waits, sorted, in a file that has no name and ends with the program. Owned by one push, one
// thread.

#include "domain/analytics_files/row_buffer.hpp"
#include "domain/analytics_files/row_merge.hpp"

#include <cstdint>
#include <vector>

namespace headwater::tools {

class row_store {
public:
  /// 10 million rows of a usual export make some 40 sorted parts.
  static constexpr std::size_t memory = 32 << 20;

  explicit row_store(std::size_t bytes = memory) : buffer_(bytes) {}
  ~row_store();
  row_store(const row_store&) = delete;
  row_store& operator=(const row_store&) = delete;

  /// errc::io_failed where the file cannot be written, with the folder in its message.
  [[nodiscard]] result<void> add(const analytics_files::export_row& row);
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// All rows, those of one key added up. Once, after the last add(); the store outlives it.
  [[nodiscard]] analytics_files::row_merge merge();

private:
  struct part {
    std::uint64_t begin = 0, end = 0; ///< in the file
  };

  [[nodiscard]] result<void> spill();
  [[nodiscard]] result<void> open_file();
  [[nodiscard]] result<void> write(std::string_view bytes);

  analytics_files::row_buffer buffer_;
  std::uint64_t size_ = 0;
  int file_ = -1;
  std::string folder_;
  std::uint64_t written_ = 0;
  std::vector<part> parts_;
};

} // namespace headwater::tools
