#pragma once

// Parts of schemas that come from the program's own tables, so that no list is written twice: in a
// file of http/openapi, {"$table": "lint_codes"} is replaced by the JSON that the function of that
// name returns.

#include <string>

namespace headwater::http::tables {

// Schemas of resources, from their tables of fields: as answered, as created, as patched.
[[nodiscard]] std::string account();
[[nodiscard]] std::string create_account();
[[nodiscard]] std::string update_account();
[[nodiscard]] std::string api_token();
[[nodiscard]] std::string create_api_token();
[[nodiscard]] std::string brand_platform();
[[nodiscard]] std::string put_brand_platform();
[[nodiscard]] std::string passthrough_referrer();
[[nodiscard]] std::string create_passthrough_referrer();
[[nodiscard]] std::string update_passthrough_referrer();
[[nodiscard]] std::string referrer_mapping();
[[nodiscard]] std::string create_referrer_mapping();
[[nodiscard]] std::string update_referrer_mapping();
[[nodiscard]] std::string attribution_settings();
[[nodiscard]] std::string update_attribution_settings();

/// The codes of the linter's findings, as a list for "enum".
[[nodiscard]] std::string lint_codes();

} // namespace headwater::http::tables
