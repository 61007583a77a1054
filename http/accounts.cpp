#include "domain/accounts/account.hpp"
#include "domain/core/canonical_json.hpp"
#include "http/actor_reply.hpp"
#include "http/application.hpp"
#include "http/directory_calls.hpp"
#include "http/entrance.hpp"
#include "http/erasure_answer.hpp"

namespace headwater::http {

namespace {

constexpr std::string_view base = "/accounts";
constexpr std::string_view one = "/accounts/{account_id}";

void answer_account(exchange& x, const accounts::account& shown, unsigned short status,
                    std::string_view meta = {}) {
  canonical_writer out;
  write_resource(out, shown, shown.account_id);
  x.success(out.view(), meta, status);
}

const actors::erasure_book& erasures(exchange& x) {
  return *x.app().service.parts().erasures;
}

error erased(exchange& x) {
  return {errc::account_erased, "Account " + std::string(x.param(0)) + " was erased"};
}

error no_such_account() {
  return {errc::account_not_found, "Account not found"};
}

awaitable<void> list_accounts(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who || !is_service_admin(x, who))
    co_return;
  const auto all = co_await ask<actors::account_list>(x, x.app().service.readers().next(),
                                                      intent::read, actors::list_accounts{});
  if (all.has_error()) {
    x.fail(all.error());
    co_return;
  }
  canonical_writer out;
  out.begin_object().key("accounts").begin_array();
  for (const auto& each : *all)
    write_resource(out, each, each.account_id);
  out.end_array().key("total").integer(static_cast<std::int64_t>(all->size())).end_object();
  x.success(out.view());
}

awaitable<actors::account_ptr> find_account(exchange& x) {
  actors::find_account wanted{std::string(x.param(0))};
  auto found = co_await ask<actors::account_reply>(x, x.app().service.readers().next(),
                                                   intent::read, std::move(wanted));
  if (found.has_error())
    x.fail(found.error());
  else if (!*found)
    x.fail(erasures(x).contains(std::string(x.param(0))) ? erased(x) : no_such_account());
  else
    co_return *found;
  co_return nullptr;
}

awaitable<void> get_account(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who || !is_service_admin(x, who))
    co_return;
  if (const auto found = co_await find_account(x))
    answer_account(x, *found, 200);
}

awaitable<void> send(exchange& x, actors::directory_request request, unsigned short status) {
  const auto done = co_await send_to_directory(x, std::move(request));
  if (done)
    answer_account(x, std::get<accounts::account>(done->value), status,
                   ignored_meta(done->ignored_fields));
}

awaitable<void> create_account(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who || !is_service_admin(x, who))
    co_return;
  auto wanted = co_await read_creation(x, who);
  if (!wanted)
    co_return;
  actors::directory_request request;
  request.by = std::move(wanted->by);
  request.command = actors::create_account{std::move(wanted->body), wanted->strict};
  co_await send(x, std::move(request), 201);
}

awaitable<void> erase_account(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who || !is_service_admin(x, who))
    co_return;
  actors::directory_request request;
  request.by = origin_of(x, who, std::nullopt, {});
  request.command = actors::erase_account{std::string(x.param(0))};
  const auto done = co_await send_to_directory(x, std::move(request));
  if (!done)
    co_return;
  auto progress = std::get<actors::erasure_progress>(done->value);
  co_await answer_erasure(x, std::move(progress), 202);
}

awaitable<void> get_erasure(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who || !is_service_admin(x, who))
    co_return;
  if (const auto known = erasures(x).find(std::string(x.param(0)))) {
    auto progress = *known;
    co_await answer_erasure(x, std::move(progress), 200);
    co_return;
  }
  if (co_await find_account(x))
    x.fail(error{errc::not_found, "The account was not erased"});
}

awaitable<void> update_account(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who || !is_service_admin(x, who) || !co_await find_account(x))
    co_return;
  auto body = co_await json_object(x, x.limits().body_limit);
  if (!body)
    co_return;
  actors::directory_request request;
  request.by = origin_of(x, who, std::nullopt, {});
  request.command = actors::change_account{std::string(x.param(0)), std::move(body->members),
                                           wants_strict(x.head)};
  co_await send(x, std::move(request), 200);
}

void add_erasure_routes(std::vector<route>& to) {
  to.push_back({method::delete_,
                one,
                family::rules,
                access::admin,
                "eraseAccount",
                "Erase an account with all that the log holds of it; once more gives the same "
                "erasure",
                {202, 401, 403, 404, 503},
                erase_account,
                {},
                {},
                "Erasure"});
  to.push_back({method::get,
                "/accounts/{account_id}/erasure",
                family::rules,
                access::admin,
                "getErasure",
                "Tell how far an erasure has come",
                {200, 401, 403, 404},
                get_erasure,
                {},
                {},
                "Erasure"});
}

} // namespace

void add_account_routes(std::vector<route>& to) {
  using enum method;
  to.push_back({get,
                base,
                family::rules,
                access::admin,
                "listAccounts",
                "List accounts",
                {200, 401, 403},
                list_accounts,
                {},
                {},
                "AccountList"});
  to.push_back({post,
                base,
                family::rules,
                access::admin,
                "createAccount",
                "Create an account",
                {201, 400, 401, 403, 409, 413, 415, 422, 503},
                create_account,
                {"Idempotency-Key", "Prefer"},
                "CreateAccount",
                "Account"});
  to.push_back({get,
                one,
                family::rules,
                access::admin,
                "getAccount",
                "Get an account",
                {200, 401, 403, 404, 410},
                get_account,
                {},
                {},
                "Account"});
  to.push_back({patch,
                one,
                family::rules,
                access::admin,
                "updateAccount",
                "Update an account",
                {200, 400, 401, 403, 404, 409, 410, 413, 415, 422, 503},
                update_account,
                {"Prefer"},
                "UpdateAccount",
                "Account"});
  add_erasure_routes(to);
}

} // namespace headwater::http
