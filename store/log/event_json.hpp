#pragma once

// An event as JSON for whoever audits: the one rendering of the API and of `headwater log show`.

#include "store/log/event.hpp"

#include <string>

namespace headwater::store {

/// Appends {"chain":<hex>,"header":{...},"part":{...},"salt":<hex>} without a line end. header and
/// part are the very bytes that are hashed; part and salt are null once erased.
void append_event(std::string& out, const recorded_event& event);

} // namespace headwater::store
