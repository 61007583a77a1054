#include "actors/decisions/directory_batch.hpp"

#include "actors/decisions/platform_decisions.hpp"
#include "actors/protocol/clock.hpp"
#include "actors/shared/append.hpp"
#include "actors/views/projections.hpp"
#include "actors/views/stored_rows.hpp"
#include "domain/accounts/directory.hpp"
#include "domain/core/try.hpp"
#include "store/tables/planned_tables.hpp"

#include <set>

namespace headwater::actors {
namespace {

/// Whether an earlier answer shows something that has been erased since.
result<bool> is_erased(const store::table_reader& tables, const directory_outcome& outcome) {
  std::string key;
  if (const auto* account = std::get_if<accounts::account>(&outcome.value))
    key = accounts::account_key(account->account_id);
  else if (const auto* created = std::get_if<created_token>(&outcome.value))
    key = accounts::token_key(created->token.id);
  else
    return false;
  TRY(auto row, tables.get(store::table::directory, key));
  return !row.has_value();
}

/// The answer to an earlier use of the client's Idempotency-Key; nothing if what it shows was
/// erased. It never holds a secret.
result<std::optional<directory_outcome>> earlier_answer(const store::event_log& log,
                                                        const store::table_reader& tables,
                                                        const store::idempotency& key,
                                                        const store::idempotent_use& use) {
  CHECK(check_fingerprint(key, use.fingerprint));
  TRY(auto recorded, read_event(log, std::string{system_stream}, use.first_sequence));
  auto& header = recorded.header;
  TRY(auto event, accounts::decode_system_event(header.type, header.schema, recorded.payload));
  auto out = outcome_of(event, {header.sequence, header.time});
  TRY(auto erased, is_erased(tables, out));
  if (erased)
    return std::optional<directory_outcome>{};
  out.replayed = true;
  return std::optional{std::move(out)};
}

/// The part of a creation's answer that depends on its request and is in no event.
std::vector<std::string> ignored_fields(const directory_command& command) {
  if (auto* create = std::get_if<create_account>(&command))
    return unknown_fields<accounts::account>(create->body);
  if (auto* create = std::get_if<create_token>(&command))
    return unknown_fields<accounts::api_token_resource>(create->body);
  return {};
}

/// Keys of the system stream are scoped by the accounts of the token that uses them, so that one
/// customer neither collides with nor learns of another's keys: "acme,globex/<key>".
std::optional<store::idempotency> scoped(std::optional<store::idempotency> key,
                                         const token_ptr& caller) {
  if (!key)
    return key;
  std::string scope;
  for (auto& name : caller->token.accounts.names())
    scope += (scope.empty() ? "" : ",") + name;
  key->key = scope + "/" + key->key;
  return key;
}

std::optional<store::idempotency> scoped_key(const directory_request& request) {
  if (auto* command = std::get_if<create_token>(&request.command))
    return scoped(request.by.key, command->creator);
  // Only tokens for all accounts create accounts; platforms have no key.
  return request.by.key;
}

/// Where the key of each request was used before.
result<std::vector<std::optional<store::idempotent_use>>>
earlier_uses(const store::event_log& log, std::span<const std::optional<store::idempotency>> keys) {
  std::vector<std::optional<store::idempotent_use>> out(keys.size());
  std::vector<std::string> wanted;
  for (const auto& key : keys)
    if (key)
      wanted.push_back(key->key);
  if (wanted.empty())
    return out;
  TRY(const auto found, log.find_uses(std::string{system_stream}, wanted));
  auto next = found.begin();
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (keys[i])
      out[i] = *next++;
  return out;
}

/// The account for which the event counts; empty for what operators alone do. A brand's platforms
/// count for its owner.
std::string payer_of(const directory_decision& decision) {
  return std::visit(
      [&](const auto& of) -> std::string {
        if constexpr (requires { of.token; })
          return of.token.accounts.ids.empty() ? std::string{} : of.token.accounts.ids.front();
        else if constexpr (requires { of.entry; })
          return decision.owner;
        else
          return {};
      },
      *decision.event);
}

store::append_command command_of(const directory_request& request,
                                 const std::optional<store::idempotency>& key,
                                 const accounts::system_event& event) {
  const auto encoded = accounts::encode(event);
  store::append_command out;
  origin by = request.by;
  by.key = key;
  out.events.push_back(make_event(by, encoded.type, encoded.schema, encoded.payload));
  out.key = key;
  out.counts_for = system_usage_key(event);
  out.late_writes = [event](auto headers) {
    return directory_writes(event, {headers[0].sequence, headers[0].time});
  };
  return out;
}

class planned_batch {
public:
  planned_batch(const store::event_log& log, const store::table_store& tables,
                const directory_limits& limits, const std::optional<refused_purpose>& refused)
      : log_(log), now_(tables), time_(log_time(log)), limits_(limits), refused_(refused) {
    batch_.append.stream = system_stream;
  }

  result<void> begin() {
    TRY(batch_.append.expected_version, log_.version(batch_.append.stream));
    return {};
  }

  /// Takes the command into the batch; false if it ends before it.
  result<bool> add(const directory_request& request, const std::optional<store::idempotency>& key,
                   const std::optional<store::idempotent_use>& used) {
    decided_directory_command decided;
    decided.rests_on_others = !batch_.append.commands.empty();
    if (!batch_.released_brands.empty() || (key && used_here_.contains(key->key)))
      return false;
    if (used) {
      auto earlier = earlier_answer(log_, now_, *request.by.key, *used);
      if (!earlier || *earlier) {
        decided.outcome =
            earlier ? result<directory_outcome>{std::move(**earlier)} : earlier.error();
        if (decided.outcome)
          decided.outcome->ignored_fields = ignored_fields(request.command);
        batch_.decided.push_back(std::move(decided));
        return true;
      }
    }
    auto decision =
        std::visit([&](const auto& command) { return decide_on(command); }, request.command);
    if (!decision) {
      decided.outcome = decision.error();
    } else if (!decision->event) {
      decision->unchanged.ignored_fields = std::move(decision->ignored_fields);
      decided.outcome = std::move(decision->unchanged);
    } else if (const auto purpose = purpose_of(request); refused_ && refused_->covers(purpose)) {
      decided.outcome = refused_->why;
    } else {
      if (const auto* changed = std::get_if<accounts::account_changed>(&*decision->event);
          changed != nullptr && !changed->removed_brand_ids.empty()) {
        if (!batch_.decided.empty())
          return false;
        batch_.released_brands = changed->removed_brand_ids;
      }
      CHECK(take(request, key, std::move(*decision), decided));
    }
    batch_.decided.push_back(std::move(decided));
    return true;
  }

  directory_batch finish() { return std::move(batch_); }

private:
  template <class Command>
  result<directory_decision> decide_on(const Command& command) const {
    if constexpr (requires { decide(now_, command, time_, limits_.account_tokens); })
      return decide(now_, command, time_, limits_.account_tokens);
    else if constexpr (requires { decide(now_, command, time_); })
      return decide(now_, command, time_);
    else
      return decide(now_, command);
  }

  /// Appends the event if the account that it counts for has room; else that is the outcome.
  result<void> take(const directory_request& request, const std::optional<store::idempotency>& key,
                    directory_decision decision, decided_directory_command& out) {
    auto command = command_of(request, key, *decision.event);
    const auto purpose = purpose_of(request);
    // Without the header's text, which is made when it is appended.
    taken_room room{payer_of(decision), store::usage_of_event({}, command.events.front().part.text),
                    batch_.append.commands.size()};
    if (!room.account_id.empty()) {
      if (auto taken = take_room(room, purpose); !taken) {
        out.outcome = taken.error();
        return taken.error().code == errc::quota_exceeded ? result<void>{} : taken;
      }
      batch_.counted.add(limits_.counts, std::move(room));
    }
    CHECK(append(std::move(command), *decision.event));
    batch_.purpose = std::min(batch_.purpose, purpose);
    out.decision = std::move(decision);
    return {};
  }

  /// Removals need no room, nor counts that can be read, and operators are not held to quotas here.
  result<void> take_room(const taken_room& room, write_purpose purpose) {
    if (purpose == write_purpose::adds)
      return limits_.counts->take(room.account_id, room.adds);
    limits_.counts->take_anyway(room.account_id, room.adds);
    return {};
  }

  result<void> append(store::append_command command, const accounts::system_event& event) {
    if (command.key)
      used_here_.insert(command.key->key);
    batch_.append.commands.push_back(std::move(command));
    // The sequence is the one that it will have; the time is at most a moment earlier.
    const auto sequence = batch_.append.expected_version + batch_.append.commands.size();
    auto writes = directory_writes(event, {sequence, time_});
    // Nobody asks for it, and a removal need not wait until a damaged count is mended.
    std::erase_if(writes, [](const store::table_write& row) {
      return row.where == store::table::usage && row.key == counts_system_key;
    });
    return now_.plan(writes);
  }

  const store::event_log& log_;
  store::planned_tables now_;
  micros time_;
  const directory_limits& limits_;
  const std::optional<refused_purpose>& refused_;
  directory_batch batch_;
  std::set<std::string> used_here_;
};

/// Errors: those of reading.
result<directory_batch> try_batch(const store::event_log& log, const store::table_store& tables,
                                  std::span<const directory_request* const> requests,
                                  const directory_limits& limits,
                                  const std::optional<refused_purpose>& refused) {
  std::vector<std::optional<store::idempotency>> keys;
  keys.reserve(requests.size());
  for (const auto* request : requests)
    keys.push_back(scoped_key(*request));
  TRY(const auto uses, earlier_uses(log, keys));
  planned_batch batch{log, tables, limits, refused};
  CHECK(batch.begin());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    TRY(const auto taken, batch.add(*requests[i], keys[i], uses[i]));
    if (!taken)
      break;
  }
  return batch.finish();
}

} // namespace

directory_batch decide_batch(const store::event_log& log, const store::table_store& tables,
                             std::span<const directory_request* const> requests,
                             const directory_limits& limits,
                             const std::optional<refused_purpose>& refused) {
  auto batch = try_batch(log, tables, requests, limits, refused);
  if (!batch && requests.size() > 1)
    batch = try_batch(log, tables, requests.first(1), limits, refused);
  if (batch)
    return std::move(*batch);
  directory_batch out;
  out.decided.emplace_back().outcome = batch.error();
  return out;
}

} // namespace headwater::actors
