#include "tests/store/faults/power_cut.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace headwater::store::testing {
namespace {

namespace fs = std::filesystem;

} // namespace

std::string_view name_of(unsynced fate) {
  switch (fate) {
  case unsynced::lost:
    return "lost";
  case unsynced::kept:
    return "kept";
  case unsynced::mixed:
    return "mixed";
  case unsynced::zeroed:
    return "zeroed";
  }
  return "?";
}

disk_image::disk_image(std::span<const trace_entry> entries, unsynced fate,
                       std::mt19937_64& random) {
  for (const auto& entry : entries)
    follow(entry, fate, random);
  cut_power(fate, random);
}

disk_image::place disk_image::find(const std::string& path) const {
  std::uint64_t at = 0;
  const fs::path whole{path};
  for (const auto& part : whole.parent_path())
    at = current_.at(at).at(part.string());
  return {at, whole.filename().string()};
}

std::uint64_t disk_image::number_of(const std::string& path) const {
  if (path == ".")
    return 0;
  const auto where = find(path);
  return current_.at(where.directory).at(where.name);
}

void disk_image::apply(names& to, const renaming& made) {
  if (!made.from.empty())
    if (const auto found = to.find(made.from_directory); found != to.end())
      found->second.erase(made.from);
  if (!made.to.empty())
    to[made.to_directory][made.to] = made.number;
}

void disk_image::change_names(renaming made) {
  apply(current_, made);
  renamings_.push_back(std::move(made));
}

void disk_image::apply(std::string& bytes, const change& made) {
  if (made.is_cut) {
    bytes.resize(made.offset);
    return;
  }
  if (bytes.size() < made.offset + made.bytes.size())
    bytes.resize(made.offset + made.bytes.size());
  bytes.replace(made.offset, made.bytes.size(), made.bytes);
}

/// What a failed sync left unsynced no later one brings to the disk for certain.
void disk_image::sync(file& of, unsynced fate, std::mt19937_64& random) const {
  for (const auto& each : of.pending)
    if (!each.sync_failed || fate == unsynced::kept ||
        (fate != unsynced::lost && random() % 2 == 0))
      apply(of.durable, each);
  of.pending.clear();
}

void disk_image::follow(const trace_entry& entry, unsynced fate, std::mt19937_64& random) {
  switch (entry.what) {
  case traced::file_made:
  case traced::directory_made: {
    const auto where = find(entry.path);
    if (entry.what == traced::file_made)
      files_[entry.file];
    else
      current_[entry.file];
    change_names({entry.file, 0, {}, where.directory, where.name});
    break;
  }
  case traced::written:
    files_.at(entry.file).pending.push_back({false, entry.offset, entry.text});
    break;
  case traced::cut:
    files_.at(entry.file).pending.push_back({true, entry.offset, {}});
    break;
  case traced::synced:
    sync(files_.at(entry.file), fate, random);
    break;
  case traced::sync_failed:
    for (auto& each : files_.at(entry.file).pending)
      each.sync_failed = true;
    break;
  case traced::directory_synced: {
    const auto directory = number_of(entry.path);
    for (auto& each : renamings_)
      if ((!each.from.empty() && each.from_directory == directory) ||
          (!each.to.empty() && each.to_directory == directory))
        each.is_synced = true;
    break;
  }
  case traced::linked: {
    const auto number = entry.file != 0 ? entry.file : number_of(entry.path);
    const auto where = find(entry.text);
    change_names({number, 0, {}, where.directory, where.name});
    break;
  }
  case traced::renamed: {
    const auto from = find(entry.path);
    const auto to = find(entry.text);
    change_names({number_of(entry.path), from.directory, from.name, to.directory, to.name});
    break;
  }
  case traced::removed: {
    const auto where = find(entry.path);
    change_names({number_of(entry.path), where.directory, where.name, 0, {}});
    break;
  }
  case traced::fault:
  case traced::noted:
    break;
  }
}

void disk_image::cut_power(unsynced fate, std::mt19937_64& random) {
  std::size_t kept_names = 0;
  if (fate == unsynced::kept)
    kept_names = renamings_.size();
  else if (fate != unsynced::lost)
    kept_names = random() % (renamings_.size() + 1);
  for (std::size_t i = 0; i < renamings_.size(); ++i)
    if (renamings_[i].is_synced || i < kept_names)
      apply(durable_, renamings_[i]);
  for (auto& [number, file] : files_) {
    if (fate == unsynced::lost || file.pending.empty())
      continue;
    const auto count =
        fate == unsynced::kept ? file.pending.size() : random() % (file.pending.size() + 1);
    std::size_t full_size = file.durable.size();
    for (std::size_t i = 0; i < file.pending.size(); ++i) {
      auto each = file.pending[i];
      full_size = each.is_cut ? each.offset : std::max(full_size, each.offset + each.bytes.size());
      if (i == count && !each.is_cut)
        each.bytes = each.bytes.substr(0, random() % (each.bytes.size() + 1));
      if (i <= count)
        apply(file.durable, each);
    }
    if (fate == unsynced::zeroed && file.durable.size() < full_size)
      file.durable.resize(full_size);
  }
}

void disk_image::write_to(const fs::path& directory) const {
  std::map<std::uint64_t, fs::path> written;
  write(directory, 0, written);
}

void disk_image::write(const fs::path& directory, std::uint64_t number,
                       std::map<std::uint64_t, fs::path>& written) const {
  fs::create_directories(directory);
  fs::permissions(directory, fs::perms::owner_all);
  const auto found = durable_.find(number);
  if (found == durable_.end())
    return;
  for (const auto& [name, each] : found->second) {
    const auto path = directory / name;
    if (const auto file = files_.find(each); file == files_.end()) {
      write(path, each, written);
    } else if (const auto [first, is_new] = written.try_emplace(each, path); !is_new) {
      fs::create_hard_link(first->second, path);
    } else {
      std::ofstream out{path, std::ios::binary};
      out.write(file->second.durable.data(),
                static_cast<std::streamsize>(file->second.durable.size()));
      if (!out.flush())
        throw std::runtime_error{"cannot write " + path.string()};
    }
  }
}

} // namespace headwater::store::testing
