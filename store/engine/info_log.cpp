#include "store/engine/info_log.hpp"

#include "domain/core/time.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace headwater::store {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 20;
constexpr std::size_t longest_line = 4'096;

std::string now_text() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return to_rfc3339_micros(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

} // namespace

void info_log::Logv(const char* format, va_list arguments) {
  std::array<char, longest_line> text;
  const int length = std::vsnprintf(text.data(), text.size(), format, arguments);
  if (length < 0)
    return;
  auto line = now_text() + ' ';
  line.append(text.data(), std::min(static_cast<std::size_t>(length), text.size() - 1));
  line += '\n';
  const std::lock_guard lock{mutex_};
  open();
  if (const auto written = ::write(file_.get(), line.data(), line.size()); written > 0)
    size_ += static_cast<std::size_t>(written);
}

/// Makes sure, if possible, that there is a file with room.
void info_log::open() {
  if (file_.get() >= 0 && size_ < most_bytes)
    return;
  if (file_.get() >= 0)
    ::rename(path_.c_str(), (path_.string() + ".old").c_str());
  constexpr mode_t owner_alone = S_IRUSR | S_IWUSR;
  file_ = file_descriptor{
      ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, owner_alone)};
  struct stat found {};
  size_ = ::fstat(file_.get(), &found) == 0 ? static_cast<std::size_t>(found.st_size) : 0;
}

} // namespace headwater::store
