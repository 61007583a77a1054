#pragma once

// Makes a draft from the tokens of one JSON value. This is the only place that decides what is kept
// of a client's object. Used on the stack of whoever reads.

#include "domain/core/keyed_hash.hpp"
#include "domain/core/text.hpp"
#include "domain/json/json_number.hpp"
#include "domain/json/json_reader.hpp"
#include "domain/json/json_value.hpp"

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace headwater {

/// Builds a draft. Depth 1 is the object's members, depth 2 the items of a list. Anything deeper is
/// only noted as json_nested; its contents are not kept.
class draft_builder final : public resettable_json_sink {
public:
  /// Of each list, that many items are kept. A reader that gives more than any field may have still
  /// sees that a list is too long, without holding all of it.
  explicit draft_builder(std::size_t most_items = std::numeric_limits<std::size_t>::max())
      : most_items_(most_items) {}

  void reset() override { *this = draft_builder(most_items_); }

  void null() override { scalar(json_null{}); }
  void boolean(bool value) override { scalar(value); }
  void string(std::string_view value) override { scalar(std::string(value)); }

  void number(std::string_view text, bool in_range) override {
    if (!in_range)
      out_of_range();
    if (const auto integer = integer_of(text))
      scalar(*integer);
    else
      scalar(json_number{std::string(text)});
  }

  void key(std::string_view name) override {
    const bool known = !open_.back().emplace(name).second;
    if (known && is_object_)
      twice(depth_ == 1 ? location{"body"} / quoted_key(name)
                        : location{"body"} / quoted_key(key_) / quoted_key(name));
    if (depth_ != 1)
      return;
    duplicate_ = known;
    if (!known)
      draft_.members.push_back({std::string(name), json_null{}});
    key_ = name;
  }

  void begin_object() override {
    if (depth_ == 0)
      is_object_ = true;
    else
      nested();
    ++depth_;
    open_.emplace_back();
  }
  void end_object() override {
    --depth_;
    open_.pop_back();
  }
  void begin_array() override {
    if (depth_ == 1 && is_object_)
      place(json_list{});
    else if (depth_ > 0)
      nested();
    ++depth_;
  }
  void end_array() override { --depth_; }

  [[nodiscard]] draft take() && {
    if (!is_object_)
      draft_ = {{}, {{{"body"}, "Input should be a valid object", "dict_type"}}};
    return std::move(draft_);
  }

private:
  template <class Value>
  void scalar(Value value) {
    if (depth_ == 1)
      place(std::move(value));
    else if (depth_ == 2)
      item(std::move(value));
  }

  void nested() {
    if (depth_ == 1)
      place(json_nested{});
    else if (depth_ == 2)
      item(json_nested{});
  }

  void place(json_value value) {
    if (is_object_ && !duplicate_)
      draft_.members.back().value = std::move(value);
  }

  void item(json_item value) {
    if (!is_object_ || duplicate_)
      return;
    if (auto* list = std::get_if<json_list>(&draft_.members.back().value);
        list && list->items.size() < most_items_)
      list->items.push_back(std::move(value));
  }

  void twice(location path) { report(std::move(path), "Key is given twice"); }

  void out_of_range() {
    if (is_object_)
      report(location{"body"} / quoted_key(key_), "Number is out of range");
  }

  /// The first fault of each path.
  void report(location path, const char* message) {
    if (draft_.faults.size() < max_told_faults && reported_.insert(to_string(path)).second)
      draft_.faults.push_back({std::move(path), message, "value_error"});
  }

  std::size_t most_items_;
  draft draft_;
  std::vector<text_set> open_; // the keys so far of each open object
  text_set reported_;          // paths
  std::string key_;            // at depth 1
  int depth_ = 0;
  bool is_object_ = false;
  bool duplicate_ = false;
};

} // namespace headwater
