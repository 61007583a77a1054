#include "actors/decisions/directory_decisions.hpp"

#include "actors/decisions/platform_decisions.hpp"
#include "actors/views/projections.hpp"
#include "actors/views/side_facts.hpp"
#include "actors/views/stored_rows.hpp"
#include "domain/accounts/authorisation.hpp"
#include "domain/accounts/directory.hpp"
#include "domain/core/try.hpp"

#include <algorithm>

namespace headwater::actors {
namespace {

using store::table;

/// errc::duplicate_entry if another account has one of the brands.
result<void> check_brands(const store::table_reader& tables, const accounts::account& wanted) {
  for (auto brand : wanted.brand_ids) {
    TRY(auto owner, tables.get(table::directory, accounts::brand_key(brand)));
    if (owner && *owner != wanted.account_id)
      return error{errc::duplicate_entry,
                   "Brand " + std::to_string(brand) + " belongs to another account"};
  }
  return {};
}

/// The caller's token as it is now: it may have been revoked while its request was on its way, in
/// which case errc::unauthorized. The installation (0) has no record.
result<accounts::api_token> current(const store::table_reader& tables, const token_ptr& caller,
                                    micros time) {
  if (caller->token.id == 0)
    return caller->token;
  TRY(auto record, tables.get(table::directory, accounts::token_key(caller->token.id)));
  if (!record)
    return error{errc::unauthorized, "Invalid API key"};
  auto token = accounts::decode_token(*record);
  if (!token)
    return token.error();
  CHECK(accounts::check_usable(*token, time));
  return token;
}

/// errc::validation_error if the token would be for an account that does not exist.
result<void> check_exist(const store::table_reader& tables, const accounts::account_list& wanted) {
  std::vector<fault> faults;
  for (auto& id : wanted.ids) {
    auto account = stored_account(tables, id);
    if (!account)
      return account.error();
    if (!*account)
      faults.push_back(
          {body_path("account_ids"), "There is no account '" + id + "'", "value_error"});
  }
  if (!faults.empty())
    return error{errc::validation_error, "Validation failed", std::move(faults)};
  return {};
}

result<std::int64_t> next_token_id(const store::table_reader& tables) {
  TRY(auto stored, tables.get(table::directory, accounts::next_token_key));
  return stored ? accounts::decode_id(*stored) : result<std::int64_t>{1};
}

/// errc::validation_error if others could take the token for one of all accounts.
result<void> check_name(const accounts::api_token& token) {
  if (token.accounts.all || !accounts::reads_as_operator(token.name))
    return {};
  return validation_failure({{body_path("name"),
                              "Choose another name: this one stands for tokens for all accounts, "
                              "whose own names others do not see",
                              "value_error"}});
}

/// errc::validation_error if the secret already belongs to a token, perhaps of another tenant,
/// which the answer does not say. A secret that is random never does.
result<void> check_secret(const store::table_reader& tables, const digest& hash) {
  TRY(auto taken, tables.get(table::directory, accounts::hash_key(hash)));
  if (taken)
    return validation_failure({{body_path("token"), "Choose another secret", "value_error"}});
  return {};
}

/// errc::quota_exceeded if the account has `most` tokens that are usable at `time`. Reads that many
/// keys, however many have expired.
result<void> check_token_quota(const store::table_reader& tables, const std::string& account_id,
                               micros time, std::size_t most) {
  std::size_t usable = 0;
  CHECK(tables.scan(table::usage, token_count_prefix(account_id),
                    be64(static_cast<std::uint64_t>(time) + 1),
                    [&](std::string_view, std::string_view) { return ++usable < most; }));
  if (usable < most)
    return {};
  return error{errc::quota_exceeded, "The quota of account " + account_id + " is " +
                                         std::to_string(most) + " usable API tokens; " +
                                         std::to_string(usable) +
                                         " are used: revoke one that is not needed"};
}

} // namespace

result<directory_decision> decide(const store::table_reader& tables,
                                  const create_account& command) {
  TRY(auto request, accounts::read_account(command.body, command.strict));
  auto& wanted = request.value;
  TRY(auto existing, stored_account(tables, wanted.account_id));
  if (existing)
    return error{errc::duplicate_entry, "Account '" + wanted.account_id + "' exists already"};
  if (auto there = check_not_erased(tables, wanted.account_id); !there)
    return there.error().code == errc::account_erased
               ? error{errc::duplicate_entry, "Account '" + wanted.account_id +
                                                  "' was erased, and its id is not given again"}
               : there.error();
  if (auto free = check_brands(tables, wanted); !free)
    return free.error();
  directory_decision out;
  out.event = accounts::account_created{std::move(wanted)};
  out.ignored_fields = std::move(request.ignored_fields);
  return out;
}

result<directory_decision> decide(const store::table_reader& tables,
                                  const change_account& command) {
  TRY(auto current, stored_account(tables, command.account_id));
  if (auto there = check_not_erased(tables, command.account_id); !there)
    return there.error();
  if (!current)
    return error{errc::account_not_found, "Account not found: " + command.account_id};
  TRY(auto request, accounts::read_account_patch(*current, command.body, command.strict));
  CHECK(command.condition.check(accounts::etag_of(*current)));
  directory_decision out;
  out.ignored_fields = std::move(request.ignored_fields);
  if (request.value == *current) {
    out.unchanged.value = *current;
    return out;
  }
  auto change = accounts::change_of(*current, request.value);
  CHECK(check_no_platforms(tables, change.removed_brand_ids));
  CHECK(check_brands(tables, request.value));
  out.event = std::move(change);
  return out;
}

result<directory_decision> decide(const store::table_reader& tables, const create_token& command,
                                  micros time, std::size_t most) {
  TRY(auto request, accounts::read_token_request(command.body, command.strict));
  TRY(auto found, current(tables, command.creator, time));
  auto& creator = found;
  accounts::api_token token;
  token.name = std::move(request.name);
  token.scopes = request.scopes;
  token.allowed_origins = std::move(request.allowed_origins);
  token.accounts = request.accounts.value_or(creator.accounts);
  CHECK(accounts::check_grant(creator, token.scopes, token.accounts));
  TRY(token.rate_limit,
      accounts::check_rate(creator, token.scopes, request.rate_limit, command.default_rate));
  CHECK(check_name(token));
  CHECK(check_exist(tables, token.accounts));
  for (const auto& id : token.accounts.ids)
    CHECK(check_token_quota(tables, id, time, most));
  constexpr micros micros_per_day = 86'400'000'000;
  if (request.expires_in_days)
    token.expires_at = time + *request.expires_in_days * micros_per_day;
  directory_decision out;
  out.ignored_fields = std::move(request.ignored_fields);
  if (!request.own_secret)
    out.secret = accounts::make_secret(random_bytes<32>());
  token.token_hash = accounts::hash_secret(request.own_secret ? *request.own_secret : out.secret);
  CHECK(check_secret(tables, token.token_hash));
  TRY(auto id, next_token_id(tables));
  token.id = id;
  out.event = accounts::api_token_created{std::move(token)};
  return out;
}

result<directory_decision> decide(const store::table_reader& tables, const revoke_token& command,
                                  micros time) {
  error absent{errc::not_found, "API token not found"};
  TRY(auto caller, current(tables, command.creator, time));
  TRY(auto record, tables.get(table::directory, accounts::token_key(command.id)));
  if (!record)
    return absent;
  TRY(auto token, accounts::decode_token(*record));
  if (!accounts::may_see_token(caller, token))
    return absent;
  directory_decision out;
  if (token.revoked_at)
    out.unchanged.value = std::move(token);
  else
    out.event = accounts::api_token_revoked{std::move(token)};
  return out;
}

result<directory_decision> decide(const store::table_reader&, const erase_account&) {
  return error{errc::internal_error, "an erasure came where changes are decided"};
}

result<void> check_not_erased(const store::table_reader& tables, const std::string& account_id) {
  auto erased = tables.get(table::directory, accounts::erased_key(account_id));
  if (!erased)
    return erased.error();
  if (*erased)
    return error{errc::account_erased, "Account " + account_id + " was erased"};
  return {};
}

write_purpose purpose_of(const directory_request& request) {
  const auto& command = request.command;
  if (std::holds_alternative<revoke_token>(command) ||
      std::holds_alternative<remove_brand_platform>(command) ||
      std::holds_alternative<erase_account>(command))
    return write_purpose::frees;
  return request.by.purpose_of_change();
}

directory_outcome outcome_of(const accounts::system_event& event, const event_meta& at) {
  directory_outcome out;
  if (auto* created = std::get_if<accounts::account_created>(&event)) {
    auto account = created->account;
    account.created_at = account.updated_at = at.time;
    out.value = std::move(account);
  } else if (auto* changed = std::get_if<accounts::account_changed>(&event)) {
    auto account = changed->account;
    account.updated_at = at.time;
    out.value = std::move(account);
  } else if (auto* made = std::get_if<accounts::api_token_created>(&event)) {
    auto token = made->token;
    token.created_at = at.time;
    out.value = created_token{std::move(token), {}};
  } else if (auto* revoked = std::get_if<accounts::api_token_revoked>(&event)) {
    auto token = revoked->token;
    token.revoked_at = at.time;
    out.value = std::move(token);
  } else if (auto* added = std::get_if<accounts::brand_platform_added>(&event)) {
    auto entry = added->entry;
    entry.created_at = entry.updated_at = at.time;
    out.value = changed_platform{std::move(entry), true};
  } else if (auto* renamed = std::get_if<accounts::brand_platform_changed>(&event)) {
    auto entry = renamed->entry;
    entry.updated_at = at.time;
    out.value = changed_platform{std::move(entry)};
  } else if (auto* removed = std::get_if<accounts::brand_platform_removed>(&event)) {
    out.value = changed_platform{removed->entry};
  }
  // No answer is made from log_restored and account_erased: no idempotency key leads to them.
  return out;
}

} // namespace headwater::actors
