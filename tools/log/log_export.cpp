// Implements `headwater log export` and `verify-export` of log.hpp.

#include "store/audit/log_export.hpp"

#include "domain/core/text.hpp"
#include "domain/core/try.hpp"
#include "store/audit/export_check.hpp"
#include "store/open_log.hpp"
#include "tools/log/log.hpp"
#include "tools/terminal/given_key.hpp"
#include "tools/terminal/output_file.hpp"
#include "tools/terminal/progress.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>

namespace headwater::tools {
namespace {

result<store::exported> write_export(const store::event_log& log, const store::table_store& tables,
                                     const log_options& with, output_file& to) {
  CHECK(to.open(with.file));
  progress bar;
  TRY(auto done,
      store::export_log(
          log, tables, with.all ? std::nullopt : std::optional{wanted_stream(with)},
          [&](std::string_view bytes) { return to.write(bytes); },
          [&](std::uint64_t events, std::uint64_t of) { bar.show("exporting", events, of); }));
  CHECK(to.finish());
  return done;
}

void say(std::ostream& to, const store::exported& done) {
  to << "exported " << done.events << " events, proven by the checkpoint of " << done.checkpoint
     << " events";
  if (done.left_out > 0)
    to << "; " << done.left_out << " later ones have no checkpoint yet";
  to << '\n';
}

/// For the progress bar; 0 if it is unknown, as for a pipe or a device.
std::uint64_t size_of(const std::filesystem::path& file) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed))
    return 0;
  const auto size = std::filesystem::file_size(file, failed);
  return failed ? 0 : size;
}

/// Its part behind the slash; the names of an export may have been chosen by anybody.
std::string name_in(const store::stream_name& stream) {
  auto name = to_valid_utf8(stream.substr(stream.find('/') + 1));
  std::ranges::replace_if(
      name, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, '?');
  return name;
}

/// "3 accounts (a, b, c)"; empty if there are none.
std::string named(const std::vector<store::stream_name>& streams, std::string_view kind) {
  constexpr std::size_t most = 10;
  std::size_t count = 0;
  std::string names;
  for (const auto& stream : streams) {
    if (!stream.starts_with(std::string{kind} + '/'))
      continue;
    if (count < most)
      names += (count == 0 ? "" : ", ") + name_in(stream);
    ++count;
  }
  if (count == 0)
    return "";
  if (count > most)
    names += ", and " + std::to_string(count - most) + " more";
  return (count == 1 ? std::string{kind} : std::to_string(count) + ' ' + std::string{kind} + 's') +
         (count == 1 ? " " + names : " (" + names + ')');
}

/// Whose events they are, and from where to where.
void say_whose(const store::checked_export& what) {
  std::string whose;
  for (const auto& part : {std::ranges::binary_search(what.names, store::stream_name{"system"})
                               ? std::string{"the system"}
                               : std::string{},
                           named(what.names, "account"), named(what.names, "connection")})
    if (!part.empty())
      whose += (whose.empty() ? "" : ", ") + part;
  std::cout << "of " << whose << ": positions " << what.first_position << " to "
            << what.last_position << ", " << to_rfc3339_seconds(what.first_time) << " to "
            << to_rfc3339_seconds(what.last_time) << '\n';
}

/// What an export is held to.
result<store::export_demand> demand_of(const log_options& with, const note_verifier& key) {
  store::export_demand out;
  if (!with.account.empty())
    out.stream = wanted_stream(with);
  TRY(out.held, given_checkpoint(with.checkpoint, key));
  return out;
}

} // namespace

int export_log(const log_options& with) {
  const auto log = store::open_log_to_read(with.data);
  if (!log)
    return log_failure(log.error());
  output_file to;
  const auto done = write_export((*log)->events(), (*log)->tables(), with, to);
  if (!done)
    return log_failure(done.error());
  say(to.is_stream() ? std::cerr : std::cout, *done);
  return 0;
}

int verify_export(const log_options& with) {
  auto key = given_key(with.key);
  if (!key)
    return log_failure(key.error());
  if (!*key)
    return log_failure({errc::validation_error, "--key: it is empty"});
  const auto demand = demand_of(with, **key);
  if (!demand)
    return log_failure(demand.error());
  std::ifstream file{with.file, std::ios::binary};
  if (!file)
    return log_failure({errc::io_failed, "cannot read " + with.file.string()});
  const auto size = size_of(with.file);
  progress bar;
  auto checked = store::check_export(
      file, **key, [&](std::uint64_t bytes) { bar.show("verifying", bytes, size); }, *demand);
  bar.clear();
  if (!checked)
    return log_failure({checked.error().code, with.file.string() + ": " + checked.error().message});
  std::cout << "verified " << checked->events << " events in " << checked->streams << " streams";
  if (checked->erased > 0)
    std::cout << ", " << checked->erased << " of them without payload";
  std::cout << ", proven by the checkpoint of " << checked->within.size << " events of "
            << checked->within.origin << '\n';
  say_whose(*checked);
  if (checked->events < checked->within.size)
    std::cout << "whether the stream has later events is not shown: compare its last sequence, "
              << checked->events << ", with the service, or export all streams\n";
  if (demand->held)
    std::cout << "the given checkpoint of " << demand->held->size << " events is of this log\n";
  return 0;
}

} // namespace headwater::tools
