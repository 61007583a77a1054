#pragma once

// The data that cmake/openapi_schemas.py generates from http/openapi/*.json at build time.
// Constants.

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

/// The members of document.json: the document without its paths and schemas.
[[nodiscard]] std::span<const named_json> openapi_frame() noexcept;

/// OpenAPI's header objects, by the names of the headers.
[[nodiscard]] std::span<const named_json> openapi_headers() noexcept;

/// OpenAPI's parameter objects, by the names that routes use.
[[nodiscard]] std::span<const named_json> openapi_parameters() noexcept;

/// By name. Generated at each call, from the files and from the tables that they refer to.
[[nodiscard]] std::vector<named_schema> openapi_schemas();

} // namespace headwater::http
