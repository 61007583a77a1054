#include "domain/rules/restored_payload.hpp"

#include "domain/core/try.hpp"
#include "domain/rules/rule_kind.hpp"
#include "domain/rules/rules_payload_reader.hpp"

#include <array>

namespace headwater::attribution {
namespace {

/// Every member of a payload, by its path; the kinds are written out, as every layout is.
constexpr std::array<std::string_view, 13> paths{"as_of",
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
constexpr std::size_t restored_list_count = 6;

bool is_mapping(std::string_view kind) {
  return kind == rule_kind<referrer_mapping>::names;
}

/// Reads everything except the rules.
class restored_payload_reader : public rules_payload_reader {
protected:
  restored_payload_reader() : rules_payload_reader(paths, restored_list_count) {}

  [[nodiscard]] bool scalar(std::string_view path, const json_item& value) override {
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

  counted_restore found_;
};

class restored_event_reader final : public restored_payload_reader {
public:
  [[nodiscard]] rules_restored take() && {
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
  [[nodiscard]] const counted_restore& found() const { return found_; }

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

std::string write_restored(const rules_restored& event) {
  json_writer out;
  out.begin_object().key("as_of").begin_object().member("time", event.as_of.time);
  out.member("version", static_cast<std::int64_t>(event.as_of.version)).end_object();
  each_rule_kind([&](auto kind) { write_kind(out, kind.in(event)); });
  out.end_object();
  return std::move(out).str();
}

result<rules_restored> read_restored(std::string_view payload) {
  restored_event_reader reader;
  CHECK(reader.read(payload));
  return std::move(reader).take();
}

result<counted_restore> counts_of_restored(std::string_view payload) {
  restored_counting_reader reader;
  CHECK(reader.read(payload));
  return reader.found();
}

} // namespace headwater::attribution
