#include "tools/log.hpp"

#include "actors/rebuilding.hpp"
#include "store/event_json.hpp"
#include "store/rocksdb_log.hpp"
#include "store/verify.hpp"
#include "tools/failure.hpp"
#include "tools/progress.hpp"

#include <chrono>
#include <cstdio>
#include <iostream>

namespace headwater::tools {
namespace {

constexpr int violated = 1;
constexpr int could_not_run = 2;

int say(const error& why) {
  failure(why);
  return why.code == errc::corrupt_log ? violated : could_not_run;
}

} // namespace

int verify_log(const log_options& with) {
  auto log = store::open_for_reading(with.data);
  if (!log)
    return say(log.error());
  progress bar;
  const auto end = (*log)->end().position;
  auto verified = store::verify_log(
      **log, [&](std::uint64_t position) { bar.show("verifying", position, end); });
  bar.clear();
  if (!verified)
    return say(verified.error());
  std::cout << "verified " << verified->events << " events in " << verified->streams << " streams";
  if (verified->erased > 0)
    std::cout << ", " << verified->erased << " of them erased";
  std::cout << '\n';
  return 0;
}

int show_log(const log_options& with) {
  auto log = store::open_for_reading(with.data);
  if (!log)
    return say(log.error());
  const auto print = [](const store::recorded_event& event) -> result<void> {
    std::string line;
    store::append_event(line, event);
    line += '\n';
    if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size())
      return error{errc::io_failed, "cannot write to standard output"};
    return {};
  };
  auto shown =
      with.stream.empty() ? (*log)->read_all(1, print) : (*log)->read_stream(with.stream, 1, print);
  if (shown && std::fflush(stdout) != 0)
    shown = error{errc::io_failed, "cannot write to standard output"};
  return shown ? 0 : say(shown.error());
}

int rebuild_log(const log_options& with) {
  auto log = store::open_rocksdb_log({with.data});
  if (!log)
    return say(log.error());
  for (const auto where : actors::projected_tables) {
    const auto name = std::string{actors::name_of(where)};
    const auto before = std::chrono::steady_clock::now();
    progress bar;
    auto rebuilt = actors::rebuild_table(**log, where, [&](std::uint64_t done, std::uint64_t of) {
      if (of != 0)
        bar.show(name, done, of);
      else
        bar.say(name + ": " + std::to_string(done) + " blocks of rows");
    });
    bar.clear();
    if (!rebuilt)
      return say(rebuilt.error());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
    std::cout << "rebuilt " << name << " in " << took.count() << " s\n";
  }
  return 0;
}

} // namespace headwater::tools
