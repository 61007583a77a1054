#include "domain/accounts/log_restored.hpp"

#include "domain/json/json_writer.hpp"
#include "domain/json/stored_json.hpp"

#include <algorithm>

namespace headwater::accounts {
namespace {

// A member that is missing or of another type reads as empty, and then writing produces other bytes
// than were read.

std::optional<std::string> text(stored_members& from, std::string_view name) {
  const auto found = from.optional_text(name);
  return found ? std::optional<std::string>(*found) : std::nullopt;
}

restored_from read_snapshot(stored_members of) {
  restored_from out;
  out.position = static_cast<std::uint64_t>(of.integer("position", 0));
  out.created_at = of.integer("created_at", stored_members::any_integer);
  const auto chain = from_hex(of.text("chain"));
  if (chain && chain->size() == out.chain.size())
    std::ranges::copy(*chain, out.chain.begin());
  return out;
}

} // namespace

std::string write_log_restored(const log_restored& event) {
  json_writer out;
  out.begin_object();
  out.member("old_checkpoint", event.old_checkpoint).member("old_origin", event.old_origin);
  out.key("snapshot").begin_object().member("chain", to_hex(event.snapshot.chain));
  out.member("created_at", event.snapshot.created_at);
  out.member("position", static_cast<std::int64_t>(event.snapshot.position));
  out.end_object().end_object();
  return std::move(out).str();
}

result<log_restored> read_log_restored(std::string_view payload) {
  const stored_json document(payload);
  log_restored out;
  if (!document.fault()) {
    std::string first_fault; // the comparison below says more
    stored_members from(document.root(), first_fault);
    out.old_checkpoint = text(from, "old_checkpoint");
    out.old_origin = text(from, "old_origin");
    out.snapshot = read_snapshot(from.object("snapshot"));
  }
  if (write_log_restored(out) != payload)
    return error(errc::corrupt_log, "the payload of log_restored is damaged");
  return out;
}

} // namespace headwater::accounts
