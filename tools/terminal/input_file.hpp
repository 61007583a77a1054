#pragma once

// A file or standard input, read a piece at a time. One thread.

#include "domain/core/error.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace headwater::tools {

class input_file {
public:
  input_file() = default;
  ~input_file();
  input_file(const input_file&) = delete;
  input_file& operator=(const input_file&) = delete;

  /// "-" is standard input. errc::io_failed, for a person.
  [[nodiscard]] result<void> open(const std::string& path);
  /// The next bytes; 0 at the end.
  [[nodiscard]] result<std::size_t> read(std::span<char> into);
  /// 0 if unknown, as for a pipe.
  [[nodiscard]] std::uint64_t size() const { return size_; }

private:
  [[nodiscard]] error failed() const;

  std::string path_;
  int file_ = -1;
  std::uint64_t size_ = 0;
};

/// All of a file, or of standard input for "-". errc::io_failed as above.
[[nodiscard]] result<std::string> read_whole(const std::string& path);

/// The same; errc::payload_too_large if there are more bytes.
[[nodiscard]] result<std::string> read_at_most(const std::string& path, std::size_t limit);

} // namespace headwater::tools
