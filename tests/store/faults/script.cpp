#include "tests/store/faults/script.hpp"

#include "domain/accounts/account_erased.hpp"
#include "domain/proofs/checkpoint.hpp"
#include "snapshots/made_snapshot.hpp"
#include "snapshots/restored_log.hpp"
#include "store/audit/checkpoint_table.hpp"
#include "store/audit/stored_tree.hpp"
#include "store/disk/key_file.hpp"
#include "store/engine/rocksdb_log.hpp"
#include "tests/store/faults/answers.hpp"
#include "tests/store/faults/faulty_disk.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <random>
#include <stop_token>
#include <thread>

namespace headwater::store::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t steps = 24;
constexpr micros noon = 1'795'262'400'000'000; // 2026-11-21T12:00:00Z
constexpr micros second = 1'000'000;
const std::string system_name = "system";

new_event event_of(std::string type, const std::string& payload,
                   const std::optional<idempotency>& key) {
  event_salt salt{};
  salt.fill(7);
  return {std::move(type), 1, seal({"7", "01HREQUEST"}, key, payload, salt)};
}

class script {
public:
  script(fs::path directory, std::uint64_t seed, const known_log& known)
      : directory_(std::move(directory)), random_(seed), known_(known),
        next_command_(known.next_command()), is_fresh_(known.commands.empty()) {}

  void run(script_length length);

private:
  bool open();
  bool open_again();
  void rebuild();
  void step();
  void append();
  append_command make_command(std::uint64_t number, std::size_t events) const;
  void settle(const append_outcome& outcome, const std::vector<std::uint64_t>& numbers);
  void sync_head();
  void cut_checkpoint();
  void erase();
  void make_snapshot();
  void restore();
  void read_beside();
  void tell(const std::string& what) {
    known_.learn(what);
    note(what);
  }

  fs::path directory_;
  std::mt19937_64 random_;
  known_log known_;
  std::uint64_t next_command_;
  bool is_fresh_; ///< no process wrote to the log before, so that all in it is known
  std::unique_ptr<rocksdb_log> log_;
  std::unique_ptr<log_key> key_;
  micros now_ = noon;
  std::size_t restores_ = 0;
};

bool script::open() {
  rocksdb_options options;
  options.directory = log_in(directory_);
  options.block_cache_bytes = 1 << 16;
  options.memtable_bytes = std::size_t{4} << 20;
  auto opened = open_rocksdb_log(options);
  if (!opened) {
    check_named("opening", opened.error());
    note("not opened: " + opened.error().message);
    return false;
  }
  log_ = std::move(*opened);
  return true;
}

/// A fault may be over by the second time, and then nothing is left of it.
bool script::open_again() {
  if (!open() && !open())
    return false;
  if (random_() % 3 == 0)
    rebuild();
  return true;
}

/// As a start does with a table that does not reflect the log.
void script::rebuild() {
  const auto built = log_->rebuild(table::referrals, [](const row_sink& put) -> result<void> {
    for (int i = 0; i < 3; ++i) {
      const table_write row{table::referrals, "row " + std::to_string(i), "made anew"};
      if (auto written = put({&row, 1}); !written)
        return written;
    }
    return {};
  });
  if (!built) {
    check_named("building a table anew", built.error());
    if (!log_->stopped_reason())
      note("not rebuilt, and the log goes on");
  }
}

void script::run(script_length length) {
  if (!open_again())
    return;
  auto key = make_log_key("headwater/test", std::string(32, 's'));
  key_ = std::make_unique<log_key>(std::move(*key));
  if (!known_.has_key) {
    if (const auto written =
            write_key_file(log_in(directory_), "headwater/test", std::string(32, 's'));
        written)
      tell("key");
    else
      check_named("writing the key", written.error());
  }
  append();
  const auto count = length == script_length::first_start ? 1 : steps;
  for (std::size_t i = 0; i < count && log_ && !log_->stopped_reason(); ++i)
    step();
  if (!log_)
    return;
  if (log_->stopped_reason())
    check_stopped(*log_, known_, is_fresh_);
  else
    check_answers(*log_, known_);
  log_.reset();
}

void script::step() {
  now_ += second;
  const auto which = random_() % 100;
  if (which < 45)
    append();
  else if (which < 55)
    check_answers(*log_, known_);
  else if (which < 61)
    sync_head();
  else if (which < 69)
    cut_checkpoint();
  else if (which < 75)
    erase();
  else if (which < 82)
    make_snapshot();
  else if (which < 85)
    restore();
  else if (which < 90)
    read_beside();
  else {
    log_.reset();
    open_again();
  }
}

append_command script::make_command(std::uint64_t number, std::size_t events) const {
  append_command command;
  command.key = idempotency{key_of(number), {}};
  for (std::size_t i = 0; i < events; ++i)
    command.events.push_back(event_of("thing_happened", payload_of(number, i), command.key));
  command.writes = {{table::directory, row_of(number), std::to_string(number)}};
  return command;
}

void script::append() {
  std::vector<append_request> group;
  std::vector<std::vector<std::uint64_t>> numbers;
  const auto count = 1 + random_() % accounts_of_script;
  const auto first = random_() % accounts_of_script;
  for (std::size_t i = 0; i < count; ++i) {
    const auto stream = stream_name_of((first + i) % accounts_of_script);
    const auto version = log_->version(stream);
    if (!version) {
      check_named("reading a version", version.error());
      continue;
    }
    append_request request{stream, *version, {}};
    numbers.emplace_back();
    auto sequence = *version + 1;
    for (auto more = 1 + random_() % 2; more > 0; --more) {
      const auto events = 1 + random_() % 3;
      tell("try " + std::to_string(next_command_) + " " + stream + " " + std::to_string(sequence) +
           " " + std::to_string(events));
      numbers.back().push_back(next_command_);
      request.commands.push_back(make_command(next_command_++, events));
      sequence += events;
    }
    group.push_back(std::move(request));
  }
  const auto outcomes = log_->append(group, now_);
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    settle(outcomes[i], numbers[i]);
}

void script::settle(const append_outcome& outcome, const std::vector<std::uint64_t>& numbers) {
  const bool is_refused =
      outcome.status == append_status::conflict || outcome.status == append_status::stopped;
  for (const auto number : numbers)
    if (outcome.status == append_status::appended)
      tell("acknowledged " + std::to_string(number));
    else if (is_refused)
      tell("refused " + std::to_string(number));
  if (outcome.unreadable)
    check_named("an append to a stream that cannot be read", *outcome.unreadable);
  if (outcome.status == append_status::conflict && !outcome.unreadable)
    wrong("conflict without another writer: " + outcome.reason);
  if (outcome.status == append_status::failed && !log_->stopped_reason())
    wrong("an append failed and the log goes on: " + outcome.reason);
  if (outcome.status == append_status::failed)
    check_named("an append", {errc::io_failed, outcome.reason});
}

void script::sync_head() {
  if (const auto synced = log_->sync_head(); !synced) {
    check_named("syncing HEAD", synced.error());
    if (!log_->stopped_reason())
      wrong("HEAD could not be synced and the log goes on");
  }
}

void script::cut_checkpoint() {
  auto tree = stored_tree::open(log_->proofs(), log_->tables());
  if (!tree)
    return check_named("opening the tree", tree.error());
  while (tree->size() < log_->provable_events())
    if (const auto grown = tree->grow(log_->provable_events(), 1'000); !grown)
      return check_named("growing the tree", grown.error());
  if (tree->size() <= known_.checkpoint)
    return;
  const auto note_of =
      render(checkpoint{key_->origin(), tree->size(), tree->root(), {}}, key_->key);
  const auto put = store::put_checkpoint(log_->proofs(), log_->tables(), tree->size(), *note_of);
  if (put)
    tell("checkpoint " + std::to_string(tree->size()));
  else if (put.error().code !=
           errc::internal_error) // one of an earlier process that it saw not end
    check_named("a checkpoint", put.error());
}

void script::erase() {
  const auto account = random_() % accounts_of_script;
  const auto stream = stream_name_of(account);
  const auto version = log_->version(stream);
  const auto system_version = log_->version(system_name);
  // An account is erased once, and then it is closed.
  if (!version || !system_version || *version == 0 || known_.erasing.contains(stream))
    return;
  const auto place = stream + " " + std::to_string(*version);
  tell("erasing " + place);
  accounts::account_erased erased;
  erased.account_id = std::to_string(account);
  append_request request{system_name, *system_version, {}};
  request.commands.emplace_back().events.push_back(
      event_of(std::string{accounts::account_erased_type}, accounts::write_account_erased(erased),
               std::nullopt));
  if (log_->append({&request, 1}, now_).at(0).status != append_status::appended)
    return;
  std::vector<std::uint64_t> sequences;
  for (std::uint64_t i = 1; i <= *version; ++i)
    sequences.push_back(i);
  if (const auto done = log_->erase_parts(stream, sequences); !done)
    return check_named("erasing parts", done.error());
  const auto rows = rows_with(table::states, stream);
  if (const auto done = log_->erase_rows({&rows, 1}); !done)
    return check_named("erasing rows", done.error());
  // Where files cannot be removed, this waits for a minute, as it does for readers.
  std::atomic<bool> stop = false;
  std::jthread impatient{[&stop](const std::stop_token& is_done) {
    for (int waited = 0; waited < 30 && !is_done.stop_requested(); ++waited)
      std::this_thread::sleep_for(std::chrono::milliseconds{100});
    stop = true;
  }};
  const auto done = log_->scrub(stop);
  if (!done && stop)
    return;
  if (!done)
    return check_named("scrubbing", done.error());
  tell("erased " + place);
}

void script::make_snapshot() {
  const auto on = snapshots::catalog::open(snapshots_in(directory_));
  if (!on)
    return check_named("opening the snapshots", on.error());
  const auto made = snapshots::make_snapshot(*log_, **on, now_, "0.0-test", {});
  if (made)
    tell("snapshot " + made->listed.name);
  else
    check_named("a snapshot", made.error());
  constexpr std::size_t kept = 2;
  const auto listed = snapshots::list_snapshots(snapshots_in(directory_));
  if (!listed)
    return check_named("listing snapshots", listed.error());
  for (std::size_t i = 0; i + kept < listed->size(); ++i)
    tell("pruning " + (*listed)[i].name);
  if (const auto gone = (*on)->prune(kept, [](const snapshots::listed_snapshot&) { return true; });
      !gone)
    check_named("removing snapshots", gone.error());
}

void script::restore() {
  if (known_.snapshots.empty())
    return;
  snapshots::restore_request wanted;
  wanted.from = snapshots_in(directory_) / *known_.snapshots.rbegin();
  const auto name =
      "restored-" + std::to_string(known_.next_command()) + "-" + std::to_string(restores_++);
  wanted.to = directory_ / name;
  wanted.now = now_;
  wanted.by = {"0", "01HRESTORE"};
  if (const auto restored = snapshots::restore_snapshot(wanted, {}))
    tell("restored " + name);
  else
    check_named("a restore", restored.error());
}

void script::read_beside() {
  if (const auto reader = open_for_reading(log_in(directory_)); !reader)
    check_named("opening a reader", reader.error());
  else if ((*reader)->end().position != log_->end().position)
    wrong("a reader ends at " + std::to_string((*reader)->end().position) + ", the log at " +
          std::to_string(log_->end().position));
}

} // namespace

void run_script(const fs::path& directory, std::uint64_t seed, script_length length,
                const known_log& known) {
  script{directory, seed, known}.run(length);
}

} // namespace headwater::store::testing
