#include "domain/accounts/log_restored.hpp"

#include "domain/json/json_writer.hpp"

#include <rapidjson/document.h>

#include <algorithm>

namespace headwater::accounts {
namespace {

// Members are read leniently: a missing one, or one of another type, stays empty, and then writing
// produces other bytes than were read.

const rapidjson::Value* find(const rapidjson::Value& of, const char* name) {
  const auto found = of.FindMember(name);
  return found == of.MemberEnd() ? nullptr : &found->value;
}

std::optional<std::string> text(const rapidjson::Value* value) {
  if (value == nullptr || !value->IsString())
    return std::nullopt;
  return std::string(value->GetString(), value->GetStringLength());
}

restored_from read_snapshot(const rapidjson::Value& of) {
  restored_from out;
  const auto* position = find(of, "position");
  const auto* created_at = find(of, "created_at");
  if (position != nullptr && position->IsUint64())
    out.position = position->GetUint64();
  if (created_at != nullptr && created_at->IsInt64())
    out.created_at = created_at->GetInt64();
  const auto chain = from_hex(text(find(of, "chain")).value_or(""));
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
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(payload.data(), payload.size());
  log_restored out;
  if (!document.HasParseError() && document.IsObject()) {
    out.old_checkpoint = text(find(document, "old_checkpoint"));
    out.old_origin = text(find(document, "old_origin"));
    const auto* snapshot = find(document, "snapshot");
    if (snapshot != nullptr && snapshot->IsObject())
      out.snapshot = read_snapshot(*snapshot);
  }
  if (write_log_restored(out) != payload)
    return error(errc::corrupt_log, "the payload of log_restored is damaged");
  return out;
}

} // namespace headwater::accounts
