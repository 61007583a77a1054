#include "http/rules/rule_handlers.hpp"

#include <array>

namespace headwater::http {

using attribution::referrer_mapping;

template <>
struct rule_kind<referrer_mapping> {
  using create = attribution::create_referrer_mapping;
  using update = attribution::update_referrer_mapping;
  using remove = attribution::delete_referrer_mapping;

  static constexpr std::string_view path = "/referrer-mappings";
  static constexpr std::string_view one_path = "/referrer-mappings/{mapping_id}";
  static constexpr std::string_view list_name = "mappings";
  static constexpr std::string_view id_name = "mapping_id";
  static constexpr std::string_view noun = "Referrer mapping";
  static constexpr std::string_view schema = "ReferrerMapping";
  static constexpr std::string_view create_schema = "CreateReferrerMapping";
  static constexpr std::string_view patch_schema = "UpdateReferrerMapping";
  static constexpr std::string_view list_schema = "ReferrerMappingList";
  static constexpr std::array<std::string_view, 5> names{
      "listReferrerMappings", "createReferrerMapping", "getReferrerMapping",
      "updateReferrerMapping", "deleteReferrerMapping"};
  static constexpr std::array<std::string_view, 5> summaries{
      "List referrer mappings in evaluation order", "Create a referrer mapping",
      "Get a referrer mapping", "Update a referrer mapping", "Delete a referrer mapping"};

  static const auto& rules(const attribution::account_rules& of) { return of.referrer_mappings(); }
  static const auto& in_order(const attribution::account_rules& of) {
    return of.mappings_in_order();
  }
};

void add_referrer_mapping_routes(std::vector<endpoint>& to) {
  add_rule_routes<referrer_mapping>(to);
}

} // namespace headwater::http
