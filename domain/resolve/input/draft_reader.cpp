#include "domain/resolve/input/draft_reader.hpp"

#include "domain/core/text.hpp"
#include "domain/json/fields.hpp"
#include "domain/json/json_number.hpp"
#include "domain/rules/rule_kind.hpp"
#include "domain/rules/settings_fields.hpp"

namespace headwater::attribution {

std::optional<rule_draft> draft_reader::take() && {
  if (is_null_)
    return std::nullopt;
  if (count_ > max_drafted_changes)
    draft_.faults.push_back({body_path("draft"),
                             "A draft should have at most " + std::to_string(max_drafted_changes) +
                                 " changes; this one has " + std::to_string(count_),
                             "too_long"});
  draft_.ignored_fields = ignored_.all();
  return std::move(draft_);
}

location draft_reader::path() const {
  auto place = body_path("draft");
  if (depth_ >= kind_level)
    place = std::move(place) / quoted_key(kind_);
  if (depth_ >= list_level)
    place = std::move(place) / quoted_key(list_);
  if (depth_ >= item_level && ids_)
    place = std::move(place) / ids_->size();
  return place;
}

void draft_reader::report(const char* message, const char* type) {
  if (draft_.faults.size() < max_told_faults)
    draft_.faults.push_back({path(), message, type});
}

void draft_reader::refuse(const char* message, const char* type) {
  report(message, type);
  skipped_ = depth_;
}

void draft_reader::ignore(std::string name) {
  ignored_.add("draft." + std::move(name));
  skipped_ = depth_;
}

draft_builder& draft_reader::rule() {
  // One more than any list in a draft may have: a longer one is refused without being held.
  constexpr std::size_t kept_items = max_listed_settings + 1;
  if (!rule_)
    rule_.emplace(kept_items);
  return *rule_;
}

void draft_reader::number(std::string_view text, bool in_range) {
  if (!in_range && !is_in_rule())
    report("Number is out of range", "value_error");
  const auto integer = integer_of(text);
  scalar(integer ? json_item(*integer) : json_item(json_number{std::string(text)}),
         [&](auto& to) { to.number(text, in_range); });
}

void draft_reader::key(std::string_view name) {
  if (is_in_rule())
    return rule().key(name);
  if (skipped_ != nowhere && depth_ > skipped_)
    return;
  skipped_ = nowhere;
  if (depth_ == kind_level)
    take_kind(name);
  else if (depth_ == list_level)
    take_list(name);
}

void draft_reader::take_kind(std::string_view name) {
  kind_ = name;
  lists_.clear();
  changes_ = nullptr;
  each_rule_kind([&](auto kind) {
    if (name == kind.names)
      changes_ = &kind.in(draft_);
  });
  if (!kinds_.emplace(name).second)
    return refuse("Key is given twice", "value_error");
  settings_ = name == "attribution";
  if (!settings_ && !changes_)
    ignore(quoted_key(kind_));
}

void draft_reader::take_list(std::string_view name) {
  list_ = name;
  if (!lists_.emplace(name).second)
    return refuse("Key is given twice", "value_error");
  if (name == "add" || name == "change" || name == "remove")
    return;
  ignore(quoted_key(kind_) + "." + quoted_key(list_));
}

void draft_reader::take_id(json_item value) {
  if (++count_ <= max_drafted_changes)
    ids_->push_back(std::move(value));
}

void draft_reader::take_scalar(json_item value) {
  const bool is_null = std::holds_alternative<json_null>(value);
  if (depth_ == 0) {
    started_ = true;
    is_null_ = is_null;
  }
  if (ids_ && depth_ == item_level)
    take_id(std::move(value));
  else if (!is_skipped() && !is_null && depth_ <= list_level)
    depth_ == list_level ? refuse("Input should be a valid list", "list_type")
                         : refuse("Input should be a valid object", "dict_type");
}

void draft_reader::take_begin(bool is_array) {
  started_ = true;
  if (ids_ && depth_ == item_level)
    return take_id(json_nested{});
  if (ids_ || is_skipped())
    return;
  if (depth_ < list_level && is_array)
    return refuse("Input should be a valid object", "dict_type");
  if (depth_ != list_level)
    return;
  if (!is_array)
    return refuse("Input should be a valid list", "list_type");
  rules_ = list_ == "add" ? &changes_->add : list_ == "change" ? &changes_->change : nullptr;
  ids_ = list_ == "remove" ? &changes_->remove : nullptr;
}

void draft_reader::ended() {
  if (settings_) {
    if (rule_ && depth_ == kind_level) {
      ++count_;
      draft_.attribution = std::move(*rule_).take();
      rule_.reset();
      settings_ = false;
    }
    return;
  }
  if (rule_ && depth_ == item_level) {
    if (++count_ <= max_drafted_changes)
      rules_->push_back(std::move(*rule_).take());
    rule_.reset();
  }
  if (depth_ < item_level)
    rules_ = nullptr;
  if (depth_ < item_level)
    ids_ = nullptr;
}

} // namespace headwater::attribution
