#pragma once

// Holds the rows of an export between reading and sending, in a fixed amount of memory: the rest
// waits, sorted, in a file without a name, which disappears with the program. Owned by one push,
// one thread.

#include "domain/analytics_files/row_buffer.hpp"
#include "domain/analytics_files/row_merge.hpp"

#include <cstdint>
#include <vector>

namespace headwater::tools {

class row_store {
public:
  /// 10 million rows of an ordinary export make some 40 sorted parts.
  static constexpr std::size_t memory = 32 << 20;

  explicit row_store(std::size_t bytes = memory) : buffer_(bytes) {}
  ~row_store();
  row_store(const row_store&) = delete;
  row_store& operator=(const row_store&) = delete;

  /// errc::io_failed if the file cannot be written; the message names the folder.
  [[nodiscard]] result<void> add(const analytics_files::export_row& row);
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// All rows, with those of one key added up. Call it once, after the last add(); the store must
  /// outlive it.
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
