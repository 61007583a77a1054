#include "snapshots/catalog.hpp"

#include "domain/core/try.hpp"
#include "store/disk/files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <tuple>

namespace headwater::snapshots {
namespace {

namespace fs = std::filesystem;

/// Whether `text` begins with `shape`, in which 0 stands for any digit; removes that part.
bool take(std::string_view& text, std::string_view shape) {
  if (text.size() < shape.size())
    return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == '0' ? !digit : text[i] != shape[i])
      return false;
  }
  text.remove_prefix(shape.size());
  return true;
}

bool take_number(std::string_view& text) {
  if (!take(text, "0"))
    return false;
  while (take(text, "0"))
    continue;
  return true;
}

/// A snapshot being made has no position yet; one being removed keeps its name.
bool is_partial_name(std::string_view name) {
  if (!name.ends_with(partial_suffix))
    return false;
  name.remove_suffix(partial_suffix.size());
  if (is_snapshot_name(name))
    return true;
  return take(name, "00000000T000000Z") && name.empty();
}

/// The time at the beginning of a name of either kind; 0 if the digits are not a time.
micros time_in(std::string_view name) {
  std::string text{name.substr(0, std::string_view{"00000000T000000Z"}.size())};
  for (const std::size_t at : {13, 11})
    text.insert(at, ":");
  for (const std::size_t at : {6, 4})
    text.insert(at, "-");
  return parse_rfc3339(text).value_or(0);
}

result<std::vector<std::string>> names_in(const fs::path& directory,
                                          bool (*wanted)(std::string_view)) {
  std::vector<std::string> out;
  std::error_code failed;
  fs::directory_iterator at{directory, failed};
  if (failed == std::errc::no_such_file_or_directory)
    return out;
  for (; !failed && at != fs::directory_iterator{}; at.increment(failed))
    if (auto name = at->path().filename().string(); wanted(name))
      out.push_back(std::move(name));
  if (failed)
    return store::fs_error("cannot list", directory, failed);
  std::ranges::sort(out);
  return out;
}

result<void> make_directory(const fs::path& directory) {
  std::error_code failed;
  if (fs::is_directory(directory, failed))
    return {};
  fs::create_directories(directory, failed);
  if (!failed)
    fs::permissions(directory, fs::perms::others_all | fs::perms::group_write,
                    fs::perm_options::remove, failed);
  if (failed)
    return store::fs_error("cannot create", directory, failed);
  return store::sync_directory(fs::absolute(directory).lexically_normal().parent_path());
}

/// A catalog inside a database or a snapshot, or a data directory itself, would mix their files.
result<void> check_place(const fs::path& directory) {
  const auto refused = [&](const fs::path& where, std::string_view is) {
    return error{errc::incompatible_data, "snapshots cannot be kept in " + directory.string() +
                                              ": " + where.string() + " is " + std::string{is}};
  };
  std::error_code failed;
  const auto start = fs::weakly_canonical(directory, failed);
  if (failed)
    return store::fs_error("cannot look at", directory, failed);
  if (fs::exists(start / "FORMAT", failed))
    return refused(start, "a data directory");
  for (auto at = start;; at = at.parent_path()) {
    if (fs::exists(at / "CURRENT", failed))
      return refused(at, "a database");
    if (fs::exists(at / manifest_name, failed))
      return refused(at, "a snapshot");
    if (at == at.parent_path())
      return {};
  }
}

result<void> remove_tree(const fs::path& tree) {
  std::error_code failed;
  fs::remove_all(tree, failed);
  if (failed)
    return store::fs_error("cannot remove", tree, failed);
  return {};
}

} // namespace

std::string snapshot_name(micros created_at, std::uint64_t position) {
  auto out = to_rfc3339_seconds(created_at);
  std::erase_if(out, [](char c) { return c == '-' || c == ':'; });
  char digits[24];
  std::snprintf(digits, sizeof digits, "-%012llu", static_cast<unsigned long long>(position));
  return out + digits;
}

bool is_snapshot_name(std::string_view name) {
  if (!take(name, "00000000T000000Z-000000000000"))
    return false;
  while (take(name, "0")) // a position of more digits
    continue;
  return name.empty() || (take(name, "-") && take_number(name) && name.empty());
}

result<listed_snapshot> describe_snapshot(const fs::path& snapshot, const manifest& of) {
  listed_snapshot out{snapshot.filename().string(),
                      of.created_at,
                      of.holds.position,
                      of.holds.time,
                      of.holds.chain,
                      of.bytes(),
                      0};
  for (const auto& file : of.files) {
    struct stat facts {};
    const auto path = snapshot / file.name;
    if (::stat(path.c_str(), &facts) != 0)
      return store::errno_error("cannot look at", path);
    if (facts.st_nlink > 1)
      out.bytes_shared += file.size;
  }
  return out;
}

bool is_before(const listed_snapshot& one, const listed_snapshot& other) {
  return std::tie(one.last_event, one.position, one.created_at, one.name) <
         std::tie(other.last_event, other.position, other.created_at, other.name);
}

result<catalog_content> read_catalog(const fs::path& in) {
  // Reads the directory once: whatever is renamed meanwhile is seen under one of its names.
  auto names = names_in(
      in, [](std::string_view name) { return is_snapshot_name(name) || is_partial_name(name); });
  if (!names)
    return names.error();
  catalog_content out;
  for (const auto& name : *names) {
    if (is_partial_name(name)) {
      out.partial.push_back({name, time_in(name), {errc::not_found, name + ": not complete"}});
      continue;
    }
    const auto found = read_manifest(in / name);
    auto described = found ? describe_snapshot(in / name, *found) : found.error();
    if (described)
      out.complete.push_back(std::move(*described));
    else
      out.damaged.push_back(
          {name, time_in(name), {described.error().code, name + ": " + described.error().message}});
  }
  std::ranges::sort(out.complete, is_before);
  return out;
}

result<std::vector<listed_snapshot>> list_snapshots(const fs::path& in) {
  TRY(auto all, read_catalog(in));
  return std::move(all.complete);
}

result<std::unique_ptr<catalog>> catalog::open(const fs::path& directory) {
  CHECK(check_place(directory));
  CHECK(make_directory(directory));
  TRY(auto opened, store::open_file(directory, O_RDONLY | O_DIRECTORY));
  if (::flock(opened.get(), LOCK_EX | LOCK_NB) == 0)
    return std::unique_ptr<catalog>{new catalog{directory, std::move(opened)}};
  if (errno != EWOULDBLOCK)
    return store::errno_error("cannot lock", directory);
  return error{errc::io_failed, "snapshots in " + directory.string() +
                                    " are being made or removed by somebody else; try again"};
}

result<void> catalog::remove_partials() const {
  TRY(auto names, names_in(path_, is_partial_name));
  for (const auto& name : names)
    if (auto removed = remove_tree(path_ / name); !removed)
      return removed;
  return {};
}

result<std::vector<std::string>>
catalog::prune(std::size_t keep, const std::function<bool(const listed_snapshot&)>& ours,
               std::string_view just_made) const {
  TRY(auto all, list_snapshots(path_));
  std::erase_if(all, [&](const auto& each) { return !ours(each); });
  std::stable_partition(all.begin(), all.end(),
                        [&](const auto& each) { return each.name != just_made; });
  std::vector<std::string> gone;
  for (std::size_t i = 0; i + keep < all.size(); ++i) {
    const auto& name = all[i].name;
    auto doomed = path_ / name;
    doomed += partial_suffix;
    // Under its own name it counts as complete; a process killed in between leaves a partial one.
    std::error_code failed;
    fs::rename(path_ / name, doomed, failed);
    if (failed)
      return store::fs_error("cannot rename", path_ / name, failed);
    if (auto removed = remove_tree(doomed); !removed)
      return removed.error();
    gone.push_back(name);
  }
  if (!gone.empty())
    CHECK(store::sync_directory(path_));
  return gone;
}

} // namespace headwater::snapshots
