// Changing chosen rules of a kind at once, the same fields in each, and removing them: all or
// nothing, one event.

#include "domain/rules/commands/chosen_rules.hpp"

#include "domain/core/keyed_hash.hpp"
#include "domain/core/text.hpp"
#include "domain/core/try.hpp"
#include "domain/rules/commands/chosen_change.hpp"
#include "domain/rules/rules.hpp"
#include "http/application.hpp"
#include "http/gate/origin.hpp"
#include "http/gate/questions.hpp"
#include "http/gate/request_body.hpp"
#include "http/gate/route.hpp"
#include "http/rules/rule_meta.hpp"
#include "http/rules/rule_names.hpp"
#include "http/rules/rule_transfer.hpp"
#include "http/rules/rules_at.hpp"

#include <algorithm>

namespace headwater::http {

namespace {

using attribution::passthrough_referrer;
using attribution::referrer_mapping;

struct change_query {
  bool is_dry_run = false;
  std::optional<std::string> key;
};

change_query read_change(const exchange&, request_check& check) {
  change_query out;
  out.is_dry_run = check.dry_run();
  out.key = check.idempotency_key();
  return out;
}

template <class Rule>
using change_ptr = std::shared_ptr<const attribution::chosen_change<Rule>>;

/// On the thread for long work: the change may compile a regular expression for each rule.
template <class Rule>
awaitable<result<change_ptr<Rule>>> worked_out(exchange& x, actors::rules_ptr rules,
                                               attribution::chosen_rules body) {
  auto work = [rules = std::move(rules), body = std::move(body),
               strict = wants_strict(x.head)]() mutable -> change_ptr<Rule> {
    return std::make_shared<const attribution::chosen_change<Rule>>(
        attribution::work_out(rules->template of<Rule>(), std::move(body), strict));
  };
  co_return co_await made_in_background(x, std::move(work));
}

/// Lists have tags of their own for each query, which begin with the version that they show: any of
/// them says on which rules the change is to be made, and so does the version alone.
preconditions on_versions(preconditions of) {
  for (auto* tags : {&of.match, &of.none_match})
    if (*tags)
      for (auto* list : {&(*tags)->strong, &(*tags)->weak})
        for (auto& tag : *list)
          tag.resize(std::min(tag.size(), tag.find('-')));
  return of;
}

template <class Rule>
result<answer> show_plan(exchange& x, const std::string& account_id, std::uint64_t version,
                         const result<attribution::import_plan<Rule>>& plan,
                         std::string_view meta = {}) {
  if (!plan)
    return plan.error();
  const actors::import_outcome outcome{counts_of(*plan, attribution::import_mode::merge), version};
  return large_success(x, dry_run_as_json(*plan, outcome, account_id), meta);
}

template <class Rule>
awaitable<result<answer>> update_rules(exchange& x, const entered_account& in,
                                       const change_query& query) {
  CO_TRY(auto body,
         co_await parsed_json(x, x.limits().body_limit, attribution::parse_chosen_rules));
  CO_CHECK(x.reserve_members(memory_of(body.made) + memory_to_work_out(body.made)));
  const auto by = origin_of(x, in.who, query.key, body.text);
  const auto rules = in.loaded->rules();
  CO_TRY(const auto change, co_await worked_out<Rule>(x, rules, std::move(body.made)));
  const auto meta = change_meta(*change);
  if (query.is_dry_run)
    co_return show_plan(x, in.loaded->id, rules->version(),
                        attribution::plan_change(rules->of<Rule>(), rules->version(), *change,
                                                 on_versions(x.condition)),
                        meta);
  actors::rule_request request;
  request.by = by;
  request.command = attribution::change_rules<Rule>{change, on_versions(x.condition)};
  CO_TRY(const auto done, co_await send_command(x, in.loaded, std::move(request)));
  co_return success(import_as_json(done.imported.value()), meta).replayed(done.replayed);
}

struct removal_query {
  std::vector<std::int64_t> ids;
  bool is_dry_run = false;
  std::optional<std::string> key;
};

/// What is wrong with an id of the list, or nothing if it has been added.
std::optional<std::string> take_id(std::string_view text, std::vector<std::int64_t>& into,
                                   keyed_set<std::int64_t>& seen) {
  const auto id = parse_integer(text);
  if (!id)
    return "'" + quoted_key(text) + "' should be a valid integer";
  if (!id->overflow && !seen.insert(id->value).second)
    return std::string(text) + " is named twice";
  into.push_back(id->overflow ? -1 : id->value); // matches nothing
  return std::nullopt;
}

removal_query read_removal(const exchange& x, request_check& check) {
  removal_query out;
  out.is_dry_run = check.dry_run();
  out.key = check.idempotency_key();
  const auto given = x.parameters.find("ids");
  if (!given)
    check.add({{"query", "ids"}, "Field required", "missing"});
  std::size_t faults = 0;
  keyed_set<std::int64_t> seen;
  for (std::size_t begin = 0; given && begin <= given->size() && faults < max_told_faults &&
                              out.ids.size() <= attribution::max_chosen_rules;) {
    const auto end = std::min(given->find(',', begin), given->size());
    if (auto why = take_id(given->substr(begin, end - begin), out.ids, seen)) {
      check.add({{"query", "ids"}, *std::move(why), "value_error"});
      ++faults;
    }
    begin = end + 1;
  }
  if (out.ids.size() > attribution::max_chosen_rules)
    check.add(
        {{"query", "ids"},
         "List should have at most " + std::to_string(attribution::max_chosen_rules) + " items",
         "too_long"});
  return out;
}

template <class Rule>
awaitable<result<answer>> delete_rules(exchange& x, const entered_account& in,
                                       const removal_query& query) {
  if (query.is_dry_run) {
    const auto rules = in.loaded->rules();
    co_return show_plan(x, in.loaded->id, rules->version(),
                        attribution::plan_removal(rules->of<Rule>(), rules->version(), query.ids,
                                                  on_versions(x.condition)));
  }
  actors::rule_request request;
  request.by = origin_of(x, in.who, query.key);
  request.command = attribution::delete_rules<Rule>{query.ids, on_versions(x.condition)};
  CO_TRY(const auto done, co_await send_command(x, in.loaded, std::move(request)));
  co_return success(import_as_json(done.imported.value())).replayed(done.replayed);
}

template <class Rule>
constexpr route delete_route{.verb = method::delete_,
                             .path = rule_names<Rule>::path::all,
                             .gate = account(access::write),
                             .input = read_removal,
                             .name = rule_names<Rule>::operation::remove_many,
                             .summary = rule_names<Rule>::summary::remove_many,
                             .parameters = {"ids!", "dry_run", "Idempotency-Key"},
                             .answers = "ImportOutcome",
                             .tagged = true,
                             .run = delete_rules<Rule>};

template <class Rule>
constexpr route update_route{.verb = method::patch,
                             .path = rule_names<Rule>::path::all,
                             .gate = account(access::write),
                             .input = read_change,
                             .name = rule_names<Rule>::operation::update_many,
                             .summary = rule_names<Rule>::summary::update_many,
                             .parameters = {"dry_run", "Idempotency-Key", "Prefer"},
                             .body = attribution::rule_kind<Rule>::chosen_schema,
                             .answers = "ImportOutcome",
                             .tagged = true,
                             .run = update_rules<Rule>};

} // namespace

void add_chosen_rule_routes(std::vector<endpoint>& to) {
  to.insert(to.end(),
            {row(update_route<passthrough_referrer>), row(update_route<referrer_mapping>),
             row(delete_route<passthrough_referrer>), row(delete_route<referrer_mapping>)});
}

} // namespace headwater::http
