#include "snapshots/made_snapshot.hpp"

#include "domain/core/try.hpp"
#include "snapshots/examined_log.hpp"
#include "snapshots/file_digests.hpp"
#include "store/disk/data_directory.hpp"
#include "store/disk/files.hpp"

#include <sys/stat.h>

namespace headwater::snapshots {
namespace {

namespace fs = std::filesystem;

/// A directory that is removed with its owner, unless it was kept.
class partial_directory {
public:
  explicit partial_directory(fs::path path) : path_(std::move(path)) {}
  ~partial_directory() {
    std::error_code ignored; // the next process that works in this catalog removes it
    if (!path_.empty())
      fs::remove_all(path_, ignored);
  }
  partial_directory(const partial_directory&) = delete;
  partial_directory& operator=(const partial_directory&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }
  void keep() { path_.clear(); }

private:
  fs::path path_;
};

/// Creates the directory with an empty manifest, so that it cannot pass for a data directory.
result<void> begin(const fs::path& partial) {
  // Unlike create_directory this takes nothing that is there already, such as a link.
  if (::mkdir(partial.c_str(), S_IRWXU | S_IRGRP | S_IXGRP) != 0) // less the umask
    return store::errno_error("cannot create", partial);
  return store::write_file_durably(store::manifest_path(partial), "");
}

result<manifest> fill(const store::copier& log, const fs::path& partial, const progress& say) {
  CHECK(tell(say, "copying", 0, 1));
  CHECK(log.copy_to(partial));
  TRY(auto found, examine(partial, say, log.open_tables()));
  TRY(auto files, list_files(partial));
  CHECK(hash_files(partial, files, say));
  manifest out;
  out.holds = found;
  out.files = std::move(files);
  return out;
}

/// A name that is not in use in the catalog.
fs::path free_name(const catalog& on, micros now, std::uint64_t position) {
  const auto name = snapshot_name(now, position);
  auto out = on.path() / name;
  std::error_code ignored; // if so, the renaming fails
  for (int i = 2; fs::exists(out, ignored); ++i)
    out = on.path() / (name + "-" + std::to_string(i));
  return out;
}

} // namespace

result<made_snapshot> make_snapshot(const store::copier& log, const catalog& on, micros now,
                                    std::string_view program, const progress& say) {
  CHECK(on.remove_partials());
  auto name = snapshot_name(now, 0);
  name.resize(name.find('-'));
  partial_directory partial{on.path() / name.append(partial_suffix)};
  CHECK(begin(partial.path()));
  TRY(auto filled, fill(log, partial.path(), say));
  filled.created_at = now;
  filled.program = program;
  const auto text = write_manifest(filled);
  if (text.size() > longest_manifest)
    return error{errc::io_failed, "the log has too many files for a snapshot"};
  if (auto written = store::write_file_durably(store::manifest_path(partial.path()), text);
      !written)
    return written.error();
  const auto path = free_name(on, now, filled.holds.position);
  std::error_code failed;
  fs::rename(partial.path(), path, failed);
  if (failed)
    return store::fs_error("cannot rename", partial.path(), failed);
  partial.keep();
  CHECK(store::sync_directory(on.path()));
  TRY(auto listed, describe_snapshot(path, filled));
  return made_snapshot{std::move(listed), std::move(filled), sha256({text})};
}

} // namespace headwater::snapshots
