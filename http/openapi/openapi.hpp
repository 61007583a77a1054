#pragma once

// The OpenAPI 3.1 document, from the table of routes and the files of http/openapi. Pure.

#include "http/server/router.hpp"

#include <string>
#include <vector>

namespace headwater::http {

/// Throws std::invalid_argument if a route names a schema, a parameter or a header that is in no
/// file, or is in no group.
[[nodiscard]] std::string openapi_document(const std::vector<endpoint>& routes);

} // namespace headwater::http
