#include "domain/resolve/input/visit_reader.hpp"

#include "domain/core/text.hpp"
#include "domain/json/fields.hpp"

#include <algorithm>
#include <utility>

namespace headwater::attribution {
namespace {

std::size_t place_of_utm(std::string_view name) {
  const auto* const found = std::ranges::find(utm_members, name, &utm_member::name);
  return static_cast<std::size_t>(found - utm_members.begin());
}

bool is_begin(json_token token) {
  return token == json_token::begin_object || token == json_token::begin_array;
}

bool is_end(json_token token) {
  return token == json_token::end_object || token == json_token::end_array;
}

} // namespace

template <std::size_t Known>
bool visit_reader::seen_keys<Known>::add(std::size_t place, std::string_view key) {
  return place < Known ? !std::exchange(known_[place], true) : others_.emplace(key).second;
}

bool visit_reader::is_in_session() const {
  return depth_ == 2 && member_ == "session" && !is_repeated_;
}

location visit_reader::path() const {
  const bool in_session = member_ == "session" && depth_ > 1;
  return in_session ? body_path("session") / quoted_key(session_member_)
                    : body_path(quoted_key(member_));
}

void visit_reader::report(const char* message) {
  if (structural_.size() < max_told_faults)
    structural_.push_back(
        {started_ && is_object_ ? path() : location{"body"}, message, "value_error"});
}

void visit_reader::take_key(std::string_view name) {
  member_ = name;
  const auto place = static_cast<std::size_t>(std::ranges::find(members, name) - members.begin());
  is_repeated_ = !keys_.add(place, name);
  if (is_repeated_)
    report("Key is given twice");
  else if (place == members.size() && std::ranges::find(beside_, name) == beside_.end())
    ignored_.add(quoted_key(name));
}

void visit_reader::take_session_key(std::string_view name) {
  session_member_ = name;
  const auto place = place_of_utm(name);
  is_session_repeated_ = !session_keys_.add(place, name);
  if (is_session_repeated_)
    report("Key is given twice");
  else if (place == utm_members.size())
    ignored_in_session_.add("session." + quoted_key(name));
}

void visit_reader::take_member(json_token token, std::string_view text) {
  if (member_ == "url") {
    has_url_ = token != json_token::null;
    if (token == json_token::string)
      visit_.url = text;
    else if (has_url_)
      faults_.push_back({path(), "Input should be a valid string", "string_type"});
  } else if (member_ == "referrer") {
    // A referrer of any other type is unreadable and counts as none.
    if (token == json_token::string)
      visit_.referrer = text;
  } else if (member_ == "session") {
    if (token == json_token::begin_object)
      visit_.session.emplace();
    else if (token != json_token::null)
      faults_.push_back({path(), "Input should be an object of UTM values or null", "dict_type"});
  }
}

void visit_reader::take_session_member(json_token token, std::string_view text) {
  const auto place = place_of_utm(session_member_);
  if (!visit_.session || place == utm_members.size() || token == json_token::null)
    return;
  if (token == json_token::string)
    (*visit_.session).*utm_members[place].value = text;
  else
    faults_.push_back({path(), "Input should be a valid string", "string_type"});
}

void visit_reader::take(json_token token, std::string_view text) {
  if (is_end(token)) {
    --depth_;
    return;
  }
  if (token == json_token::key) {
    if (depth_ == 1)
      take_key(text);
    else if (is_in_session())
      take_session_key(text);
    return;
  }
  if (token == json_token::huge_number)
    report("Number is out of range");
  if (!started_) {
    started_ = true;
    is_object_ = token == json_token::begin_object;
  } else if (is_object_ && depth_ == 1 && !is_repeated_) {
    take_member(token, text);
  } else if (is_object_ && is_in_session() && !is_session_repeated_) {
    take_session_member(token, text);
  }
  depth_ += is_begin(token) ? 1 : 0;
}

std::vector<std::string> visit_reader::ignored_fields() const {
  auto names = ignored_.all();
  const auto& more = ignored_in_session_.all();
  names.insert(names.end(), more.begin(), more.end());
  names.resize(std::min(names.size(), max_told_faults));
  return names;
}

std::vector<std::string> visit_reader::ignored_fields_of_batch() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < members.size(); ++i)
    if (keys_.has(i))
      names.emplace_back(members[i]);
  const auto& more = ignored_.all();
  names.insert(names.end(), more.begin(), more.end());
  names.resize(std::min(names.size(), max_told_faults));
  return names;
}

result<visit> visit_reader::finish(bool strict) && {
  if (!is_object_)
    return validation_failure({{{"body"}, "Input should be a valid object", "dict_type"}});
  if (!has_url_)
    faults_.insert(faults_.begin(), {body_path("url"), "Field required", "missing"});
  faults_.insert(faults_.end(), structural_.begin(), structural_.end());
  faults_.resize(std::min(faults_.size(), max_told_faults));
  if (strict)
    refuse_unknown(ignored_fields(), faults_);
  if (!faults_.empty())
    return validation_failure(std::move(faults_));
  return std::move(visit_);
}

} // namespace headwater::attribution
