#include "domain/attribution/restored_payload.hpp"

#include "domain/attribution/rule_payload.hpp"
#include "domain/core/json_rows.hpp"

#include <algorithm>
#include <array>

namespace headwater::attribution {
namespace {

/// Every member of a payload, by its path.
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
constexpr std::size_t list_count = 6;

/// Takes the members of a payload. What becomes of its rules is the derived class's affair.
class payload_reader : public json_rows {
public:
  void reset() override { fail("a number that no payload has"); }

  void member(std::string_view path) override {
    if (std::ranges::find(paths, path) == paths.end())
      fail("a member that its schema does not have");
    ++members_;
  }
  void twice(std::string_view path) override { fail("twice " + std::string(path)); }

  bool begin_list(std::string_view path) override {
    if (path == list_)
      fail("a list within a list");
    list_ = path;
    ++lists_;
    kind_ = list_.substr(0, list_.find('.'));
    name_ = list_.substr(std::min(kind_.size() + 1, list_.size()));
    if (name_ != "added" && name_ != "changed" && name_ != "removed")
      fail("a list in " + list_);
    return name_ != "removed";
  }

  void value(std::string_view path, const json_item& value) override {
    const auto* number = std::get_if<std::int64_t>(&value);
    if (!number)
      fail("a value of the wrong type in " + std::string(path));
    else if (path == list_ && name_ == "removed")
      removed(is_mapping(), *number);
    else if (path == "as_of.time")
      found_.as_of.time = *number;
    else if (path == "as_of.version")
      found_.as_of.version = static_cast<std::uint64_t>(*number);
    else if (path == "passthrough_referrers.unchanged")
      found_.counts.passthrough_referrers.unchanged = *number;
    else if (path == "referrer_mappings.unchanged")
      found_.counts.referrer_mappings.unchanged = *number;
    else
      fail("a value of the wrong type in " + std::string(path));
  }

  void row(draft element, std::size_t) override {
    rule(is_mapping(), name_ == "added", std::move(element));
  }

  /// The verdict on the whole payload.
  [[nodiscard]] result<void> read(std::string_view payload) {
    if (auto good = read_json_rows(payload, *this); !good)
      fail(good.error().message);
    if (members_ != paths.size() || lists_ != list_count)
      fail("a member is missing or of the wrong type");
    if (fault_)
      return *fault_;
    return boost::system::in_place_value;
  }

protected:
  virtual void rule(bool is_mapping, bool is_added, draft members) = 0;
  virtual void removed(bool is_mapping, std::int64_t id) = 0;

  void fail(const std::string& why) {
    if (!fault_)
      fault_ = error(errc::corrupt_log, "payload: " + why);
  }
  void fail(const error& why) {
    if (!fault_)
      fault_ = why;
  }

  counted_restore found_;

private:
  [[nodiscard]] bool is_mapping() const { return kind_ == "referrer_mappings"; }

  std::string list_; // the path of the list that began last, and its two steps
  std::string kind_;
  std::string name_;
  std::size_t members_ = 0;
  std::size_t lists_ = 0;
  std::optional<error> fault_;
};

class event_reader final : public payload_reader {
public:
  [[nodiscard]] rules_restored take() && {
    event_.as_of = found_.as_of;
    event_.passthrough_referrers.unchanged = found_.counts.passthrough_referrers.unchanged;
    event_.referrer_mappings.unchanged = found_.counts.referrer_mappings.unchanged;
    return std::move(event_);
  }

private:
  template <class Rule>
  void take_rule(restored_rules<Rule>& to, bool is_added, const draft& members,
                 std::span<const std::string_view> names) {
    auto rule = read_payload<Rule>(members, names);
    if (!rule)
      return fail(rule.error());
    (is_added ? to.added : to.changed).push_back(std::move(*rule));
  }
  void rule(bool is_mapping, bool is_added, draft members) override {
    if (is_mapping)
      take_rule(event_.referrer_mappings, is_added, members, restored_mapping_v1);
    else
      take_rule(event_.passthrough_referrers, is_added, members, restored_referrer_v1);
  }
  void removed(bool is_mapping, std::int64_t id) override {
    (is_mapping ? event_.referrer_mappings.removed : event_.passthrough_referrers.removed)
        .push_back(id);
  }

  rules_restored event_;
};

class counting_reader final : public payload_reader {
public:
  [[nodiscard]] const counted_restore& found() const { return found_; }

private:
  [[nodiscard]] import_counts& of(bool is_mapping) {
    return is_mapping ? found_.counts.referrer_mappings : found_.counts.passthrough_referrers;
  }
  void rule(bool is_mapping, bool is_added, draft) override {
    auto& counts = of(is_mapping);
    ++(is_added ? counts.added : counts.changed);
  }
  void removed(bool is_mapping, std::int64_t) override { ++of(is_mapping).removed; }
};

template <class Rule>
void write_kind(canonical_writer& out, std::string_view kind, const restored_rules<Rule>& event,
                std::span<const std::string_view> names) {
  const auto write = [&](std::string_view name, const std::vector<Rule>& rules) {
    out.key(name).begin_array();
    for (const auto& each : rules)
      write_payload(out, each, names);
    out.end_array();
  };
  out.key(kind).begin_object();
  write("added", event.added);
  write("changed", event.changed);
  out.key("removed").begin_array();
  for (const auto id : event.removed)
    out.integer(id);
  out.end_array().member("unchanged", event.unchanged).end_object();
}

} // namespace

std::string write_restored(const rules_restored& event) {
  canonical_writer out;
  out.begin_object().key("as_of").begin_object().member("time", event.as_of.time);
  out.member("version", static_cast<std::int64_t>(event.as_of.version)).end_object();
  write_kind(out, "passthrough_referrers", event.passthrough_referrers, restored_referrer_v1);
  write_kind(out, "referrer_mappings", event.referrer_mappings, restored_mapping_v1);
  out.end_object();
  return std::move(out).str();
}

result<rules_restored> read_restored(std::string_view payload) {
  event_reader reader;
  if (auto good = reader.read(payload); !good)
    return good.error();
  return std::move(reader).take();
}

result<counted_restore> counts_of_restored(std::string_view payload) {
  counting_reader reader;
  if (auto good = reader.read(payload); !good)
    return good.error();
  return reader.found();
}

} // namespace headwater::attribution
