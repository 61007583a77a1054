#include "store/log/records.hpp"

#include "store/log/event_codec.hpp"
#include "store/tables/keys.hpp"

#include <algorithm>

namespace headwater::store {
namespace {

constexpr char layout = 1;
constexpr char erased = 0;
constexpr char present = 1;

void append_varint(std::string& out, std::uint32_t value) {
  for (; value >= 0x80; value >>= 7)
    out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

/// Takes a varint off the front; only its shortest form is valid.
std::optional<std::uint32_t> take_varint(std::string_view& in) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < 5 && i < in.size(); ++i) {
    auto byte = static_cast<unsigned char>(in[i]);
    value |= std::uint64_t{byte & 0x7fU} << (7 * i);
    if (byte & 0x80U)
      continue;
    if (value > 0xffffffffU || (byte == 0 && i > 0))
      return std::nullopt;
    in.remove_prefix(i + 1);
    return static_cast<std::uint32_t>(value);
  }
  return std::nullopt;
}

template <class Array>
void take_array(std::string_view& in, Array& out) {
  std::copy_n(in.begin(), out.size(), out.begin());
  in.remove_prefix(out.size());
}

bool take_part(std::string_view in, recorded_event& out) {
  if (in == std::string_view{&erased, 1}) {
    out.part.reset();
    return true;
  }
  if (in.size() < 1 + sizeof(event_salt) || in[0] != present)
    return false;
  if (!out.part)
    out.part.emplace();
  in.remove_prefix(1);
  take_array(in, out.part->salt);
  out.part->text.assign(in);
  out.part->payload_hash = out.header.payload_hash;
  return true;
}

} // namespace

std::string write_record_head(std::string_view header_text, const digest& chain,
                              const sealed_part* part) {
  std::string out;
  out.reserve(64 + header_text.size());
  out.push_back(layout);
  append_varint(out, static_cast<std::uint32_t>(header_text.size()));
  out.append(header_text);
  out.append(as_bytes(chain));
  out.push_back(part ? present : erased);
  if (part)
    out.append(salt_bytes(part->salt));
  return out;
}

std::string write_record(std::string_view header_text, const digest& chain,
                         const sealed_part* part) {
  auto out = write_record_head(header_text, chain, part);
  return part ? out.append(part->text) : out;
}

bool read_record(std::string_view record, recorded_event& out) {
  if (!record.starts_with(layout))
    return false;
  record.remove_prefix(1);
  auto size = take_varint(record);
  if (!size || record.size() < std::size_t{*size} + sizeof(digest))
    return false;
  out.header_text.assign(record.substr(0, *size));
  record.remove_prefix(*size);
  take_array(record, out.chain);
  return read_header(out.header_text, out.header) && take_part(record, out) && decode_part(out);
}

std::optional<digest> chain_of_record(std::string_view record) {
  if (!record.starts_with(layout))
    return std::nullopt;
  record.remove_prefix(1);
  auto size = take_varint(record);
  digest chain{};
  if (!size || record.size() < std::size_t{*size} + chain.size() + 1)
    return std::nullopt;
  record.remove_prefix(*size);
  take_array(record, chain);
  return chain;
}

std::optional<chained_header> header_of_record(std::string_view record) {
  const auto chain = chain_of_record(record);
  if (!chain)
    return std::nullopt;
  record.remove_prefix(1);
  const auto size = take_varint(record);
  chained_header out{{}, *chain};
  if (!size || !read_header(record.substr(0, *size), out.header))
    return std::nullopt;
  return out;
}

std::string write_stream_head(const stream_head& head) {
  std::string out{layout};
  append_be64(out, head.version);
  append_be64(out, head.position);
  out.append(as_bytes(head.chain));
  return out;
}

std::optional<stream_head> read_stream_head(std::string_view value) {
  if (value.size() != 49 || value[0] != layout)
    return std::nullopt;
  stream_head head;
  head.version = read_be64(value.substr(1, 8));
  head.position = read_be64(value.substr(9, 8));
  value.remove_prefix(17);
  take_array(value, head.chain);
  return head;
}

std::string write_use(const idempotent_use& use) {
  std::string out{layout};
  out.append(as_bytes(use.fingerprint));
  append_be64(out, use.first_sequence);
  append_be32(out, use.events);
  return out;
}

std::optional<idempotent_use> read_use(std::string_view value) {
  if (value.size() != 45 || value[0] != layout)
    return std::nullopt;
  value.remove_prefix(1);
  idempotent_use use;
  take_array(value, use.fingerprint);
  use.first_sequence = read_be64(value.substr(0, 8));
  use.events = read_be32(value.substr(8, 4));
  return use;
}

} // namespace headwater::store
