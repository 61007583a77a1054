// Implements gate.hpp and gate_steps.hpp, but for streams.

#include "http/gate/gate.hpp"

#include "domain/core/text.hpp"
#include "domain/core/try.hpp"
#include "domain/core/ulid.hpp"
#include "http/application.hpp"
#include "http/gate/gate_steps.hpp"
#include "http/gate/questions.hpp"
#include "http/gate/rate_limits.hpp"

namespace headwater::http {

namespace {

std::optional<accounts::scope> scope_of(access needed) {
  switch (needed) {
  case access::anyone:
  case access::authenticated:
    return std::nullopt;
  case access::resolve:
    return accounts::scope::resolve;
  case access::read:
    return accounts::scope::read;
  case access::write:
    return accounts::scope::write;
  case access::admin:
    return accounts::scope::admin;
  }
  return accounts::scope::admin;
}

awaitable<actors::token_reply> find_token(exchange& x, digest hash) {
  if (auto cached = x.app().service.parts().tokens->find(hash))
    co_return cached;
  actors::find_token wanted{hash};
  co_return co_await ask(x, wanted);
}

/// Whether the account exists. Loaded or cached accounts are known without asking.
awaitable<result<bool>> account_exists(exchange& x, const std::string& account_id) {
  if (x.app().service.parts().accounts->find(account_id))
    co_return true;
  actors::find_account wanted{account_id};
  CO_TRY(const auto found, co_await ask(x, std::move(wanted)));
  co_return found != nullptr;
}

error no_key() {
  return {errc::unauthorized, "Authentication required"};
}

error invalid_key() {
  return {errc::unauthorized, "Invalid API key"};
}

bool is_revoked(const exchange& x) {
  return x.caller_is_revoked && *x.caller_is_revoked;
}

micros log_time(const exchange& x) {
  return actors::log_time(x.app().service.parts().log->events());
}

/// Most tokens do not expire, and only for the others is the log asked, which takes a lock.
result<void> check_usable_now(const exchange& x, const accounts::api_token& token, micros now) {
  return accounts::check_usable(token, token.expires_at ? log_time(x) : now);
}

bool is_expired(const exchange& x) {
  return x.caller_expires_at && log_time(x) >= *x.caller_expires_at;
}

/// Why the token that was let in may do no more.
std::optional<error> lost_token(const exchange& x) {
  if (is_revoked(x))
    return invalid_key();
  if (is_expired(x))
    return error{errc::unauthorized, "API key has expired"};
  return std::nullopt;
}

/// Charged to the account, so that many tokens of one account get no more than one. Tokens for all
/// accounts are the operator's own.
std::string charged(const accounts::api_token& token) {
  const auto& ids = token.accounts.ids;
  return token.accounts.all || ids.empty() ? "token " + std::to_string(token.id)
                                           : "account " + ids.front();
}

/// The token, if it is valid and has the scope; null is a token that does not exist.
result<actors::token_ptr> admitted(exchange& x, actors::token_ptr who, access needed) {
  if (!who)
    return failed_login(x, invalid_key());
  const auto now = actors::now();
  if (const auto usable = check_usable_now(x, who->token, now); !usable)
    return failed_login(x, usable.error());
  who->last_used.store(now, std::memory_order_relaxed);
  // Before it is counted: else other sites could use up what their visitors have for this one.
  if (who->token.allowed_origins)
    CHECK(accounts::check_origin(who->token, x.head.find("origin")));
  CHECK(count_request(x, *who, needed, now));
  if (const auto scope = scope_of(needed))
    CHECK(accounts::check_scope(who->token, *scope));
  x.caller_is_revoked = {who, &who->is_revoked};
  x.caller_expires_at = who->token.expires_at;
  x.charged_to = charged(who->token);
  CHECK(x.take_place());
  return who;
}

/// Why the token may not enter, in the words that the client gets.
error turned_away(const exchange& x, const actors::token_ptr& who, const std::string& account_id) {
  if (x.app().service.parts().erasures->contains(account_id))
    return accounts::erased_to(who->token, account_id);
  const auto denied = accounts::check_account(who->token, account_id, false);
  return denied.has_error() ? denied.error() : error{errc::account_not_found, "Account not found"};
}

awaitable<result<std::string>> owner_of_brand(exchange& x, std::int64_t brand_id) {
  auto& service = x.app().service;
  if (const auto cached = service.parts().brands->find(brand_id))
    co_return *cached;
  actors::find_brand wanted{brand_id};
  CO_TRY(const auto found, co_await ask(x, wanted));
  co_return found ? *found : std::string{};
}

awaitable<result<std::string>> enter_brand(exchange& x, actors::token_ptr who,
                                           std::int64_t brand_id) {
  CO_TRY(auto owner, co_await owner_of_brand(x, brand_id));
  // An erased account keeps its brands: to all tokens except those for all accounts they are
  // unknown.
  const bool is_erased = x.app().service.parts().erasures->contains(owner);
  if (!owner.empty() && !is_erased && accounts::may_see(who->token, owner))
    co_return owner;
  if (is_erased && who->token.accounts.all)
    co_return accounts::erased_to(who->token, owner);
  if (owner.empty() && who->token.accounts.all)
    co_return error{errc::not_found, "Brand not found"};
  co_return error{errc::forbidden, "Access denied to brand: " + quoted_key(x.param(0))};
}

awaitable<result<actors::connection_ptr>> find_connection(exchange& x, std::string id) {
  if (auto cached = x.app().service.parts().connections->find(id))
    co_return cached;
  actors::find_connection wanted{std::move(id)};
  co_return co_await ask(x, std::move(wanted));
}

} // namespace

std::optional<result<actors::token_ptr>> authorise_at_once(exchange& x, access needed) {
  const auto secret = x.credentials();
  if (!secret)
    return failed_login(x, no_key());
  const auto& hash = x.hash_of(*secret);
  const auto& parts = x.app().service.parts();
  if (auto who = parts.tokens->find(hash))
    return admitted(x, std::move(who), needed);
  if (parts.unknown_tokens->find(hash))
    return failed_login(x, invalid_key());
  return std::nullopt;
}

awaitable<result<actors::token_ptr>> authorise(exchange& x, access needed) {
  const auto secret = x.credentials();
  if (!secret)
    co_return failed_login(x, no_key());
  CO_TRY(auto who, co_await find_token(x, x.hash_of(*secret)));
  co_return admitted(x, std::move(who), needed);
}

gate_input read_gate(const known_account_gate&, request_check& check) {
  return {std::string(check.path(0)), 0};
}

gate_input read_gate(const account_gate& gate, request_check& check) {
  return {gate.where == account_in::path ? std::string(check.path(0)) : check.account_id(), 0};
}

gate_input read_gate(const brand_gate&, request_check& check) {
  return {{}, check.id(0, "brand_id")};
}

gate_input read_gate(const connection_gate&, request_check& check) {
  return {{}, check.id(0, "brand_id")};
}

awaitable<result<entered_token>> enter(exchange&, const token_gate&, actors::token_ptr who,
                                       gate_input) {
  co_return entered_token{std::move(who)};
}

awaitable<result<entered_token>> enter(exchange&, const operators_gate&, actors::token_ptr who,
                                       gate_input) {
  CO_CHECK(check_operator(who));
  co_return entered_token{std::move(who)};
}

awaitable<result<void>> enter_known_account(exchange& x, actors::token_ptr who,
                                            std::string account_id) {
  bool exists = false;
  if (accounts::may_see(who->token, account_id)) {
    CO_TRY(exists, co_await account_exists(x, account_id));
  }
  if (!exists)
    co_return turned_away(x, who, account_id);
  x.entered_account = std::move(account_id);
  co_return result<void>{};
}

awaitable<result<known_account>> enter(exchange& x, const known_account_gate&,
                                       actors::token_ptr who, gate_input in) {
  CO_CHECK(co_await enter_known_account(x, who, in.account_id));
  co_return known_account{std::move(who), std::move(in.account_id)};
}

std::optional<entered_account> enter_at_once(exchange& x, const account_gate&,
                                             const actors::token_ptr& who, const gate_input& in) {
  if (!accounts::may_see(who->token, in.account_id))
    return std::nullopt;
  auto loaded = x.app().service.parts().loaded->find(in.account_id);
  if (!loaded)
    return std::nullopt;
  loaded->last_used.store(who->last_used.load(std::memory_order_relaxed),
                          std::memory_order_relaxed);
  x.entered_account = in.account_id;
  return entered_account{who, std::move(loaded)};
}

awaitable<result<entered_account>> enter(exchange& x, const account_gate&, actors::token_ptr who,
                                         gate_input in) {
  if (accounts::may_see(who->token, in.account_id)) {
    CO_TRY(const bool exists, co_await account_exists(x, in.account_id));
    if (exists) {
      actors::acquire_account wanted{in.account_id};
      CO_TRY(auto loaded, co_await ask(x, std::move(wanted)));
      x.entered_account = std::move(in.account_id);
      co_return entered_account{std::move(who), std::move(loaded)};
    }
  }
  co_return turned_away(x, who, in.account_id);
}

awaitable<result<entered_brand>> enter(exchange& x, const brand_gate&, actors::token_ptr who,
                                       gate_input in) {
  CO_TRY(auto owner, co_await enter_brand(x, who, in.brand_id));
  co_return entered_brand{std::move(who), in.brand_id, std::move(owner)};
}

awaitable<result<entered_connection>> enter(exchange& x, const connection_gate&,
                                            actors::token_ptr who, gate_input in) {
  CO_TRY(auto owner, co_await enter_brand(x, who, in.brand_id));
  if (auto id = parse_ulid(x.param(1))) {
    CO_TRY(auto found, co_await find_connection(x, std::move(*id)));
    if (found && found->identity.brand_id == in.brand_id)
      co_return entered_connection{std::move(who), in.brand_id, std::move(owner), std::move(found)};
  }
  co_return error{errc::not_found, "Connection not found"};
}

result<void> still_valid(const exchange& x) {
  if (auto why = lost_token(x))
    return std::move(*why);
  return {};
}

std::optional<error> lost_access(const exchange& x) {
  if (auto why = lost_token(x))
    return why;
  if (x.app().service.parts().erasures->contains(x.entered_account))
    return error{errc::account_erased, "The account was erased"};
  return std::nullopt;
}

awaitable<bool> is_still_usable(exchange& x) {
  if (is_revoked(x))
    co_return false;
  const auto secret = x.credentials();
  if (!secret)
    co_return false;
  const auto found = co_await find_token(x, x.hash_of(*secret));
  // If no actor can be asked, the answer ends; the client will come back.
  if (found.has_error() || !*found)
    co_return false;
  co_return !check_usable_now(x, (*found)->token, actors::now()).has_error();
}

awaitable<result<void>> enter_monitoring(exchange& x) {
  if (x.arrived_on != listener_role::clients)
    co_return result<void>{};
  CO_TRY(const auto who, co_await authorise(x, access::admin));
  co_return check_operator(who);
}

result<void> check_operator(const actors::token_ptr& who) {
  if (accounts::is_service_admin(who->token))
    return {};
  return error{errc::forbidden, "A token for all accounts is required"};
}

awaitable<result<std::string>> owner_of_connection(exchange& x, std::string connection_id) {
  auto id = parse_ulid(connection_id);
  if (!id)
    co_return std::string{};
  actors::find_connection wanted{std::move(*id)};
  CO_TRY(const auto found, co_await ask(x, std::move(wanted)));
  if (!found)
    co_return std::string{};
  co_return co_await owner_of_brand(x, found->identity.brand_id);
}

} // namespace headwater::http
