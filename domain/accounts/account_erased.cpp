#include "domain/accounts/account_erased.hpp"

#include <array>

namespace headwater {

template <>
field_table<accounts::account_erased> fields_of<accounts::account_erased>() {
  using event = accounts::account_erased;
  constexpr auto integers = field_kind::integer_list;
  static constexpr std::array table{
      bind<&event::account_id>({.name = "account_id"}),
      bind<&event::brand_ids>({.name = "brand_ids", .kind = integers}),
      bind<&event::connections>({.name = "connections", .kind = field_kind::string_list}),
      bind<&event::next_token_id>({.name = "next_token_id", .kind = field_kind::integer}),
      bind<&event::system_events>({.name = "system_events", .kind = integers}),
      bind<&event::token_ids>({.name = "token_ids", .kind = integers}),
  };
  return table;
}

template <>
field_table<accounts::erased_account> fields_of<accounts::erased_account>() {
  using record = accounts::erased_account;
  static constexpr std::array table{
      bind<&record::account_id>({.name = "account_id"}),
      bind<&record::erased_at>({.name = "erased_at", .kind = field_kind::integer}),
      bind<&record::sequence>({.name = "sequence", .kind = field_kind::integer}),
  };
  return table;
}

namespace accounts {
namespace {

// Members, names ascending. A released list never changes.
constexpr std::array<std::string_view, 6> account_erased_v1{
    "account_id", "brand_ids", "connections", "next_token_id", "system_events", "token_ids"};
constexpr std::array<std::string_view, 3> erased_record{"account_id", "erased_at", "sequence"};

template <class T>
std::string written(const T& value, std::span<const std::string_view> names) {
  json_writer out;
  write_payload(out, value, names);
  return std::move(out).str();
}

} // namespace

std::string write_account_erased(const account_erased& event) {
  return written(event, account_erased_v1);
}

result<account_erased> read_account_erased(std::string_view payload) {
  return read_payload<account_erased>(payload, account_erased_v1);
}

std::string encode_record(const erased_account& record) {
  return written(record, erased_record);
}

result<erased_account> decode_erased_account(std::string_view record) {
  return read_payload<erased_account>(record, erased_record);
}

} // namespace accounts
} // namespace headwater
