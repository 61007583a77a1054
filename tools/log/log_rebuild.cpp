// Implements `headwater log rebuild` of log.hpp.

#include "actors/views/rebuilt_tables.hpp"
#include "store/audit/stored_tree.hpp"
#include "store/disk/data_directory.hpp"
#include "store/open_log.hpp"
#include "tools/log/log.hpp"
#include "tools/terminal/progress.hpp"

#include <chrono>
#include <iostream>

namespace headwater::tools {
namespace {

/// Runs one rebuild and prints how long it took.
template <class Rebuild>
result<void> timed(const std::string& name, Rebuild rebuild) {
  const auto before = std::chrono::steady_clock::now();
  progress bar;
  auto rebuilt = rebuild([&](std::uint64_t done, std::uint64_t of) {
    if (of != 0)
      bar.show(name, done, of);
    else
      bar.say(name + ": " + std::to_string(done) + " blocks of rows");
  });
  bar.clear();
  if (!rebuilt)
    return rebuilt;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
  std::cout << "rebuilt " << name << " in " << took.count() << " s\n";
  return {};
}

} // namespace

int rebuild_log(const log_options& with) {
  // Opening an empty directory would turn it into a log.
  if (auto readable = store::check_readable(with.data); !readable)
    return log_failure(readable.error());
  if (auto own = store::check_owner(with.data); !own)
    return log_failure(own.error());
  const auto opened = store::open_log({with.data});
  if (!opened)
    return log_failure(opened.error());
  auto& log = **opened;
  for (const auto where : actors::projected_tables)
    if (auto done = timed(std::string{actors::name_of(where)},
                          [&](const actors::rebuild_progress& tell) {
                            return actors::rebuild_table(log.events(), log.tables(), where, tell);
                          });
        !done)
      return log_failure(done.error());
  const auto dropped = actors::drop_unreadable_states(log.tables());
  if (!dropped)
    return log_failure(dropped.error());
  if (*dropped)
    std::cout << "dropped the kept states, which could not be read; they are kept anew\n";
  auto tree = timed("Merkle tree", [&](const store::tree_progress& tell) {
    return store::rebuild_tree(log.proofs(), log.tables(), tell);
  });
  return tree ? 0 : log_failure(tree.error());
}

} // namespace headwater::tools
