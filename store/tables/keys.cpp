#include "store/tables/keys.hpp"

#include <cassert>

namespace headwater::store {
namespace {

template <class Integer>
void append_big_endian(std::string& out, Integer value) {
  for (int shift = static_cast<int>(sizeof(Integer)) * 8 - 8; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(value >> shift & 0xff));
}

template <class Integer>
Integer read_big_endian(std::string_view bytes) {
  assert(bytes.size() == sizeof(Integer));
  Integer value = 0;
  for (auto c : bytes)
    value = static_cast<Integer>(value << 8 | static_cast<unsigned char>(c));
  return value;
}

} // namespace

void append_be32(std::string& out, std::uint32_t value) {
  append_big_endian(out, value);
}

void append_be64(std::string& out, std::uint64_t value) {
  append_big_endian(out, value);
}

std::uint32_t read_be32(std::string_view bytes) {
  return read_big_endian<std::uint32_t>(bytes);
}

std::uint64_t read_be64(std::string_view bytes) {
  return read_big_endian<std::uint64_t>(bytes);
}

std::string be64_key(std::uint64_t value) {
  std::string out;
  append_be64(out, value);
  return out;
}

std::string stream_key(std::string_view stream) {
  std::string out;
  out.reserve(stream.size() + 2 + sizeof(std::uint64_t));
  for (auto c : stream) {
    out.push_back(c);
    if (c == '\0')
      out.push_back('\xff');
  }
  out.push_back('\0');
  out.push_back('\1');
  return out;
}

std::string stream_end_key(std::string_view stream) {
  auto out = stream_key(stream);
  out.back() = '\2';
  return out;
}

std::string event_key(std::string_view stream, std::uint64_t sequence) {
  auto out = stream_key(stream);
  append_be64(out, sequence);
  return out;
}

digest use_key(std::string_view stream, std::string_view idempotency_key) {
  return sha256({stream_key(stream), idempotency_key});
}

std::optional<event_place> parse_event_key(std::string_view key) {
  event_place place;
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (key[i] != '\0') {
      place.stream.push_back(key[i]);
      continue;
    }
    auto next = ++i < key.size() ? key[i] : '\0';
    if (next == '\xff') {
      place.stream.push_back('\0');
      continue;
    }
    auto rest = key.substr(std::min(i + 1, key.size()));
    if (next != '\1' || rest.size() != sizeof(std::uint64_t))
      return std::nullopt;
    place.sequence = read_be64(rest);
    return place;
  }
  return std::nullopt;
}

std::string checkpoint_key(std::uint64_t size) {
  std::string out{checkpoint_prefix};
  append_be64(out, size);
  return out;
}

std::optional<std::uint64_t> parse_checkpoint_key(std::string_view key) {
  if (!key.starts_with(checkpoint_prefix))
    return std::nullopt;
  key.remove_prefix(checkpoint_prefix.size());
  return key.size() == sizeof(std::uint64_t) ? std::optional{read_be64(key)} : std::nullopt;
}

std::optional<std::string> prefix_end(std::string_view prefix) {
  std::string out{prefix};
  while (!out.empty() && out.back() == '\xff')
    out.pop_back();
  if (out.empty())
    return std::nullopt;
  out.back() = static_cast<char>(static_cast<unsigned char>(out.back()) + 1);
  return out;
}

} // namespace headwater::store
