#pragma once

// A batch that the journal refused is decided once more without the commands that it refuses.

#include "actors/protocol/log_messages.hpp"

namespace headwater::actors {

/// What the journal has refused: commands of this purpose, and of more demanding ones.
struct refused_purpose {
  write_purpose purpose;
  error why;

  [[nodiscard]] bool covers(write_purpose other) const { return other <= purpose; }
};

} // namespace headwater::actors
