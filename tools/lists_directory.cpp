#include "tools/lists_directory.hpp"

#include "domain/core/text.hpp"
#include "domain/core/time.hpp"
#include "domain/core/try.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <system_error>

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
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::string text(size, '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(size)) && size > 0)
    return unreadable(file, errno != 0 ? std::generic_category().message(errno) : "cannot be read");
  return text;
}

/// Files that look like lists by their endings, and have no list's name.
std::vector<std::string> strangers_in(const std::string& directory) {
  std::vector<std::string> out;
  std::error_code failed;
  if (directory.empty())
    return out;
  for (fs::directory_iterator at(directory, failed), end; !failed && at != end;
       at.increment(failed)) {
    const auto& path = at->path();
    const auto ending = path.extension();
    if (path.filename().string().starts_with('.') ||
        (ending != ".yml" && ending != ".yaml" && ending != ".txt" && ending != ".dat"))
      continue;
    if (std::ranges::none_of(attribution::shipped_list_files(), [&](const auto& each) {
          return each.name == path.filename().string();
        }))
      out.push_back(path.string());
  }
  std::ranges::sort(out);
  return out;
}

/// What there is to say of a list that was taken in place of the shipped one.
void note_taken(const attribution::list_info& taken, const attribution::list_info& shipped,
                const std::string& file, std::vector<list_note>& out) {
  const std::string name(taken.name), day(taken.date);
  out.push_back({false, "list " + name + ": " + std::to_string(taken.entries) + " entries of " +
                            day + " from " + file});
  if (taken.date < shipped.date)
    out.push_back({true, "list " + name + " is of " + day + " and hides the shipped one of " +
                             std::string(shipped.date) + ": is " + file + " still wanted?"});
  if (taken.entries * 2 < shipped.entries)
    out.push_back({true, "list " + name + " has " + std::to_string(taken.entries) +
                             " entries and the shipped one " + std::to_string(shipped.entries) +
                             ": is " + file + " whole?"});
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
    if (!fs::exists(fs::symlink_status(path, failed))) {
      if (failed && failed != std::errc::no_such_file_or_directory)
        return unreadable(path, failed.message());
      continue;
    }
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

std::vector<list_note> notes_on(const attribution::source_lists& lists,
                                const std::string& directory) {
  std::vector<list_note> out;
  const auto& all_shipped = directory.empty() ? lists : *attribution::source_lists::shipped();
  std::string old;
  for (const auto& each : lists.all()) {
    if (const auto date = parse_date(each.date); date && today() - *date > year)
      old.append(old.empty() ? "" : ", ").append(each.name).append(" of ").append(each.date);
    if (const auto* shipped = all_shipped.info(each.name); shipped != nullptr && !each.is_shipped)
      note_taken(each, *shipped, (fs::path(directory) / each.file).string(), out);
  }
  for (auto& stranger : strangers_in(directory))
    out.push_back({true, stranger.append(" has the name of no list: it is not read")});
  if (!old.empty())
    out.push_back({true, "lists older than a year: " + old + "; --lists DIR takes newer ones"});
  return out;
}

} // namespace headwater::tools
