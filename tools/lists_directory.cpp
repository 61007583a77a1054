#include "tools/lists_directory.hpp"

#include "domain/core/text.hpp"
#include "domain/core/time.hpp"
#include "domain/core/try.hpp"

#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>

namespace headwater::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_file = 16 * 1024 * 1024;
constexpr day_number year = 366;

day_number today() {
  using namespace std::chrono;
  return day_of(duration_cast<microseconds>(system_clock::now().time_since_epoch()).count());
}

error unreadable(const fs::path& file, const std::string& why) {
  return {errc::io_failed, "--lists: " + file.string() + ": " + why};
}

/// The days when files were changed stand for the dates of lists that have none.
day_number changed_on(fs::file_time_type at) {
  using namespace std::chrono;
  const auto since = file_clock::to_sys(at).time_since_epoch();
  return day_of(duration_cast<microseconds>(since).count());
}

result<std::string> text_of(const fs::path& file) {
  std::error_code failed;
  if (!fs::is_regular_file(file, failed))
    return unreadable(file, failed ? failed.message() : "not a file");
  const auto size = fs::file_size(file, failed);
  if (failed)
    return unreadable(file, failed.message());
  if (size > largest_file)
    return unreadable(file, "larger than 16 MiB");
  std::ifstream in(file, std::ios::binary);
  std::string text(size, '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(size)) && size > 0)
    return unreadable(file, "cannot be read");
  return text;
}

} // namespace

result<std::shared_ptr<const attribution::source_lists>> read_lists(const std::string& directory) {
  if (directory.empty())
    return attribution::source_lists::shipped();
  std::error_code failed;
  if (!fs::is_directory(directory, failed))
    return unreadable(directory, failed ? failed.message() : "not a directory");
  std::deque<std::string> kept; // what the views of `files` show
  std::vector<attribution::list_file> files;
  for (const auto& shipped : attribution::shipped_list_files()) {
    const auto path = fs::path(directory) / shipped.name;
    if (!fs::exists(fs::symlink_status(path, failed)))
      continue;
    TRY(auto text, text_of(path));
    const auto changed = fs::last_write_time(path, failed);
    if (failed)
      return unreadable(path, failed.message());
    const std::string_view bytes = kept.emplace_back(std::move(text));
    if (!is_valid_utf8(bytes))
      return unreadable(path, "not UTF-8");
    const std::string_view name = kept.emplace_back(path.string());
    const std::string_view day = kept.emplace_back(to_date_string(changed_on(changed)));
    files.push_back({shipped.name, bytes, name, day});
  }
  if (files.empty())
    return unreadable(directory, "none of the files that are lists: " +
                                     std::string(attribution::shipped_list_files()[1].name) +
                                     ", SearchEngines.yml and others");
  return attribution::source_lists::read(files, to_date_string(today()));
}

std::string old_lists(const attribution::source_lists& lists) {
  std::string out;
  for (const auto& each : lists.all()) {
    const auto date = parse_date(each.date);
    if (!date || today() - *date <= year)
      continue;
    out += (out.empty() ? "" : ", ") + std::string(each.name) + " of " + std::string(each.date);
  }
  return out;
}

} // namespace headwater::tools
