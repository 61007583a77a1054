#include "tests/store/faults/answers.hpp"

#include "tests/store/faults/faulty_disk.hpp"

#include <algorithm>
#include <map>

namespace headwater::store::testing {

void check_named(std::string_view doing, const error& why) {
  // A path, a stream, or a position.
  const auto& text = why.message;
  if (text.find('/') == text.npos && text.find("position") == text.npos &&
      text.find("stream") == text.npos)
    wrong(std::string{doing} + " failed and does not say where: " + text);
}

namespace {

void check_stream(const rocksdb_log& log, const known_log& known, const std::string& stream) {
  std::map<std::uint64_t, std::string> expected;
  std::uint64_t last = 0;
  for (const auto& [number, command] : known.commands)
    if (command.stream == stream && command.is_acknowledged) {
      for (std::uint64_t i = 0; i < command.events; ++i)
        expected[command.first + i] = payload_of(number, i);
      last = std::max(last, command.last());
    }
  const auto erasing = known.erasing.find(stream);
  std::uint64_t seen = 0;
  const auto read = log.read_stream(stream, 1, [&](const recorded_event& event) -> result<void> {
    seen = event.header.sequence;
    const bool may_be_bare = erasing != known.erasing.end() && seen <= erasing->second;
    const auto found = expected.find(seen);
    // What an earlier process did not see the end of may be there, too.
    if (event.part && found != expected.end() && event.payload != found->second)
      wrong("event " + std::to_string(seen) + " of " + stream + " is another one");
    if (!event.part && !may_be_bare)
      wrong("event " + std::to_string(seen) + " of " + stream + " has lost its part");
    return {};
  });
  if (!read)
    check_named("reading " + stream, read.error());
  else if (seen < last)
    wrong(stream + " ends at " + std::to_string(seen) + ", and " + std::to_string(last) +
          " was acknowledged");
}

} // namespace

void check_answers(const rocksdb_log& log, const known_log& known) {
  for (std::size_t i = 0; i < accounts_of_script; ++i)
    check_stream(log, known, stream_name_of(i));
  std::uint64_t next = 1;
  const auto read = log.read_all(1, [&](const recorded_event& event) -> result<void> {
    if (event.header.position != next++)
      wrong("position " + std::to_string(event.header.position) + " comes where " +
            std::to_string(next - 1) + " should");
    return {};
  });
  if (!read)
    check_named("reading all", read.error());
  else if (next != log.end().position + 1)
    wrong("reading all ends before position " + std::to_string(next));
  for (const auto& [number, command] : known.commands) {
    if (!command.is_acknowledged)
      continue;
    const auto row = log.get(table::directory, row_of(number));
    if (!row)
      check_named("reading a row", row.error());
    else if (*row != std::to_string(number))
      wrong("the row of command " + std::to_string(number) + " is missing");
    const auto erasing = known.erasing.find(command.stream);
    if (erasing != known.erasing.end() && command.first <= erasing->second)
      continue;
    const auto use = log.find_use(command.stream, key_of(number));
    if (!use)
      check_named("reading a key", use.error());
    else if (!*use || (*use)->first_sequence != command.first)
      wrong("the key of command " + std::to_string(number) + " is missing");
  }
}

void check_stopped(rocksdb_log& log, const known_log& known, bool is_fresh) {
  note("stopped: " + *log.stopped_reason());
  const auto end = log.end().position;
  for (int again = 0; again < 3; ++again) {
    append_request request{"account/new", 0, {}};
    request.commands.emplace_back().events.push_back(
        {"thing_happened", 1, seal({"7", "01HREQUEST"}, std::nullopt, "{}", {})});
    if (log.append({&request, 1}, 1).at(0).status != append_status::stopped)
      wrong("the log stopped, and took an append");
    if (const auto put = put_row(log.tables(), table::side_facts, "k", "v"))
      wrong("the log stopped, and took a row");
  }
  if (log.end().position != end)
    wrong("the log stopped, and its end moved");
  check_answers(log, known);
  for (std::size_t i = 0; i < accounts_of_script; ++i) {
    std::uint64_t last = 0;
    for (const auto& [number, command] : known.commands)
      if (command.stream == stream_name_of(i) && command.is_acknowledged)
        last = std::max(last, command.last());
    const auto version = log.version(stream_name_of(i));
    if (version && is_fresh && *version != last)
      wrong("the log stopped, and readers see " + stream_name_of(i) + " at " +
            std::to_string(*version) + ", where " + std::to_string(last) + " was acknowledged");
  }
}

} // namespace headwater::store::testing
