#include "actors/decisions/platform_decisions.hpp"

#include "domain/accounts/directory.hpp"
#include "domain/core/try.hpp"
#include "domain/referrals/platforms/platform_list.hpp"

namespace headwater::actors {
namespace {

using store::table;

/// errc::forbidden if the brand was taken from the account that the caller was admitted for.
result<void> check_owner(const store::table_reader& tables, std::int64_t brand_id,
                         const std::string& account_id) {
  TRY(auto owner, tables.get(table::directory, accounts::brand_key(brand_id)));
  if (owner != account_id)
    return error{errc::forbidden, "Access denied to brand: " + std::to_string(brand_id)};
  return check_not_erased(tables, account_id);
}

result<std::optional<accounts::brand_platform>>
find(const store::table_reader& tables, std::int64_t brand_id, const std::string& host) {
  TRY(auto record, tables.get(table::directory, accounts::platform_key(brand_id, host)));
  if (!record)
    return std::optional<accounts::brand_platform>{};
  TRY(auto entry, accounts::decode_platform(*record));
  return std::optional{std::move(entry)};
}

/// errc::precondition_failed unless the entry, or its absence, is what the client expects.
result<void> check_condition(const preconditions& given,
                             const std::optional<accounts::brand_platform>& entry) {
  if (!entry)
    return given.check(std::nullopt);
  return given.check(accounts::etag_of(*entry));
}

/// The number of the brand's entries, counted only up to `enough`.
result<std::size_t> count(const store::table_reader& tables, std::int64_t brand_id,
                          std::size_t enough) {
  std::size_t found = 0;
  auto scanned = tables.scan(table::directory, accounts::platforms_prefix(brand_id), {},
                             [&](std::string_view, std::string_view) { return ++found < enough; });
  if (!scanned)
    return scanned.error();
  return found;
}

result<void> check_room(const store::table_reader& tables, std::int64_t brand_id) {
  TRY(auto taken, count(tables, brand_id, accounts::max_brand_platforms));
  if (taken < accounts::max_brand_platforms)
    return {};
  return validation_failure({{{"path", "host"},
                              "This brand has " + std::to_string(accounts::max_brand_platforms) +
                                  " AI platforms of its own, the most there may be",
                              "max_entries_reached"}});
}

error no_entry(const std::string& host) {
  const auto* shipped = referrals::platform_list::shipped().find_host(host, {});
  if (shipped && shipped->value == host)
    return {errc::not_found, "This brand has no entry of its own for " + host +
                                 ", and the one of the shipped list cannot be removed"};
  return {errc::not_found, "This brand has no entry for " + host};
}

} // namespace

result<directory_decision> decide(const store::table_reader& tables,
                                  const put_brand_platform& command) {
  CHECK(check_owner(tables, command.brand_id, command.account_id));
  TRY(auto current, find(tables, command.brand_id, command.host));
  CHECK(check_condition(command.condition, current));
  directory_decision out;
  out.owner = command.account_id;
  if (!current) {
    CHECK(check_room(tables, command.brand_id));
    out.event =
        accounts::brand_platform_added{{command.brand_id, command.host, command.platform, 0, 0}};
    return out;
  }
  auto& entry = *current;
  if (entry.platform == command.platform) {
    out.unchanged.value = changed_platform{std::move(entry)};
    return out;
  }
  entry.platform = command.platform;
  out.event = accounts::brand_platform_changed{std::move(entry)};
  return out;
}

result<directory_decision> decide(const store::table_reader& tables,
                                  const remove_brand_platform& command) {
  CHECK(check_owner(tables, command.brand_id, command.account_id));
  TRY(auto current, find(tables, command.brand_id, command.host));
  if (!current)
    return no_entry(command.host);
  CHECK(check_condition(command.condition, current));
  directory_decision out;
  out.owner = command.account_id;
  out.event = accounts::brand_platform_removed{std::move(*current)};
  return out;
}

result<void> check_no_platforms(const store::table_reader& tables,
                                const std::vector<std::int64_t>& brand_ids) {
  for (auto brand : brand_ids) {
    TRY(auto found, count(tables, brand, 1));
    if (found > 0)
      return error{errc::duplicate_entry, "Brand " + std::to_string(brand) +
                                              " has AI platforms of its own and cannot be removed"};
  }
  return {};
}

} // namespace headwater::actors
