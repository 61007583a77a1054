#include "domain/accounts/account.hpp"

#include "domain/core/preconditions.hpp"
#include "domain/core/try.hpp"
#include "domain/json/json_writer.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace headwater {

template <>
field_table<accounts::account> fields_of<accounts::account>() {
  using accounts::account;
  static constexpr std::array table{
      bind<&account::account_id>({.name = "account_id",
                                  .description = "Name of the account in every request; case "
                                                 "matters",
                                  .example = "\"acme\"",
                                  .min = 1,
                                  .max = 63,
                                  .pattern = "^[A-Za-z0-9_-]{1,63}$",
                                  .required = true,
                                  .create_only = true}),
      bind<&account::name>({.name = "name",
                            .description = "Name for people",
                            .example = "\"Acme Hotels\"",
                            .max = 255}),
      bind<&account::brand_ids>({.name = "brand_ids",
                                 .kind = field_kind::integer_list,
                                 .description = "Brands of the account; each is unique in the "
                                                "service",
                                 .example = "[42]",
                                 .max = 10'000}),
      bind_time<&account::created_at>({.name = "created_at",
                                       .description = "When the account was created",
                                       .example = "\"2025-01-05T10:00:00Z\"",
                                       .read_only = true}),
      bind_time<&account::updated_at>({.name = "updated_at",
                                       .description = "When the account last changed",
                                       .example = "\"2025-01-05T10:00:00Z\"",
                                       .read_only = true}),
  };
  return table;
}

namespace accounts {
namespace {

constexpr std::int64_t largest_integer = (std::int64_t{1} << 53) - 1; // of canonical JSON

void check_brands(const account& value, read_report& report) {
  if (report.has_fault("brand_ids"))
    return;
  std::set<std::int64_t> seen;
  for (std::size_t i = 0; i < value.brand_ids.size(); ++i) {
    const auto brand = value.brand_ids[i];
    const auto path = body_path("brand_ids") / i;
    if (brand < 1)
      report.faults.push_back(
          {path, "Input should be greater than or equal to 1", "greater_than_equal"});
    else if (brand > largest_integer)
      report.faults.push_back(
          {path, "Input should be less than or equal to " + std::to_string(largest_integer),
           "less_than_equal"});
    else if (!seen.insert(brand).second)
      report.faults.push_back({path, "Brand is listed twice", "value_error"});
  }
}

result<account_request> finish(account value, read_report report) {
  check_limits(value, report);
  if (!report.has_fault("account_id") && !is_account_id(value.account_id))
    report.faults.push_back({body_path("account_id"),
                             "String should match pattern '^[A-Za-z0-9_-]{1,63}$'",
                             "string_pattern_mismatch"});
  check_brands(value, report);
  CHECK(verdict<account>(report));
  return account_request{std::move(value), std::move(report.ignored_fields)};
}

} // namespace

std::string etag_of(const account& of) {
  json_writer out;
  write_resource(out, of, of.account_id);
  return etag_of_text(out.view());
}

bool is_account_id(std::string_view text) {
  return !text.empty() && text.size() <= 63 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

result<account_request> read_account(const draft& body, bool strict) {
  account value;
  auto report = read_draft(body, read_mode::create, strict, value);
  return finish(std::move(value), std::move(report));
}

result<account_request> read_account_patch(const account& current, const draft& body, bool strict) {
  auto value = current;
  auto report = read_draft(body, read_mode::patch, strict, value);
  return finish(std::move(value), std::move(report));
}

} // namespace accounts
} // namespace headwater
