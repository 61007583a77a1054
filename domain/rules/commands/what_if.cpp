#include "domain/rules/commands/what_if.hpp"

#include "domain/json/fields.hpp"
#include "domain/json/json_number.hpp"
#include "domain/rules/rule_kind.hpp"

#include <limits>
#include <type_traits>

namespace headwater::attribution {
namespace {

location place_of(std::string_view kind, std::string_view list, std::size_t index) {
  return location{"body", "draft"} / kind / list / index;
}

/// A location below the body as it is written in `ignored_fields`.
std::string name_of(const location& place) {
  return to_string(place).substr(std::string_view("body.").size());
}

/// An integer too large for any id becomes one that matches nothing.
template <class Value>
std::optional<std::int64_t> id_of(const Value& value) {
  if (const auto* id = std::get_if<std::int64_t>(&value))
    return *id;
  if (const auto* number = std::get_if<json_number>(&value); number && is_integral(number->text))
    return std::numeric_limits<std::int64_t>::max();
  return std::nullopt;
}

constexpr const char* no_integer = "Input should be a valid integer";

} // namespace

drafting::drafting(account_rules base, rule_draft changes, bool strict, const rule_limits& limits)
    : out_{std::move(base), {}, {}}, strict_(strict), limits_(limits) {
  if (changes.attribution)
    planned_.push_back({update_settings{std::move(*changes.attribution), strict, {}},
                        location{"body", "draft", "attribution"},
                        {},
                        0,
                        list::settings});
  each_rule_kind([&](auto kind) {
    out_.marks.set_first_new(kind.name, out_.rules.of<rule_of<decltype(kind)>>().next_id());
  });
  each_rule_kind([&](auto kind) { this->plan_removals(kind, kind.in(changes)); });
  each_rule_kind([&](auto kind) { this->plan_changes(kind, kind.in(changes)); });
  each_rule_kind([&](auto kind) { this->plan_additions(kind, kind.in(changes)); });
}

template <class Kind>
void drafting::plan_removals(Kind kind, const drafted_changes& of) {
  for (std::size_t i = 0; i < of.remove.size(); ++i) {
    auto path = place_of(kind.names, "remove", i);
    if (const auto id = id_of(of.remove[i]))
      planned_.push_back({delete_rule<rule_of<Kind>>{*id, {}}, std::move(path), kind.name,
                          static_cast<std::int64_t>(i), list::remove});
    else
      report(path, no_integer, "int_type");
  }
}

template <class Kind>
void drafting::plan_changes(Kind kind, drafted_changes& of) {
  for (std::size_t i = 0; i < of.change.size(); ++i) {
    auto path = place_of(kind.names, "change", i);
    auto& body = of.change[i];
    const auto* given = body.find("id");
    if (const auto id = given ? id_of(*given) : std::nullopt)
      planned_.push_back({update_rule<rule_of<Kind>>{*id, std::move(body), strict_, {}},
                          std::move(path), kind.name, static_cast<std::int64_t>(i), list::change});
    else if (!body.faults.empty() && body.faults.front().at == location{"body"})
      report(path, body.faults.front().message, body.faults.front().type);
    else if (given)
      report(path / "id", no_integer, "int_type");
    else
      report(path / "id", "Field required", "missing");
  }
}

template <class Kind>
void drafting::plan_additions(Kind kind, drafted_changes& of) {
  for (std::size_t i = 0; i < of.add.size(); ++i)
    planned_.push_back({create_rule<rule_of<Kind>>{std::move(of.add[i]), strict_},
                        place_of(kind.names, "add", i), kind.name, static_cast<std::int64_t>(i),
                        list::add});
}

bool drafting::step() {
  if (next_ == planned_.size() || faults_.size() == max_told_faults)
    return false;
  const auto& change = planned_[next_++];
  auto decided = decide(out_.rules, change.command, limits_);
  if (decided)
    apply(change, std::move(*decided));
  else
    report(change, decided.error());
  return true;
}

void drafting::apply(const planned& change, decision decided) {
  for (const auto& name : decided.ignored_fields)
    if (out_.ignored_fields.size() < max_told_faults)
      out_.ignored_fields.push_back(name_of(change.path / name));
  if (!decided.event)
    return;
  // No header will ever give these events a time.
  const event_meta provisional{out_.rules.version() + 1, 0};
  if (auto applied = out_.rules.apply(*decided.event, provisional); !applied)
    return report(change.path, applied.error().message, "value_error");
  if (change.from == list::change)
    out_.marks.set_changed(change.kind, decided.id, change.index);
  else if (change.from == list::add)
    out_.marks.add_new(change.kind, change.index);
}

void drafting::report(location path, std::string message, std::string type) {
  if (faults_.size() < max_told_faults)
    faults_.push_back({std::move(path), std::move(message), std::move(type)});
}

/// What would be an error status for a request of its own becomes a fault of the draft.
void drafting::report(const planned& change, const error& why) {
  if (why.code == errc::duplicate_entry)
    return report_duplicate(change, why);
  if (why.code != errc::validation_error)
    return report(why.code == errc::not_found && change.from == list::change ? change.path / "id"
                                                                             : change.path,
                  why.message, std::string(to_string(why.code)));
  for (const auto& each : why.faults)
    report(change.path.with_rest_of(each.at), each.message, each.type);
}

void drafting::report_duplicate(const planned& change, const error& why) {
  std::string field;
  std::string word;
  each_rule_kind([&](auto kind) {
    if (change.kind == kind.name) {
      field = kind.unique_field;
      word = kind.unique_word;
    }
  });
  auto message = why.message;
  if (const auto other = out_.marks.reference(change.kind, why.existing_id.value_or(0));
      other.draft && other.draft->is_new)
    message = "Another rule of the draft, add[" + std::to_string(other.draft->index) +
              "], has the same " + word;
  report(change.path / field, std::move(message), std::string(to_string(why.code)));
}

} // namespace headwater::attribution
