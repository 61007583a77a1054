#include "actors/checkpointer.hpp"

#include "domain/core/try.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace headwater::actors {
namespace {

using checkpointer_pointer = checkpointer_actor::stateful_pointer<checkpointer_state>;

constexpr std::chrono::milliseconds longest_pause{1000};
constexpr std::size_t events_per_step = 2048; // some milliseconds
constexpr auto longest_finish = std::chrono::seconds{2};

/// Ends the work, and tells the operator why.
void fail(checkpointer_state& state, const error& why) {
  state.failed = true;
  state.tree.reset();
  // A stopped log has already been reported.
  if (state.log->events().stopped_reason())
    return;
  state.counters->storage.add(why);
  spdlog::critical("no more checkpoints are cut: {}", why.message);
}

result<void> take_up(checkpointer_state& state) {
  if (state.tree)
    return {};
  auto tree = store::stored_tree::open(state.log->proofs(), state.log->tables());
  if (!tree)
    return tree.error();
  TRY(auto latest, store::latest_checkpoint(state.log->tables()));
  if (const auto& why = tree->why_anew())
    spdlog::warn("the Merkle tree is made again: {}", *why);
  state.last_size = latest ? latest->says.size : 0;
  state.counters->checkpoint_size.Set(static_cast<double>(state.last_size));
  state.tree.emplace(std::move(*tree));
  return {};
}

/// Whether the last checkpoint belongs to this log. A tree that does not match it is rebuilt, once:
/// false until that is done.
result<bool> is_of_this_log(checkpointer_state& state) {
  if (state.checked)
    return true;
  TRY(auto latest, store::latest_checkpoint(state.log->tables()));
  error other{errc::corrupt_log, "the log is not the one whose checkpoint of " +
                                     std::to_string(state.last_size) + " events was signed"};
  if (latest) {
    if (state.last_size > state.tree->size())
      return other;
    auto root = store::stored_root(state.log->tables(), state.last_size);
    const bool same = root && *root == latest->says.root;
    if (!same && state.tree->why_anew())
      return root ? other : root.error();
    if (!same) {
      spdlog::warn("the Merkle tree is made again: it does not give the root of a checkpoint");
      CHECK(state.tree->begin_anew("another root than the last checkpoint"));
      return false;
    }
  }
  state.checked = true;
  return true;
}

bool is_time(const checkpointer_state& state) {
  if (state.tree->size() == state.last_size)
    return false;
  return !state.last_cut || state.tree->size() - state.last_size >= state.settings.events ||
         std::chrono::steady_clock::now() - *state.last_cut >= state.settings.every;
}

result<void> cut(checkpointer_state& state) {
  TRY(auto same, is_of_this_log(state));
  if (!same)
    return {};
  const checkpoint says{state.key->origin(), state.tree->size(), state.tree->root(), {}};
  TRY(auto note, render(says, state.key->key));
  if (auto stored =
          store::put_checkpoint(state.log->proofs(), state.log->tables(), says.size, note);
      !stored)
    return stored;
  state.last_size = says.size;
  state.last_cut = std::chrono::steady_clock::now();
  state.counters->checkpoint_size.Set(static_cast<double>(says.size));
  state.counters->checkpoint_time.Set(static_cast<double>(now()) / 1e6);
  return {};
}

/// One step; true if more steps are needed to reach `until`.
result<bool> step(checkpointer_state& state) {
  CHECK(state.tree->grow(state.until, events_per_step));
  state.counters->tree_size.Set(static_cast<double>(state.tree->size()));
  return state.tree->size() < state.until;
}

bool may_work(const checkpointer_state& state) {
  return !state.failed && !state.log->events().stopped_reason();
}

// Its states:
//
//   idle      --each second: look--------------> growing    after take_up() opened the tree
//   growing   --2,048 events, more to come-----> growing    by a message to itself
//   growing   --at `until`, no checkpoint due--> idle
//   growing   --at `until`, checkpoint due-----> checking   is_of_this_log(), once
//   checking  --the tree has another root------> idle       the tree is started over
//   checking  --signed, stored, named in HEAD--> idle
//   any       --error, or another log----------> failed
//
// Growing goes by messages so that `finish`, at the end of the service, waits for one step and not
// for a tree of millions of events. Every error leads to `failed`, which has no way out but a
// restart: a signature over something doubtful cannot be taken back.
void begin_look(checkpointer_pointer self) {
  auto& state = self->state;
  if (auto ready = take_up(state); !ready)
    return fail(state, ready.error());
  state.until = state.log->proofs().provable_events();
  self->send(self, grow_atom::value);
}

void look_again(checkpointer_pointer self) {
  self->delayed_send(self, std::min(longest_pause, self->state.settings.every), look_atom::value);
}

void grow(checkpointer_pointer self) {
  auto& state = self->state;
  auto more = step(state);
  if (more && *more)
    return self->send(self, grow_atom::value);
  result<void> done;
  if (!more)
    done = more.error();
  else if (is_time(state))
    done = cut(state);
  if (!done)
    return fail(state, done.error());
  look_again(self);
}

/// Does what is possible in a short time: the next start continues from there.
result<bool> finish(checkpointer_state& state) {
  const auto deadline = std::chrono::steady_clock::now() + longest_finish;
  if (auto ready = take_up(state); !ready)
    return ready.error();
  state.until = state.log->proofs().provable_events();
  for (bool more = true; more && std::chrono::steady_clock::now() < deadline;) {
    TRY(auto stepped, step(state));
    more = stepped;
  }
  if (state.tree->size() > state.last_size)
    CHECK(cut(state));
  return state.last_size == state.until;
}

} // namespace

checkpointer_actor::behavior_type checkpointer(checkpointer_pointer self,
                                               std::shared_ptr<store::log_engine> log,
                                               std::shared_ptr<metrics> counters, key_ptr key,
                                               checkpoint_settings settings) {
  auto& state = self->state;
  state.log = std::move(log);
  state.counters = std::move(counters);
  state.key = std::move(key);
  state.settings = std::move(settings);
  self->send(self, look_atom::value);
  return {
      [self](look_atom) {
        if (may_work(self->state))
          begin_look(self);
      },
      [self](grow_atom) {
        if (may_work(self->state))
          grow(self);
      },
      [self](finish_atom) {
        auto& state = self->state;
        if (!may_work(state))
          return false;
        auto done = finish(state);
        if (!done)
          fail(state, done.error());
        return done && *done;
      },
  };
}

} // namespace headwater::actors
