// Implements read_token_request() of api_token.hpp.

#include "domain/accounts/account.hpp"
#include "domain/accounts/api_token.hpp"
#include "domain/accounts/secret_strength.hpp"
#include "domain/accounts/web_origin.hpp"
#include "domain/core/try.hpp"

#include <algorithm>
#include <array>

namespace headwater {
namespace {

using resource = accounts::api_token_resource;

constexpr std::array<std::string_view, 4> role_choices{"tracker", "viewer", "editor", "admin"};
constexpr std::array<std::string_view, 4> scope_choices{"resolve", "read", "write", "admin"};

constexpr std::array sent_fields{
    bind<&resource::id>({.name = "id",
                         .kind = field_kind::integer,
                         .description = "Number of the token, from 1",
                         .example = "2",
                         .min = 1,
                         .read_only = true}),
    bind<&resource::name>({.name = "name",
                           .description = "Name for people",
                           .example = "\"tag manager\"",
                           .max = 100}),
    bind<&resource::role>({.name = "role",
                           .description = "A set of scopes; give this or scopes",
                           .example = "\"tracker\"",
                           .choices = role_choices,
                           .nullable = true}),
    bind<&resource::scopes>({.name = "scopes",
                             .kind = field_kind::string_list,
                             .description = "What the token may do; give this or role",
                             .example = "[\"resolve\"]",
                             .choices = scope_choices,
                             .nullable = true}),
    bind<&resource::account_ids>({.name = "account_ids",
                                  .kind = field_kind::string_list,
                                  .description = "Accounts that the token is bound to, or [\"*\"] "
                                                 "for all; absent: those of its creator",
                                  .example = "[\"acme\"]",
                                  .max = 10'000,
                                  .nullable = true}),
    bind<&resource::expires_in_days>({.name = "expires_in_days",
                                      .kind = field_kind::integer,
                                      .description = "Days until the token expires; absent: never",
                                      .example = "90",
                                      .min = 1,
                                      .max = 36'500,
                                      .nullable = true,
                                      .write_only = true}),
    bind<&resource::token>({.name = "token",
                            .description =
                                "A secret of the caller's own, visible ASCII and hard to "
                                "guess; absent: one is generated",
                            .min = 24,
                            .max = 512,
                            .nullable = true,
                            .write_only = true}),
    bind<&resource::rate_limit>({.name = "rate_limit",
                                 .kind = field_kind::integer,
                                 .description =
                                     "Requests a minute, /resolve included, of a token that only "
                                     "resolves from each address; 0: any number; null: the "
                                     "service's default, which /resolve does not count for; at "
                                     "most that of the creator, which is also what an absent one "
                                     "is",
                                 .example = "600",
                                 .min = 0,
                                 .max = accounts::most_requests_a_minute,
                                 .nullable = true}),
    bind<&resource::allowed_origins>(
        {.name = "allowed_origins",
         .kind = field_kind::string_list,
         .description = "Origins of the pages that may send the token: a request with "
                        "another Origin is 403, one without is not; null: any",
         .example = "[\"https://shop.example\"]",
         .max = accounts::most_allowed_origins,
         .nullable = true}),
};

constexpr std::array shown_fields{
    bind<&resource::is_active>({.name = "is_active",
                                .kind = field_kind::boolean,
                                .description = "Neither revoked nor expired",
                                .example = "true",
                                .read_only = true}),
    bind_time<&resource::expires_at>({.name = "expires_at",
                                      .description = "When the token expires",
                                      .example = "null",
                                      .nullable = true,
                                      .read_only = true}),
    bind_time<&resource::created_at>({.name = "created_at",
                                      .description = "When the token was created",
                                      .example = "\"2025-01-05T10:00:00Z\"",
                                      .read_only = true}),
    bind_time<&resource::revoked_at>({.name = "revoked_at",
                                      .description = "When the token was revoked",
                                      .example = "null",
                                      .nullable = true,
                                      .read_only = true}),
    bind_time<&resource::last_used_at>({.name = "last_used_at",
                                        .description = "When the token was last used",
                                        .example = "null",
                                        .nullable = true,
                                        .read_only = true}),
};

} // namespace

template <>
field_table<accounts::api_token_resource> fields_of<accounts::api_token_resource>() {
  static const auto table = [] {
    std::vector<bound_field<resource>> all(sent_fields.begin(), sent_fields.end());
    all.insert(all.end(), shown_fields.begin(), shown_fields.end());
    return all;
  }();
  return table;
}

namespace accounts {
namespace {

bool is_given(const draft& body, std::string_view name) {
  const auto* value = body.find(name);
  return value && !std::holds_alternative<json_null>(*value);
}

void report(read_report& to, std::string_view name, std::string message, std::string type) {
  if (!to.has_fault(name))
    to.faults.push_back({body_path(name), std::move(message), std::move(type)});
}

/// Either a role or scopes say what the token may do, never both.
scope_set read_scopes(const draft& body, const resource& sent, read_report& found) {
  const bool has_scopes = is_given(body, "scopes");
  if (is_given(body, "role") && has_scopes)
    report(found, "scopes", "Give either role or scopes, not both", "value_error");
  else if (!is_given(body, "role") && !has_scopes && !found.has_fault("scopes"))
    report(found, "role", "Field required: role or scopes", "missing");
  if (has_scopes && sent.scopes.empty())
    report(found, "scopes", "List should have at least 1 item", "too_short");
  if (sent.role && !found.has_fault("role"))
    return scopes_of(parse_choice(*sent.role, role{}).value());
  scope_set scopes;
  if (!found.has_fault("scopes"))
    for (const auto& name : sent.scopes)
      scopes.add(parse_scope(name).value());
  return scopes;
}

std::optional<account_list> read_accounts(const draft& body, const resource& sent,
                                          read_report& found) {
  if (!is_given(body, "account_ids") || found.has_fault("account_ids"))
    return std::nullopt;
  if (sent.account_ids.empty())
    report(found, "account_ids", "List should have at least 1 item", "too_short");
  account_list list;
  for (std::size_t i = 0; i < sent.account_ids.size(); ++i) {
    const auto& id = sent.account_ids[i];
    if (id == "*")
      list.all = true;
    else if (is_account_id(id))
      list.ids.push_back(id);
    else
      found.faults.push_back({body_path("account_ids") / i,
                              "String should match pattern '^[A-Za-z0-9_-]{1,63}$' or be '*'",
                              "string_pattern_mismatch"});
  }
  if (list.all && !list.ids.empty())
    report(found, "account_ids", "'*' stands alone", "value_error");
  std::ranges::sort(list.ids);
  list.ids.erase(std::unique(list.ids.begin(), list.ids.end()), list.ids.end());
  return list;
}

/// In the order of the request.
std::optional<std::vector<std::string>> read_origins(const resource& sent, read_report& found) {
  if (!sent.allowed_origins || found.has_fault("allowed_origins"))
    return std::nullopt;
  if (sent.allowed_origins->empty())
    report(found, "allowed_origins", "List should have at least 1 item", "too_short");
  std::vector<std::string> out;
  for (std::size_t i = 0; i < sent.allowed_origins->size(); ++i) {
    auto origin = normal_origin((*sent.allowed_origins)[i]);
    if (!origin)
      found.faults.push_back({body_path("allowed_origins") / i,
                              "String should be an origin, scheme://host or scheme://host:port, "
                              "such as https://shop.example",
                              "value_error"});
    else if (std::ranges::find(out, *origin) == out.end())
      out.push_back(std::move(*origin));
  }
  return out;
}

} // namespace

result<token_request> read_token_request(const draft& body, bool strict) {
  resource sent;
  auto found = read_draft(body, read_mode::create, strict, sent);
  check_limits(sent, found);
  token_request request;
  request.scopes = read_scopes(body, sent, found);
  request.accounts = read_accounts(body, sent, found);
  request.allowed_origins = read_origins(sent, found);
  if (sent.token && !is_own_secret(*sent.token))
    report(found, "token", "String should hold visible ASCII characters only", "value_error");
  else if (const auto weakness = sent.token ? weakness_of(*sent.token) : std::nullopt)
    report(found, "token", std::string(*weakness), "value_error");
  CHECK(verdict<resource>(found));
  request.name = std::move(sent.name);
  request.expires_in_days = sent.expires_in_days;
  request.own_secret = std::move(sent.token);
  request.rate_limit = sent.rate_limit;
  request.ignored_fields = std::move(found.ignored_fields);
  return request;
}

} // namespace accounts
} // namespace headwater
