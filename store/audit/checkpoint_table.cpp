#include "store/audit/checkpoint_table.hpp"

#include "domain/core/try.hpp"
#include "store/tables/keys.hpp"

namespace headwater::store {
namespace {

error damaged(std::uint64_t size, const std::string& why) {
  return {errc::corrupt_log, "the checkpoint of " + std::to_string(size) + " events: " + why};
}

/// The row of a scan; errc::corrupt_log if the key is not that of a checkpoint.
result<stored_checkpoint> read_row(std::string_view key, std::string_view value) {
  const auto size = parse_checkpoint_key(key);
  if (!size)
    return error{errc::corrupt_log, "the key of a checkpoint is damaged"};
  return read_checkpoint_row(*size, std::string{value});
}

} // namespace

result<stored_checkpoint> read_checkpoint_row(std::uint64_t size, std::string note) {
  auto parsed = parse_note(note);
  if (!parsed)
    return damaged(size, parsed.error().message);
  auto says = parse_checkpoint_body(parsed->text);
  if (!says)
    return damaged(size, says.error().message);
  if (says->size != size)
    return damaged(size, "its note is of " + std::to_string(says->size));
  return stored_checkpoint{std::move(*says), std::move(note)};
}

result<void> put_checkpoint(provable_log& log, const table_store& tables, std::uint64_t size,
                            const std::string& note) {
  TRY(auto before, tables.get(table::proofs, checkpoint_key(size)));
  if (before)
    return error{errc::internal_error,
                 "there is a checkpoint of " + std::to_string(size) + " events already"};
  return log.put_checkpoint(size, note);
}

result<std::optional<stored_checkpoint>> find_checkpoint(const table_store& tables,
                                                         std::uint64_t size) {
  TRY(auto row, tables.get(table::proofs, checkpoint_key(size)));
  if (!row)
    return std::optional<stored_checkpoint>{};
  TRY(auto found, read_checkpoint_row(size, std::move(*row)));
  return std::optional{std::move(found)};
}

result<std::optional<stored_checkpoint>> latest_checkpoint(const table_store& tables) {
  TRY(auto found, list_checkpoints(tables, 0, 1));
  return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

result<std::vector<stored_checkpoint>> list_checkpoints(const table_store& tables,
                                                        std::uint64_t skipped, std::size_t most) {
  std::vector<stored_checkpoint> out;
  result<void> failed;
  auto scanned = tables.scan_back(table::proofs, checkpoint_prefix,
                                  [&](std::string_view key, std::string_view value) {
                                    if (skipped > 0) {
                                      --skipped;
                                      return true;
                                    }
                                    auto row = read_row(key, value);
                                    if (!row) {
                                      failed = row.error();
                                      return false;
                                    }
                                    out.push_back(std::move(*row));
                                    return out.size() < most;
                                  });
  if (!scanned)
    return scanned.error();
  if (!failed)
    return failed.error();
  return out;
}

result<void> read_checkpoints(const table_store& tables, std::uint64_t from_size,
                              const std::function<result<void>(const stored_checkpoint&)>& visit) {
  result<void> failed;
  std::string from;
  append_be64(from, from_size);
  auto scanned = tables.scan(table::proofs, checkpoint_prefix, from,
                             [&](std::string_view key, std::string_view value) {
                               auto row = read_row(key, value);
                               failed = row ? visit(*row) : result<void>{row.error()};
                               return failed.has_value();
                             });
  return scanned ? failed : scanned;
}

} // namespace headwater::store
