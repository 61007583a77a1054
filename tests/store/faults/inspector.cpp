#include "tests/store/faults/inspector.hpp"

#include "domain/proofs/checkpoint.hpp"
#include "snapshots/catalog.hpp"
#include "snapshots/verified_snapshot.hpp"
#include "store/audit/checkpoint_table.hpp"
#include "store/audit/verify.hpp"
#include "store/disk/key_file.hpp"
#include "store/engine/rocksdb_log.hpp"
#include "tests/store/faults/faulty_disk.hpp"
#include "tests/store/faults/script.hpp"

#include <charconv>
#include <optional>

namespace headwater::store::testing {
namespace {

namespace fs = std::filesystem;

/// Which command an event is of, by its payload.
std::optional<std::uint64_t> command_in(std::string_view payload) {
  constexpr std::string_view before = R"({"command":)";
  std::uint64_t number = 0;
  if (!payload.starts_with(before))
    return std::nullopt;
  const auto digits = payload.substr(before.size());
  if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec != std::errc{})
    return std::nullopt;
  return number;
}

class inspector {
public:
  inspector(const rocksdb_log& log, const known_log& known) : log_(log), known_(known) {}

  void inspect() {
    if (const auto verified = verify_log(log_, {}); !verified)
      wrong("it does not verify: " + verified.error().message);
    read_events();
    check_commands();
    check_erasures();
    check_checkpoint();
    // Not table::referrals, which scripts build anew: that may not have ended.
    for (const auto where : {table::directory, table::rollups, table::rows})
      if (log_.position(where).value().value_or(0) != log_.end().position)
        wrong("a table reflects another position than the end of the log");
  }

private:
  using place = std::pair<std::string, std::uint64_t>;

  void read_events() {
    const auto read = log_.read_all(1, [&](const recorded_event& event) -> result<void> {
      const place at{event.header.stream, event.header.sequence};
      if (event.part)
        if (const auto number = command_in(event.payload))
          found_[*number][at] = event.payload;
      if (!event.part)
        bare_.insert(at);
      return {};
    });
    if (!read)
      wrong("not all events can be read: " + read.error().message);
  }

  [[nodiscard]] bool may_be_erased(const known_command& command) const {
    const auto erasing = known_.erasing.find(command.stream);
    return erasing != known_.erasing.end() && command.first <= erasing->second;
  }

  void check_commands() {
    for (const auto& [number, command] : known_.commands)
      check_command(number, command);
    for (const auto& [number, events] : found_)
      if (!known_.commands.contains(number))
        wrong("command " + std::to_string(number) + " is there, and was refused or never given");
  }

  void check_command(std::uint64_t number, const known_command& command) {
    const auto name = "command " + std::to_string(number);
    const auto& events = found_[number];
    std::uint64_t there = events.size();
    for (std::uint64_t i = 0; i < command.events; ++i) {
      const auto at = events.find({command.stream, command.first + i});
      if (at != events.end() && at->second != payload_of(number, i))
        wrong("event " + std::to_string(i) + " of " + name + " has another payload");
      if (at == events.end() && command.is_acknowledged && may_be_erased(command) &&
          bare_.contains({command.stream, command.first + i}))
        ++there;
    }
    if (command.is_acknowledged && there != command.events)
      wrong(name + " was acknowledged, and " + std::to_string(there) + " of its " +
            std::to_string(command.events) + " events are there");
    if (may_be_erased(command) && !command.is_acknowledged)
      return;
    if (there != 0 && there != command.events)
      wrong(name + " is there by half: " + std::to_string(there) + " of " +
            std::to_string(command.events));
    const auto row = log_.get(table::directory, row_of(number)).value();
    if (row.has_value() != (there != 0))
      wrong(name + (there != 0 ? " is there without its row" : " left a row without its events"));
    if (may_be_erased(command))
      return;
    const auto use = log_.find_use(command.stream, key_of(number)).value();
    if (use.has_value() != (there != 0))
      wrong(name + (there != 0 ? " is there without its key" : " left a key without its events"));
  }

  void check_erasures() {
    for (const auto& [stream, upto] : known_.erased)
      for (std::uint64_t i = 1; i <= upto; ++i)
        if (!bare_.contains({stream, i}))
          wrong("event " + std::to_string(i) + " of " + stream + " was erased, and has its part");
    for (const auto& [stream, sequence] : bare_)
      if (!known_.erasing.contains(stream) || known_.erasing.at(stream) < sequence)
        wrong("event " + std::to_string(sequence) + " of " + stream + " has lost its part");
  }

  void check_checkpoint() {
    const auto last = latest_checkpoint(log_);
    if (!last)
      return wrong("checkpoints cannot be read: " + last.error().message);
    const auto size = *last ? (*last)->says.size : 0;
    if (size < known_.checkpoint)
      wrong("the last checkpoint covers " + std::to_string(size) + " events, and one of " +
            std::to_string(known_.checkpoint) + " was acknowledged");
    if (size > log_.end().position)
      wrong("the last checkpoint covers more than the log has");
  }

  const rocksdb_log& log_;
  const known_log& known_;
  std::map<std::uint64_t, std::map<place, std::string>> found_; ///< by command
  std::set<place> bare_;
};

void inspect_key(const fs::path& directory, const known_log& known) {
  const auto key = read_key_file(log_in(directory));
  if (!key)
    wrong("the key cannot be read: " + key.error().message);
  else if (known.has_key && !*key)
    wrong("the key was written, and is not there");
}

void inspect_snapshots(const fs::path& directory, const known_log& known) {
  const auto content = snapshots::read_catalog(snapshots_in(directory));
  if (!content)
    return wrong("snapshots cannot be listed: " + content.error().message);
  for (const auto& each : content->damaged)
    wrong("a snapshot is listed, and is not whole: " + each.why.message);
  std::set<std::string> there;
  for (const auto& each : content->complete) {
    there.insert(each.name);
    if (const auto verified = snapshots::verify_snapshot(snapshots_in(directory) / each.name, {});
        !verified)
      wrong("snapshot " + each.name + " is not whole: " + verified.error().message);
  }
  for (const auto& name : known.snapshots)
    if (!there.contains(name))
      wrong("snapshot " + name + " was made, and is not there");
}

void inspect_restored(const fs::path& directory, const known_log& known) {
  for (const auto& entry : fs::directory_iterator{directory}) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with("restored"))
      continue;
    const auto opened = open_for_reading(entry.path());
    if (!opened && known.restored.contains(name))
      wrong(name + " was restored, and does not open: " + opened.error().message);
    if (!opened)
      continue;
    if (const auto verified = verify_log(**opened, {}); !verified)
      wrong(name + " does not verify: " + verified.error().message);
    if ((*opened)->version("system").value() == 0)
      wrong(name + " opens without its log_restored");
  }
}

/// That it takes events again, and still has them when it was closed.
void go_on(const fs::path& directory, std::unique_ptr<rocksdb_log> log) {
  const auto end = log->end().position;
  append_request request{"account/after", *log->version("account/after"), {}};
  request.commands.emplace_back().events.push_back(
      {"thing_happened", 1, seal({"7", "01HREQUEST"}, std::nullopt, R"({"after":1})", {})});
  if (log->append({&request, 1}, 1).at(0).status != append_status::appended)
    return wrong("it takes no append");
  log.reset();
  const auto reader = open_for_reading(log_in(directory));
  if (!reader)
    return wrong("after an append it does not open: " + reader.error().message);
  if ((*reader)->end().position != end + 1)
    wrong("after an append it ends elsewhere");
}

} // namespace

void inspect(const fs::path& directory, const known_log& known) {
  rocksdb_options options;
  options.directory = log_in(directory);
  auto opened = open_rocksdb_log(options);
  if (!opened) {
    wrong("it does not open: " + opened.error().message);
    return;
  }
  inspector{**opened, known}.inspect();
  inspect_key(directory, known);
  inspect_snapshots(directory, known);
  inspect_restored(directory, known);
  go_on(directory, std::move(*opened));
}

} // namespace headwater::store::testing
