#include "store/log/event_codec.hpp"

#include "domain/json/canonical_reader.hpp"
#include "domain/json/json_writer.hpp"

#include <limits>

namespace headwater::store {

sealed_part seal(const provenance& from, const std::optional<idempotency>& key,
                 const payload_writer& append_payload, std::size_t about, const event_salt& salt) {
  constexpr std::size_t usual_frame = 512;
  json_writer head;
  head.reserve(about + usual_frame);
  head.begin_object().key("idempotency_fingerprint");
  if (key)
    head.string(to_hex(key->fingerprint)).member("idempotency_key", std::string_view{key->key});
  else
    head.null().key("idempotency_key").null();
  head.key("payload");
  sealed_part part{salt, std::move(head).str(), {}};
  auto& text = part.text;
  append_payload(text);
  text += R"(,"principal":)";
  append_json_string(text, from.principal);
  text += R"(,"request_id":)";
  append_json_string(text, from.request_id);
  text += '}';
  part.payload_hash = hash_part(salt, text);
  return part;
}

sealed_part seal(const provenance& from, const std::optional<idempotency>& key,
                 std::string_view payload, const event_salt& salt) {
  return seal(
      from, key, [payload](std::string& out) { out += payload; }, payload.size(), salt);
}

std::string write_header(const event_header& header) {
  json_writer out;
  out.begin_object()
      .member("payload_hash", std::string_view{to_hex(header.payload_hash)})
      .member("position", static_cast<std::int64_t>(header.position))
      .member("schema", std::int64_t{header.schema})
      .member("sequence", static_cast<std::int64_t>(header.sequence))
      .member("stream", std::string_view{header.stream})
      .member("time", header.time)
      .member("type", std::string_view{header.type})
      .end_object();
  return std::move(out).str();
}

bool read_header(std::string_view text, event_header& out) {
  canonical_reader in{text};
  std::uint64_t schema = 0;
  std::uint64_t time = 0;
  bool good = in.literal(R"({"payload_hash":)") && in.digest_text(out.payload_hash) &&
              in.literal(R"(,"position":)") && in.integer(out.position) &&
              in.literal(R"(,"schema":)") && in.integer(schema) && in.literal(R"(,"sequence":)") &&
              in.integer(out.sequence) && in.literal(R"(,"stream":)") && in.string(out.stream) &&
              in.literal(R"(,"time":)") && in.integer(time) && in.literal(R"(,"type":)") &&
              in.string(out.type) && in.literal("}");
  if (!good || !in.finished() || schema > std::numeric_limits<int>::max())
    return false;
  out.schema = static_cast<int>(schema);
  out.time = static_cast<micros>(time);
  return true;
}

bool decode_part(recorded_event& event) {
  event.key.reset();
  if (!event.part) {
    event.from = {};
    event.payload.clear();
    return true;
  }
  constexpr std::string_view without = R"({"idempotency_fingerprint":null,"idempotency_key":null)";
  canonical_reader in{event.part->text};
  if (std::string_view{event.part->text}.starts_with(without)) {
    if (!in.literal(without))
      return false;
  } else {
    auto& key = event.key.emplace();
    if (!in.literal(R"({"idempotency_fingerprint":)") || !in.digest_text(key.fingerprint) ||
        !in.literal(R"(,"idempotency_key":)") || !in.string(key.key))
      return false;
  }
  // Only two strings follow the payload, and these bytes cannot occur in them, because their quotes
  // would be escaped. So a payload, which may be long, need not be searched for its end.
  constexpr std::string_view behind = R"(,"principal":)";
  std::string_view payload;
  if (!in.literal(R"(,"payload":)") || !in.up_to_last(behind, payload) || payload.empty())
    return false;
  event.payload.assign(payload);
  return in.literal(behind) && in.string(event.from.principal) && in.literal(R"(,"request_id":)") &&
         in.string(event.from.request_id) && in.literal("}") && in.finished();
}

} // namespace headwater::store
