#include "store/disk/head_file.hpp"

#include "domain/core/try.hpp"
#include "store/tables/keys.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <unistd.h>
#include <utility>

namespace headwater::store {
namespace {

constexpr std::string_view magic = "HWHD";
constexpr std::uint32_t first_layout = 1; // without a checkpoint
constexpr std::uint32_t layout = 2;
// Slots are in sectors of their own, so that a torn write of one cannot affect the other.
constexpr std::size_t slot_distance = 4096;
constexpr std::size_t file_size = 2 * slot_distance;
constexpr std::size_t first_hashed_size = 48;
constexpr std::size_t hashed_size = first_hashed_size + sizeof(std::uint64_t);
constexpr std::size_t slot_size = hashed_size + sizeof(digest);

std::string write_slot(const head_mark& mark) {
  std::string out{magic};
  append_be32(out, layout);
  append_be64(out, mark.position);
  out.append(as_bytes(mark.chain));
  append_be64(out, mark.checkpoint_size);
  out.append(as_bytes(sha256({out})));
  return out;
}

std::optional<head_mark> read_slot(std::string_view file, unsigned slot) {
  if (file.size() < slot * slot_distance + slot_size)
    return std::nullopt;
  auto bytes = file.substr(slot * slot_distance, slot_size);
  const auto version = read_be32(bytes.substr(4, 4));
  const bool is_first = version == first_layout;
  const auto hashed = is_first ? first_hashed_size : hashed_size;
  if (!bytes.starts_with(magic) || (!is_first && version != layout) ||
      as_bytes(sha256({bytes.substr(0, hashed)})) != bytes.substr(hashed, sizeof(digest)))
    return std::nullopt;
  head_mark mark;
  mark.position = read_be64(bytes.substr(8, 8));
  std::copy_n(bytes.begin() + 16, mark.chain.size(), mark.chain.begin());
  if (!is_first)
    mark.checkpoint_size = read_be64(bytes.substr(first_hashed_size, 8));
  return mark;
}

struct both_slots {
  std::array<std::optional<head_mark>, 2> slots;

  /// The slot that counts: 0 or 1; nothing if neither is valid.
  [[nodiscard]] std::optional<unsigned> newest() const {
    if (!slots[0] && !slots[1])
      return std::nullopt;
    return !slots[0] || (slots[1] && reach(*slots[1]) > reach(*slots[0])) ? 1 : 0;
  }

private:
  /// Grows with every write.
  static std::pair<std::uint64_t, std::uint64_t> reach(const head_mark& mark) {
    return {mark.position, mark.checkpoint_size};
  }
};

result<both_slots> read_slots(const std::filesystem::path& path) {
  std::error_code ignored; // an unreadable directory shows in read_small_file
  if (!std::filesystem::exists(path, ignored) && !ignored)
    return error{errc::corrupt_log, path.string() + " is missing: the end of the log is unknown"};
  TRY(auto file, read_small_file(path, file_size));
  both_slots both{{read_slot(file, 0), read_slot(file, 1)}};
  if (!both.newest())
    return error{errc::corrupt_log,
                 path.string() + " has no valid slot: the end of the log is unknown"};
  return both;
}

} // namespace

result<head_mark> read_head(const std::filesystem::path& path) {
  TRY(auto both, read_slots(path));
  return *both.slots[*both.newest()];
}

result<bool> has_damaged_slot(const std::filesystem::path& path) {
  TRY(auto both, read_slots(path));
  return !both.slots[0] || !both.slots[1];
}

result<void> head_file::create(const std::filesystem::path& path) {
  std::string text;
  for (int slot = 0; slot < 2; ++slot) {
    text += write_slot({});
    text.resize(text.size() + slot_distance - slot_size, '\0');
  }
  return write_file_durably(path, text);
}

result<std::unique_ptr<head_file>> head_file::open(const std::filesystem::path& path) {
  TRY(auto both, read_slots(path));
  TRY(auto file, open_file(path, O_RDWR));
  const auto newest = *both.newest();
  return std::unique_ptr<head_file>{
      new head_file{path, std::move(file), *both.slots[newest], 1 - newest}};
}

result<void> head_file::write_end(std::uint64_t position, const digest& chain) {
  std::lock_guard lock{mutex_};
  return write({position, chain, mark_.checkpoint_size});
}

result<void> head_file::write_checkpoint(std::uint64_t size) {
  std::lock_guard lock{mutex_};
  return write({mark_.position, mark_.chain, size});
}

result<void> head_file::write(const head_mark& mark) {
  auto slot = write_slot(mark);
  auto at = static_cast<off_t>(next_slot_ * slot_distance);
  auto written = ::pwrite(file_.get(), slot.data(), slot.size(), at);
  if (written < 0)
    return errno_error("cannot write", path_);
  if (static_cast<std::size_t>(written) != slot.size())
    return error{errc::io_failed, "cannot write all of a slot of " + path_.string()};
  mark_ = mark;
  next_slot_ = 1 - next_slot_;
  dirty_ = true;
  return {};
}

result<void> head_file::sync() {
  std::lock_guard lock{mutex_};
  if (!dirty_)
    return {};
  if (::fdatasync(file_.get()) != 0)
    return errno_error("cannot sync", path_);
  dirty_ = false;
  return {};
}

} // namespace headwater::store
