#include "domain/rules/commands/chosen_rules.hpp"

#include "domain/core/try.hpp"
#include "domain/json/draft_builder.hpp"
#include "domain/json/fields.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace headwater::attribution {
namespace {

/// Reads the body as an object of its own and the value of its first "set" as another one.
class chosen_reader final : public resettable_json_sink {
public:
  void reset() override { *this = chosen_reader(); }

  void null() override {
    scalar([](auto& to) { to.null(); });
  }
  void boolean(bool value) override {
    scalar([value](auto& to) { to.boolean(value); });
  }
  void number(std::string_view text, bool in_range) override {
    scalar([&](auto& to) { to.number(text, in_range); });
  }
  void string(std::string_view value) override {
    scalar([value](auto& to) { to.string(value); });
  }
  void key(std::string_view name) override {
    if (depth_in_set_ > 0)
      return set_->key(name);
    next_is_set_ = depth_ == 1 && name == "set" && !set_;
    body_.key(name);
  }
  void begin_object() override {
    begin([](auto& to) { to.begin_object(); });
  }
  void end_object() override {
    end([](auto& to) { to.end_object(); });
  }
  void begin_array() override {
    begin([](auto& to) { to.begin_array(); });
  }
  void end_array() override {
    end([](auto& to) { to.end_array(); });
  }

  [[nodiscard]] chosen_rules finish() && {
    auto body = std::move(body_).take();
    chosen_rules out;
    out.faults = std::move(body.faults);
    if (!out.faults.empty() && out.faults.front().at == location{"body"})
      return out; // it is no object
    take_ids(body, out);
    take_set(out);
    constexpr std::array<std::string_view, 2> known{"ids", "set"};
    out.ignored_fields = headwater::detail::unknown_members(body, known);
    return out;
  }

private:
  template <class Forward>
  void scalar(const Forward& forward) {
    if (std::exchange(next_is_set_, false))
      forward(begin_set());
    else if (depth_in_set_ > 0)
      forward(*set_);
    else
      forward(body_);
  }

  template <class Forward>
  void begin(const Forward& forward) {
    if (std::exchange(next_is_set_, false)) {
      depth_in_set_ = 1;
      forward(begin_set());
    } else if (depth_in_set_ > 0) {
      ++depth_in_set_;
      forward(*set_);
    } else {
      ++depth_;
      forward(body_);
    }
  }

  template <class Forward>
  void end(const Forward& forward) {
    if (depth_in_set_ > 0) {
      --depth_in_set_;
      forward(*set_);
    } else {
      --depth_;
      forward(body_);
    }
  }

  draft_builder& begin_set() {
    body_.null();                         // the set reads its own tokens
    constexpr std::size_t kept_items = 1; // no field of a rule takes a list
    return set_.emplace(kept_items);
  }

  static void take_ids(draft& body, chosen_rules& out) {
    const auto place = body_path("ids");
    const auto found = std::ranges::find(body.members, "ids", &draft::member::name);
    if (found == body.members.end()) {
      out.faults.push_back({place, "Field required", "missing"});
      return;
    }
    auto* list = std::get_if<json_list>(&found->value);
    if (!list)
      out.faults.push_back({place, "Input should be a valid list", "list_type"});
    else if (list->items.empty())
      out.faults.push_back({place, "List should have at least 1 item", "too_short"});
    else if (list->items.size() > max_chosen_rules)
      out.faults.push_back(
          {place, "List should have at most " + std::to_string(max_chosen_rules) + " items",
           "too_long"});
    else
      out.ids = std::move(list->items);
  }

  void take_set(chosen_rules& out) {
    if (set_)
      out.set = std::move(*set_).take();
    else
      out.faults.push_back({body_path("set"), "Field required", "missing"});
  }

  draft_builder body_{max_chosen_rules + 1};
  std::optional<draft_builder> set_;
  int depth_ = 0;
  int depth_in_set_ = 0;
  bool next_is_set_ = false;
};

} // namespace

result<chosen_rules> parse_chosen_rules(std::string_view json) {
  chosen_reader reader;
  CHECK(read_json(json, reader));
  return std::move(reader).finish();
}

std::size_t memory_of(const chosen_rules& of) {
  return of.ids.capacity() * sizeof(json_item) + headwater::memory_of(of.set);
}

} // namespace headwater::attribution
