// `headwater snapshot` on directories: create and prune without a server, list, verify, restore.

#include "actors/protocol/clock.hpp"
#include "actors/views/rebuilt_tables.hpp"
#include "domain/core/digest.hpp"
#include "domain/core/try.hpp"
#include "snapshots/made_snapshot.hpp"
#include "snapshots/restored_log.hpp"
#include "snapshots/verified_snapshot.hpp"
#include "store/disk/data_directory.hpp"
#include "store/disk/files.hpp"
#include "store/open_log.hpp"
#include "tools/snapshot/snapshot.hpp"
#include "tools/snapshot/snapshot_report.hpp"
#include "tools/terminal/failure.hpp"
#include "tools/terminal/given_key.hpp"
#include "tools/terminal/progress.hpp"

#include <algorithm>
#include <iostream>

namespace headwater::tools {
namespace {

int say(const error& why) {
  failure(why);
  return why.code == errc::corrupt_log ? violated : could_not;
}

snapshots::progress shown_on(progress& bar) {
  return [&bar](std::string_view doing, std::uint64_t done, std::uint64_t total) -> result<void> {
    bar.show(std::string{doing}, done, total);
    return {};
  };
}

shown_snapshot shown(const snapshots::listed_snapshot& of) {
  return {of.name, to_rfc3339_seconds(of.created_at), static_cast<std::int64_t>(of.position),
          static_cast<std::int64_t>(of.bytes), static_cast<std::int64_t>(of.bytes_shared)};
}

/// Where the snapshots are; empty if neither option says so.
std::filesystem::path catalog_of(const snapshot_options& with) {
  return with.catalog.empty() && !with.data.empty() ? with.data / "snapshots" : with.catalog;
}

int nowhere(const char* options) {
  failure(std::string{"give one of "} + options);
  return could_not;
}

/// What the options say was noted elsewhere.
result<snapshots::noted_facts> noted_in(const snapshot_options& with) {
  snapshots::noted_facts out;
  TRY(out.key, given_key(with.key));
  if (with.manifest_sha256.empty())
    return out;
  const auto bytes = from_hex(with.manifest_sha256);
  if (!bytes || bytes->size() != sizeof(digest))
    return error{errc::validation_error,
                 "--manifest-sha256: not 64 hexadecimal digits: " + with.manifest_sha256};
  std::ranges::copy(*bytes, out.manifest_sha256.emplace().begin());
  return out;
}

/// Which events a checkpoint proves; empty if no key was given.
std::string proof(const snapshots::noted_facts& noted, std::uint64_t proven, std::uint64_t events) {
  if (!noted.key)
    return "";
  auto out = ", the first " + std::to_string(proven) + " of them proven by a checkpoint of " +
             noted.key->name();
  if (proven < events)
    out += " (" + std::to_string(events - proven) + " later ones by none)";
  return out;
}

} // namespace

int create_snapshot(const snapshot_options& with) {
  if (with.data.empty())
    return nowhere("--url, for a running server, and --data, for one that does not run");
  // Opening an empty directory would turn it into a log.
  if (auto readable = store::check_readable(with.data); !readable)
    return say(readable.error());
  if (auto own = store::check_owner(with.data); !own)
    return say(own.error());
  const auto log = store::open_log({with.data});
  if (!log)
    return say(log.error());
  const auto* copies = (*log)->copies();
  if (copies == nullptr)
    return say({errc::service_unavailable, "this log is not kept in files that could be copied"});
  auto catalog = snapshots::catalog::open(catalog_of(with));
  if (!catalog)
    return say(catalog.error());
  progress bar;
  auto made =
      snapshots::make_snapshot(*copies, **catalog, actors::now(), HEADWATER_VERSION, shown_on(bar));
  bar.clear();
  if (!made)
    return say(made.error());
  const auto& holds = made->what.holds;
  print_created(shown(made->listed), static_cast<std::int64_t>(holds.events),
                static_cast<std::int64_t>(holds.streams), to_hex(made->manifest_sha256));
  return 0;
}

int list_snapshots(const snapshot_options& with) {
  const auto catalog = catalog_of(with);
  if (catalog.empty())
    return nowhere("--url, --data and --dir");
  std::error_code failed;
  if (!with.catalog.empty() && !std::filesystem::is_directory(catalog, failed))
    return say({errc::io_failed, "there is no directory " + catalog.string()});
  const auto all = snapshots::read_catalog(catalog);
  if (!all)
    return say(all.error());
  for (const auto& each : all->complete)
    print_snapshot(shown(each));
  if (all->complete.empty() && all->damaged.empty())
    std::cerr << "there are no snapshots in " << catalog.string() << '\n';
  int code = 0;
  for (const auto& each : all->damaged)
    code = say(each.why);
  return code;
}

int verify_snapshot(const snapshot_options& with) {
  auto noted = noted_in(with);
  if (!noted)
    return say(noted.error());
  progress bar;
  auto verified = snapshots::verify_snapshot(with.snapshot, shown_on(bar), *noted);
  bar.clear();
  if (!verified)
    return say(verified.error());
  const auto& what = verified->what;
  std::cout << "verified " << what.holds.events << " events in " << what.holds.streams
            << " streams and " << what.files.size() << " files"
            << proof(*noted, verified->proven, what.holds.events)
            << "\nMANIFEST.json has the SHA-256 "
            << to_hex(sha256({snapshots::write_manifest(what)})) << '\n';
  return 0;
}

int restore_snapshot(const snapshot_options& with) {
  auto noted = noted_in(with);
  if (!noted)
    return say(noted.error());
  snapshots::restore_request wanted;
  wanted.from = with.snapshot;
  wanted.to = with.data;
  wanted.noted = *noted;
  wanted.now = actors::now();
  wanted.accept_clock = with.accept_clock;
  wanted.built = store::modified_at("/proc/self/exe");
  wanted.by = {"0", actors::new_ulid()}; // the installation itself
  wanted.salt = actors::random_bytes<sizeof(store::event_salt)>();
  wanted.prepare = [](store::log_engine& log) -> result<void> {
    for (const auto where : actors::projected_tables)
      if (auto current = actors::bring_up_to_date(log.events(), log.tables(), where); !current)
        return current;
    return {};
  };
  progress bar;
  auto done = snapshots::restore_snapshot(wanted, shown_on(bar));
  bar.clear();
  if (!done)
    return say(done.error());
  if (!done->accepted_clock.empty())
    failure("accepted: " + done->accepted_clock);
  std::cout << "restored " << done->from.holds.events << " events up to position "
            << done->from.holds.position << proof(*noted, done->proven, done->from.holds.events)
            << "; log_restored follows at position " << done->end.position
            << "\nstart it with: headwater serve --data " << with.data.string() << '\n';
  return 0;
}

int prune_snapshots(const snapshot_options& with) {
  const auto directory = catalog_of(with);
  if (directory.empty())
    return nowhere("--data and --dir");
  std::error_code failed;
  if (!std::filesystem::is_directory(directory, failed))
    return say({errc::io_failed, "there is no directory " + directory.string()});
  auto catalog = snapshots::catalog::open(directory);
  if (!catalog)
    return say(catalog.error());
  if (auto removed = (*catalog)->remove_partials(); !removed)
    return say(removed.error());
  auto gone = (*catalog)->prune(with.keep);
  if (!gone)
    return say(gone.error());
  for (const auto& name : *gone)
    std::cout << "removed " << name << '\n';
  return 0;
}

} // namespace headwater::tools
