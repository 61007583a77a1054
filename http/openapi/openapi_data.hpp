#pragma once

// What cmake/openapi_schemas.py makes of http/openapi/*.json at build time. Constants.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::http {

struct named_json {
  std::string_view name;
  std::string_view json;
};

struct named_schema {
  std::string_view name; ///< of the file, without .json
  std::string json;
};

/// The members of document.json: what the document holds besides its paths and schemas.
[[nodiscard]] std::span<const named_json> openapi_frame() noexcept;

/// OpenAPI's parameter objects, by the names that routes give them.
[[nodiscard]] std::span<const named_json> openapi_parameters() noexcept;

/// By name. Made anew at each call, from the files and from the tables that they refer to.
[[nodiscard]] std::vector<named_schema> openapi_schemas();

} // namespace headwater::http
