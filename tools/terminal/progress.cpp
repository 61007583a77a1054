#include "tools/terminal/progress.hpp"

#include <iostream>
#include <unistd.h>

namespace headwater::tools {

namespace {

constexpr std::uint64_t width = 30;
constexpr std::chrono::milliseconds interval{100};

} // namespace

progress::progress() : is_on_(::isatty(STDERR_FILENO) == 1) {}

void progress::draw(const std::string& line) {
  std::cerr << "\r\x1b[K" << line << std::flush;
  is_drawn_ = true;
}

void progress::show(const std::string& what, std::uint64_t done, std::uint64_t total) {
  const auto now = std::chrono::steady_clock::now();
  if (!is_on_ || (now - last_ < interval && done != total))
    return;
  last_ = now;
  if (total == 0)
    return draw(what + " " + std::to_string(done / 1024) + " KiB");
  const auto full = static_cast<std::size_t>(done * width / total);
  draw(what + " [" + std::string(full, '#') + std::string(width - full, '.') + "] " +
       std::to_string(done * 100 / total) + " %");
}

void progress::say(const std::string& what) {
  if (is_on_)
    draw(what);
}

void progress::clear() {
  if (is_drawn_)
    std::cerr << "\r\x1b[K" << std::flush;
  is_drawn_ = false;
}

} // namespace headwater::tools
