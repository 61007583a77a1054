#include "actors/views/side_facts.hpp"

#include "domain/core/try.hpp"

namespace headwater::actors {

std::string be64(std::uint64_t value) {
  std::string out(8, '\0');
  for (std::size_t i = 0; i < 8; ++i)
    out[i] = static_cast<char>(value >> (56 - 8 * i));
  return out;
}

std::uint64_t read_be64(std::string_view bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8 && i < bytes.size(); ++i)
    out = (out << 8) | static_cast<unsigned char>(bytes[i]);
  return out;
}

std::string token_use_key(std::int64_t token_id) {
  return "token/" + be64(static_cast<std::uint64_t>(token_id));
}

std::string push_fact_key(std::string_view connection_id) {
  return "push/" + std::string(connection_id);
}

std::string encode(const side_fact& fact) {
  return be64(static_cast<std::uint64_t>(fact.at)) + fact.text;
}

result<side_fact> decode_side_fact(std::string_view value) {
  if (value.size() < 8)
    return error{errc::corrupt_log, "an operational fact is shorter than its time"};
  return side_fact{static_cast<micros>(read_be64(value)), std::string(value.substr(8))};
}

result<side_fact> read_side_fact(const store::table_store& tables, const std::string& key) {
  TRY(auto found, tables.get(store::table::side_facts, key));
  if (!found)
    return side_fact{};
  return decode_side_fact(*found);
}

} // namespace headwater::actors
