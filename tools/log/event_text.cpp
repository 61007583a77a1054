#include "tools/log/event_text.hpp"

#include "tools/api/answer_json.hpp"

namespace headwater::tools {
namespace {

constexpr std::size_t longest_payload = 600; // bytes

bool continues_a_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// Also replaces U+0080 to U+009F, which are control characters of terminals.
std::string harmless(std::string text) {
  for (std::size_t at = 0; (at = text.find('\xC2', at)) != text.npos; ++at)
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0)
      text.replace(at, 2, "?");
  return printable(std::move(text));
}

std::string shortened(const std::string& payload) {
  if (payload.size() <= longest_payload)
    return payload;
  auto end = longest_payload;
  while (end > 0 && continues_a_character(payload[end]))
    --end;
  return payload.substr(0, end) + " ... (" + std::to_string(payload.size()) + " bytes)";
}

} // namespace

std::string text_of(const store::recorded_event& event) {
  const auto& header = event.header;
  auto out = std::to_string(header.position) + "  " + header.stream + " " +
             std::to_string(header.sequence) + "  " + to_rfc3339_micros(header.time) + "  " +
             header.type;
  if (!event.part)
    return harmless(std::move(out)) + "\n    without payload\n";
  out += "  by " + event.from.principal + " in " + event.from.request_id;
  return harmless(std::move(out)) + "\n    " + harmless(shortened(event.payload)) + "\n";
}

} // namespace headwater::tools
