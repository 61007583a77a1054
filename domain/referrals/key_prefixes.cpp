#include "domain/referrals/key_prefixes.hpp"

#include "domain/core/ordered_bytes.hpp"

#include <initializer_list>

namespace headwater::referrals {
namespace {

std::vector<std::string> each_with(std::initializer_list<std::string_view> tables,
                                   std::string_view id) {
  std::vector<std::string> out;
  for (const auto table : tables)
    out.push_back(std::string{table} + std::string{id});
  return out;
}

} // namespace

key_prefixes prefixes_of_connection(std::string_view connection_id) {
  return {each_with({"c/", "b/", "e/"}, connection_id), each_with({"r/", "p/"}, connection_id),
          each_with({"d/", "p/", "m/", "n/"}, connection_id)};
}

std::vector<std::string> prefixes_of_brand(std::int64_t brand_id) {
  std::string id;
  append_big_endian(id, static_cast<std::uint64_t>(brand_id));
  return each_with({"w/", "v/", "l/"}, id);
}

} // namespace headwater::referrals
