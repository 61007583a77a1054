#pragma once

// An event as JSON for auditors: the one rendering used by the API and by `headwater log show`.

#include "store/log/event.hpp"

#include <string>

namespace headwater::store {

/// Appends {"chain":<hex>,"header":{...},"part":{...},"salt":<hex>} without a line end. header and
/// part are exactly the bytes that are hashed; part and salt are null once erased.
void append_event(std::string& out, const recorded_event& event);

} // namespace headwater::store
