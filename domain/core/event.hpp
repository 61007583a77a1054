#pragma once

// What every kind of event has in common on its way into the log and back.

#include "domain/core/time.hpp"

#include <cstdint>
#include <string>

namespace headwater {

/// An event as the log stores it. `payload` is canonical JSON.
struct encoded_event {
  std::string type; ///< past tense, for example "referrer_mapping_created"
  int schema = 1;   ///< version of the payload's layout
  std::string payload;

  bool operator==(const encoded_event&) const = default;
};

/// The part of an event's header that is needed to apply it.
struct event_meta {
  std::uint64_t sequence = 0; ///< within the stream, from 1
  micros time = 0;
};

} // namespace headwater
