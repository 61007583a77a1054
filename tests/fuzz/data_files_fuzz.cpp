// libFuzzer target that opens files: HEAD, the signing key, FORMAT and MANIFEST.json of a
// directory, as a start, a reader and `snapshot verify` meet them. What is taken must be written as
// the same bytes; the directory is one of this process, in memory where there is such a place.

#include "domain/core/text.hpp"
#include "snapshots/verified_snapshot.hpp"
#include "store/disk/data_directory.hpp"
#include "store/disk/head_file.hpp"
#include "store/disk/key_file.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <filesystem>
#include <fstream>
#include <limits>
#include <unistd.h>

using namespace headwater;

namespace {

namespace fs = std::filesystem;

/// Goes away with the process.
class scratch {
public:
  scratch() {
    const fs::path memory = "/dev/shm";
    const auto parent = ::access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path();
    auto name = (parent / "headwater-fuzz-XXXXXX").string();
    fuzz::require(::mkdtemp(name.data()) != nullptr, "no scratch directory");
    path_ = name;
  }
  ~scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }

private:
  fs::path path_;
};

void write(const fs::path& path, std::string_view bytes) {
  std::ofstream out{path, std::ios::binary | std::ios::trunc};
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void check_head(const fs::path& path, std::string_view bytes) {
  write(path, bytes);
  const auto mark = store::read_head(path);
  auto file = store::head_file::open(path);
  fuzz::require(mark.has_error() == file.has_error(), "a HEAD is read but not opened");
  if (!mark)
    return fuzz::require(!mark.error().message.empty(), "an error without a message");
  if (mark->position == std::numeric_limits<std::uint64_t>::max())
    return; // nothing is after it
  // Writing the next mark leaves the other slot, so the file says the new one.
  fuzz::must((*file)->write_checkpoint(mark->checkpoint_size), "a HEAD is not written");
  fuzz::must((*file)->write_end(mark->position + 1, mark->chain), "a HEAD is not written");
  const auto after = fuzz::must(store::read_head(path), "a written HEAD is not read");
  fuzz::require(after == store::head_mark{mark->position + 1, mark->chain, mark->checkpoint_size},
                "a HEAD says something else than was written");
}

/// Two slots with checksums that fit, since an input cannot guess one (store/FORMAT.md).
std::string head_of(std::string_view slots) {
  constexpr std::size_t hashed_size = 56;
  constexpr std::size_t slot_distance = 4096;
  std::string out;
  for (int i = 0; i < 2; ++i) {
    std::string slot("HWHD");
    slot += slots.substr(0, hashed_size - slot.size());
    slots.remove_prefix(std::min(hashed_size - 4, slots.size()));
    slot.resize(hashed_size);
    slot += as_bytes(sha256({slot}));
    slot.resize(slot_distance);
    out += slot;
  }
  return out;
}

void check_key(const fs::path& directory, std::string_view bytes) {
  const auto path = store::key_path(directory);
  write(path, bytes);
  const auto key = store::read_key_file(directory);
  if (key && *key)
    fuzz::must(check_key_name((*key)->origin()), "a key with an invalid name");
  else
    fuzz::require(key.has_error() && is_valid_utf8(key.error().message),
                  "a damaged key counts as none");
  fs::remove(path);
}

void check_snapshot(const fs::path& directory, std::string_view bytes) {
  write(directory / snapshots::manifest_name, bytes);
  const auto read = snapshots::read_manifest(directory);
  const auto held = snapshots::read_manifest(directory, sha256({bytes}));
  fuzz::require(read.has_error() == held.has_error(), "its own hash refuses a manifest");
  fuzz::require(!read || *read == *held, "its own hash changes a manifest");
  fuzz::require(!snapshots::read_manifest(directory, sha256({bytes, "x"})),
                "another hash is taken");
  const auto verified = snapshots::verify_snapshot(directory, {});
  fuzz::require(verified.has_error(), "a snapshot without a database is whole");
  fs::remove(directory / snapshots::manifest_name);
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const scratch here;
  const auto bytes = fuzz::text_of(data, size);
  const auto which = bytes.substr(0, 1);
  const auto rest = bytes.substr(which.size());
  if (which == "h")
    check_head(here.path() / "HEAD", rest);
  else if (which == "H")
    check_head(here.path() / "HEAD", head_of(rest));
  else if (which == "k")
    check_key(here.path(), rest);
  else if (which == "f") {
    write(here.path() / "FORMAT", rest);
    (void)store::check_readable(here.path());
  } else
    check_snapshot(here.path(), rest);
  return 0;
}
