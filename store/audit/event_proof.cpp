#include "store/audit/event_proof.hpp"

#include "domain/core/try.hpp"
#include "store/audit/stored_tree.hpp"

namespace headwater::store {

result<event_proof> prove_event(const table_store& tables, const chained_header& event,
                                const checkpoint& within) {
  const auto& header = event.header;
  if (header.position > within.size)
    return error{errc::not_found, "The checkpoint of " + std::to_string(within.size) +
                                      " events does not cover position " +
                                      std::to_string(header.position)};
  TRY(auto path, inclusion_path(header.position - 1, within.size, stored_nodes(tables)));
  auto shown =
      verify_inclusion(leaf_of(event.chain), header.position - 1, within.size, path, within.root);
  if (!shown)
    return error{errc::corrupt_log, "stream " + header.stream + ", sequence " +
                                        std::to_string(header.sequence) +
                                        ": it is not in the Merkle tree of the checkpoint of " +
                                        std::to_string(within.size) + " events"};
  return event_proof{header.stream, header.sequence, header.position, event.chain, std::move(path)};
}

void write_path(json_writer& out, const std::vector<digest>& path) {
  out.begin_array();
  for (const auto& hash : path)
    out.string(to_hex(hash));
  out.end_array();
}

void write_proof(json_writer& out, const event_proof& proof) {
  out.begin_object().member("chain", to_hex(proof.chain));
  out.member("leaf_hash", to_hex(merkle_leaf(as_bytes(proof.chain))));
  out.key("path");
  write_path(out, proof.path);
  out.member("position", static_cast<std::int64_t>(proof.position));
  out.member("sequence", static_cast<std::int64_t>(proof.sequence));
  out.member("stream", proof.stream).end_object();
}

} // namespace headwater::store
