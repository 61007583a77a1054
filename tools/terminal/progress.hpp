#pragma once

// A progress bar on standard error, if that is a terminal; else nothing.

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

  /// Shows how much is done; `total` 0 shows bytes alone. Drawn ten times a second at most.
  void show(const std::string& what, std::uint64_t done, std::uint64_t total);
  /// Shows words alone.
  void say(const std::string& what);
  void clear();

private:
  void draw(const std::string& line);

  bool is_on_;
  bool is_drawn_ = false;
  std::chrono::steady_clock::time_point last_{};
};

} // namespace headwater::tools
