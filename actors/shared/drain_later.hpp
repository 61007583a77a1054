#pragma once

// How actors gather commands that arrive together: each is kept in `waiting`, and a drain_atom that
// the actor sends to itself comes up behind all those that are in the mailbox by then. Actor
// threads only.

#include "actors/protocol/interfaces.hpp"

#include <utility>

namespace headwater::actors {

/// Has the actor look at `state.waiting`, unless that is to come or nothing waits. Its handler of
/// drain_atom sets `state.drain_is_sent` to false.
template <class Pointer>
void drain_later(Pointer self) {
  if (!self->state.waiting.empty() && !std::exchange(self->state.drain_is_sent, true))
    self->send(self, drain_atom::value);
}

} // namespace headwater::actors
