// /api-tokens: create, list, read and revoke API tokens.

#include "domain/accounts/authorisation.hpp"
#include "domain/core/try.hpp"
#include "domain/json/json_writer.hpp"
#include "http/application.hpp"
#include "http/gate/origin.hpp"
#include "http/gate/questions.hpp"
#include "http/gate/request_body.hpp"
#include "http/gate/route.hpp"
#include "http/gate/sent_list.hpp"

namespace headwater::http {

namespace {

constexpr std::string_view tokens_path = "/api-tokens";
constexpr std::string_view token_path = "/api-tokens/{token_id}";

/// When a token was last used is a side fact: it comes from memory or a table, not from the log.
std::string as_json(const accounts::api_token& token, micros last_used) {
  json_writer out;
  const auto known = last_used == 0 ? std::nullopt : std::optional(last_used);
  write_resource(out, accounts::show(token, actors::now(), known), {});
  return std::move(out).str();
}

/// The same with the secret, which no other answer includes; null if the caller chose it.
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

awaitable<result<answer>> list_tokens(exchange& x, const entered_token& in) {
  answer head;
  x.announce(head);
  constexpr std::size_t at_once = 200; // a few milliseconds
  actors::list_tokens wanted;
  for (const auto& name : in.who->token.accounts.names())
    wanted.account_id += name + ' ';
  wanted.limit = at_once;
  std::string text = R"({"success":true,"data":{"tokens":[)";
  std::size_t shown = 0;
  const auto append = [&](std::string& to, const actors::listed_token& each) {
    if (!accounts::may_see_token(in.who->token, each.token))
      return;
    if (shown++ > 0)
      to.push_back(',');
    to.append(as_json(each.token, each.last_used));
  };
  CO_TRY(const bool is_there, co_await send_elements(x, text, std::move(wanted), append));
  if (!is_there)
    co_return sent();
  text.append(R"(],"total":)").append(std::to_string(shown)).append("}}");
  co_return co_await x.finish(std::move(head), std::move(text));
}

awaitable<result<answer>> get_own_token(exchange&, const entered_token& in) {
  co_return success(as_json(in.who->token, in.who->last_used.load(std::memory_order_relaxed)));
}

std::int64_t read_token_id(const exchange&, request_check& check) {
  return check.id(0, "token_id");
}

awaitable<result<answer>> get_token(exchange& x, const entered_token& in, const std::int64_t& id) {
  const actors::describe_token wanted{id};
  CO_TRY(const auto found, co_await ask(x, wanted));
  if (!found || !accounts::may_see_token(in.who->token, found->token))
    co_return error{errc::not_found, "API token not found"};
  co_return success(as_json(found->token, found->last_used));
}

awaitable<result<answer>> create_token(exchange& x, const entered_token& in,
                                       const idempotency_input& given) {
  CO_TRY(auto body, co_await json_object(x, x.limits().body_limit));
  actors::directory_request request{origin_of(x, in.who, given.key, body.text),
                                    actors::create_token{in.who, std::move(body.members),
                                                         wants_strict(x.head),
                                                         x.limits().rate_limit}};
  CO_TRY(const auto done, co_await ask(x, std::move(request)));
  co_return success(as_json(std::get<actors::created_token>(done.value)),
                    ignored_meta(done.ignored_fields), 201)
      .replayed(done.replayed);
}

awaitable<result<answer>> revoke_token(exchange& x, const entered_token& in,
                                       const std::int64_t& id) {
  actors::directory_request request{origin_of(x, in.who), actors::revoke_token{in.who, id}};
  CO_TRY(const auto done, co_await ask(x, std::move(request)));
  const auto& gone = std::get<accounts::api_token>(done.value);
  json_writer out;
  out.begin_object().member("id", gone.id).member("name", gone.name).member("is_active", false);
  out.member("revoked_at", to_rfc3339_seconds(gone.revoked_at.value_or(0))).end_object();
  co_return success(out.view());
}

constexpr route list_tokens_route{.verb = method::get,
                                  .path = tokens_path,
                                  .gate = token(access::admin),
                                  .name = "listApiTokens",
                                  .summary = "List API tokens",
                                  .answers = "ApiTokenList",
                                  .refusals = {503},
                                  .run = list_tokens};
constexpr route create_token_route{.verb = method::post,
                                   .path = tokens_path,
                                   .gate = token(access::admin),
                                   .input = read_idempotency_key,
                                   .name = "createApiToken",
                                   .summary =
                                       "Create an API token; the answer shows its secret once",
                                   .parameters = {"Idempotency-Key", "Prefer"},
                                   .body = "CreateApiToken",
                                   .answers = "CreatedApiToken",
                                   .successes = {201},
                                   .run = create_token};
constexpr route own_token_route{.verb = method::get,
                                .path = "/api-tokens/self",
                                .gate = token(access::authenticated),
                                .name = "getOwnApiToken",
                                .summary = "Describe the token that asks",
                                .answers = "ApiToken",
                                .run = get_own_token};
constexpr route get_token_route{.verb = method::get,
                                .path = token_path,
                                .gate = token(access::admin),
                                .input = read_token_id,
                                .name = "getApiToken",
                                .summary = "Get an API token",
                                .answers = "ApiToken",
                                .refusals = {404},
                                .run = get_token};
constexpr route revoke_token_route{.verb = method::delete_,
                                   .path = token_path,
                                   .gate = token(access::admin),
                                   .input = read_token_id,
                                   .name = "revokeApiToken",
                                   .summary = "Revoke an API token",
                                   .answers = "RevokedApiToken",
                                   .refusals = {404},
                                   .run = revoke_token};

} // namespace

void add_api_token_routes(std::vector<endpoint>& to) {
  to.insert(to.end(), {row(list_tokens_route), row(create_token_route), row(own_token_route),
                       row(get_token_route), row(revoke_token_route)});
}

} // namespace headwater::http
