#include "snapshots/file_digests.hpp"

#include "domain/core/sha256_stream.hpp"
#include "domain/core/try.hpp"
#include "store/disk/files.hpp"

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>

namespace headwater::snapshots {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece_size = std::size_t{1} << 18;

error cannot_list(const fs::path& directory, const std::error_code& why) {
  return {errc::io_failed, "cannot list " + directory.string() + ": " + why.message()};
}

} // namespace

result<std::vector<file_entry>> list_files(const fs::path& snapshot) {
  std::vector<file_entry> out;
  std::error_code failed;
  fs::recursive_directory_iterator at{snapshot, failed};
  for (; !failed && at != fs::recursive_directory_iterator{}; at.increment(failed)) {
    const auto name = at->path().lexically_relative(snapshot).string();
    const auto kind = at->symlink_status(failed).type();
    if (failed)
      break;
    if (name == manifest_name || (kind == fs::file_type::directory && name == "db"))
      continue;
    if (kind != fs::file_type::regular)
      return error{errc::corrupt_log, name + " is not a file of a snapshot"};
    out.push_back({name, at->file_size(failed), {}});
  }
  if (failed)
    return cannot_list(snapshot, failed);
  std::ranges::sort(out, {}, &file_entry::name);
  return out;
}

result<digest> read_through(const fs::path& path, const piece_sink& to) {
  TRY(auto file, store::open_file(path, O_RDONLY));
  sha256_stream hash;
  std::string piece(piece_size, '\0');
  for (;;) {
    const auto got = ::read(file.get(), piece.data(), piece.size());
    if (got < 0)
      return store::errno_error("cannot read", path);
    if (got == 0)
      return hash.finish();
    const std::string_view read{piece.data(), static_cast<std::size_t>(got)};
    hash.update(read);
    CHECK(to(read));
  }
}

result<void> hash_files(const fs::path& snapshot, std::vector<file_entry>& files,
                        const progress& say) {
  std::uint64_t total = 0;
  std::uint64_t done = 0;
  for (const auto& file : files)
    total += file.size;
  for (auto& file : files) {
    auto hashed = read_through(snapshot / file.name, [&](std::string_view piece) {
      done += piece.size();
      return tell(say, "hashing", std::min(done, total), total);
    });
    if (!hashed)
      return hashed.error();
    file.sha256 = *hashed;
  }
  return {};
}

} // namespace headwater::snapshots
