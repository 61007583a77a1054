#include "tools/referrals/row_store.hpp"

#include "domain/core/try.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <unistd.h>

namespace headwater::tools {
namespace {

using analytics_files::export_row;

/// A part of the file, read a piece at a time.
class file_rows final : public analytics_files::sorted_rows {
public:
  file_rows(int file, std::uint64_t begin, std::uint64_t end)
      : file_(file), place_(begin), end_(end) {}

  result<bool> next(export_row& into) override {
    if (analytics_files::take_row(rest_, into))
      return true;
    if (rest_.empty() && place_ == end_)
      return false;
    CHECK(fill());
    if (analytics_files::take_row(rest_, into))
      return true;
    return error(errc::io_failed, "the file of rows that wait is not as it was written");
  }

private:
  /// Much more than the longest row.
  static constexpr std::size_t piece = 256 * 1024;

  result<void> fill() {
    std::memmove(buffer_.data(), rest_.data(), rest_.size());
    auto size = rest_.size();
    while (size < piece && place_ < end_) {
      const auto wanted = std::min<std::uint64_t>(piece - size, end_ - place_);
      const auto count = ::pread(file_, buffer_.data() + size, wanted, static_cast<off_t>(place_));
      if (count < 0 && errno == EINTR)
        continue;
      if (count <= 0)
        return error(errc::io_failed,
                     std::string("the file of rows that wait cannot be read: ") +
                         (count < 0 ? std::generic_category().message(errno) : "it is too short"));
      size += static_cast<std::size_t>(count);
      place_ += static_cast<std::uint64_t>(count);
    }
    rest_ = {buffer_.data(), size};
    return boost::system::in_place_value;
  }

  int file_;
  std::uint64_t place_, end_;
  std::vector<char> buffer_ = std::vector<char>(piece);
  std::string_view rest_{buffer_.begin(), buffer_.begin()}; // never null, for memmove()
};

/// TMPDIR, or else Debian's folder for large temporary files; /tmp may be in memory.
std::string temporary_folder() {
  const char* told = std::getenv("TMPDIR"); // NOLINT(concurrency-mt-unsafe): no other threads yet
  return told != nullptr && *told != '\0' ? told : "/var/tmp";
}

} // namespace

row_store::~row_store() {
  if (file_ >= 0)
    ::close(file_);
}

result<void> row_store::add(const export_row& row) {
  ++size_;
  buffer_.add(row);
  if (!buffer_.full())
    return boost::system::in_place_value;
  return spill();
}

result<void> row_store::open_file() {
  folder_ = temporary_folder();
  auto name = folder_ + "/headwater-push-XXXXXX";
  file_ = ::mkstemp(name.data());
  if (file_ < 0 || ::unlink(name.c_str()) != 0)
    return error(errc::io_failed, "cannot make a file in " + folder_ + " (" +
                                      std::generic_category().message(errno) +
                                      "); set TMPDIR to another folder");
  return boost::system::in_place_value;
}

result<void> row_store::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(file_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return error(errc::io_failed, "cannot write to a file in " + folder_ + " (" +
                                        std::generic_category().message(errno) +
                                        "); set TMPDIR to another folder");
    bytes.remove_prefix(static_cast<std::size_t>(count));
    written_ += static_cast<std::uint64_t>(count);
  }
  return boost::system::in_place_value;
}

result<void> row_store::spill() {
  constexpr std::size_t piece = 1 << 20;
  if (file_ < 0)
    if (auto opened = open_file(); !opened)
      return opened;
  buffer_.sort();
  const auto begin = written_;
  std::string bytes;
  for (std::size_t i = 0; i < buffer_.size(); ++i) {
    analytics_files::append_row(bytes, buffer_.at(i));
    if (bytes.size() < piece && i + 1 < buffer_.size())
      continue;
    if (auto done = write(bytes); !done)
      return done;
    bytes.clear();
  }
  parts_.push_back({begin, written_});
  buffer_.clear();
  return boost::system::in_place_value;
}

analytics_files::row_merge row_store::merge() {
  buffer_.sort();
  std::vector<std::unique_ptr<analytics_files::sorted_rows>> all;
  all.reserve(parts_.size() + 1);
  for (const auto& each : parts_)
    all.push_back(std::make_unique<file_rows>(file_, each.begin, each.end));
  all.push_back(analytics_files::rows_of(buffer_));
  return analytics_files::row_merge(std::move(all));
}

} // namespace headwater::tools
