#pragma once

// The two halves of an event as canonical JSON (store/FORMAT.md), written and read back. Pure.

#include "store/log/event.hpp"

#include <cstddef>
#include <functional>

namespace headwater::store {

/// Appends a payload, as canonical JSON, to the text passed in.
using payload_writer = std::function<void(std::string&)>;

/// seal() of event.hpp for a long payload of roughly `about` bytes: avoids a second copy of it in
/// memory.
[[nodiscard]] sealed_part seal(const provenance& from, const std::optional<idempotency>& key,
                               const payload_writer& append_payload, std::size_t about,
                               const event_salt& salt);

[[nodiscard]] std::string write_header(const event_header& header);

/// Reads a header into `out`; false unless the text is exactly what write_header writes.
[[nodiscard]] bool read_header(std::string_view text, event_header& out);

/// Fills in from, key and payload from part->text, or clears them if the part is erased; false
/// unless the text is exactly what seal() writes.
[[nodiscard]] bool decode_part(recorded_event& event);

[[nodiscard]] inline std::string_view salt_bytes(const event_salt& salt) {
  return {reinterpret_cast<const char*>(salt.data()), salt.size()};
}

[[nodiscard]] inline digest next_chain(const digest& previous, std::string_view header_text) {
  return sha256({as_bytes(previous), header_text});
}

[[nodiscard]] inline digest hash_part(const event_salt& salt, std::string_view text) {
  return sha256({salt_bytes(salt), text});
}

} // namespace headwater::store
