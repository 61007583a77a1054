#include "http/rules/rule_handlers.hpp"

#include <array>

namespace headwater::http {

using attribution::passthrough_referrer;

template <>
struct rule_kind<passthrough_referrer> {
  using create = attribution::create_passthrough_referrer;
  using update = attribution::update_passthrough_referrer;
  using remove = attribution::delete_passthrough_referrer;

  static constexpr std::string_view path = "/passthrough-referrers";
  static constexpr std::string_view one_path = "/passthrough-referrers/{referrer_id}";
  static constexpr std::string_view list_name = "referrers";
  static constexpr std::string_view id_name = "referrer_id";
  static constexpr std::string_view noun = "Passthrough referrer";
  static constexpr std::string_view schema = "PassthroughReferrer";
  static constexpr std::string_view create_schema = "CreatePassthroughReferrer";
  static constexpr std::string_view patch_schema = "UpdatePassthroughReferrer";
  static constexpr std::string_view list_schema = "PassthroughReferrerList";
  static constexpr std::array<std::string_view, 5> names{
      "listPassthroughReferrers", "createPassthroughReferrer", "getPassthroughReferrer",
      "updatePassthroughReferrer", "deletePassthroughReferrer"};
  static constexpr std::array<std::string_view, 5> summaries{
      "List passthrough referrers", "Create a passthrough referrer", "Get a passthrough referrer",
      "Update a passthrough referrer", "Delete a passthrough referrer"};

  static const auto& rules(const attribution::account_rules& of) {
    return of.passthrough_referrers();
  }
  static auto in_order(const attribution::account_rules& of) {
    return of.passthrough_referrers().all();
  }
};

void add_passthrough_referrer_routes(std::vector<endpoint>& to) {
  add_rule_routes<passthrough_referrer>(to);
}

} // namespace headwater::http
