#include "store/log/event_json.hpp"

#include "store/log/event_codec.hpp"

namespace headwater::store {

void append_event(std::string& out, const recorded_event& event) {
  out.append(R"({"chain":")").append(to_hex(event.chain)).append(R"(","header":)");
  out.append(event.header_text);
  if (event.part) {
    out.append(R"(,"part":)").append(event.part->text);
    out.append(R"(,"salt":")").append(to_hex(salt_bytes(event.part->salt))).append(R"("})");
  } else {
    out.append(R"(,"part":null,"salt":null})");
  }
}

} // namespace headwater::store
