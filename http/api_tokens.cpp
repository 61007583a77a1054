#include "domain/accounts/authorisation.hpp"
#include "domain/core/canonical_json.hpp"
#include "http/actor_reply.hpp"
#include "http/application.hpp"
#include "http/directory_calls.hpp"
#include "http/entrance.hpp"

namespace headwater::http {

namespace {

constexpr std::string_view base = "/api-tokens";
constexpr std::string_view self = "/api-tokens/self";
constexpr std::string_view one = "/api-tokens/{token_id}";

error no_such_token() {
  return {errc::not_found, "API token not found"};
}

/// When a token was last used is operational: it comes from memory or a table, not from the log.
std::string as_json(const accounts::api_token& token, micros last_used) {
  canonical_writer out;
  const auto known = last_used == 0 ? std::nullopt : std::optional(last_used);
  write_resource(out, accounts::show(token, actors::now(), known), {});
  return std::move(out).str();
}

/// The same with the secret, which no other answer shows; null where it was the caller's own.
std::string as_json(const actors::created_token& made) {
  auto text = as_json(made.token, 0);
  text.pop_back();
  text.append(R"(,"token":)");
  if (made.secret.empty())
    text.append("null");
  else
    append_json_string(text, made.secret);
  return text += '}';
}

awaitable<result<std::vector<actors::listed_token>>> visible_tokens(exchange& x,
                                                                    actors::token_ptr who) {
  auto all = co_await ask<actors::token_list>(x, x.app().service.readers().next(), intent::read,
                                              actors::list_tokens{});
  if (!all.has_error())
    std::erase_if(*all, [&](const actors::listed_token& each) {
      return !accounts::may_see_token(who->token, each.token);
    });
  co_return all;
}

awaitable<void> list_tokens(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who)
    co_return;
  const auto all = co_await visible_tokens(x, who);
  if (all.has_error()) {
    x.fail(all.error());
    co_return;
  }
  std::string data = R"({"tokens":[)";
  for (const auto& each : *all) {
    if (&each != all->data())
      data.push_back(',');
    data.append(as_json(each.token, each.last_used));
  }
  data.append(R"(],"total":)").append(std::to_string(all->size())) += '}';
  x.success(data);
}

awaitable<void> get_own_token(exchange& x) {
  if (const auto who = co_await authorise(x))
    x.success(as_json(who->token, who->last_used.load(std::memory_order_relaxed)));
}

awaitable<void> get_token(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  const auto id = check.id(0, "token_id");
  if (!passes(x, check))
    co_return;
  const auto all = co_await visible_tokens(x, who);
  if (all.has_error()) {
    x.fail(all.error());
    co_return;
  }
  for (const auto& each : *all) {
    if (each.token.id != id)
      continue;
    x.success(as_json(each.token, each.last_used));
    co_return;
  }
  x.fail(no_such_token());
}

awaitable<void> create_token(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who)
    co_return;
  auto wanted = co_await read_creation(x, who);
  if (!wanted)
    co_return;
  actors::directory_request request;
  request.by = std::move(wanted->by);
  request.command = actors::create_token{who, std::move(wanted->body), wanted->strict};
  const auto done = co_await send_to_directory(x, std::move(request));
  if (done)
    x.success(as_json(std::get<actors::created_token>(done->value)),
              ignored_meta(done->ignored_fields), 201);
}

awaitable<void> revoke_token(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  const auto id = check.id(0, "token_id");
  if (!passes(x, check))
    co_return;
  actors::directory_request request;
  request.by = origin_of(x, who, std::nullopt, {});
  request.command = actors::revoke_token{who, id};
  const auto done = co_await send_to_directory(x, std::move(request));
  if (!done)
    co_return;
  const auto& gone = std::get<accounts::api_token>(done->value);
  canonical_writer out;
  out.begin_object().member("id", gone.id).member("name", gone.name).member("is_active", false);
  out.member("revoked_at", to_rfc3339_seconds(gone.revoked_at.value_or(0))).end_object();
  x.success(out.view());
}

} // namespace

void add_api_token_routes(std::vector<route>& to) {
  using enum method;
  to.push_back({get,
                base,
                family::rules,
                access::admin,
                "listApiTokens",
                "List API tokens",
                {200, 401, 403},
                list_tokens,
                {},
                {},
                "ApiTokenList"});
  to.push_back({post,
                base,
                family::rules,
                access::admin,
                "createApiToken",
                "Create an API token; the answer shows its secret once",
                {201, 400, 401, 403, 409, 413, 415, 422, 503},
                create_token,
                {"Idempotency-Key", "Prefer"},
                "CreateApiToken",
                "CreatedApiToken"});
  to.push_back({get,
                self,
                family::rules,
                access::authenticated,
                "getOwnApiToken",
                "Describe the token that asks",
                {200, 401},
                get_own_token,
                {},
                {},
                "ApiToken"});
  to.push_back({get,
                one,
                family::rules,
                access::admin,
                "getApiToken",
                "Get an API token",
                {200, 401, 403, 404, 422},
                get_token,
                {},
                {},
                "ApiToken"});
  to.push_back({delete_,
                one,
                family::rules,
                access::admin,
                "revokeApiToken",
                "Revoke an API token",
                {200, 401, 403, 404, 422, 503},
                revoke_token,
                {},
                {},
                "RevokedApiToken"});
}

} // namespace headwater::http
