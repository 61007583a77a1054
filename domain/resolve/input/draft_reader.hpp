#pragma once

// Reads the value of "draft" token by token. Part of resolve_request.cpp; one per request.

#include "domain/json/draft_builder.hpp"
#include "domain/json/ignored_names.hpp"
#include "domain/json/json_reader.hpp"
#include "domain/rules/commands/rule_draft.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace headwater::attribution {

class draft_reader final : public json_sink {
public:
  void null() override {
    if (settings_ && depth_ == kind_level)
      settings_ = false; // as if absent
    scalar(json_null{}, [](auto& to) { to.null(); });
  }
  void boolean(bool value) override {
    scalar(value, [value](auto& to) { to.boolean(value); });
  }
  void number(std::string_view text, bool in_range) override;
  void string(std::string_view value) override {
    scalar(std::string(value), [value](auto& to) { to.string(value); });
  }
  void key(std::string_view name) override;
  void begin_object() override {
    begin(false, [](auto& to) { to.begin_object(); });
  }
  void end_object() override {
    end([](auto& to) { to.end_object(); });
  }
  void begin_array() override {
    begin(true, [](auto& to) { to.begin_array(); });
  }
  void end_array() override {
    end([](auto& to) { to.end_array(); });
  }

  /// Whether the value has ended, so that the next token is not part of it.
  [[nodiscard]] bool is_complete() const { return started_ && depth_ == 0; }
  /// Nothing where the value was null.
  [[nodiscard]] std::optional<rule_draft> take() &&;

private:
  // Levels of the containers around a token, counted from the value of "draft" itself.
  static constexpr int kind_level = 1; // its keys are the names of kinds
  static constexpr int list_level = 2; // the keys "add", "change", "remove"
  static constexpr int item_level = 3; // the elements of those lists
  static constexpr int nowhere = -1;

  template <class Forward>
  void scalar(json_item value, const Forward& forward) {
    if (is_in_rule())
      forward(rule());
    else
      take_scalar(std::move(value));
    ended();
  }
  template <class Forward>
  void begin(bool is_array, const Forward& forward) {
    if (is_in_rule())
      forward(rule());
    else
      take_begin(is_array);
    ++depth_;
  }
  template <class Forward>
  void end(const Forward& forward) {
    --depth_;
    if (rule_)
      forward(*rule_);
    ended();
  }

  /// Or in the settings, which are read as a rule is.
  [[nodiscard]] bool is_in_rule() const {
    return settings_ ? depth_ >= kind_level : rules_ && depth_ >= item_level;
  }
  [[nodiscard]] bool is_skipped() const { return skipped_ != nowhere && depth_ >= skipped_; }
  /// The rule being read.
  [[nodiscard]] draft_builder& rule();
  void take_scalar(json_item value);
  void take_begin(bool is_array);
  /// Called when a value has ended at the current depth.
  void ended();
  void take_kind(std::string_view name);
  void take_list(std::string_view name);
  void take_id(json_item value);
  /// The value of the current key is not of the expected kind.
  void refuse(const char* message, const char* type);
  void report(const char* message, const char* type);
  /// The current key is unknown, so its value is ignored.
  void ignore(std::string name);
  [[nodiscard]] location path() const;

  rule_draft draft_;
  std::optional<draft_builder> rule_;  // being read, or the settings
  drafted_changes* changes_ = nullptr; // of the current kind
  std::vector<draft>* rules_ = nullptr;
  std::vector<json_item>* ids_ = nullptr;
  bool settings_ = false;                    // the value under way, or due, is the settings
  std::string kind_;                         // the key at kind_level
  std::string list_;                         // the key at list_level
  std::set<std::string, std::less<>> kinds_; // ordered: a client chooses them
  std::set<std::string, std::less<>> lists_; // of the current kind
  ignored_names ignored_;
  std::size_t count_ = 0;
  int depth_ = 0;
  int skipped_ = nowhere; // the level whose value is being skipped
  bool started_ = false;
  bool is_null_ = false;
};

} // namespace headwater::attribution
