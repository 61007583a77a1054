#include "domain/json/json_reader.hpp"

#include "domain/json/json_pass.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace headwater {
namespace {

error not_json(const json_fault& fault, std::string_view text) {
  const auto line = 1 + std::ranges::count(text.substr(0, fault.at), '\n');
  return {errc::bad_request, "The body is not valid JSON: " + std::string(fault.why) +
                                 " (at byte " + std::to_string(fault.at) +
                                 (line > 1 ? ", line " + std::to_string(line) : "") + ")"};
}

} // namespace

std::string_view without_json_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1); // npos + 1 is 0
}

bool nested_deeper_than(std::string_view text, std::size_t levels) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = text[i];
    if (in_string && c == '\\')
      ++i;
    else if (c == '"')
      in_string = !in_string;
    else if (!in_string && (c == '[' || c == '{') && ++depth > levels)
      return true;
    else if (!in_string && (c == ']' || c == '}') && depth > 0)
      --depth;
  }
  return false;
}

result<void> read_json(std::string_view text, resettable_json_sink& sink, std::size_t* behind) {
  json_buffer buffer(text);
  bool again = false;
  const auto fault = buffer.read([&] {
    if (std::exchange(again, true))
      sink.reset();
    return buffer.parse<json_sink>(sink, 0, text.size(), behind);
  });
  if (fault)
    return not_json(*fault, text);
  return boost::system::in_place_value;
}

} // namespace headwater
