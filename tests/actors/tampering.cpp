#include "tampering.hpp"

#include "actors/shared/log_key.hpp"
#include "actors/views/connection_descriptions.hpp"
#include "actors/views/log_proofs.hpp"
#include "actors/views/projections.hpp"
#include "actors/views/rebuilt_tables.hpp"
#include "actors/views/recovery.hpp"
#include "actors/views/referral_reports.hpp"
#include "actors/views/side_facts.hpp"
#include "actors/views/stored_rows.hpp"
#include "domain/rules/state_hash.hpp"
#include "snapshots/account_states.hpp"
#include "store/audit/stored_tree.hpp"
#include "store/log/event_json.hpp"

#include <boost/test/unit_test.hpp>

namespace headwater::actors::testing {
namespace {

constexpr std::uint64_t every_checkpoint = 3; // events between two of them, about

std::shared_ptr<store::rocksdb_log> open_or_fail(const std::filesystem::path& directory) {
  auto log = store::open_rocksdb_log({directory});
  BOOST_REQUIRE_MESSAGE(log, log.error().message);
  return std::move(*log);
}

checkpoint_settings often() {
  checkpoint_settings out;
  out.every = std::chrono::milliseconds{1};
  out.events = every_checkpoint;
  return out;
}

void make_accounts(fixture& f) {
  f.running->create_token("operator", "admin", std::nullopt).value();
  for (const std::string id : {"acme", "other"}) {
    json_list brands;
    if (id == "acme")
      brands.items.emplace_back(brand);
    change(f, create_account{body_of({{"account_id", id}, {"name", id}, {"brand_ids", brands}}),
                             false})
        .value();
  }
  change(f, put_brand_platform{brand, "acme", "assistant.example", "Assistant"}).value();
}

void make_rules(fixture& f) {
  for (int i = 0; i < 4; ++i) {
    const auto host = "h" + std::to_string(i) + ".example";
    f.command("acme", attribution::create_referrer_mapping{mapping_body(host), false},
              store::idempotency{"key " + host, sha256({host})})
        .value();
    f.command("other", attribution::create_passthrough_referrer{passthrough_body(host), false})
        .value();
  }
  f.command("acme", attribution::delete_referrer_mapping{2, {}}).value();
}

void push_rows(fixture& f) {
  connection_request registration;
  registration.by = {{"1", "request"}, store::idempotency{"registration", {}}};
  registration.command =
      register_connection{brand, "acme", {"acme.test", referrals::provider::custom}};
  const auto made =
      f.ask<connection_reply>(f.running->connections(), std::move(registration)).value();
  const auto link = std::make_shared<const referrals::connection>(made.connection);
  for (int batch = 0; batch < 3; ++batch) {
    std::string rows;
    for (int page = 0; page < 5; ++page)
      rows += std::string(rows.empty() ? "[" : ",") + R"({"date":"2026-05-2)" +
              std::to_string(batch % 2) +
              R"(","raw_referrer_value":"chatgpt.com","raw_page_value":"/p)" +
              std::to_string(page) + R"(","sessions":)" + std::to_string(batch + 1) + "}";
    push_request push;
    push.by = {{"1", "request"}, {}};
    push.connection = link;
    push.body = std::make_shared<const std::string>(rows + "]");
    f.ask<push_reply>(f.running->ingest().owner_of(link->identity.id), std::move(push)).value();
  }
}

/// The rows of an answer and what ended it.
template <class Ask>
answer asked(Ask ask) {
  answer out;
  if (result<void> done = ask(out.rows); !done)
    out.fault = done.error();
  return out;
}

store::event_visitor into(std::vector<std::string>& rows) {
  return [&rows](const store::recorded_event& event) -> result<void> {
    store::append_event(rows.emplace_back(), event);
    return {};
  };
}

void ask_streams(const store::rocksdb_log& log, const std::vector<std::string>& streams,
                 answers& out) {
  out["all events"] = asked([&](auto& rows) { return log.read_all(1, into(rows)); });
  for (const auto& stream : streams) {
    out["events of " + stream] =
        asked([&](auto& rows) { return log.read_stream(stream, 1, into(rows)); });
    out["version of " + stream] = asked([&](auto& rows) -> result<void> {
      auto version = log.version(stream);
      if (!version)
        return version.error();
      rows.push_back(std::to_string(*version));
      return {};
    });
    out["keys of " + stream] = asked([&](auto& rows) -> result<void> {
      for (int i = 0; i < 4; ++i) {
        auto use = log.find_use(stream, "key h" + std::to_string(i) + ".example");
        if (!use)
          return use.error();
        rows.push_back(*use ? std::to_string((*use)->first_sequence) : "none");
      }
      return {};
    });
    if (const std::string prefix = "account/"; stream.starts_with(prefix))
      out["state of " + stream] = asked([&](auto& rows) -> result<void> {
        const auto id = stream.substr(prefix.size());
        for (const auto& rules :
             {replay_rules(log, id), recover_rules(log.events(), log.tables(), id)}) {
          if (!rules)
            return rules.error();
          rows.push_back(to_hex(attribution::state_hash(*rules->rules)));
        }
        return {};
      });
  }
}

void ask_tables(const store::rocksdb_log& log, answers& out) {
  const std::pair<const char*, store::table> tables[] = {
      {"directory", store::table::directory},
      {"referrals", store::table::referrals},
      {"rows", store::table::rows},
      {"rollups", store::table::rollups},
      {"operational facts", store::table::side_facts}};
  for (const auto& [name, where] : tables)
    out[name] = asked([&, table = where](auto& rows) {
      return log.scan(table, "", "", [&](std::string_view key, std::string_view value) {
        rows.push_back(to_hex(key) + "=" + to_hex(value));
        return true;
      });
    });
  out["report"] = asked([&](auto& rows) -> result<void> {
    report_request wanted;
    wanted.brand_id = brand;
    wanted.waits_until = std::chrono::steady_clock::now() + std::chrono::hours{1};
    wanted.query.first_day = *parse_date("2026-05-01");
    wanted.query.last_day = *parse_date("2026-05-31");
    wanted.query.by_platform = wanted.query.by_page = true;
    auto report = read_report(log, wanted);
    if (!report)
      return error{report.error().code, report.error().message};
    rows.push_back(referrals::to_json(*report, wanted.query).value());
    return {};
  });
}

void ask_proofs(const store::rocksdb_log& log, answers& out) {
  out["checkpoints"] = asked([&](auto& rows) {
    return store::read_checkpoints(log, 0,
                                   [&](const store::stored_checkpoint& one) -> result<void> {
                                     rows.push_back(one.note);
                                     return {};
                                   });
  });
  out["inclusion"] = asked([&](auto& rows) -> result<void> {
    for (std::uint64_t position = 1; position <= log.end().position; ++position) {
      auto proof = prove_inclusion(log.proofs(), log.tables(), {{}, 0, position, std::nullopt});
      if (!proof)
        return proof.error();
      json_writer text;
      store::write_proof(text, proof->proof);
      rows.push_back(proof->note + text.view());
    }
    return {};
  });
  out["consistency"] = asked([&](auto& rows) -> result<void> {
    return store::read_checkpoints(
        log, 0, [&](const store::stored_checkpoint& one) -> result<void> {
          auto proof = prove_consistency(log, {one.says.size, std::nullopt});
          if (!proof)
            return proof.error();
          json_writer text;
          store::write_path(text, proof->path);
          rows.push_back(text.view());
          return {};
        });
  });
}

/// What the checkpointer does first.
result<void> cut_the_last_checkpoint(store::rocksdb_log& log, const store::log_key& key) {
  auto tree = store::stored_tree::open(log.proofs(), log.tables());
  if (!tree)
    return tree.error();
  const auto end = log.end().position;
  while (tree->size() < end)
    if (auto grown = tree->grow(end, end); !grown)
      return grown.error();
  auto latest = store::latest_checkpoint(log);
  if (!latest)
    return latest.error();
  if (*latest && (*latest)->says.size == end)
    return {};
  auto note = render(checkpoint{key.origin(), end, tree->root(), {}}, key.key);
  return note ? store::put_checkpoint(log.proofs(), log.tables(), end, *note)
              : result<void>{note.error()};
}

} // namespace

std::vector<std::string> make_installation(const std::filesystem::path& directory) {
  auto log = open_or_fail(directory);
  const auto key = open_log_key(*log, directory, often()).value();
  auto settings = small();
  settings.checkpoints = often();
  fixture f{log, small()};
  f.running.reset();
  f.running = std::make_unique<service>(log, settings, key);
  make_accounts(f);
  make_rules(f);
  push_rows(f);
  for (const std::string id : {"acme", "other"}) // more than a start asks for
    BOOST_REQUIRE(snapshots::keep_state(log->events(), log->tables(), account_stream(id),
                                        *f.account(id)->rules()));
  f.running->stop();
  f.running.reset();
  f.log.reset();
  std::vector<std::string> out;
  auto visited = log->visit_heads([&](const store::stream_name& stream, const store::stream_head&) {
    out.push_back(stream);
    return result<void>{};
  });
  BOOST_REQUIRE(visited.has_value());
  return out;
}

result<answers> ask_everything(const std::filesystem::path& directory,
                               const std::vector<std::string>& streams) {
  auto log = store::open_rocksdb_log({directory});
  if (!log)
    return log.error();
  for (const auto where : projected_tables)
    if (auto current = bring_up_to_date((*log)->events(), (*log)->tables(), where); !current)
      return current.error();
  auto key = open_log_key(**log, directory, often());
  if (!key)
    return key.error();
  if (auto cut = cut_the_last_checkpoint(**log, **key); !cut)
    return cut.error();
  answers out;
  ask_streams(**log, streams, out);
  ask_tables(**log, out);
  ask_proofs(**log, out);
  out["key"].rows = {(*key)->verifier.to_string()};
  return out;
}

} // namespace headwater::actors::testing
