#include "actors/decisions/rule_batch.hpp"

#include "actors/shared/append.hpp"
#include "actors/views/projections.hpp"
#include "domain/core/try.hpp"
#include "domain/rules/rule_kind.hpp"

#include <algorithm>

namespace headwater::actors {
namespace {

using attribution::account_rules;

/// Or a change of many rules, which is the same event. The answer shows only counts, so 50,000
/// rules need not be read.
bool is_import(std::string_view type) {
  bool found = false;
  attribution::each_rule_kind([&](auto kind) { found = found || type == kind.imported; });
  return found;
}

/// The same for a restore.
result<rule_outcome> replay_restore(const store::recorded_event& event) {
  TRY(const auto found, attribution::counts_of_restored(event.payload, event.header.schema));
  rule_outcome out;
  out.replayed = true;
  out.restored = restore_outcome{found.as_of, found.counts, event.header.sequence};
  return out;
}

/// The rule after the first event of the earlier use.
result<rule_outcome> replay_outcome(const store::recorded_event& first) {
  auto& header = first.header;
  rule_outcome out;
  out.replayed = true;
  if (is_import(header.type)) {
    TRY(auto counts, attribution::counts_of_imported(first.payload));
    out.imported = import_outcome{counts, header.sequence};
    return out;
  }
  if (header.type == "rules_restored")
    return replay_restore(first);
  TRY(auto event, attribution::decode(header.type, header.schema, first.payload));
  std::visit(
      [&](auto& of) {
        if constexpr (requires { of.rule; }) {
          auto rule = std::make_shared<std::remove_cvref_t<decltype(of.rule)>>(of.rule);
          rule->created_at = rule->updated_at = header.time;
          rule->revision = header.sequence;
          out.rule = std::shared_ptr<const std::remove_cvref_t<decltype(of.rule)>>(rule);
        }
      },
      event);
  return out;
}

result<rule_outcome> earlier_answer(const store::idempotency& key, const used_key& use) {
  CHECK(check_fingerprint(key, use.fingerprint));
  return replay_outcome(use.event.value());
}

/// How the text of a created rule was normalised.
struct normalisation_from {
  std::string_view sent;

  template <class Rule>
  std::optional<attribution::normalised_text>
  operator()(const std::shared_ptr<const Rule>& rule) const {
    return rule ? attribution::normalisation_of(sent, *rule) : std::nullopt;
  }
  std::optional<attribution::normalised_text> operator()(std::monostate) const { return {}; }
};

/// Adds to a replayed answer what no event records.
void complete(rule_outcome& replayed, const attribution::rule_command& command) {
  replayed.ignored_fields = attribution::ignored_fields(command);
  if (const auto sent = attribution::created_text(command))
    replayed.normalised = std::visit(normalisation_from{*sent}, replayed.rule);
}

/// Which kind of rule a command's answer shows: none of it yet, apply_batch fills it in.
struct kind_to_show {
  template <template <class> class Command, class Rule>
  rule_resource operator()(const Command<Rule>&) const {
    return std::shared_ptr<const Rule>{};
  }
  rule_resource operator()(const attribution::restore_rules&) const { return {}; }
  rule_resource operator()(const attribution::update_settings&) const { return {}; }
};

/// The rule with the id, of the kind that is to be shown; nothing where it is gone.
struct stored_rule {
  const account_rules& rules;
  std::int64_t id;

  template <class Rule>
  rule_resource operator()(const std::shared_ptr<const Rule>&) const {
    auto found = rules.of<Rule>().find(id);
    return found ? rule_resource{std::move(found)} : rule_resource{};
  }
  rule_resource operator()(std::monostate) const { return {}; }
};

/// A removal goes through beyond quotas and on a full disk.
struct purpose_of_command {
  const origin& by;

  template <class Rule>
  write_purpose operator()(const attribution::delete_rule<Rule>&) const {
    return write_purpose::frees;
  }
  template <class Rule>
  write_purpose operator()(const attribution::delete_rules<Rule>&) const {
    return write_purpose::frees;
  }
  template <class Command>
  write_purpose operator()(const Command&) const {
    return by.purpose_of_change();
  }
};

void append_event(rule_batch& batch, const origin& by, const attribution::rule_event& event) {
  auto encoded = attribution::encode(event);
  store::append_command command;
  command.events.push_back(make_event(by, encoded.type, encoded.schema, encoded.payload));
  command.key = by.key;
  batch.append.commands.push_back(std::move(command));
}

/// The rules that commands are decided on: the current ones, until one command of the batch has
/// changed them and another follows; from then on a private copy that advances with provisional
/// times.
class evolving_rules {
public:
  explicit evolving_rules(const account_rules& durable) : durable_(durable) {}

  [[nodiscard]] const account_rules& get() const { return copy_ ? *copy_ : durable_; }

  [[nodiscard]] result<void> apply(const attribution::rule_event& event) {
    if (!copy_)
      copy_ = durable_;
    return copy_->apply(event, {copy_->version() + 1, now()});
  }

private:
  const account_rules& durable_;
  std::optional<account_rules> copy_;
};

/// Decides one command. `is_last`: no other command will be decided on these rules.
decided_rule decide_one(evolving_rules& rules, const rule_request& request, bool is_last,
                        const attribution::rule_limits& limits,
                        const std::optional<refused_purpose>& refused, rule_batch& batch) {
  decided_rule out;
  auto decision = attribution::decide(rules.get(), request.command, limits);
  if (!decision) {
    out.outcome = decision.error();
    out.is_settled = true;
    return out;
  }
  out.id = decision->id;
  out.outcome->ignored_fields = std::move(decision->ignored_fields);
  out.outcome->normalised = std::move(decision->normalised);
  if (decision->imported)
    out.outcome->imported = import_outcome{*decision->imported};
  if (const auto* command = std::get_if<attribution::restore_rules>(&request.command))
    out.outcome->restored = restore_outcome{command->as_of, decision->restored.value()};
  if (std::holds_alternative<attribution::update_settings>(request.command))
    out.outcome->settings.emplace();
  out.outcome->rule = std::visit(kind_to_show{}, request.command);
  if (!decision->event)
    return out;
  const auto purpose = std::visit(purpose_of_command{request.by}, request.command);
  if (refused && refused->covers(purpose)) {
    out.outcome = refused->why;
    out.is_settled = true;
    return out;
  }
  batch.purpose = std::min(batch.purpose, purpose);
  if (!is_last)
    if (auto fits = rules.apply(*decision->event); !fits) {
      out.outcome = error{errc::internal_error, fits.error().message};
      out.is_settled = true;
      return out;
    }
  append_event(batch, request.by, *decision->event);
  out.event = std::move(decision->event);
  return out;
}

void show(const account_rules& rules, decided_rule& of) {
  auto& rule = of.outcome->rule;
  if (of.outcome->imported) {
    of.outcome->imported->version = rules.version();
    return;
  }
  if (of.outcome->restored) {
    of.outcome->restored->version = rules.version();
    return;
  }
  if (of.outcome->settings) {
    of.outcome->settings = settings_outcome{rules.shared_settings(), rules.settings_revision()};
    return;
  }
  rule = std::visit(stored_rule{rules, of.id}, rule);
}

} // namespace

rule_batch decide_batch(const std::string& account_id, const account_rules& rules,
                        const std::vector<const rule_request*>& requests, const used_keys& uses,
                        const attribution::rule_limits& limits,
                        const std::optional<refused_purpose>& refused) {
  rule_batch batch;
  batch.append.stream = account_stream(account_id);
  batch.append.expected_version = rules.version();
  evolving_rules evolving{rules};
  struct keyed {
    std::size_t index;
    digest fingerprint;
  };
  std::map<std::string, keyed> used_here;
  for (auto* request : requests) {
    auto& key = request->by.key;
    decided_rule decided;
    if (auto use = key ? uses.find(key->key) : uses.end(); key && use != uses.end()) {
      decided.outcome = earlier_answer(*key, use->second);
      if (decided.outcome)
        complete(*decided.outcome, request->command);
      decided.is_settled = true;
    } else if (auto here = key ? used_here.find(key->key) : used_here.end();
               key && here != used_here.end()) {
      decided.is_settled = true;
      if (auto same = check_fingerprint(*key, here->second.fingerprint); !same)
        decided.outcome = same.error();
      else
        decided.same_as = here->second.index;
    } else {
      decided = decide_one(evolving, *request, request == requests.back(), limits, refused, batch);
      if (key && decided.event)
        used_here.emplace(key->key, keyed{batch.decided.size(), key->fingerprint});
    }
    batch.decided.push_back(std::move(decided));
  }
  for (auto& command : batch.append.commands)
    command.counts_for = account_usage_key(account_id);
  return batch;
}

result<rules_ptr> apply_batch(rule_batch& batch, const account_rules& rules,
                              const std::vector<store::event_header>& headers) {
  auto next = std::make_shared<account_rules>(rules);
  std::size_t at = 0;
  for (auto& decided : batch.decided) {
    if (decided.same_as) {
      auto same = batch.decided[*decided.same_as].outcome;
      same->replayed = true;
      decided.outcome = std::move(same);
    }
    if (decided.is_settled)
      continue;
    if (decided.event) {
      auto& header = headers.at(at++);
      if (auto fits = next->apply(*decided.event, {header.sequence, header.time}); !fits)
        return fits.error();
    }
    show(*next, decided);
  }
  return rules_ptr{std::move(next)};
}

} // namespace headwater::actors
