#include "http/entrance.hpp"

#include "domain/accounts/authorisation.hpp"
#include "domain/core/canonical_json.hpp"
#include "domain/core/json_reader.hpp"
#include "http/actor_reply.hpp"
#include "http/application.hpp"

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
  co_return co_await ask<actors::token_reply>(x, x.app().service.readers().next(), intent::read,
                                              actors::find_token{hash});
}

/// Whether the account exists. Loaded or cached accounts are known at once.
awaitable<result<bool>> account_exists(exchange& x, const std::string& account_id) {
  const auto& parts = x.app().service.parts();
  if (parts.accounts->find(account_id))
    co_return true;
  actors::find_account wanted{account_id};
  auto found = co_await ask<actors::account_reply>(x, x.app().service.readers().next(),
                                                   intent::read, std::move(wanted));
  if (found.has_error())
    co_return found.error();
  co_return *found != nullptr;
}

error invalid_key() {
  return {errc::unauthorized, "Invalid API key"};
}

bool is_revoked(const exchange& x) {
  return x.caller_is_revoked && *x.caller_is_revoked;
}

/// So that many tokens of one account have no more than one of it. Those of all accounts are the
/// operator's own.
std::string charged(const accounts::api_token& token) {
  const auto& ids = token.accounts.ids;
  return token.accounts.all || ids.empty() ? "token " + std::to_string(token.id)
                                           : "account " + ids.front();
}

/// Answers that the token may not enter, in the words that it is to hear.
void turn_away(exchange& x, const actors::token_ptr& who, const std::string& account_id) {
  if (x.app().service.parts().erasures->contains(account_id)) {
    x.fail(accounts::erased_to(who->token, account_id));
    return;
  }
  const auto denied = accounts::check_account(who->token, account_id, false);
  x.fail(denied.has_error() ? denied.error() : error{errc::account_not_found, "Account not found"});
}

} // namespace

bool passes(exchange& x, request_check& check) {
  if (const auto fault = check.verdict()) {
    x.fail(*fault);
    return false;
  }
  return true;
}

awaitable<actors::token_ptr> authorise(exchange& x) {
  const auto secret = x.credentials();
  if (!secret) {
    x.fail(error{errc::unauthorized, "Authentication required"});
    co_return nullptr;
  }
  auto found = co_await find_token(x, x.hash_of(*secret));
  if (found.has_error()) {
    x.fail(found.error());
    co_return nullptr;
  }
  auto& who = *found;
  if (!who) {
    x.fail(invalid_key());
    co_return nullptr;
  }
  const auto now = actors::now();
  if (const auto usable = accounts::check_usable(who->token, now); usable.has_error()) {
    x.fail(usable.error());
    co_return nullptr;
  }
  who->last_used.store(now, std::memory_order_relaxed);
  if (const auto needed = scope_of(x.match.found->needs)) {
    if (const auto allowed = accounts::check_scope(who->token, *needed); allowed.has_error()) {
      x.fail(allowed.error());
      co_return nullptr;
    }
  }
  x.caller_is_revoked = {who, &who->is_revoked};
  x.charged_to = charged(who->token);
  co_return std::move(who);
}

bool still_valid(exchange& x) {
  if (!is_revoked(x))
    return true;
  x.fail(invalid_key());
  return false;
}

std::optional<error> lost_access(const exchange& x) {
  if (is_revoked(x))
    return invalid_key();
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
  // Who cannot be asked is not let on; the client comes again.
  if (found.has_error() || !*found)
    co_return false;
  co_return !accounts::check_usable((*found)->token, actors::now()).has_error();
}

awaitable<bool> may_enter_account(exchange& x, actors::token_ptr who, std::string account_id,
                                  request_check& check) {
  if (!passes(x, check))
    co_return false;
  bool exists = false;
  if (accounts::may_see(who->token, account_id)) {
    const auto found = co_await account_exists(x, account_id);
    if (found.has_error()) {
      x.fail(found.error());
      co_return false;
    }
    exists = *found;
  }
  if (exists)
    x.entered_account = account_id;
  else
    turn_away(x, who, account_id);
  co_return exists;
}

awaitable<actors::slot_ptr> enter_account(exchange& x, actors::token_ptr who,
                                          std::string account_id, request_check& check) {
  if (!passes(x, check))
    co_return nullptr;
  auto& service = x.app().service;
  if (accounts::may_see(who->token, account_id)) {
    if (auto slot = service.parts().loaded->find(account_id)) {
      slot->last_used.store(who->last_used.load(std::memory_order_relaxed),
                            std::memory_order_relaxed);
      x.entered_account = account_id;
      co_return slot;
    }
    const auto exists = co_await account_exists(x, account_id);
    if (exists.has_error()) {
      x.fail(exists.error());
      co_return nullptr;
    }
    if (*exists) {
      actors::acquire_account wanted{account_id};
      auto slot =
          co_await ask<actors::slot_reply>(x, service.registry(), intent::read, std::move(wanted));
      if (!slot.has_error()) {
        x.entered_account = account_id;
        co_return *slot;
      }
      x.fail(slot.error());
      co_return nullptr;
    }
  }
  turn_away(x, who, account_id);
  co_return nullptr;
}

awaitable<std::string> enter_brand(exchange& x, actors::token_ptr who, std::int64_t brand_id,
                                   request_check& check) {
  if (!passes(x, check))
    co_return std::string{};
  auto& service = x.app().service;
  std::string owner;
  if (const auto cached = service.parts().brands->find(brand_id)) {
    owner = *cached;
  } else {
    const auto found = co_await ask<actors::brand_reply>(x, service.readers().next(), intent::read,
                                                         actors::find_brand{brand_id});
    if (found.has_error()) {
      x.fail(found.error());
      co_return std::string{};
    }
    if (*found)
      owner = **found;
  }
  // The brands of an erased account stay its own: to all but those who see all they are foreign.
  const bool is_erased = service.parts().erasures->contains(owner);
  if (!owner.empty() && !is_erased && accounts::may_see(who->token, owner))
    co_return owner;
  if (is_erased && who->token.accounts.all) {
    x.fail(accounts::erased_to(who->token, owner));
    co_return std::string{};
  }
  if (owner.empty() && who->token.accounts.all)
    x.fail(error{errc::not_found, "Brand not found"});
  else
    x.fail(error{errc::forbidden, "Access denied to brand: " + std::to_string(brand_id)});
  co_return std::string{};
}

bool is_service_admin(exchange& x, const actors::token_ptr& who) {
  if (accounts::is_service_admin(who->token))
    return true;
  x.fail(error{errc::forbidden, "A token for all accounts is required"});
  return false;
}

std::string request_line(const exchange& x) {
  std::string out(to_string(x.head.verb));
  out += '\0';
  out += canonical_path(x.head.path);
  if (!x.head.query.empty())
    out.append("?").append(x.head.query);
  out += '\0';
  return out;
}

actors::origin origin_of(const exchange& x, const actors::token_ptr& who,
                         const std::optional<std::string>& key, std::string_view body) {
  actors::origin out;
  out.from.principal = std::to_string(who->token.id);
  out.from.request_id = x.request_id;
  if (key) {
    const std::string_view zero("\0", 1);
    out.key.emplace(store::idempotency{*key, sha256({request_line(x), body, zero})});
  }
  return out;
}

bool is_json(std::string_view media_type) {
  return media_type.empty() || media_type == "application/json" ||
         (media_type.starts_with("application/") && media_type.ends_with("+json"));
}

result<void> check_depth(std::string_view json, const settings& limits) {
  // The parsers themselves stop at the default, so only a lower limit costs a look of its own.
  if (limits.json_depth >= max_json_depth || !nested_deeper_than(json, limits.json_depth))
    return {};
  return error{errc::bad_request,
               "The body is nested deeper than " + std::to_string(limits.json_depth) + " levels"};
}

awaitable<std::optional<std::string_view>> json_text(exchange& x, std::size_t limit) {
  if (!is_json(x.media_type())) {
    x.fail(error{errc::unsupported_media_type, "Content-Type must be application/json"});
    co_return std::nullopt;
  }
  auto body = co_await x.stream().read_all(limit);
  if (body.has_error()) {
    x.fail(body.error());
    co_return std::nullopt;
  }
  if (!still_valid(x))
    co_return std::nullopt;
  if (const auto fits = check_depth(*body, x.limits()); !fits) {
    x.fail(fits.error());
    co_return std::nullopt;
  }
  co_return *body;
}

awaitable<std::optional<json_body>> json_object(exchange& x, std::size_t limit) {
  const auto text = co_await json_text(x, limit);
  if (!text)
    co_return std::nullopt;
  auto members = parse_draft(*text);
  if (members.has_error()) {
    x.fail(members.error());
    co_return std::nullopt;
  }
  co_return json_body{*text, std::move(*members)};
}

std::string ignored_meta(const std::vector<std::string>& names, std::string_view as_of) {
  if (names.empty() && as_of.empty())
    return {};
  canonical_writer out;
  out.begin_object();
  if (!as_of.empty())
    out.key("as_of").raw(as_of);
  if (!names.empty()) {
    out.key("ignored_fields").begin_array();
    for (const auto& name : names)
      out.string(name);
    out.end_array();
  }
  out.end_object();
  return std::move(out).str();
}

} // namespace headwater::http
