#pragma once

// The OpenAPI 3.1 document, from the table of routes and the field tables that validate. Pure.

#include "domain/core/canonical_json.hpp"
#include "http/router.hpp"

#include <string>
#include <vector>

namespace headwater::http {

[[nodiscard]] std::string openapi_document(const std::vector<endpoint>& routes);

/// The document's "components"/"schemas" object.
[[nodiscard]] std::string openapi_schemas();

/// Appends those of /resolve to the open object.
void write_visit_schemas(canonical_writer& out);

/// Appends those of /snapshots.
void write_snapshot_schemas(canonical_writer& out);
void write_erasure_schema(canonical_writer& out);
/// Appends those of /checkpoints and /proofs.
void write_proof_schemas(canonical_writer& out);

/// Appends those of /rules/lint.
void write_lint_schemas(canonical_writer& out);
void write_history_schemas(canonical_writer& out);

} // namespace headwater::http
