#include "domain/rules/imported_payload.hpp"

#include "domain/core/try.hpp"
#include "domain/rules/rule_payload.hpp"
#include "domain/rules/rules_payload_reader.hpp"

namespace headwater::attribution {
namespace {

constexpr std::size_t list_count = 3;

/// Reads everything except the rules.
class payload_reader : public rules_payload_reader {
protected:
  payload_reader() : rules_payload_reader(imported_rules_v1, list_count) {}

  [[nodiscard]] bool scalar(std::string_view path, const json_item& value) override {
    const auto* number = std::get_if<std::int64_t>(&value);
    const auto* text = std::get_if<std::string>(&value);
    const auto mode = text ? parse_import_mode(*text) : std::nullopt;
    if (path == "unchanged" && number)
      counts_.unchanged = *number;
    else if (path == "mode" && mode)
      counts_.mode = *mode;
    else
      return false;
    return true;
  }

  import_counts counts_;
};

template <class Rule>
class event_reader final : public payload_reader {
public:
  explicit event_reader(std::span<const std::string_view> names) : names_(names) {}

  [[nodiscard]] rules_imported<Rule> take() && {
    event_.mode = counts_.mode;
    event_.unchanged = counts_.unchanged;
    return std::move(event_);
  }

private:
  void rule(std::string_view, bool is_added, draft members) override {
    auto rule = read_payload<Rule>(members, names_);
    if (!rule)
      return fail(rule.error());
    (is_added ? event_.added : event_.changed).push_back(std::move(*rule));
  }
  void removed(std::string_view, std::int64_t id) override { event_.removed.push_back(id); }

  std::span<const std::string_view> names_;
  rules_imported<Rule> event_;
};

class counting_reader final : public payload_reader {
public:
  [[nodiscard]] import_counts counts() const { return counts_; }

private:
  void rule(std::string_view, bool is_added, draft) override {
    ++(is_added ? counts_.added : counts_.changed);
  }
  void removed(std::string_view, std::int64_t) override { ++counts_.removed; }
};

} // namespace

template <class Rule>
std::string write_imported(const rules_imported<Rule>& event,
                           std::span<const std::string_view> names) {
  json_writer out;
  const auto write = [&](std::string_view name, const std::vector<Rule>& rules) {
    out.key(name).begin_array();
    for (const auto& each : rules)
      write_payload(out, each, names);
    out.end_array();
  };
  out.begin_object();
  write("added", event.added);
  write("changed", event.changed);
  out.member("mode", to_string(event.mode)).key("removed").begin_array();
  for (const auto id : event.removed)
    out.integer(id);
  out.end_array().member("unchanged", event.unchanged).end_object();
  return std::move(out).str();
}

template <class Rule>
result<rules_imported<Rule>> read_imported(std::string_view payload,
                                           std::span<const std::string_view> names) {
  event_reader<Rule> reader(names);
  CHECK(reader.read(payload));
  return std::move(reader).take();
}

result<import_counts> counts_of_imported(std::string_view payload) {
  counting_reader reader;
  CHECK(reader.read(payload));
  return reader.counts();
}

template std::string write_imported(const rules_imported<passthrough_referrer>&,
                                    std::span<const std::string_view>);
template std::string write_imported(const rules_imported<referrer_mapping>&,
                                    std::span<const std::string_view>);
template result<rules_imported<passthrough_referrer>>
    read_imported(std::string_view, std::span<const std::string_view>);
template result<rules_imported<referrer_mapping>> read_imported(std::string_view,
                                                                std::span<const std::string_view>);

} // namespace headwater::attribution
