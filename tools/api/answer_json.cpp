#include "tools/api/answer_json.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace headwater::tools {

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

std::string printable(std::string text) {
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      c = '?';
  return text;
}

std::string shown(const rapidjson::Value& value) {
  return printable(text_of(value));
}

std::int64_t number_of(const rapidjson::Value& value) {
  return value.IsInt64() ? value.GetInt64() : 0;
}

} // namespace headwater::tools
