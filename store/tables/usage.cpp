#include "store/tables/usage.hpp"

#include "store/tables/keys.hpp"

namespace headwater::store {
namespace {

constexpr char usage_layout = 1;
constexpr std::size_t usage_size = 17;
constexpr std::size_t salt_size = 16;

} // namespace

usage usage_of_event(std::string_view header_text, std::string_view part_text) {
  return {1, header_text.size() + salt_size + part_text.size()};
}

std::string encode_usage(const usage& value) {
  std::string out{usage_layout};
  append_be64(out, value.events);
  append_be64(out, value.bytes);
  return out;
}

std::optional<usage> decode_usage(std::string_view row) {
  if (row.size() != usage_size || row[0] != usage_layout)
    return std::nullopt;
  return usage{read_be64(row.substr(1, 8)), read_be64(row.substr(9, 8))};
}

std::optional<std::string> merge_usage(std::span<const std::string_view> rows) {
  usage sum;
  for (const auto row : rows) {
    const auto one = decode_usage(row);
    if (!one)
      return std::nullopt;
    sum += *one;
  }
  return encode_usage(sum);
}

} // namespace headwater::store
