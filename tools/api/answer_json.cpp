#include "tools/api/answer_json.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace headwater::tools {
namespace {

constexpr std::size_t deepest = 64;

/// Parsing and printing recurse, so the depth of a foreign answer must be bounded.
bool is_too_deep(std::string_view json) {
  std::size_t depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size() && depth <= deepest; ++i)
    if (in_text && json[i] == '\\')
      ++i;
    else if (json[i] == '"')
      in_text = !in_text;
    else if (!in_text && (json[i] == '[' || json[i] == '{'))
      ++depth;
    else if (!in_text && (json[i] == ']' || json[i] == '}') && depth > 0)
      --depth;
  return depth > deepest;
}

} // namespace

rapidjson::Document parsed_answer(std::string_view body) {
  rapidjson::Document out;
  if (is_too_deep(body))
    return out;
  out.Parse(body.data(), body.size());
  if (out.HasParseError())
    out.SetNull();
  return out;
}

const rapidjson::Value& member(const rapidjson::Value& of, const char* name) {
  static const rapidjson::Value null;
  if (!of.IsObject())
    return null;
  const auto found = of.FindMember(name);
  return found == of.MemberEnd() ? null : found->value;
}

std::string quoted(const rapidjson::Value& value) {
  rapidjson::StringBuffer out;
  rapidjson::Writer<rapidjson::StringBuffer> writer(out);
  value.Accept(writer);
  return {out.GetString(), out.GetSize()};
}

std::string text_of(const rapidjson::Value& value) {
  return value.IsString() ? std::string(value.GetString(), value.GetStringLength()) : quoted(value);
}

std::string shown(const rapidjson::Value& value) {
  return printable(text_of(value));
}

std::int64_t number_of(const rapidjson::Value& value) {
  return value.IsInt64() ? value.GetInt64() : 0;
}

} // namespace headwater::tools
