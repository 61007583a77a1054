#include "domain/json/stored_json.hpp"

#include "domain/core/text_rules.hpp"
#include "domain/json/json_reader.hpp"

#include <rapidjson/error/en.h>

#include <algorithm>

namespace headwater {
namespace {

const rapidjson::Value& empty_array() {
  static const rapidjson::Value value{rapidjson::kArrayType};
  return value;
}

std::string_view view(const rapidjson::Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

bool is_text(const rapidjson::Value& value) {
  return value.IsString() && !has_lone_surrogate(view(value));
}

} // namespace

stored_json::stored_json(std::string_view json)
    : buffer_(std::make_shared_for_overwrite<char[]>(json.size() + json_padding)) {
  constexpr unsigned flags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag |
                             rapidjson::kParseValidateEncodingFlag;
  std::copy(json.begin(), json.end(), buffer_.get());
  std::fill_n(buffer_.get() + json.size(), json_padding, '\0');
  document_.ParseInsitu<flags>(buffer_.get());
}

std::optional<std::string> stored_json::fault() const {
  if (document_.HasParseError())
    return "not JSON at byte " + std::to_string(document_.GetErrorOffset()) + ": " +
           rapidjson::GetParseError_En(document_.GetParseError());
  if (!document_.IsObject())
    return "not a JSON object";
  return std::nullopt;
}

stored_members::stored_members(const rapidjson::Value& object, std::string& fault)
    : object_(object.IsObject() ? &object : nullptr), fault_(fault) {}

void stored_members::fail(std::string_view name, std::string_view what) {
  if (fault_.empty())
    fault_ = std::string{name} + " " + std::string{what};
}

const rapidjson::Value* stored_members::find(std::string_view name) const {
  if (object_ == nullptr)
    return nullptr;
  for (const auto& member : object_->GetObject())
    if (view(member.name) == name)
      return &member.value;
  return nullptr;
}

std::string_view stored_members::text(std::string_view name) {
  auto value = optional_text(name);
  if (!value)
    fail(name, "is missing");
  return value.value_or(std::string_view{});
}

std::optional<std::string_view> stored_members::optional_text(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr)
    return std::nullopt;
  if (is_text(*value))
    return view(*value);
  fail(name, "is not a string of UTF-8");
  return std::nullopt;
}

std::int64_t stored_members::integer(std::string_view name, std::int64_t least) {
  // We write no others (json_writer): not every reader of JSON keeps them.
  constexpr std::int64_t most = (std::int64_t{1} << 53) - 1;
  const auto* value = find(name);
  if (value != nullptr && value->IsInt64() && value->GetInt64() >= std::max(least, -most) &&
      value->GetInt64() <= most)
    return value->GetInt64();
  fail(name, value == nullptr ? "is missing" : "is not an integer of its range");
  return 0;
}

std::optional<std::int64_t> stored_members::optional_count(std::string_view name) {
  if (find(name) == nullptr)
    return std::nullopt;
  return integer(name, 0);
}

rapidjson::Value::ConstArray stored_members::elements(std::string_view name) {
  const auto* value = find(name);
  if (value != nullptr && value->IsArray())
    return value->GetArray();
  fail(name, "is not an array");
  return empty_array().GetArray();
}

std::vector<std::string> stored_members::texts(std::string_view name) {
  std::vector<std::string> out;
  for (const auto& value : elements(name)) {
    if (is_text(value))
      out.emplace_back(view(value));
    else
      fail(name, "holds something that is not a string of UTF-8");
  }
  return out;
}

stored_members stored_members::object(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr || !value->IsObject())
    fail(name, "is not an object");
  return {value != nullptr ? *value : empty_array(), fault_};
}

stored_members stored_members::element(const rapidjson::Value& value) {
  if (!value.IsObject())
    fail("an element", "is not an object");
  return {value, fault_};
}

} // namespace headwater
