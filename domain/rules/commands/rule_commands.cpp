#include "domain/rules/commands/rule_commands.hpp"

#include "domain/core/try.hpp"
#include "domain/rules/etag.hpp"
#include "domain/rules/rule_kind.hpp"
#include "domain/rules/rules.hpp"
#include "domain/rules/settings_fields.hpp"

namespace headwater::attribution {
namespace {

template <class Rule>
error not_found(std::int64_t id) {
  return {errc::not_found,
          "There is no " + std::string(rule_kind<Rule>::words) + " " + std::to_string(id)};
}

template <class Rule>
error duplicate(const Rule& existing) {
  using kind = rule_kind<Rule>;
  error found(errc::duplicate_entry, "A " + std::string(kind::words) + " with the " +
                                         std::string(kind::unique_word) + " '" +
                                         unique_text(existing) + "' already exists, with id " +
                                         std::to_string(existing.id));
  found.existing_id = existing.id;
  return found;
}

/// Reads the body over a rule or the settings, and brings the whole of it into its stored form.
template <class Resource>
result<std::vector<std::string>> take_over(const draft& body, read_mode mode, bool strict,
                                           Resource& resource) {
  auto report = read_draft(body, mode, strict, resource);
  normalise(resource, report);
  check_limits(resource, report);
  CHECK(verdict<Resource>(report));
  return std::move(report.ignored_fields);
}

/// The text of a create or an update as it was sent; null if it was not.
template <class Rule>
const std::string* sent_text(const draft& body) {
  const auto* value = body.find(rule_kind<Rule>::unique_field);
  return value ? std::get_if<std::string>(value) : nullptr;
}

template <class Rule>
result<decision> create(const account_rules& state, const create_rule<Rule>& command,
                        const rule_limits& limits) {
  const auto& rules = state.of<Rule>();
  Rule rule;
  TRY(auto ignored, take_over(command.body, read_mode::create, command.strict, rule));
  if (rules.total() >= limits.max_per_kind)
    return error(errc::max_entries_reached, "An account has at most " +
                                                std::to_string(limits.max_per_kind) + " " +
                                                std::string(rule_kind<Rule>::words) + "s");
  if (const auto existing = rules.find_text(unique_text(rule)))
    return duplicate(*existing);
  rule.id = rules.next_id();
  decision decided{std::nullopt, rule.id, std::move(ignored)};
  decided.normalised = normalisation_of(*sent_text<Rule>(command.body), rule);
  decided.event = rule_created<Rule>{std::move(rule)};
  return decided;
}

template <class Rule>
result<decision> update(const account_rules& state, const update_rule<Rule>& command) {
  const auto& rules = state.of<Rule>();
  const auto current = rules.find(command.id);
  if (!current)
    return not_found<Rule>(command.id);
  auto rule = *current;
  TRY(auto ignored, take_over(command.body, read_mode::patch, command.strict, rule));
  CHECK(command.precondition.check(etag_of(current->revision)));
  const auto existing = rules.find_text(unique_text(rule));
  if (existing && existing->id != command.id)
    return duplicate(*existing);
  decision decided{std::nullopt, command.id, std::move(ignored)};
  // Another match type may change the text, too.
  const auto* sent = sent_text<Rule>(command.body);
  decided.normalised = normalisation_of(sent ? *sent : unique_text(*current), rule);
  if (rule == *current)
    return decided;
  // Times and revision come from the event's header.
  rule.created_at = rule.updated_at = 0;
  rule.revision = 0;
  decided.event = rule_changed<Rule>{std::move(rule)};
  return decided;
}

result<decision> update(const account_rules& state, const update_settings& command) {
  auto settings = state.settings();
  TRY(auto ignored, take_over(command.body, read_mode::patch, command.strict, settings));
  CHECK(command.precondition.check(etag_of(state.settings_revision())));
  decision decided{std::nullopt, 0, std::move(ignored)};
  if (settings != state.settings())
    decided.event = attribution_settings_changed{std::move(settings)};
  return decided;
}

template <class Rule>
result<decision> remove(const account_rules& state, const delete_rule<Rule>& command) {
  const auto current = state.of<Rule>().find(command.id);
  if (!current)
    return not_found<Rule>(command.id);
  CHECK(command.precondition.check(etag_of(current->revision)));
  return decision{rule_deleted<Rule>{command.id}, command.id, {}};
}

template <class Rule>
result<decision> import_all(const account_rules& state, const import_rules<Rule>& command,
                            const rule_limits& limits) {
  TRY(auto plan, plan_import(state.of<Rule>(), *command.rows, command.mode, limits.max_per_kind));
  decision out{std::nullopt, 0, command.rows->ignored_fields, counts_of(plan, command.mode)};
  if (auto event = to_event(std::move(plan), command.mode))
    out.event = std::move(*event);
  return out;
}

/// Many rules are changed in one event, that of an import.
template <class Rule>
decision decision_of(import_plan<Rule> plan, std::vector<std::string> ignored) {
  constexpr auto mode = import_mode::merge;
  decision out{std::nullopt, 0, std::move(ignored), counts_of(plan, mode)};
  if (auto event = to_event(std::move(plan), mode))
    out.event = std::move(*event);
  return out;
}

template <class Rule>
result<decision> change_many(const account_rules& state, const change_rules<Rule>& command) {
  TRY(auto plan,
      plan_change(state.of<Rule>(), state.version(), *command.change, command.precondition));
  return decision_of(std::move(plan), command.change->ignored_fields);
}

template <class Rule>
result<decision> remove_many(const account_rules& state, const delete_rules<Rule>& command) {
  TRY(auto plan,
      plan_removal(state.of<Rule>(), state.version(), command.ids, command.precondition));
  return decision_of(std::move(plan), {});
}

/// Rules from a time when the account was allowed more must fit today's limit, too.
template <class Rule>
result<void> check_total(const rule_store<Rule>& now, const import_plan<Rule>& plan,
                         std::size_t most) {
  const auto total = now.total() - plan.removed.size() + plan.added.size();
  if (total <= most || total <= now.total())
    return boost::system::in_place_value;
  return error(errc::max_entries_reached, "The account would have " + std::to_string(total) +
                                              " of these rules; it has at most " +
                                              std::to_string(most));
}

result<restore_plan> plan_of(const account_rules& now, const restore_rules& command) {
  if (command.chosen)
    return plan_restore(now, *command.then, *command.chosen);
  return plan_restore(now, *command.then);
}

result<decision> put_back(const account_rules& now, const restore_rules& command,
                          const rule_limits& limits) {
  TRY(auto plan, plan_of(now, command));
  CHECK(check_restore(now, plan, limits));
  decision out;
  out.restored = counts_of(plan);
  if (auto event = to_event(std::move(plan), command.as_of))
    out.event = std::move(*event);
  return out;
}

struct decider {
  const account_rules& state;
  const rule_limits& limits;

  template <class Rule>
  result<decision> operator()(const create_rule<Rule>& command) const {
    return create(state, command, limits);
  }
  template <class Rule>
  result<decision> operator()(const update_rule<Rule>& command) const {
    return update(state, command);
  }
  template <class Rule>
  result<decision> operator()(const delete_rule<Rule>& command) const {
    return remove(state, command);
  }
  template <class Rule>
  result<decision> operator()(const import_rules<Rule>& command) const {
    return import_all(state, command, limits);
  }
  template <class Rule>
  result<decision> operator()(const change_rules<Rule>& command) const {
    return change_many(state, command);
  }
  template <class Rule>
  result<decision> operator()(const delete_rules<Rule>& command) const {
    return remove_many(state, command);
  }
  result<decision> operator()(const restore_rules& command) const {
    return put_back(state, command, limits);
  }
  result<decision> operator()(const update_settings& command) const {
    return update(state, command);
  }
};

struct sent_by_creation {
  template <class Rule>
  std::optional<std::string> operator()(const create_rule<Rule>& command) const {
    const auto* sent = sent_text<Rule>(command.body);
    return sent ? std::optional(*sent) : std::nullopt;
  }
  template <class Other>
  std::optional<std::string> operator()(const Other&) const {
    return std::nullopt;
  }
};

struct ignored_by_creation {
  template <class Rule>
  std::vector<std::string> operator()(const create_rule<Rule>& command) const {
    return unknown_fields<Rule>(command.body);
  }
  template <class Other>
  std::vector<std::string> operator()(const Other&) const {
    return {};
  }
};

} // namespace

result<decision> decide(const account_rules& state, const rule_command& command,
                        const rule_limits& limits) {
  return std::visit(decider{state, limits}, command);
}

result<void> check_restore(const account_rules& now, const restore_plan& plan,
                           const rule_limits& limits) {
  const auto most = limits.max_per_kind;
  CHECK(check_total(now.passthrough_referrers(), plan.passthrough_referrers, most));
  return check_total(now.referrer_mappings(), plan.referrer_mappings, most);
}

std::vector<std::string> ignored_fields(const rule_command& command) {
  return std::visit(ignored_by_creation{}, command);
}

std::optional<std::string> created_text(const rule_command& command) {
  return std::visit(sent_by_creation{}, command);
}

} // namespace headwater::attribution
