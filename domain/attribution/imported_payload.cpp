#include "domain/attribution/imported_payload.hpp"

#include "domain/attribution/rule_payload.hpp"
#include "domain/core/json_rows.hpp"

#include <algorithm>

namespace headwater::attribution {
namespace {

/// Takes the members of a payload. What becomes of its rules is the derived class's affair.
class payload_reader : public json_rows {
public:
  void reset() override { fail("a number that no payload has"); }

  void member(std::string_view path) override {
    if (std::ranges::find(imported_rules_v1, path) == imported_rules_v1.end())
      fail("a member that its schema does not have");
    ++members_;
  }
  void twice(std::string_view path) override { fail("twice " + std::string(path)); }

  bool begin_list(std::string_view path) override {
    if (path == list_)
      fail("a list within a list");
    list_ = path;
    ++lists_;
    if (path != "added" && path != "changed" && path != "removed")
      fail("a list in " + list_);
    return path != "removed";
  }

  void value(std::string_view path, const json_item& value) override {
    const auto* number = std::get_if<std::int64_t>(&value);
    const auto* text = std::get_if<std::string>(&value);
    if (path == "removed" && list_ == path && number)
      removed(*number);
    else if (path == "unchanged" && number)
      counts_.unchanged = *number;
    else if (const auto mode = text ? parse_import_mode(*text) : std::nullopt;
             path == "mode" && mode)
      counts_.mode = *mode;
    else
      fail("a value of the wrong type in " + std::string(path));
  }

  void row(draft element, std::size_t) override { rule(list_ == "added", std::move(element)); }

  /// The verdict on the whole payload.
  [[nodiscard]] result<void> read(std::string_view payload) {
    if (auto good = read_json_rows(payload, *this); !good)
      fail(good.error().message);
    if (members_ != imported_rules_v1.size() || lists_ != 3)
      fail("a member is missing or of the wrong type");
    if (fault_)
      return *fault_;
    return boost::system::in_place_value;
  }

protected:
  virtual void rule(bool is_added, draft members) = 0;
  virtual void removed(std::int64_t id) = 0;

  void fail(const std::string& why) {
    if (!fault_)
      fault_ = error(errc::corrupt_log, "payload: " + why);
  }
  void fail(const error& why) {
    if (!fault_)
      fault_ = why;
  }

  import_counts counts_;

private:
  std::string list_;
  std::size_t members_ = 0;
  std::size_t lists_ = 0;
  std::optional<error> fault_;
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
  void rule(bool is_added, draft members) override {
    auto rule = read_payload<Rule>(members, names_);
    if (!rule)
      return fail(rule.error());
    (is_added ? event_.added : event_.changed).push_back(std::move(*rule));
  }
  void removed(std::int64_t id) override { event_.removed.push_back(id); }

  std::span<const std::string_view> names_;
  rules_imported<Rule> event_;
};

class counting_reader final : public payload_reader {
public:
  [[nodiscard]] import_counts counts() const { return counts_; }

private:
  void rule(bool is_added, draft) override { ++(is_added ? counts_.added : counts_.changed); }
  void removed(std::int64_t) override { ++counts_.removed; }
};

} // namespace

template <class Rule>
std::string write_imported(const rules_imported<Rule>& event,
                           std::span<const std::string_view> names) {
  canonical_writer out;
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
  if (auto good = reader.read(payload); !good)
    return good.error();
  return std::move(reader).take();
}

result<import_counts> counts_of_imported(std::string_view payload) {
  counting_reader reader;
  if (auto good = reader.read(payload); !good)
    return good.error();
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
