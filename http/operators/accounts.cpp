// /accounts: who may read an account sees what it is; operators create, change and erase accounts.

#include "domain/accounts/account.hpp"
#include "domain/accounts/authorisation.hpp"
#include "domain/core/try.hpp"
#include "domain/json/json_writer.hpp"
#include "http/application.hpp"
#include "http/gate/origin.hpp"
#include "http/gate/questions.hpp"
#include "http/gate/request_body.hpp"
#include "http/gate/route.hpp"
#include "http/gate/sent_list.hpp"
#include "http/operators/erasure_answer.hpp"

namespace headwater::http {

namespace {

constexpr std::string_view accounts_path = "/accounts";
constexpr std::string_view account_path = "/accounts/{account_id}";

answer show(const accounts::account& shown, unsigned short status = 200,
            const std::vector<std::string>& ignored_fields = {}) {
  json_writer out;
  write_resource(out, shown, shown.account_id);
  return success(out.view(), ignored_meta(ignored_fields), status).tagged(accounts::etag_of(shown));
}

/// The accounts that the token is for; to others it does not tell whether there are more. The
/// accounts of a token never change, so its id stands for them in the ETag.
awaitable<result<answer>> list_accounts(exchange& x, const entered_token& in) {
  auto head = answer{}.versioned(log_position(x), std::to_string(in.who->token.id));
  x.announce(head);
  constexpr std::size_t at_once = 200; // a few milliseconds
  actors::list_accounts wanted;
  wanted.who = in.who;
  wanted.limit = at_once;
  std::string text = R"({"success":true,"data":{"accounts":[)";
  std::size_t shown = 0;
  const auto append = [&](std::string& to, const accounts::account& each) {
    if (shown++ > 0)
      to.push_back(',');
    json_writer out;
    write_resource(out, each, each.account_id);
    to.append(out.view());
  };
  CO_TRY(const bool is_there, co_await send_elements(x, text, std::move(wanted), append));
  if (!is_there)
    co_return sent();
  text.append(R"(],"total":)").append(std::to_string(shown)).append("}}");
  co_return co_await x.finish(std::move(head), std::move(text));
}

/// The account in the path: 410 if it was erased, 404 if it never existed.
awaitable<result<actors::account_ptr>> account_of_path(exchange& x) {
  const std::string id(x.param(0));
  actors::find_account wanted{id};
  CO_TRY(auto found, co_await ask(x, std::move(wanted)));
  if (found)
    co_return std::move(found);
  if (x.app().service.parts().erasures->contains(id))
    co_return error{errc::account_erased, "Account " + id + " was erased"};
  co_return error{errc::account_not_found, "Account not found"};
}

awaitable<result<answer>> get_account(exchange& x, const known_account& in) {
  actors::find_account wanted{in.account_id};
  CO_TRY(const auto found, co_await ask(x, std::move(wanted)));
  if (!found) // erased since the gate
    co_return accounts::erased_to(in.who->token, in.account_id);
  co_return show(*found);
}

awaitable<result<answer>> create_account(exchange& x, const entered_token& in,
                                         const idempotency_input& given) {
  CO_TRY(auto body, co_await json_object(x, x.limits().body_limit));
  actors::directory_request request{
      origin_of(x, in.who, given.key, body.text),
      actors::create_account{std::move(body.members), wants_strict(x.head)}};
  CO_TRY(const auto done, co_await ask(x, std::move(request)));
  co_return show(std::get<accounts::account>(done.value), 201, done.ignored_fields)
      .replayed(done.replayed);
}

awaitable<result<answer>> update_account(exchange& x, const entered_token& in) {
  CO_CHECK(co_await account_of_path(x));
  CO_TRY(auto body, co_await json_object(x, x.limits().body_limit));
  actors::directory_request request{
      origin_of(x, in.who), actors::change_account{std::string(x.param(0)), std::move(body.members),
                                                   wants_strict(x.head), x.condition}};
  CO_TRY(const auto done, co_await ask(x, std::move(request)));
  co_return show(std::get<accounts::account>(done.value), 200, done.ignored_fields);
}

awaitable<result<answer>> erase_account(exchange& x, const entered_token& in) {
  actors::directory_request request{origin_of(x, in.who),
                                    actors::erase_account{std::string(x.param(0)), x.condition}};
  CO_TRY(auto done, co_await ask(x, std::move(request)));
  auto progress = std::get<actors::erasure_progress>(std::move(done.value));
  co_return co_await show_erasure(x, std::move(progress), 202);
}

awaitable<result<answer>> get_erasure(exchange& x, const entered_token&) {
  if (auto known = x.app().service.parts().erasures->find(std::string(x.param(0)))) {
    auto progress = *known;
    co_return co_await show_erasure(x, std::move(progress), 200);
  }
  CO_CHECK(co_await account_of_path(x));
  co_return error{errc::not_found, "The account was not erased"};
}

constexpr route list_accounts_route{.verb = method::get,
                                    .path = accounts_path,
                                    .gate = token(access::read),
                                    .name = "listAccounts",
                                    .summary = "List the accounts that the token is for",
                                    .answers = "AccountList",
                                    .refusals = {503},
                                    .tagged = true,
                                    .run = list_accounts};
constexpr route create_account_route{.verb = method::post,
                                     .path = accounts_path,
                                     .gate = operators,
                                     .input = read_idempotency_key,
                                     .name = "createAccount",
                                     .summary = "Create an account",
                                     .parameters = {"Idempotency-Key", "Prefer"},
                                     .body = "CreateAccount",
                                     .answers = "Account",
                                     .headers = {"ETag"},
                                     .successes = {201},
                                     .refusals = {409},
                                     .run = create_account};
constexpr route get_account_route{.verb = method::get,
                                  .path = account_path,
                                  .gate = known(access::read),
                                  .name = "getAccount",
                                  .summary = "Get an account",
                                  .answers = "Account",
                                  .tagged = true,
                                  .run = get_account};
constexpr route update_account_route{.verb = method::patch,
                                     .path = account_path,
                                     .gate = operators,
                                     .name = "updateAccount",
                                     .summary = "Update an account",
                                     .parameters = {"Prefer"},
                                     .body = "UpdateAccount",
                                     .answers = "Account",
                                     .refusals = {404, 409, 410},
                                     .tagged = true,
                                     .run = update_account};
constexpr route erase_account_route{.verb = method::delete_,
                                    .path = account_path,
                                    .gate = operators,
                                    .name = "eraseAccount",
                                    .summary =
                                        "Erase an account with all that the log holds of it; once "
                                        "more gives the same erasure",
                                    .answers = "Erasure",
                                    .successes = {202},
                                    .refusals = {404},
                                    .tagged = true,
                                    .run = erase_account};
constexpr route erasure_route{.verb = method::get,
                              .path = "/accounts/{account_id}/erasure",
                              .gate = operators,
                              .name = "getErasure",
                              .summary = "Tell how far an erasure has come",
                              .answers = "Erasure",
                              .refusals = {404},
                              .run = get_erasure};

} // namespace

void add_account_routes(std::vector<endpoint>& to) {
  to.insert(to.end(), {row(list_accounts_route), row(create_account_route), row(get_account_route),
                       row(update_account_route), row(erase_account_route), row(erasure_route)});
}

} // namespace headwater::http
