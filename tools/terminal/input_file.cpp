#include "tools/terminal/input_file.hpp"

#include "domain/core/try.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <limits>
#include <sys/stat.h>
#include <unistd.h>

namespace headwater::tools {

input_file::~input_file() {
  if (file_ > STDIN_FILENO)
    ::close(file_);
}

error input_file::failed() const {
  return {errc::io_failed, "cannot read " + path_ + ": " + std::generic_category().message(errno)};
}

result<void> input_file::open(const std::string& path) {
  path_ = path;
  file_ = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat about {};
  if (file_ < 0 || ::fstat(file_, &about) != 0)
    return failed();
  if (S_ISREG(about.st_mode))
    size_ = static_cast<std::uint64_t>(about.st_size);
  return boost::system::in_place_value;
}

result<std::size_t> input_file::read(std::span<char> into) {
  for (;;) {
    const auto count = ::read(file_, into.data(), into.size());
    if (count >= 0)
      return static_cast<std::size_t>(count);
    if (errno != EINTR)
      return failed();
  }
}

result<std::string> read_whole(const std::string& path, std::size_t limit) {
  input_file file;
  CHECK(file.open(path));
  std::string out;
  std::array<char, 64 * 1024> piece;
  for (;;) {
    TRY(const auto count, file.read(piece));
    if (count == 0)
      return out;
    if (count > limit - out.size())
      return error{errc::payload_too_large,
                   path + " is longer than " + std::to_string(limit) + " bytes"};
    out.append(piece.data(), count);
  }
}

} // namespace headwater::tools
