#include "store/audit/verify_tree.hpp"

#include "domain/core/try.hpp"

#include <algorithm>

namespace headwater::store {
namespace {

constexpr std::size_t checkpoints_at_once = 1000;

error wrong(const std::string& what) {
  return {errc::corrupt_log, what};
}

} // namespace

result<void> tree_verifier::begin() {
  TRY(auto row, tables_.get(table::proofs, frontier_key));
  if (row) {
    TRY(auto frontier, merkle_frontier::decode(*row));
    stored_ = frontier.size();
    out_.size = *stored_;
  }
  return load_checkpoints();
}

result<void> tree_verifier::load_checkpoints() {
  const error enough{errc::internal_error, "enough"};
  auto read = read_checkpoints(tables_, frontier_.size() + 1,
                               [&](const stored_checkpoint& one) -> result<void> {
                                 if (next_.size() == checkpoints_at_once)
                                   return enough;
                                 next_.push_back(one);
                                 return {};
                               });
  all_loaded_ = read.has_value();
  std::ranges::reverse(next_);
  if (!read && read.error() != enough)
    return read;
  return {};
}

result<void> tree_verifier::add(const digest& chain) {
  result<void> good;
  frontier_.append(leaf_of(chain), [&](const merkle_subtree& made) {
    tiles_.add(made, [&](unsigned layer, std::uint64_t number, const std::string& bytes) {
      if (good && stored_ && frontier_.size() < *stored_)
        good = check_tile(layer, number, bytes);
    });
  });
  if (good && stored_ == frontier_.size())
    good = check_frontier();
  if (good && !next_.empty() && next_.back().says.size == frontier_.size())
    good = check_checkpoint();
  if (good && held_ && held_->size == frontier_.size())
    good = check_held();
  return good;
}

result<void> tree_verifier::check_held() const {
  if (held_->root == frontier_.root())
    return {};
  return wrong("the given checkpoint of " + std::to_string(held_->size) +
               " events has another root than the log: the log is another one, or its past was "
               "changed");
}

result<void> tree_verifier::check_checkpoint() {
  const auto& [says, note] = next_.back();
  const auto name = "the checkpoint of " + std::to_string(says.size) + " events";
  if (says.root != frontier_.root())
    return wrong(name + " has another root than the log");
  if (verifier_ && says.origin == verifier_->name()) {
    if (auto signed_by = parse_checkpoint(note, *verifier_); !signed_by)
      return wrong(name + ": " + signed_by.error().message);
    out_.proven = says.size;
  } else {
    ++out_.unchecked;
  }
  ++out_.checkpoints;
  next_.pop_back();
  return next_.empty() && !all_loaded_ ? load_checkpoints() : result<void>{};
}

/// The stored tree ends here, so its frontier and unfinished tiles must match.
result<void> tree_verifier::check_frontier() const {
  TRY(auto row, tables_.get(table::proofs, frontier_key));
  if (!row || *row != frontier_.encode())
    return wrong("Merkle tree: its frontier at " + std::to_string(frontier_.size()) +
                 " events is not that of the log");
  for (const auto& [layer, bytes] : tiles_.layers())
    if (!bytes.empty())
      if (auto same = check_tile(layer, open_tile_number(layer, frontier_.size()), bytes); !same)
        return same;
  return {};
}

result<void> tree_verifier::check_tile(unsigned layer, std::uint64_t number,
                                       std::string_view bytes) const {
  TRY(auto row, tables_.get(table::proofs, tile_key(layer, number)));
  if (row && *row == bytes)
    return {};
  return wrong("Merkle tree, tile " + std::to_string(number) + " of level " +
               std::to_string(levels_per_tile * layer) +
               (row ? ": its hashes are not those of the log" : ": it is missing"));
}

result<verified_tree> tree_verifier::finish() {
  const auto behind = [&](const std::string& what, std::uint64_t size) {
    return wrong(what + " covers " + std::to_string(size) + " events, but the log has " +
                 std::to_string(frontier_.size()));
  };
  if (stored_ && *stored_ > frontier_.size())
    return behind("the Merkle tree", *stored_);
  if (!next_.empty())
    return behind("a checkpoint", next_.back().says.size);
  if (held_ && held_->size > frontier_.size())
    return wrong("the given checkpoint covers " + std::to_string(held_->size) +
                 " events, but the log has " + std::to_string(frontier_.size()) +
                 ": events that it proves are gone, as in an older copy of the log");
  if (held_ && held_->size == 0)
    CHECK(check_held());
  if (stored_ == 0U)
    if (auto same = check_frontier(); !same)
      return same.error();
  return out_;
}

} // namespace headwater::store
