#pragma once

// A window onto a text that is too long for memory. It is refilled from a source as the reader
// moves on. Does no I/O of its own; belongs to one thread.

#include "domain/core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace headwater::analytics_files {

/// Fills a buffer with the next bytes and returns how many there were; 0 at the end.
using byte_source = std::function<result<std::size_t>(std::span<char>)>;

class text_window {
public:
  /// The longest record allowed.
  static constexpr std::size_t reach = 1 << 20;

  explicit text_window(byte_source source);

  /// Makes at least `reach` bytes visible, or everything up to the end. Invalidates views into
  /// text().
  [[nodiscard]] result<void> fill();
  [[nodiscard]] std::string_view text() const { return {buffer_.data() + begin_, end_ - begin_}; }
  /// Whether text() reaches to the end of the source.
  [[nodiscard]] bool at_end() const { return at_end_; }
  /// Moves the window on by so many bytes.
  void drop(std::size_t bytes);
  /// Bytes dropped so far.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

private:
  byte_source source_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  std::uint64_t dropped_ = 0;
  bool at_end_ = false;
};

} // namespace headwater::analytics_files
