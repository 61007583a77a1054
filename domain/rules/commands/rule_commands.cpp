#include "domain/rules/commands/rule_commands.hpp"

#include "domain/core/try.hpp"
#include "domain/rules/etag.hpp"
#include "domain/rules/rules.hpp"

namespace headwater::attribution {
namespace {

/// The differences between the two kinds of rules.
struct passthrough_kind {
  using rule = passthrough_referrer;
  using created = passthrough_referrer_created;
  using changed = passthrough_referrer_changed;
  using deleted = passthrough_referrer_deleted;
  static constexpr std::string_view name = "passthrough referrer";
  static constexpr std::string_view text = "domain";
  static const rule_store<rule>& rules(const account_rules& of) {
    return of.passthrough_referrers();
  }
};
struct mapping_kind {
  using rule = referrer_mapping;
  using created = referrer_mapping_created;
  using changed = referrer_mapping_changed;
  using deleted = referrer_mapping_deleted;
  static constexpr std::string_view name = "referrer mapping";
  static constexpr std::string_view text = "pattern";
  static const rule_store<rule>& rules(const account_rules& of) { return of.referrer_mappings(); }
};

template <class Kind>
error not_found(std::int64_t id) {
  return {errc::not_found, "There is no " + std::string(Kind::name) + " " + std::to_string(id)};
}

template <class Kind>
error duplicate(const typename Kind::rule& existing) {
  error found(errc::duplicate_entry, "A " + std::string(Kind::name) + " with the " +
                                         std::string(Kind::text) + " '" + unique_text(existing) +
                                         "' already exists, with id " +
                                         std::to_string(existing.id));
  found.existing_id = existing.id;
  return found;
}

/// Reads the body over `rule`, and brings the whole rule into its stored form.
template <class Rule>
result<std::vector<std::string>> take_over(const draft& body, read_mode mode, bool strict,
                                           Rule& rule) {
  auto report = read_draft(body, mode, strict, rule);
  normalise(rule, report);
  check_limits(rule, report);
  CHECK(verdict<Rule>(report));
  return std::move(report.ignored_fields);
}

template <class Kind>
result<decision> create(const account_rules& state, const draft& body, bool strict,
                        const rule_limits& limits) {
  const auto& rules = Kind::rules(state);
  typename Kind::rule rule;
  TRY(auto ignored, take_over(body, read_mode::create, strict, rule));
  if (rules.total() >= limits.max_per_kind)
    return error(errc::max_entries_reached, "An account has at most " +
                                                std::to_string(limits.max_per_kind) + " " +
                                                std::string(Kind::name) + "s");
  if (const auto existing = rules.find_text(unique_text(rule)))
    return duplicate<Kind>(*existing);
  rule.id = rules.next_id();
  const auto id = rule.id;
  return decision{typename Kind::created{std::move(rule)}, id, std::move(ignored)};
}

template <class Kind, class Command>
result<decision> update(const account_rules& state, const Command& command) {
  const auto& rules = Kind::rules(state);
  const auto current = rules.find(command.id);
  if (!current)
    return not_found<Kind>(command.id);
  auto rule = *current;
  TRY(auto ignored, take_over(command.body, read_mode::patch, command.strict, rule));
  CHECK(command.precondition.check(etag_of(current->revision)));
  const auto existing = rules.find_text(unique_text(rule));
  if (existing && existing->id != command.id)
    return duplicate<Kind>(*existing);
  decision decided{std::nullopt, command.id, std::move(ignored)};
  if (rule == *current)
    return decided;
  // Times and revision come from the event's header.
  rule.created_at = rule.updated_at = 0;
  rule.revision = 0;
  decided.event = typename Kind::changed{std::move(rule)};
  return decided;
}

template <class Kind, class Command>
result<decision> remove(const account_rules& state, const Command& command) {
  const auto current = Kind::rules(state).find(command.id);
  if (!current)
    return not_found<Kind>(command.id);
  CHECK(command.precondition.check(etag_of(current->revision)));
  return decision{typename Kind::deleted{command.id}, command.id, {}};
}

template <class Kind, class Rule>
result<decision> import_all(const account_rules& state, const import_rules<Rule>& command,
                            const rule_limits& limits) {
  TRY(auto plan, plan_import(Kind::rules(state), *command.rows, command.mode, limits.max_per_kind));
  decision out{std::nullopt, 0, command.rows->ignored_fields, counts_of(plan, command.mode)};
  if (auto event = to_event(std::move(plan), command.mode))
    out.event = std::move(*event);
  return out;
}

/// Rules from a time when the account was allowed more must fit today's limit, too.
template <class Rule>
result<void> check_total(const rule_store<Rule>& then, const rule_store<Rule>& now,
                         std::size_t most) {
  if (then.total() <= most || then.total() <= now.total())
    return boost::system::in_place_value;
  return error(errc::max_entries_reached, "The account had " + std::to_string(then.total()) +
                                              " of these rules then; it has at most " +
                                              std::to_string(most));
}

result<decision> put_back(const account_rules& now, const restore_rules& command,
                          const rule_limits& limits) {
  CHECK(check_restore(now, *command.then, limits));
  auto plan = plan_restore(now, *command.then);
  decision out;
  out.restored = counts_of(plan);
  if (auto event = to_event(std::move(plan), command.as_of))
    out.event = std::move(*event);
  return out;
}

struct decider {
  const account_rules& state;
  const rule_limits& limits;

  result<decision> operator()(const create_passthrough_referrer& command) const {
    return create<passthrough_kind>(state, command.body, command.strict, limits);
  }
  result<decision> operator()(const update_passthrough_referrer& command) const {
    return update<passthrough_kind>(state, command);
  }
  result<decision> operator()(const delete_passthrough_referrer& command) const {
    return remove<passthrough_kind>(state, command);
  }
  result<decision> operator()(const create_referrer_mapping& command) const {
    return create<mapping_kind>(state, command.body, command.strict, limits);
  }
  result<decision> operator()(const update_referrer_mapping& command) const {
    return update<mapping_kind>(state, command);
  }
  result<decision> operator()(const delete_referrer_mapping& command) const {
    return remove<mapping_kind>(state, command);
  }
  result<decision> operator()(const import_rules<passthrough_referrer>& command) const {
    return import_all<passthrough_kind>(state, command, limits);
  }
  result<decision> operator()(const import_rules<referrer_mapping>& command) const {
    return import_all<mapping_kind>(state, command, limits);
  }
  result<decision> operator()(const restore_rules& command) const {
    return put_back(state, command, limits);
  }
};

} // namespace

result<decision> decide(const account_rules& state, const rule_command& command,
                        const rule_limits& limits) {
  return std::visit(decider{state, limits}, command);
}

result<void> check_restore(const account_rules& now, const account_rules& then,
                           const rule_limits& limits) {
  const auto most = limits.max_per_kind;
  auto fits = check_total(then.passthrough_referrers(), now.passthrough_referrers(), most);
  return fits ? check_total(then.referrer_mappings(), now.referrer_mappings(), most) : fits;
}

std::vector<std::string> ignored_fields(const rule_command& command) {
  if (const auto* create = std::get_if<create_passthrough_referrer>(&command))
    return unknown_fields<passthrough_referrer>(create->body);
  if (const auto* create = std::get_if<create_referrer_mapping>(&command))
    return unknown_fields<referrer_mapping>(create->body);
  return {};
}

} // namespace headwater::attribution
