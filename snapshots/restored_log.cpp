#include "snapshots/restored_log.hpp"

#include "domain/accounts/system_events.hpp"
#include "domain/core/clock_check.hpp"
#include "domain/core/try.hpp"
#include "snapshots/file_digests.hpp"
#include "store/audit/checkpoint_table.hpp"
#include "store/disk/data_directory.hpp"
#include "store/disk/files.hpp"
#include "store/open_log.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace headwater::snapshots {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view staging_name = "restoring";
constexpr const char* system_stream = "system";
// Enough for opening the copy and for its first event.
constexpr std::uint64_t room_for_restore = std::uint64_t{4} << 20;

result<void> check_empty(const fs::path& directory) {
  std::error_code failed;
  fs::directory_iterator at{directory, failed};
  if (failed == std::errc::no_such_file_or_directory)
    return {};
  for (; !failed && at != fs::directory_iterator{}; at.increment(failed)) {
    const auto name = at->path().filename();
    if (name == staging_name)
      return error{errc::incompatible_data, directory.string() + " holds a restore that did not "
                                                                 "end: remove it and try again"};
    if (name != "LOCK" && name != "lost+found")
      return error{errc::incompatible_data,
                   directory.string() + " is not empty: it holds " + name.string()};
  }
  if (failed)
    return store::fs_error("cannot list", directory, failed);
  return {};
}

/// Whether a path, which need not exist, is `directory` or lies inside it.
bool is_within(const fs::path& path, const fs::path& directory) {
  std::error_code failed;
  for (auto at = fs::weakly_canonical(path, failed); !failed; at = at.parent_path()) {
    std::error_code absent;
    if (fs::equivalent(at, directory, absent))
      return true;
    if (at == at.parent_path())
      return false;
  }
  return false;
}

/// What a restore has made so far; removed again unless the restore completes.
class unfinished {
public:
  explicit unfinished(const fs::path& to) : to_(to) {
    std::error_code absent;
    was_there_ = fs::exists(to, absent);
  }
  ~unfinished() {
    if (is_finished_ || !has_begun_)
      return;
    std::error_code ignored; // a start refuses whatever remains
    // FORMAT first: without it what is left is no data directory.
    for (const auto* name : {"FORMAT", "FORMAT.new", "db", "HEAD", "restoring", "LOCK"})
      fs::remove_all(to_ / name, ignored);
    if (!was_there_)
      fs::remove(to_, ignored);
  }
  unfinished(const unfinished&) = delete;
  unfinished& operator=(const unfinished&) = delete;

  /// From here on the directory belongs to this restore alone.
  void begin() { has_begun_ = true; }
  void finish() { is_finished_ = true; }

private:
  const fs::path& to_;
  bool was_there_ = false;
  bool has_begun_ = false;
  bool is_finished_ = false;
};

result<void> write_all(const store::file_descriptor& file, std::string_view piece,
                       const fs::path& path) {
  while (!piece.empty()) {
    const auto written = ::write(file.get(), piece.data(), piece.size());
    if (written < 0)
      return store::errno_error("cannot write", path);
    piece.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

/// Copies a file and checks that its bytes are those of the manifest.
result<void> copy_file(const fs::path& from, const fs::path& to, const file_entry& file,
                       const std::function<result<void>(std::size_t)>& count) {
  TRY(auto out, store::open_file(to / file.name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW));
  auto copied = read_through(from / file.name, [&](std::string_view piece) -> result<void> {
    if (auto written = write_all(out, piece, to / file.name); !written)
      return written;
    return count(piece.size());
  });
  if (!copied)
    return copied.error();
  if (*copied != file.sha256)
    return error{errc::corrupt_log, file.name + " changed while it was copied"};
  if (::fsync(out.get()) != 0)
    return store::errno_error("cannot sync", to / file.name);
  return {};
}

result<void> copy_files(const fs::path& from, const fs::path& to, const manifest& what,
                        const progress& say) {
  std::error_code failed;
  fs::create_directories(store::database_path(to), failed);
  if (failed)
    return store::fs_error("cannot create", to, failed);
  // Before anything else, so that the copy cannot pass for a data directory.
  if (auto marked = store::write_file_durably(store::manifest_path(to), write_manifest(what));
      !marked)
    return marked;
  const auto total = what.bytes();
  if (auto room = store::check_reserve(to, total + room_for_restore); !room)
    return room;
  std::uint64_t done = 0;
  for (const auto& file : what.files) {
    auto copied = copy_file(from, to, file, [&](std::size_t bytes) {
      done += bytes;
      return tell(say, "copying", done, total);
    });
    if (!copied)
      return copied;
  }
  if (auto synced = store::sync_directory(store::database_path(to)); !synced)
    return synced;
  return store::sync_directory(to);
}

result<void> append_restored(store::event_log& log, const store::table_store& tables,
                             const restore_request& wanted, const manifest& what) {
  TRY(auto last, store::latest_checkpoint(tables));
  accounts::log_restored restored{{what.holds.position, what.holds.chain, what.created_at}, {}, {}};
  if (last) {
    restored.old_origin = last->says.origin;
    restored.old_checkpoint = last->note;
  }
  const auto event = accounts::encode(restored);
  TRY(auto version, log.version(system_stream));
  store::append_command command;
  command.events.push_back(
      {event.type, event.schema, store::seal(wanted.by, std::nullopt, event.payload, wanted.salt)});
  store::append_request request{system_stream, version, {}};
  request.commands.push_back(std::move(command));
  const auto outcomes = log.append({&request, 1}, wanted.now);
  if (outcomes.at(0).status != store::append_status::appended)
    return error{errc::io_failed, "cannot append log_restored: " + outcomes[0].reason};
  return log.sync_head();
}

/// What is wrong with the clock, if that is accepted; else empty. Its time would stay in the log
/// for ever, and those of all later events would not be before it.
result<std::string> judge_clock(const restore_request& wanted, const manifest& what) {
  const auto good = check_clock(wanted.now, {what.holds.time, what.created_at, wanted.built});
  if (good)
    return std::string{};
  if (wanted.accept_clock)
    return good.error().message;
  return good.error();
}

/// Opens the copy, and turns it into a log that continues from the snapshot.
result<store::log_end> continue_log(const fs::path& staging, const restore_request& wanted,
                                    const manifest& what) {
  store::log_settings settings;
  settings.directory = staging;
  settings.takes_snapshots = true;
  TRY(const auto opened, store::open_log(settings));
  auto& log = *opened;
  if (wanted.prepare)
    CHECK(wanted.prepare(log));
  CHECK(append_restored(log.events(), log.tables(), wanted, what));
  return log.events().end();
}

/// Moves the finished log to its place; FORMAT, moved last, makes it a data directory.
result<void> move_up(const fs::path& staging, const fs::path& to) {
  std::error_code failed;
  for (const auto* name : {"db", "HEAD"}) {
    fs::rename(staging / name, to / name, failed);
    if (failed)
      return store::fs_error("cannot move up", staging / name, failed);
  }
  fs::remove_all(staging, failed);
  if (failed)
    return store::fs_error("cannot remove", staging, failed);
  if (auto synced = store::sync_directory(to); !synced)
    return synced;
  return store::write_format(to);
}

} // namespace

result<restored_log> restore_snapshot(const restore_request& wanted, const progress& say) {
  if (is_within(wanted.to, wanted.from))
    return error{errc::incompatible_data, wanted.to.string() + " lies in the snapshot " +
                                              wanted.from.string() + ", which is to stay as it is"};
  CHECK(check_empty(wanted.to));
  TRY(auto verified, verify_snapshot(wanted.from, say, wanted.noted));
  auto& what = verified.what;
  TRY(auto accepted, judge_clock(wanted, what));
  unfinished made{wanted.to};
  TRY(auto own, store::data_directory::open(wanted.to));
  CHECK(check_empty(wanted.to));
  made.begin();
  const auto staging = wanted.to / staging_name;
  CHECK(copy_files(wanted.from, staging, what, say));
  TRY(auto end, continue_log(staging, wanted, what));
  CHECK(move_up(staging, wanted.to));
  made.finish();
  return restored_log{std::move(what), end, verified.proven, std::move(accepted)};
}

} // namespace headwater::snapshots
