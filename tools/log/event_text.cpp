#include "tools/log/event_text.hpp"

#include "tools/terminal/printable.hpp"

namespace headwater::tools {
namespace {

constexpr std::size_t longest_payload = 600; // bytes

bool continues_a_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
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
    return printable(out) + "\n    without payload\n";
  out += "  by " + event.from.principal + " in " + event.from.request_id;
  return printable(out) + "\n    " + printable(shortened(event.payload)) + "\n";
}

} // namespace headwater::tools
