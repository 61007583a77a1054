#pragma once

// Writes and reads the two halves of an event as canonical JSON (store/FORMAT.md). Pure.

#include "store/log/event.hpp"

#include <cstddef>
#include <functional>

namespace headwater::store {

/// Appends a payload, as canonical JSON, to the text passed in.
using payload_writer = std::function<void(std::string&)>;

/// Like seal() in event.hpp, for a long payload of roughly `about` bytes. It is written where it is
/// needed, so that there is no second copy of it in memory.
[[nodiscard]] sealed_part seal(const provenance& from, const std::optional<idempotency>& key,
                               const payload_writer& append_payload, std::size_t about,
                               const event_salt& salt);

[[nodiscard]] std::string write_header(const event_header& header);

/// Reads a header into `out`; false unless the text is exactly what write_header writes.
[[nodiscard]] bool read_header(std::string_view text, event_header& out);

/// Sets the event's members from, key and payload according to part->text, or clears them if the
/// part is erased. False unless the text is exactly what seal() writes.
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
