#include "tests/store/faults/faulty_disk.hpp"

#include "tests/store/faults/faulty_disk_calls.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace headwater::store::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view names[operation_count] = {
    "write",  "sync", "directory sync", "rename", "read",           "truncate",
    "create", "open", "remove",         "link",   "make directory", "reserve"};

bool takes_space(operation which) {
  return which == operation::write || which == operation::create || which == operation::link ||
         which == operation::make_directory || which == operation::reserve;
}

std::string link_of(const std::string& path) {
  std::string out(PATH_MAX, '\0');
  const auto size = ::readlink(path.c_str(), out.data(), out.size());
  out.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return out;
}

} // namespace

std::string_view name_of(operation which) {
  return names[static_cast<std::size_t>(which)];
}

std::string describe(const fault_plan& plan) {
  if (plan.kind == fault_kind::none)
    return "no fault";
  if (plan.kind == fault_kind::full_disk)
    return "the disk is full from write " + std::to_string(plan.n) + " on";
  return std::string{name_of(plan.of)} + " " + std::to_string(plan.n) + " fails " +
         (plan.kind == fault_kind::once ? "once" : "and all after it") + " with " +
         ::strerrorname_np(plan.error) + (plan.writes_half ? ", half written" : "");
}

faulty_disk& the_disk() {
  static auto& disk = *new faulty_disk; // threads of RocksDB may outlive main()
  return disk;
}

void faulty_disk::begin(const fs::path& directory, int trace, const fault_plan& plan) {
  directory_ = fs::canonical(directory).string();
  trace_ = trace;
  plan_ = plan;
  struct stat about {};
  ::stat(directory_.c_str(), &about);
  device_ = about.st_dev;
  take_stock();
  is_active_ = true;
}

/// Traces what is there already, as something that is on the disk.
void faulty_disk::take_stock() {
  std::vector<fs::path> directories{directory_};
  for (const auto& entry : fs::recursive_directory_iterator{directory_}) {
    const auto path = entry.path().lexically_relative(directory_).string();
    if (entry.is_directory()) {
      directories.push_back(entry.path());
      made_directory(path);
      continue;
    }
    struct stat about {};
    if (::lstat(entry.path().c_str(), &about) != 0 || !S_ISREG(about.st_mode))
      continue;
    const auto [known, is_new] = numbers_.try_emplace(about.st_ino, next_number_);
    if (!is_new) {
      add({traced::linked, known->second, 0, {}, path});
      continue;
    }
    ++next_number_;
    std::ifstream in{entry.path(), std::ios::binary};
    add({traced::file_made, known->second, 0, path, {}});
    add({traced::written, known->second, 0, {}, {std::istreambuf_iterator<char>{in}, {}}});
    add({traced::synced, known->second, 0, {}, {}});
  }
  for (const auto& each : directories)
    add({traced::directory_synced, 0, 0, each.lexically_relative(directory_).string(), {}});
}

int faulty_disk::fails(operation which) {
  const auto count = ++counts_[static_cast<std::size_t>(which)];
  const bool reached = plan_.of == which && count >= plan_.n;
  int error = 0;
  if (plan_.kind == fault_kind::full_disk) {
    is_full_ = is_full_ || (which == operation::write && count >= plan_.n);
    error = is_full_ && takes_space(which) ? ENOSPC : 0;
  } else if (reached && (plan_.kind == fault_kind::for_ever ||
                         (plan_.kind == fault_kind::once && count == plan_.n))) {
    error = plan_.error;
  }
  if (error != 0)
    add({traced::fault, 0, 0, {}, std::string{name_of(which)} + " " + std::to_string(count)});
  return error;
}

std::optional<watched_file> faulty_disk::find(int descriptor) const {
  struct stat about {};
  if (::fstat(descriptor, &about) != 0 || about.st_dev != device_)
    return std::nullopt;
  if (S_ISDIR(about.st_mode)) {
    const auto path = within(descriptor, "");
    return path ? std::optional{watched_file{0, true, *path}} : std::nullopt;
  }
  const auto found = numbers_.find(about.st_ino);
  if (found == numbers_.end() || !S_ISREG(about.st_mode))
    return std::nullopt;
  return watched_file{found->second, false, {}};
}

std::optional<std::string> faulty_disk::within(int at, const char* path) const {
  fs::path whole{path};
  if (whole.is_relative()) {
    const auto base =
        at == AT_FDCWD ? link_of("/proc/self/cwd") : link_of("/proc/self/fd/" + std::to_string(at));
    whole = whole.empty() ? fs::path{base} : fs::path{base} / whole;
  }
  auto text = whole.lexically_normal().string();
  while (text.ends_with('/'))
    text.pop_back();
  if (text == directory_)
    return ".";
  if (!text.starts_with(directory_ + "/"))
    return std::nullopt;
  return text.substr(directory_.size() + 1);
}

void faulty_disk::made(int descriptor, const std::string& path) {
  struct stat about {};
  if (::fstat(descriptor, &about) != 0)
    return;
  numbers_[about.st_ino] = next_number_;
  add({traced::file_made, next_number_++, 0, path, {}});
}

void faulty_disk::made_directory(const std::string& path) {
  add({traced::directory_made, next_number_++, 0, path, {}});
}

void begin_faults(const fs::path& directory, int trace, const fault_plan& plan) {
  the_disk().begin(directory, trace, plan);
}

void note(const std::string& text) {
  const std::lock_guard lock{the_disk().mutex()};
  the_disk().add({traced::noted, 0, 0, {}, text});
}

void note_counts() {
  std::string text = "counts";
  for (const auto count : the_disk().counts())
    text += " " + std::to_string(count);
  note(text);
}

operation_counts read_counts(std::string_view text) {
  std::istringstream in{std::string{text}};
  std::string word;
  in >> word;
  operation_counts out{};
  for (auto& count : out)
    in >> count;
  return out;
}

} // namespace headwater::store::testing
