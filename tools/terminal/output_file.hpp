#pragma once

// A file that an operator asked for by name: there once it is complete, or not at all.
//
// It grows in NAME.partial, which only its owner may read, and is renamed at the end. Nothing that
// somebody else put in its way is written to: neither a link at NAME.partial nor another user's
// link at NAME. What a killed command left there is replaced; a lock tells it from the file of a
// command that still runs. Standard output, pipes and devices get the bytes as they come. One
// thread.

#include "domain/core/error.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace headwater::tools {

class output_file {
public:
  output_file() = default;
  /// Removes what is not complete.
  ~output_file();
  output_file(const output_file&) = delete;
  output_file& operator=(const output_file&) = delete;

  /// /dev/stdout, or another name of standard output, is written to itself, even if it is a file,
  /// because others may write to it, too. errc::io_failed, for a person.
  [[nodiscard]] result<void> open(const std::filesystem::path& path);
  [[nodiscard]] result<void> write(std::string_view bytes);
  /// Writes what is left, and gives the file its name once it is on disk.
  [[nodiscard]] result<void> finish();

  /// Its reader gets the bytes as they come, so nothing else may be written to it.
  [[nodiscard]] bool is_stream() const { return partial_.empty(); }

private:
  [[nodiscard]] result<void> open_stream();
  [[nodiscard]] result<void> open_partial();
  [[nodiscard]] result<void> remove_left() const;
  [[nodiscard]] result<void> flush();
  void close();

  std::filesystem::path file_;
  std::filesystem::path partial_; ///< empty for a stream
  int descriptor_ = -1;
  std::string buffer_;
};

} // namespace headwater::tools
