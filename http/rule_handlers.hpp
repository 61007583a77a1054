#pragma once

// The five operations that both kinds of rules have in common. rule_kind<Rule> names what differs;
// each kind's own file specialises it and instantiates the handlers.

#include "domain/attribution/etag.hpp"
#include "domain/attribution/rule_commands.hpp"
#include "domain/attribution/rules.hpp"
#include "domain/core/canonical_json.hpp"
#include "http/actor_reply.hpp"
#include "http/application.hpp"
#include "http/entrance.hpp"
#include "http/rules_at.hpp"

namespace headwater::http {

/// A specialisation has: list_name, id_name, noun, the commands create, update and remove, and
/// rules(account_rules), which gives the rule_store, and in_order(account_rules).
template <class Rule>
struct rule_kind;

/// Rules rendered between two turns of other connections.
inline constexpr std::size_t rules_per_turn = 512;

template <class Rule>
void answer_rule(exchange& x, const Rule& rule, std::string_view account_id, unsigned short status,
                 std::string_view meta = {}) {
  canonical_writer out;
  write_resource(out, rule, account_id);
  x.out.add("ETag", attribution::etag_of(rule.revision));
  x.success(out.view(), meta, status);
}

template <class Rule>
error no_such_rule() {
  return {errc::not_found, std::string(rule_kind<Rule>::noun) + " not found"};
}

/// Sends a command to the account's actor. An actor that has just left memory is loaded again.
inline awaitable<actors::rule_reply> send_command(exchange& x, actors::slot_ptr slot,
                                                  actors::rule_request request) {
  constexpr int attempts = 3;
  for (int i = 1;; ++i) {
    auto answer = co_await x.thread().actors->ask<actors::rule_reply>(
        slot->commands, x.limits().command_timeout, request);
    if (auto* reply = std::get_if<actors::rule_reply>(&answer))
      co_return std::move(*reply);
    const auto why = std::get<ask_failure>(answer);
    if (why != ask_failure::receiver_down || i == attempts)
      co_return to_error(why, intent::write);
    actors::acquire_account wanted{slot->id};
    auto again = co_await ask<actors::slot_reply>(x, x.app().service.registry(), intent::read,
                                                  std::move(wanted));
    if (again.has_error())
      co_return again.error();
    slot = *again;
  }
}

/// Which rules of a list are shown.
struct list_window {
  bool with_inactive = false;
  std::int64_t skip = 0;
  std::int64_t limit = std::numeric_limits<std::int64_t>::max();
};

/// Appends them as an array, with turns for other connections.
template <class Rule>
awaitable<void> write_rules(exchange& x, canonical_writer& out, const std::string& account_id,
                            const attribution::account_rules& rules, list_window window) {
  out.begin_array();
  std::size_t turn = 0;
  for (const auto& rule : rule_kind<Rule>::in_order(rules)) {
    if (!window.with_inactive && !rule->is_active)
      continue;
    if (window.skip > 0) {
      --window.skip;
      continue;
    }
    if (window.limit-- == 0)
      break;
    write_resource(out, *rule, account_id);
    if (++turn % rules_per_turn == 0)
      co_await x.stream().yield();
  }
  out.end_array();
}

template <class Rule>
awaitable<void> list_rules(exchange& x) {
  auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  auto account_id = check.account_id();
  list_window window;
  window.with_inactive = check.boolean("include_inactive", false);
  window.limit = check.integer("limit", 1).value_or(window.limit);
  window.skip = check.integer("offset", 0).value_or(0);
  auto as_of = check.point("as_of");
  const auto slot = co_await enter_account(x, std::move(who), std::move(account_id), check);
  if (!slot)
    co_return;
  auto rules = slot->rules();
  std::string shown_as_of;
  if (as_of) {
    auto then = co_await rules_at(x, slot, std::move(*as_of));
    if (!then)
      co_return;
    rules = std::move(then->rules);
    shown_as_of = std::move(then->as_of);
  }
  const auto& stored = rule_kind<Rule>::rules(*rules);
  canonical_writer out;
  out.begin_object().key(rule_kind<Rule>::list_name);
  co_await write_rules<Rule>(x, out, slot->id, *rules, window);
  out.key("total").integer(static_cast<std::int64_t>(stored.total()));
  out.key("active_count").integer(static_cast<std::int64_t>(stored.active()));
  out.end_object();
  x.success(out.view(), ignored_meta({}, shown_as_of));
}

/// One rule by its path, and who asks for it. No rule: that is answered.
template <class Rule>
struct entered_rule {
  actors::token_ptr who;
  actors::slot_ptr slot;
  std::shared_ptr<const Rule> rule;
  std::string as_of; ///< for `meta`, where the rule is one of the past
};

/// Whether a request may ask for a rule as it was.
enum class looks : std::uint8_t { at_now = 1, back };

/// What every request for one rule passes: token, path and query, account, and that it is there.
template <class Rule>
awaitable<entered_rule<Rule>> enter_rule(exchange& x, looks where = looks::at_now) {
  entered_rule<Rule> in;
  in.who = co_await authorise(x);
  if (!in.who)
    co_return in;
  request_check check(x);
  const auto id = check.id(0, rule_kind<Rule>::id_name);
  auto account_id = check.account_id();
  auto as_of = where == looks::back ? check.point("as_of") : std::nullopt;
  in.slot = co_await enter_account(x, in.who, std::move(account_id), check);
  if (!in.slot)
    co_return in;
  auto rules = in.slot->rules();
  if (as_of) {
    auto then = co_await rules_at(x, in.slot, std::move(*as_of));
    if (!then)
      co_return in;
    rules = std::move(then->rules);
    in.as_of = std::move(then->as_of);
  }
  in.rule = rule_kind<Rule>::rules(*rules).find(id);
  if (!in.rule)
    x.fail(no_such_rule<Rule>());
  co_return in;
}

template <class Rule>
awaitable<void> get_rule(exchange& x) {
  const auto in = co_await enter_rule<Rule>(x, looks::back);
  if (in.rule)
    answer_rule(x, *in.rule, in.slot->id, 200, ignored_meta({}, in.as_of));
}

template <class Rule>
awaitable<void> create_rule(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  auto account_id = check.account_id();
  const auto key = check.idempotency_key();
  const auto slot = co_await enter_account(x, who, std::move(account_id), check);
  if (!slot)
    co_return;
  auto body = co_await json_object(x, x.limits().body_limit);
  if (!body)
    co_return;
  actors::rule_request request;
  request.by = origin_of(x, who, key, body->text);
  request.command =
      typename rule_kind<Rule>::create{std::move(body->members), wants_strict(x.head)};
  const auto reply = co_await send_command(x, slot, std::move(request));
  if (reply.has_error()) {
    x.fail(reply.error());
    co_return;
  }
  if (reply->replayed)
    x.out.add("Idempotent-Replayed", "true");
  answer_rule(x, *std::get<std::shared_ptr<const Rule>>(reply->rule), slot->id, 201,
              ignored_meta(reply->ignored_fields));
}

/// The If-Match of a PATCH or DELETE. False: it is malformed, and that is answered.
inline bool read_precondition(exchange& x, std::optional<attribution::if_match>& out) {
  const auto header = joined(x.head, "if-match");
  if (!header)
    return true;
  auto parsed = attribution::parse_if_match(*header);
  if (parsed.has_error()) {
    x.fail(parsed.error());
    return false;
  }
  out = std::move(*parsed);
  return true;
}

template <class Rule>
awaitable<void> update_rule(exchange& x) {
  const auto in = co_await enter_rule<Rule>(x);
  if (!in.rule)
    co_return;
  typename rule_kind<Rule>::update command;
  command.id = in.rule->id;
  auto body = co_await json_object(x, x.limits().body_limit);
  if (!body || !read_precondition(x, command.precondition))
    co_return;
  command.body = std::move(body->members);
  command.strict = wants_strict(x.head);
  actors::rule_request request;
  request.by = origin_of(x, in.who, std::nullopt, {});
  request.command = std::move(command);
  const auto reply = co_await send_command(x, in.slot, std::move(request));
  if (reply.has_error())
    x.fail(reply.error());
  else
    answer_rule(x, *std::get<std::shared_ptr<const Rule>>(reply->rule), in.slot->id, 200,
                ignored_meta(reply->ignored_fields));
}

template <class Rule>
awaitable<void> delete_rule(exchange& x) {
  const auto in = co_await enter_rule<Rule>(x);
  if (!in.rule)
    co_return;
  typename rule_kind<Rule>::remove command;
  command.id = in.rule->id;
  if (!read_precondition(x, command.precondition))
    co_return;
  actors::rule_request request;
  request.by = origin_of(x, in.who, std::nullopt, {});
  request.command = std::move(command);
  const auto reply = co_await send_command(x, in.slot, std::move(request));
  if (reply.has_error())
    x.fail(reply.error());
  else
    x.no_content();
}

/// The routes of one kind. `base` is "/referrer-mappings", `one` that with the id.
template <class Rule>
void add_rule_routes(std::vector<route>& to, std::string_view base, std::string_view one) {
  using kind = rule_kind<Rule>;
  using enum method;
  const auto rules = family::rules;
  to.push_back({get,
                base,
                rules,
                access::read,
                kind::names[0],
                kind::summaries[0],
                {200, 401, 403, 404, 410, 422, 503},
                list_rules<Rule>,
                {"account_id", "include_inactive", "limit", "offset", "as_of"},
                {},
                kind::list_schema});
  to.push_back({post,
                base,
                rules,
                access::write,
                kind::names[1],
                kind::summaries[1],
                {201, 400, 401, 403, 404, 409, 410, 413, 415, 422, 503},
                create_rule<Rule>,
                {"account_id", "Idempotency-Key", "Prefer"},
                kind::create_schema,
                kind::schema});
  to.push_back({get,
                one,
                rules,
                access::read,
                kind::names[2],
                kind::summaries[2],
                {200, 401, 403, 404, 410, 422, 503},
                get_rule<Rule>,
                {"account_id", "as_of"},
                {},
                kind::schema});
  to.push_back({patch,
                one,
                rules,
                access::write,
                kind::names[3],
                kind::summaries[3],
                {200, 400, 401, 403, 404, 409, 410, 412, 413, 415, 422, 503},
                update_rule<Rule>,
                {"account_id", "If-Match", "Prefer"},
                kind::patch_schema,
                kind::schema});
  to.push_back({delete_,
                one,
                rules,
                access::write,
                kind::names[4],
                kind::summaries[4],
                {204, 400, 401, 403, 404, 410, 412, 422, 503},
                delete_rule<Rule>,
                {"account_id", "If-Match"},
                {},
                {}});
}

} // namespace headwater::http
