#include "actors/views/log_proofs.hpp"

#include "domain/core/try.hpp"
#include "store/audit/stored_tree.hpp"

namespace headwater::actors {
namespace {

/// errc::service_unavailable if the stored tree does not reach that far, because it is being
/// rebuilt.
result<void> check_tree(const store::table_store& tables, std::uint64_t size) {
  TRY(auto stored, store::stored_size(tables));
  if (!stored || *stored < size)
    return error{errc::service_unavailable, "The Merkle tree is being made again; retry later"};
  return {};
}

error not_covered(const store::event_header& event, const store::stored_checkpoint& within,
                  bool is_latest) {
  auto out =
      error{errc::not_found, "The event is at position " + std::to_string(event.position) +
                                 ", and the checkpoint covers " + std::to_string(within.says.size)};
  if (is_latest)
    out.message += ": the next checkpoint will cover it; retry then";
  return out;
}

} // namespace

checkpoints_reply read_checkpoints(const store::table_store& tables,
                                   const list_checkpoints& wanted) {
  TRY(auto found, store::list_checkpoints(tables, wanted.offset, wanted.limit + 1));
  checkpoint_list out{std::move(found), false};
  out.has_more = out.checkpoints.size() > wanted.limit;
  if (out.has_more)
    out.checkpoints.pop_back();
  return out;
}

checkpoint_reply read_checkpoint(const store::table_store& tables,
                                 const std::optional<std::uint64_t>& size) {
  TRY(auto found, size ? store::find_checkpoint(tables, *size) : store::latest_checkpoint(tables));
  if (!found)
    return error{errc::not_found, size ? "There is no checkpoint of that size"
                                       : "There is no checkpoint yet; retry later"};
  return std::move(*found);
}

inclusion_reply prove_inclusion(const store::provable_log& log, const store::table_store& tables,
                                const inclusion_request& wanted) {
  const auto number = wanted.stream.empty() ? wanted.position : wanted.sequence;
  TRY(const auto found, log.find_header(wanted.stream, number));
  if (!found)
    return error{errc::not_found, "Event not found"};
  const auto& event = *found;
  TRY(auto within, read_checkpoint(tables, wanted.size));
  if (event.header.position > within.says.size)
    return not_covered(event.header, within, !wanted.size);
  CHECK(check_tree(tables, within.says.size));
  TRY(auto proof, store::prove_event(tables, event, within.says));
  return inclusion{std::move(proof), std::move(within.note)};
}

consistency_reply prove_consistency(const store::table_store& tables,
                                    const consistency_request& wanted) {
  auto from = read_checkpoint(tables, wanted.from);
  if (!from)
    return from.error();
  auto to = read_checkpoint(tables, wanted.to);
  if (!to)
    return to.error();
  const auto first = from->says.size;
  const auto second = to->says.size;
  if (first > second)
    return error{errc::validation_error,
                 "Request validation failed",
                 {{{"query", "from"}, "Input should not be greater than 'to'", "less_than_equal"}}};
  CHECK(check_tree(tables, second));
  TRY(auto path, consistency_path(first, second, store::stored_nodes(tables)));
  if (auto shown = verify_consistency(first, from->says.root, second, to->says.root, path); !shown)
    return error{errc::corrupt_log, "the checkpoints of " + std::to_string(first) + " and " +
                                        std::to_string(second) +
                                        " events are not of one tree: " + shown.error().message};
  return consistency{first, second, std::move(path)};
}

} // namespace headwater::actors
