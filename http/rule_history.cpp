// What happened to an account's rules between two points of its past, and putting them back as they
// were at one. The historian replays; here are parameters and answers.

#include "actors/asked_point.hpp"
#include "domain/attribution/rule_diff.hpp"
#include "domain/attribution/state_hash.hpp"
#include "http/rule_handlers.hpp"
#include "http/rule_transfer.hpp"

namespace headwater::http {

namespace {

/// A point that must be there.
actors::asked_point required_point(const exchange& x, request_check& check, std::string_view name) {
  if (!x.parameters.find(name))
    check.add({location{"query"} / name, "Field required", "missing"});
  return check.point(name).value_or(actors::asked_point{});
}

awaitable<void> diff_rules(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  actors::compare_rules wanted;
  wanted.account_id = x.param(0);
  wanted.from = required_point(x, check, "from");
  wanted.to = check.point("to").value_or(actors::now_point());
  const bool may = co_await may_enter_account(x, who, wanted.account_id, check);
  if (!may)
    co_return;
  wanted.waits_until = std::chrono::steady_clock::now() + x.limits().command_timeout;
  auto reply = co_await ask<actors::comparison_reply>(x, x.app().service.historian(), intent::read,
                                                      std::move(wanted));
  if (reply.has_error())
    x.fail(reply.error());
  else
    x.large_success(std::move(reply->json));
}

awaitable<void> show_state(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  actors::recall_rules wanted;
  wanted.account_id = x.param(0);
  wanted.at = check.point("as_of").value_or(actors::now_point());
  wanted.hash = true;
  const bool may = co_await may_enter_account(x, who, wanted.account_id, check);
  if (!may)
    co_return;
  const auto found = co_await recall(x, std::move(wanted));
  if (!found)
    co_return;
  canonical_writer out;
  out.begin_object();
  attribution::write_state_members(out, x.param(0), found->point, *found->rules, found->state_hash);
  out.end_object();
  x.success(out.view());
}

void answer_restore(exchange& x, const actors::restore_outcome& of, std::string data) {
  x.large_success(std::move(data), ignored_meta({}, point_as_json(of.as_of)));
}

/// What putting the rules back would do, or would be refused for.
void answer_dry_run(exchange& x, const actors::account_slot& slot,
                    const attribution::account_rules& now, const actors::recalled_rules& then) {
  const attribution::rule_limits limits{x.app().service.parts().limits.max_rules};
  if (const auto fits = attribution::check_restore(now, *then.rules, limits); !fits) {
    x.fail(fits.error());
    return;
  }
  const actors::restore_outcome outcome{then.point, attribution::counts_of(*then.planned),
                                        now.version()};
  answer_restore(x, outcome, restore_preview_as_json(*then.planned, outcome, slot.id));
}

awaitable<void> restore_rules(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  actors::recall_rules wanted;
  wanted.at = required_point(x, check, "as_of");
  const bool is_dry_run = check.boolean("dry_run", false);
  const auto key = check.idempotency_key();
  const auto slot = co_await enter_account(x, who, std::string(x.param(0)), check);
  if (!slot)
    co_return;
  wanted.account_id = slot->id;
  const auto now = slot->rules();
  if (is_dry_run)
    wanted.plan_from = now;
  const auto then = co_await recall(x, std::move(wanted));
  if (!then)
    co_return;
  if (is_dry_run) {
    answer_dry_run(x, *slot, *now, *then);
    co_return;
  }
  if (!still_valid(x))
    co_return;
  actors::rule_request request;
  request.by = origin_of(x, who, key, {});
  request.command = attribution::restore_rules{then->rules, then->point};
  const auto reply = co_await send_command(x, slot, std::move(request));
  if (reply.has_error()) {
    x.fail(reply.error());
    co_return;
  }
  if (reply->replayed)
    x.out.add("Idempotent-Replayed", "true");
  answer_restore(x, reply->restored.value(), restore_as_json(reply->restored.value()));
}

} // namespace

void add_rule_history_routes(std::vector<route>& to) {
  using enum method;
  to.push_back({get,
                "/accounts/{account_id}/state",
                family::rules,
                access::read,
                "getRuleState",
                "Tell the SHA-256 of all rules as they are or were, as headwater log replay does",
                {200, 401, 403, 404, 410, 422, 503},
                show_state,
                {"as_of"},
                {},
                "RuleState"});
  to.push_back({get,
                "/accounts/{account_id}/diff",
                family::rules,
                access::read,
                "diffRules",
                "Tell what happened to the rules between two points of the past",
                {200, 401, 403, 404, 410, 422, 503},
                diff_rules,
                {"from!", "to!"},
                {},
                "RuleDiff"});
  to.push_back({post,
                "/accounts/{account_id}/restore-rules",
                family::rules,
                access::write,
                "restoreRules",
                "Put all rules back as they were, all or nothing",
                {200, 401, 403, 404, 410, 422, 503},
                restore_rules,
                {"as_of!", "dry_run", "Idempotency-Key"},
                {},
                "RestoreOutcome"});
}

} // namespace headwater::http
