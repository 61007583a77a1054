// The differences between an account's rules at two points in its past, and restoring those of one.
// The historian replays; this file has parameters and answers.

#include "actors/views/asked_point.hpp"
#include "domain/core/text.hpp"
#include "domain/core/try.hpp"
#include "domain/json/json_writer.hpp"
#include "domain/rules/rule_kind.hpp"
#include "domain/rules/state_hash.hpp"
#include "domain/rules/transfer/rule_diff.hpp"
#include "http/application.hpp"
#include "http/gate/origin.hpp"
#include "http/gate/questions.hpp"
#include "http/gate/route.hpp"
#include "http/rules/rule_transfer.hpp"
#include "http/rules/rules_at.hpp"

#include <algorithm>

namespace headwater::http {

namespace {

/// A point that is required.
actors::asked_point required_point(const exchange& x, request_check& check, std::string_view name) {
  if (!x.parameters.find(name))
    check.add({location{"query"} / name, "Field required", "missing"});
  return check.point(name).value_or(actors::asked_point{});
}

struct diff_query {
  actors::asked_point from;
  actors::asked_point to;
};

diff_query read_diff(const exchange& x, request_check& check) {
  diff_query out;
  out.from = required_point(x, check, "from");
  out.to = check.point("to").value_or(actors::now_point());
  return out;
}

/// One that is too large for the account's share can be had in other ways, which the refusal names.
result<answer> show_diff(exchange& x, std::string_view json) {
  auto shown = large_success(x, json);
  if (!shown && shown.error().code == errc::validation_error)
    return error{errc::validation_error,
                 {},
                 {{{"query", "from"},
                   "The differences would take " + std::to_string(json.size()) +
                       " bytes, more than an answer may have: move 'from' and 'to' together, or "
                       "compare the exports of the rules with as_of at both points",
                   "value_error"}}};
  return shown;
}

awaitable<result<answer>> diff_rules(exchange& x, const known_account& in,
                                     const diff_query& query) {
  actors::compare_rules wanted;
  wanted.account_id = in.account_id;
  wanted.from = query.from;
  wanted.to = query.to;
  wanted.sees_operators = in.who->token.accounts.all;
  wanted.waits_until = std::chrono::steady_clock::now() + x.limits().command_timeout;
  CO_TRY(const auto found, co_await ask(x, std::move(wanted)));
  co_return show_diff(x, found.json);
}

struct state_query {
  actors::asked_point as_of;
};

state_query read_state(const exchange&, request_check& check) {
  return {check.point("as_of").value_or(actors::now_point())};
}

awaitable<result<answer>> show_state(exchange& x, const known_account& in,
                                     const state_query& query) {
  actors::recall_rules wanted;
  wanted.account_id = in.account_id;
  wanted.at = query.as_of;
  wanted.hash = true;
  CO_TRY(const auto found, co_await recall(x, std::move(wanted)));
  json_writer out;
  out.begin_object();
  attribution::write_state_members(out, in.account_id, found.point, *found.rules, found.state_hash);
  out.end_object();
  co_return success(out.view());
}

result<answer> show_restore(exchange& x, const actors::restore_outcome& of, std::string&& data) {
  return large_success(x, std::move(data), ignored_meta({}, point_as_json(of.as_of)));
}

/// What a restore would change, or why it would be refused.
result<answer> show_dry_run(exchange& x, const actors::loaded_account& loaded,
                            const attribution::account_rules& now,
                            const actors::recalled_rules& then) {
  const attribution::rule_limits limits{x.app().service.parts().limits.max_rules};
  CHECK(attribution::check_restore(now, *then.planned, limits));
  const actors::restore_outcome outcome{then.point, attribution::counts_of(*then.planned),
                                        now.version()};
  return show_restore(x, outcome, restore_preview_as_json(*then.planned, outcome, loaded.id));
}

/// What "kind:id" names is added to its kind; else why it is not.
std::optional<std::string> take_chosen(std::string_view named, attribution::restored_choice& into) {
  const auto colon = std::min(named.find(':'), named.size());
  const auto id = parse_integer(named.substr(std::min(colon + 1, named.size())));
  std::optional<std::string> why =
      "'" + quoted_key(named) +
      "' should be kind:id, such as referrer_mapping:5 or passthrough_referrer:2";
  attribution::each_rule_kind([&](auto kind) {
    if (named.substr(0, colon) != kind.name || !id || id->overflow || id->value < 1)
      return;
    why.reset();
    auto& ids = kind.in(into);
    if (std::ranges::find(ids, id->value) == ids.end())
      ids.push_back(id->value);
    else
      why = quoted_key(named) + " is named twice";
  });
  return why;
}

/// The rules that a restore is about, separated by commas; nothing without the parameter.
std::optional<attribution::restored_choice> read_chosen(const exchange& x, request_check& check) {
  std::optional<attribution::restored_choice> out;
  std::size_t faults = 0;
  for (const auto& [name, value] : x.parameters.items()) {
    if (name != "rules")
      continue;
    if (!out)
      out.emplace();
    for (std::size_t begin = 0; begin <= value.size() && faults < max_told_faults;) {
      const auto end = std::min(value.find(',', begin), value.size());
      if (auto why = take_chosen(value.substr(begin, end - begin), *out)) {
        check.add({{"query", "rules"}, *std::move(why), "value_error"});
        ++faults;
      }
      begin = end + 1;
    }
  }
  return out;
}

struct restore_query {
  actors::asked_point as_of;
  std::optional<attribution::restored_choice> chosen;
  bool is_dry_run = false;
  std::optional<std::string> key;
};

restore_query read_restore(const exchange& x, request_check& check) {
  restore_query out;
  out.as_of = required_point(x, check, "as_of");
  out.chosen = read_chosen(x, check);
  out.is_dry_run = check.dry_run();
  out.key = check.idempotency_key();
  return out;
}

awaitable<result<answer>> restore_rules(exchange& x, const entered_account& in,
                                        const restore_query& query) {
  actors::recall_rules wanted;
  wanted.account_id = in.loaded->id;
  wanted.at = query.as_of;
  const auto now = in.loaded->rules();
  if (query.is_dry_run) {
    wanted.plan_from = now;
    wanted.chosen = query.chosen;
  }
  CO_TRY(const auto then, co_await recall(x, std::move(wanted)));
  if (query.is_dry_run)
    co_return show_dry_run(x, *in.loaded, *now, then);
  CO_CHECK(still_valid(x));
  actors::rule_request request;
  request.by = origin_of(x, in.who, query.key);
  request.command = attribution::restore_rules{then.rules, then.point, query.chosen};
  CO_TRY(const auto done, co_await send_command(x, in.loaded, std::move(request)));
  const auto& restored = done.restored.value();
  CO_TRY(auto shown, show_restore(x, restored, restore_as_json(restored)));
  co_return std::move(shown).replayed(done.replayed);
}

constexpr route state_route{
    .verb = method::get,
    .path = "/accounts/{account_id}/state",
    .gate = known(access::read),
    .input = read_state,
    .name = "getRuleState",
    .summary = "Tell the SHA-256 of all rules as they are or were, as headwater log replay does",
    .parameters = {"as_of"},
    .answers = "RuleState",
    .refusals = {503},
    .run = show_state};
constexpr route diff_route{.verb = method::get,
                           .path = "/accounts/{account_id}/diff",
                           .gate = known(access::read),
                           .input = read_diff,
                           .name = "diffRules",
                           .summary =
                               "Tell what happened to the rules between two points of the past",
                           .parameters = {"from!", "to!"},
                           .answers = "RuleDiff",
                           .refusals = {503},
                           .run = diff_rules};
constexpr route restore_route{
    .verb = method::post,
    .path = "/accounts/{account_id}/restore-rules",
    .gate = account(access::write, account_in::path),
    .input = read_restore,
    .name = "restoreRules",
    .summary = "Put all rules, or chosen ones, back as they were, all or nothing",
    .parameters = {"as_of!", "rules*", "dry_run", "Idempotency-Key"},
    .answers = "RestoreOutcome",
    .refusals = {409},
    .run = restore_rules};

} // namespace

void add_rule_history_routes(std::vector<endpoint>& to) {
  to.insert(to.end(), {row(state_route), row(diff_route), row(restore_route)});
}

} // namespace headwater::http
