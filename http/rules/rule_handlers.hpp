#pragma once

// The five operations that both kinds of rules share: handlers and routes. Their names follow from
// those of the kind (rule_names.hpp). Each kind's own file says how its list is ordered, and
// instantiates the handlers, so that each is compiled once.

#include "domain/core/try.hpp"
#include "domain/json/json_writer.hpp"
#include "domain/rules/commands/rule_commands.hpp"
#include "domain/rules/etag.hpp"
#include "domain/rules/rules.hpp"
#include "http/application.hpp"
#include "http/gate/origin.hpp"
#include "http/gate/questions.hpp"
#include "http/gate/request_body.hpp"
#include "http/gate/route.hpp"
#include "http/gate/sent_list.hpp"
#include "http/rules/rule_meta.hpp"
#include "http/rules/rule_names.hpp"
#include "http/rules/rules_at.hpp"

namespace headwater::http {

/// A specialisation provides in_order(account_rules), the rules in the order of a list, and the
/// list's summary.
template <class Rule>
struct rule_listing;

template <class Rule>
answer show_rule(const Rule& rule, std::string_view account_id, unsigned short status = 200,
                 std::string_view meta = {}) {
  success_writer out;
  write_resource(out.data(), rule, account_id);
  auto shown = std::move(out).finish(meta);
  shown.status = status;
  return std::move(shown).tagged(attribution::etag_of(rule.revision));
}

/// Which rules a list shows.
struct list_query {
  bool with_inactive = false;
  bool with_etags = false;
  std::int64_t skip = 0;
  std::int64_t limit = std::numeric_limits<std::int64_t>::max();
  std::optional<actors::asked_point> as_of;
};

inline list_query read_list(const exchange&, request_check& check) {
  list_query out;
  out.with_inactive = check.boolean("include_inactive", false);
  out.with_etags = check.choice("include", {"etag"}, "") == "etag";
  out.limit = check.integer("limit", 1).value_or(out.limit);
  out.skip = check.integer("offset", 0).value_or(0);
  out.as_of = check.point("as_of");
  return out;
}

/// Appends a rule as an element of an array. Its entity tag is a member only where it was asked
/// for: clients of the documents' API need not put up with one that they do not know.
template <class Rule>
void append_rule(std::string& to, json_writer& one, const Rule& rule, const std::string& account_id,
                 bool with_etag) {
  one.clear();
  write_resource(one, rule, account_id);
  std::string_view shown = one.view();
  if (with_etag)
    shown.remove_suffix(1);
  to.append(shown);
  if (with_etag) {
    one.clear();
    one.begin_object().member("etag", attribution::etag_of(rule.revision)).end_object();
    to.append(",").append(one.view().substr(1));
  }
  to += ',';
}

/// Appends the rules as the elements of an array, and sends what has come together. False: the
/// client is gone.
template <class Rule>
awaitable<bool> send_rules(exchange& x, std::string& text, const std::string& account_id,
                           const attribution::account_rules& rules, const list_query& query) {
  auto skip = query.skip;
  auto left = query.limit;
  json_writer one;
  for (const auto& rule : rule_listing<Rule>::in_order(rules)) {
    if (!query.with_inactive && !rule->is_active)
      continue;
    if (skip > 0) {
      --skip;
      continue;
    }
    if (left-- == 0)
      break;
    const bool is_there = co_await send_gathered(x, text);
    if (!is_there)
      co_return false;
    append_rule(text, one, *rule, account_id, query.with_etags);
  }
  if (text.ends_with(','))
    text.pop_back();
  co_return true;
}

/// Short lists are sent whole, long ones in pieces, so that a client that does not read holds one
/// piece and not all of them.
template <class Rule>
awaitable<result<answer>> list_rules(exchange& x, const entered_account& in,
                                     const list_query& query) {
  CO_TRY(const auto asked, co_await rules_asked_for(x, in.loaded, query.as_of));
  auto head = plain({}).versioned(asked.rules->version(), asked.as_of);
  x.announce(head);
  std::string text = R"({"success":true,"data":{")";
  text.append(attribution::rule_kind<Rule>::list_name) += R"(":[)";
  const bool is_there = co_await send_rules<Rule>(x, text, in.loaded->id, *asked.rules, query);
  if (!is_there)
    co_return sent();
  const auto& stored = asked.rules->template of<Rule>();
  json_writer last;
  last.key("total").integer(static_cast<std::int64_t>(stored.total()));
  last.key("active_count").integer(static_cast<std::int64_t>(stored.active()));
  text.append("],").append(last.view()) += '}';
  text.append(R"(,"meta":)").append(list_meta(asked.rules->version(), asked.as_of)) += '}';
  co_return co_await x.finish(std::move(head), std::move(text));
}

/// The rule in the path and, for GET only, the point in the past to show it at.
struct rule_query {
  std::int64_t id = 0;
  std::optional<actors::asked_point> as_of;
};

template <class Rule>
rule_query read_rule_id(const exchange&, request_check& check) {
  return {check.id(0, attribution::rule_kind<Rule>::id_name), std::nullopt};
}

template <class Rule>
rule_query read_rule_at(const exchange& x, request_check& check) {
  auto out = read_rule_id<Rule>(x, check);
  out.as_of = check.point("as_of");
  return out;
}

template <class Rule>
result<std::shared_ptr<const Rule>> find_rule(const attribution::account_rules& among,
                                              std::int64_t id) {
  if (auto found = among.of<Rule>().find(id))
    return found;
  return error{errc::not_found, std::string(attribution::rule_kind<Rule>::title) + " not found"};
}

template <class Rule>
awaitable<result<answer>> get_rule(exchange& x, const entered_account& in,
                                   const rule_query& query) {
  asked_rules asked;
  if (query.as_of) {
    CO_TRY(asked, co_await rules_asked_for(x, in.loaded, query.as_of));
  } else {
    asked.rules = in.loaded->rules();
  }
  CO_TRY(const auto rule, find_rule<Rule>(*asked.rules, query.id));
  co_return show_rule(*rule, in.loaded->id, 200, ignored_meta({}, asked.as_of));
}

/// The answer to a command whose result is a rule.
template <class Rule>
answer show_change(const actors::rule_outcome& done, std::string_view account_id,
                   unsigned short status) {
  return show_rule(*std::get<std::shared_ptr<const Rule>>(done.rule), account_id, status,
                   rule_meta(done.ignored_fields, done.normalised))
      .replayed(done.replayed);
}

template <class Rule>
awaitable<result<answer>> create_rule(exchange& x, const entered_account& in,
                                      const idempotency_input& given) {
  CO_TRY(auto body, co_await json_object(x, x.limits().body_limit));
  actors::rule_request request;
  request.by = origin_of(x, in.who, given.key, body.text);
  request.command = attribution::create_rule<Rule>{std::move(body.members), wants_strict(x.head)};
  CO_TRY(const auto done, co_await send_command(x, in.loaded, std::move(request)));
  co_return show_change<Rule>(done, in.loaded->id, 201);
}

template <class Rule>
awaitable<result<answer>> update_rule(exchange& x, const entered_account& in,
                                      const rule_query& query) {
  CO_CHECK(find_rule<Rule>(*in.loaded->rules(), query.id)); // not held while the body comes
  CO_TRY(auto body, co_await json_object(x, x.limits().body_limit));
  attribution::update_rule<Rule> command;
  command.id = query.id;
  command.precondition = x.condition;
  command.body = std::move(body.members);
  command.strict = wants_strict(x.head);
  actors::rule_request request;
  request.by = origin_of(x, in.who);
  request.command = std::move(command);
  CO_TRY(const auto done, co_await send_command(x, in.loaded, std::move(request)));
  co_return show_change<Rule>(done, in.loaded->id, 200);
}

template <class Rule>
awaitable<result<answer>> delete_rule(exchange& x, const entered_account& in,
                                      const rule_query& query) {
  CO_CHECK(find_rule<Rule>(*in.loaded->rules(), query.id));
  attribution::delete_rule<Rule> command;
  command.id = query.id;
  command.precondition = x.condition;
  actors::rule_request request;
  request.by = origin_of(x, in.who);
  request.command = std::move(command);
  CO_CHECK(co_await send_command(x, in.loaded, std::move(request)));
  co_return no_content();
}

template <class Rule>
inline constexpr route list_rules_route{
    .verb = method::get,
    .path = rule_names<Rule>::path::all,
    .gate = account(access::read),
    .input = read_list,
    .name = rule_names<Rule>::operation::list,
    .summary = rule_listing<Rule>::summary,
    .parameters = {"include_inactive", "include", "limit", "offset", "as_of"},
    .answers = attribution::rule_kind<Rule>::list_schema,
    .tagged = true,
    .run = list_rules<Rule>};
template <class Rule>
inline constexpr route create_rule_route{.verb = method::post,
                                         .path = rule_names<Rule>::path::all,
                                         .gate = account(access::write),
                                         .input = read_idempotency_key,
                                         .name = rule_names<Rule>::operation::create,
                                         .summary = rule_names<Rule>::summary::create,
                                         .parameters = {"Idempotency-Key", "Prefer"},
                                         .body = attribution::rule_kind<Rule>::create_schema,
                                         .answers = attribution::rule_kind<Rule>::schema,
                                         .headers = {"ETag"},
                                         .successes = {201},
                                         .refusals = {409},
                                         .run = create_rule<Rule>};
template <class Rule>
inline constexpr route get_rule_route{.verb = method::get,
                                      .path = attribution::rule_kind<Rule>::one_path,
                                      .gate = account(access::read),
                                      .input = read_rule_at<Rule>,
                                      .name = rule_names<Rule>::operation::get,
                                      .summary = rule_names<Rule>::summary::get,
                                      .parameters = {"as_of"},
                                      .answers = attribution::rule_kind<Rule>::schema,
                                      .tagged = true,
                                      .run = get_rule<Rule>};
template <class Rule>
inline constexpr route update_rule_route{.verb = method::patch,
                                         .path = attribution::rule_kind<Rule>::one_path,
                                         .gate = account(access::write),
                                         .input = read_rule_id<Rule>,
                                         .name = rule_names<Rule>::operation::update,
                                         .summary = rule_names<Rule>::summary::update,
                                         .parameters = {"Prefer"},
                                         .body = attribution::rule_kind<Rule>::update_schema,
                                         .answers = attribution::rule_kind<Rule>::schema,
                                         .refusals = {409},
                                         .tagged = true,
                                         .run = update_rule<Rule>};
template <class Rule>
inline constexpr route delete_rule_route{.verb = method::delete_,
                                         .path = attribution::rule_kind<Rule>::one_path,
                                         .gate = account(access::write),
                                         .input = read_rule_id<Rule>,
                                         .name = rule_names<Rule>::operation::remove,
                                         .summary = rule_names<Rule>::summary::remove,
                                         .successes = {204},
                                         .tagged = true,
                                         .run = delete_rule<Rule>};

template <class Rule>
void add_rule_routes(std::vector<endpoint>& to) {
  to.insert(to.end(),
            {row(list_rules_route<Rule>), row(create_rule_route<Rule>), row(get_rule_route<Rule>),
             row(update_rule_route<Rule>), row(delete_rule_route<Rule>)});
}

} // namespace headwater::http
