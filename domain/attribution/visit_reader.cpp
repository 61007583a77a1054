#include "domain/attribution/visit_reader.hpp"

#include "domain/core/fields.hpp"
#include "domain/core/text.hpp"

namespace headwater::attribution {
namespace {

std::string* session_value(utm_values& of, std::string_view name) {
  if (name == "utm_source")
    return &of.source;
  if (name == "utm_medium")
    return &of.medium;
  if (name == "utm_campaign")
    return &of.campaign;
  if (name == "utm_term")
    return &of.term;
  if (name == "utm_content")
    return &of.content;
  return nullptr;
}

bool is_begin(json_token token) {
  return token == json_token::begin_object || token == json_token::begin_array;
}

bool is_end(json_token token) {
  return token == json_token::end_object || token == json_token::end_array;
}

} // namespace

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
  if (depth_ == 1) {
    member_ = name;
    if (!keys_.emplace(name).second)
      report("Key is given twice");
    else if (name != "url" && name != "referrer" && name != "session")
      unknown_.emplace_back(name);
  } else if (depth_ == 2 && member_ == "session") {
    session_member_ = name;
    if (!session_keys_.emplace(name).second)
      report("Key is given twice");
  }
}

void visit_reader::take_member(json_token token, std::string_view text) {
  if (member_ == "url") {
    has_url_ = token != json_token::null;
    if (token == json_token::string)
      visit_.url = text;
    else if (has_url_)
      faults_.push_back({path(), "Input should be a valid string", "string_type"});
  } else if (member_ == "referrer") {
    // Any other type is a referrer that cannot be read, which counts as none.
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
  auto* value = visit_.session ? session_value(*visit_.session, session_member_) : nullptr;
  if (!value || token == json_token::null)
    return;
  if (token == json_token::string)
    *value = text;
  else
    faults_.push_back({path(), "Input should be a valid string", "string_type"});
}

void visit_reader::take(json_token token, std::string_view text) {
  if (is_end(token)) {
    --depth_;
    return;
  }
  if (token == json_token::key)
    return take_key(text);
  if (token == json_token::huge_number)
    report("Number is out of range");
  if (!started_) {
    started_ = true;
    is_object_ = token == json_token::begin_object;
  } else if (is_object_ && depth_ == 1) {
    take_member(token, text);
  } else if (is_object_ && depth_ == 2 && member_ == "session") {
    take_session_member(token, text);
  }
  depth_ += is_begin(token) ? 1 : 0;
}

result<visit> visit_reader::finish() && {
  if (!is_object_)
    return validation_failure({{{"body"}, "Input should be a valid object", "dict_type"}});
  if (!has_url_)
    faults_.insert(faults_.begin(), {body_path("url"), "Field required", "missing"});
  faults_.insert(faults_.end(), structural_.begin(), structural_.end());
  if (!faults_.empty())
    return validation_failure(std::move(faults_));
  return std::move(visit_);
}

} // namespace headwater::attribution
