#include "domain/rules/restored_payload.hpp"

#include "domain/core/try.hpp"
#include "domain/rules/rule_kind.hpp"
#include "domain/rules/rules_payload_reader.hpp"
#include "domain/rules/settings_fields.hpp"

#include <array>

namespace headwater::attribution {
namespace {

/// Every member of a payload, by its path; the kinds are written out, as every layout is.
constexpr std::array<std::string_view, 13> paths_v1{"as_of",
                                                    "as_of.time",
                                                    "as_of.version",
                                                    "passthrough_referrers",
                                                    "passthrough_referrers.added",
                                                    "passthrough_referrers.changed",
                                                    "passthrough_referrers.removed",
                                                    "passthrough_referrers.unchanged",
                                                    "referrer_mappings",
                                                    "referrer_mappings.added",
                                                    "referrer_mappings.changed",
                                                    "referrer_mappings.removed",
                                                    "referrer_mappings.unchanged"};
/// Schema 2 has the settings besides.
constexpr std::array<std::string_view, 22> paths_v2{"as_of",
                                                    "as_of.time",
                                                    "as_of.version",
                                                    "attribution",
                                                    "attribution.ai_medium",
                                                    "attribution.campaign_parameters",
                                                    "attribution.classification",
                                                    "attribution.currency",
                                                    "attribution.drop_spam",
                                                    "attribution.own_domains",
                                                    "attribution.return_paths",
                                                    "attribution.timezone",
                                                    "passthrough_referrers",
                                                    "passthrough_referrers.added",
                                                    "passthrough_referrers.changed",
                                                    "passthrough_referrers.removed",
                                                    "passthrough_referrers.unchanged",
                                                    "referrer_mappings",
                                                    "referrer_mappings.added",
                                                    "referrer_mappings.changed",
                                                    "referrer_mappings.removed",
                                                    "referrer_mappings.unchanged"};
constexpr std::size_t restored_list_count = 6;

std::span<const std::string_view> paths_of(int schema) {
  return schema == 1 ? std::span<const std::string_view>(paths_v1) : paths_v2;
}

/// The name of a setting by its path; empty for any other path.
std::string_view setting_name(std::string_view path) {
  constexpr std::string_view before = "attribution.";
  return path.starts_with(before) ? path.substr(before.size()) : std::string_view{};
}

bool is_mapping(std::string_view kind) {
  return kind == rule_kind<referrer_mapping>::names;
}

/// Reads everything except the rules.
class restored_payload_reader : public rules_payload_reader {
protected:
  explicit restored_payload_reader(int schema)
      : rules_payload_reader(paths_of(schema), restored_list_count), schema_(schema) {}

  [[nodiscard]] bool value_list(std::string_view path) override {
    const auto name = setting_name(path);
    if (name.empty())
      return false;
    settings_.members.push_back({std::string(name), json_list{}});
    return true;
  }

  [[nodiscard]] bool scalar(std::string_view path, const json_item& value) override {
    if (const auto name = setting_name(path); !name.empty()) {
      take_setting(name, value);
      return true;
    }
    const auto* number = std::get_if<std::int64_t>(&value);
    if (!number)
      return false;
    if (path == "as_of.time")
      found_.as_of.time = *number;
    else if (path == "as_of.version")
      found_.as_of.version = static_cast<std::uint64_t>(*number);
    else if (path == "passthrough_referrers.unchanged")
      found_.counts.passthrough_referrers.unchanged = *number;
    else if (path == "referrer_mappings.unchanged")
      found_.counts.referrer_mappings.unchanged = *number;
    else
      return false;
    return true;
  }

  /// The settings of the payload, if its schema has any.
  [[nodiscard]] result<std::optional<attribution_settings>> settings() const {
    if (schema_ == 1)
      return std::optional<attribution_settings>{};
    TRY(auto read, read_payload<attribution_settings>(settings_, attribution_settings_v1));
    return std::optional(std::move(read));
  }

  counted_restore found_;

private:
  /// A value alone, or an item of the list that has begun.
  void take_setting(std::string_view name, const json_item& value) {
    auto& members = settings_.members;
    if (!members.empty() && members.back().name == name)
      if (auto* list = std::get_if<json_list>(&members.back().value))
        return list->items.push_back(value);
    members.push_back(
        {std::string(name), std::visit([](const auto& of) -> json_value { return of; }, value)});
  }

  int schema_;
  draft settings_;
};

class restored_event_reader final : public restored_payload_reader {
public:
  explicit restored_event_reader(int schema) : restored_payload_reader(schema) {}

  [[nodiscard]] result<rules_restored> take() && {
    TRY(event_.attribution, settings());
    event_.as_of = found_.as_of;
    event_.passthrough_referrers.unchanged = found_.counts.passthrough_referrers.unchanged;
    event_.referrer_mappings.unchanged = found_.counts.referrer_mappings.unchanged;
    return std::move(event_);
  }

private:
  template <class Rule>
  void take_rule(restored_rules<Rule>& to, bool is_added, const draft& members) {
    auto rule = read_payload<Rule>(members, rule_kind<Rule>::restored_layout);
    if (!rule)
      return fail(rule.error());
    (is_added ? to.added : to.changed).push_back(std::move(*rule));
  }
  void rule(std::string_view kind, bool is_added, draft members) override {
    if (is_mapping(kind))
      take_rule(event_.referrer_mappings, is_added, members);
    else
      take_rule(event_.passthrough_referrers, is_added, members);
  }
  void removed(std::string_view kind, std::int64_t id) override {
    (is_mapping(kind) ? event_.referrer_mappings.removed : event_.passthrough_referrers.removed)
        .push_back(id);
  }

  rules_restored event_;
};

class restored_counting_reader final : public restored_payload_reader {
public:
  explicit restored_counting_reader(int schema) : restored_payload_reader(schema) {}

  [[nodiscard]] result<counted_restore> take() && {
    TRY(const auto restored, settings());
    found_.counts.attribution = restored.has_value();
    return found_;
  }

private:
  [[nodiscard]] import_counts& of(std::string_view kind) {
    return is_mapping(kind) ? found_.counts.referrer_mappings : found_.counts.passthrough_referrers;
  }
  void rule(std::string_view kind, bool is_added, draft) override {
    auto& counts = of(kind);
    ++(is_added ? counts.added : counts.changed);
  }
  void removed(std::string_view kind, std::int64_t) override { ++of(kind).removed; }
};

template <class Rule>
void write_kind(json_writer& out, const restored_rules<Rule>& event) {
  const auto write = [&](std::string_view name, const std::vector<Rule>& rules) {
    out.key(name).begin_array();
    for (const auto& each : rules)
      write_payload(out, each, rule_kind<Rule>::restored_layout);
    out.end_array();
  };
  out.key(rule_kind<Rule>::names).begin_object();
  write("added", event.added);
  write("changed", event.changed);
  out.key("removed").begin_array();
  for (const auto id : event.removed)
    out.integer(id);
  out.end_array().member("unchanged", event.unchanged).end_object();
}

} // namespace

int schema_of(const rules_restored& event) {
  return event.attribution ? 2 : 1;
}

std::string write_restored(const rules_restored& event) {
  json_writer out;
  out.begin_object().key("as_of").begin_object().member("time", event.as_of.time);
  out.member("version", static_cast<std::int64_t>(event.as_of.version)).end_object();
  if (event.attribution)
    write_payload(out.key("attribution"), *event.attribution, attribution_settings_v1);
  each_rule_kind([&](auto kind) { write_kind(out, kind.in(event)); });
  out.end_object();
  return std::move(out).str();
}

result<rules_restored> read_restored(std::string_view payload, int schema) {
  restored_event_reader reader(schema);
  CHECK(reader.read(payload));
  return std::move(reader).take();
}

result<counted_restore> counts_of_restored(std::string_view payload, int schema) {
  restored_counting_reader reader(schema);
  CHECK(reader.read(payload));
  return std::move(reader).take();
}

} // namespace headwater::attribution
