#pragma once

// A progress bar on standard error if that is a terminal, else nothing.

#include <chrono>
#include <cstdint>
#include <string>

namespace headwater::tools {

class progress {
public:
  progress();
  ~progress() { clear(); }
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  /// Shows how much is done; with `total` 0 only the bytes. Redrawn at most ten times a second.
  void show(const std::string& what, std::uint64_t done, std::uint64_t total);
  /// Shows a text.
  void say(const std::string& what);
  void clear();

private:
  void draw(const std::string& line);

  bool is_on_;
  bool is_drawn_ = false;
  std::chrono::steady_clock::time_point last_{};
};

} // namespace headwater::tools
