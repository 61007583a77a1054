#include "actors/service.hpp"

#include "actors/compiler.hpp"
#include "actors/directory.hpp"
#include "actors/eraser.hpp"
#include "actors/fair_queue.hpp"
#include "actors/importer.hpp"
#include "actors/ingest.hpp"
#include "actors/journal.hpp"
#include "actors/registry.hpp"
#include "actors/shared/log_key.hpp"
#include "actors/state_writer.hpp"
#include "actors/views/rebuilt_tables.hpp"
#include "domain/accounts/directory.hpp"
#include "domain/core/clock_check.hpp"
#include "domain/core/try.hpp"
#include "store/disk/data_directory.hpp"
#include "store/disk/files.hpp"
#include "store/open_log.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <spdlog/spdlog.h>

namespace headwater::actors {
namespace {

constexpr std::size_t cached_rows = 100'000;
constexpr std::size_t cached_unknown_tokens = 16'384; // bounded by itself: anybody can fill it
constexpr std::size_t cached_platform_lists = 1'000;  // each may have 200 KiB

std::filesystem::path snapshot_directory(const service_settings& settings) {
  return settings.snapshots.directory.empty() ? settings.data / "snapshots"
                                              : settings.snapshots.directory;
}

/// A log whose erasures are unreadable is not served: it would show erased accounts.
std::shared_ptr<erasure_book> load_erasures(const store::table_store& tables) {
  return erasure_book::load(tables).value();
}

service_parts make_parts(std::shared_ptr<store::log_engine> log, const service_settings& settings) {
  service_parts parts;
  parts.log = std::move(log);
  parts.status = std::make_shared<health>();
  parts.disk = std::make_shared<disk_status>();
  parts.counters = std::make_shared<metrics>();
  parts.tokens = std::make_shared<token_cache>(cached_rows);
  parts.unknown_tokens = std::make_shared<unknown_token_cache>(cached_unknown_tokens);
  parts.accounts = std::make_shared<account_cache>(cached_rows);
  parts.brands = std::make_shared<brand_cache>(cached_rows);
  parts.connections = std::make_shared<connection_cache>(cached_rows);
  parts.push_notes = std::make_shared<std::atomic<std::uint64_t>>(0);
  parts.own_platforms = std::make_shared<own_platforms_cache>(cached_platform_lists);
  parts.loaded = std::make_shared<loaded_accounts>();
  parts.erasures = load_erasures(parts.log->tables());
  parts.snapshots = std::make_shared<snapshot_status>();
  parts.snapshot_directory = snapshot_directory(settings);
  parts.limits = settings.limits;
  parts.counts = std::make_shared<account_counts>(parts.log, settings.limits.quota);
  return parts;
}

/// Judges the clock by what a log that exists says of the time.
result<void> check_start(const service_settings& settings, const store::log_end& end) {
  known_times known;
  known.last_event = end.time;
  known.head = store::modified_at(store::head_path(settings.data));
  known.program = store::modified_at("/proc/self/exe");
  auto good = check_clock(now(), known);
  if (good || !settings.accept_clock)
    return good;
  spdlog::warn("accepted: {}", good.error().message);
  return {};
}

/// Stands for the installation itself, which makes the first token.
token_ptr installation() {
  accounts::api_token token;
  token.name = "installation";
  token.scopes = accounts::scopes_of(accounts::role::admin);
  token.accounts.all = true;
  return std::make_shared<token_entry>(std::move(token));
}

draft token_request(const std::string& name, const std::string& role,
                    const std::optional<std::string>& secret) {
  draft body;
  body.members.push_back({"name", name});
  body.members.push_back({"role", role});
  body.members.push_back({"account_ids", json_list{{std::string{"*"}}}});
  if (secret)
    body.members.push_back({"token", *secret});
  return body;
}

} // namespace

struct service::runtime {
  explicit runtime(std::size_t threads) : config(with_threads(threads)), system(config) {}

  struct quiet_config : caf::actor_system_config {};

  static quiet_config with_threads(std::size_t threads) {
    quiet_config out;
    out.set("scheduler.max-threads", threads);
    // One queue that idle workers wait on. CAF's default, work stealing, polls and sleeps in
    // between, which costs durable creates on one account a third of their speed.
    out.set("scheduler.policy", caf::atom("sharing"));
    return out;
  }

  quiet_config config;
  caf::actor_system system;
  bool stopped = false;
};

result<std::unique_ptr<service>> service::open(const service_settings& settings) {
  // Before anything is written, because a start that cannot sign must fail.
  CHECK(store::read_key_file(settings.data));
  store::log_settings from;
  from.directory = settings.data;
  from.block_cache_bytes = settings.block_cache_bytes;
  from.open_tables = settings.open_tables;
  from.leaves_free = settings.limits.low_water;
  from.accepts = [&](const store::log_end& end) { return check_start(settings, end); };
  TRY(auto opened, store::open_log(from));
  auto& log = *opened;
  TRY(auto key, open_log_key(log.tables(), settings.data, settings.checkpoints));
  for (auto where : projected_tables)
    CHECK(bring_up_to_date(log.events(), log.tables(), where));
  return std::make_unique<service>(std::move(opened), settings, std::move(key));
}

service::service(std::shared_ptr<store::log_engine> log, const service_settings& settings,
                 key_ptr key)
    : parts_(make_parts(std::move(log), settings)),
      runtime_(std::make_unique<runtime>(settings.scheduler_threads)) {
  parts_.key = key;
  auto& system = runtime_->system;
  const std::shared_ptr<store::event_log> events{parts_.log, &parts_.log->events()};
  const auto& limits = settings.limits;
  journal_ = system.spawn<caf::detached>(journal, events, parts_.status, parts_.counters,
                                         std::make_unique<admission>(parts_.log, parts_.counts,
                                                                     limits.low_water, parts_.disk,
                                                                     parts_.counters));
  for (auto* each : {&parts_.compilers.of_few, &parts_.compilers.of_many})
    *each = system.spawn<caf::detached>(compiler, parts_.counters);
  parts_.state_writer = system.spawn<caf::detached>(state_writer, parts_.log, parts_.counters);
  const auto make_readers = [&](std::size_t count) {
    std::vector<reader_actor> readers;
    readers.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
      readers.push_back(system.spawn<caf::detached>(reader, parts_));
    return reader_pool{std::move(readers)};
  };
  readers_ = make_readers(settings.readers);
  loaders_ = make_readers(settings.loaders);
  const auto open_queue = [&](std::size_t count, const char* work, std::size_t most_of_one) {
    const auto behind = make_readers(count).readers();
    queue_readers_.insert(queue_readers_.end(), behind.begin(), behind.end());
    return system.spawn(fair_queue, behind, fair_queue_terms{work, most_of_one});
  };
  reports_ = open_queue(settings.report_readers, "reports", 32);
  linter_ = open_queue(1, "lints", 8);
  large_bodies_ = open_queue(1, "large bodies", 64);
  historian_ = open_queue(1, "questions about the past", 32);
  // More than the number of clients that may follow, or read for long, the events of one account.
  log_reader_ = open_queue(1, "readings of events", 64);
  // Each client waits for one piece, and an account may have many clients.
  lister_ = open_queue(1, "lists", 1'024);
  registry_ = system.spawn(actors::registry, parts_, readers_, loaders_, journal_,
                           settings.passivate_after);
  importer_ = system.spawn<caf::detached>(actors::importer, settings.limits);
  std::vector<ingest_actor> workers;
  workers.reserve(settings.ingest_workers);
  for (std::size_t i = 0; i < settings.ingest_workers; ++i)
    workers.push_back(system.spawn<caf::detached>(actors::ingest, parts_, journal_));
  ingest_ = ingest_pool{std::move(workers), settings.limits.ingest_queue};
  connections_ = system.spawn<caf::detached>(actors::connections, parts_, ingest_, journal_);
  eraser_ = system.spawn<caf::detached>(actors::eraser, parts_, registry_, ingest_);
  directory_ =
      system.spawn<caf::detached>(actors::directory, parts_, journal_, connections_, eraser_);
  auto snapshots = settings.snapshots;
  snapshots.directory = parts_.snapshot_directory;
  snapshots.low_water = settings.limits.low_water;
  snapshotter_ = system.spawn<caf::detached>(actors::snapshotter, parts_.log, parts_.snapshots,
                                             parts_.counters, std::move(snapshots));
  if (key && settings.checkpoints.every.count() > 0)
    checkpointer_ = system.spawn<caf::detached>(checkpointer, parts_.log, parts_.counters,
                                                std::move(key), settings.checkpoints);
}

service::~service() {
  stop();
}

caf::actor_system& service::system() {
  return runtime_->system;
}

result<bool> service::is_new() const {
  TRY(auto next, parts_.log->tables().get(store::table::directory, accounts::next_token_key));
  return !next.has_value();
}

bool service::knows_token(std::string_view secret) const {
  const auto found = read_token(parts_, accounts::hash_secret(secret));
  return !found || *found; // what cannot be read will be told when it is used
}

result<std::string> service::create_token(const std::string& name, const std::string& role,
                                          const std::optional<std::string>& secret) {
  directory_request request;
  request.by.from = {"0", new_ulid()};
  request.by.is_operator = true;
  request.command = actors::create_token{installation(), token_request(name, role, secret)};
  caf::scoped_actor self{runtime_->system};
  result<std::string> out = error{errc::internal_error, "no answer"};
  self->request(directory_, caf::infinite, std::move(request))
      .receive(
          [&](directory_reply& reply) {
            if (!reply)
              out = reply.error();
            else
              out = secret ? *secret : std::get<created_token>(reply->value).secret;
          },
          [&](const caf::error& why) {
            out = error{errc::internal_error, runtime_->system.render(why)};
          });
  return out;
}

void service::stop() {
  if (std::exchange(runtime_->stopped, true))
    return;
  caf::scoped_actor self{runtime_->system};
  auto end = [&](auto&... handles) {
    (self->send_exit(handles, caf::exit_reason::user_shutdown), ...);
    self->wait_for(handles...);
  };
  parts_.snapshots->stop();
  parts_.erasures->stop();
  end(eraser_);
  // From the front to the back, so that no actor waits for one that has already ended.
  end(importer_);
  end(registry_);
  for (auto& loaded : parts_.loaded->clear())
    end(loaded->commands);
  end(directory_);
  save_token_uses(parts_);
  end(connections_);
  for (auto& worker : ingest_.workers())
    end(worker);
  end(reports_, linter_, large_bodies_, historian_, log_reader_, lister_);
  for (const auto* pool :
       {&readers_.readers(), &loaders_.readers(), &std::as_const(queue_readers_)})
    for (const auto& reader : *pool)
      end(reader);
  end(journal_);
  if (checkpointer_) {
    self->request(checkpointer_, caf::infinite, finish_atom::value)
        .receive([](bool) {}, [](const caf::error&) {}); // the checkpointer has logged an error
    end(checkpointer_);
  }
  end(parts_.compilers.of_few, parts_.compilers.of_many, parts_.state_writer);
  // A snapshot under way only reads. It may be in the middle of what cannot be interrupted, so it
  // is waited for last, and not for merging.
  parts_.log->stop_background_work();
  end(snapshotter_);
  if (auto synced = parts_.log->events().sync_head(); !synced)
    spdlog::error("HEAD could not be synced at the end: {}", synced.error().message);
  snapshotter_ = snapshotter_actor{};
  eraser_ = eraser_actor{};
  importer_ = importer_actor{};
  registry_ = registry_actor{};
  connections_ = connections_actor{};
  ingest_ = ingest_pool{};
  directory_ = directory_actor{};
  readers_ = loaders_ = reader_pool{};
  reports_ = linter_ = large_bodies_ = historian_ = log_reader_ = lister_ = fair_queue_actor{};
  queue_readers_.clear();
  journal_ = journal_actor{};
  checkpointer_ = checkpointer_actor{};
  parts_.compilers = compiler_pair{};
  parts_.state_writer = state_writer_actor{};
}

} // namespace headwater::actors
