#include "http/openapi.hpp"

namespace headwater::http {

void write_proof_schemas(canonical_writer& out) {
  out.key("CheckpointList")
      .raw(R"({"type":"object","properties":{"checkpoints":{"type":"array","items":{"type":)"
           R"("object","properties":{"note":{"type":"string","description":"C2SP signed note"},)"
           R"("origin":{"type":"string"},"root":{"type":"string","description":"Hexadecimal"},)"
           R"("size":{"type":"integer","description":"Events covered"}}}},"has_more":)"
           R"({"type":"boolean"}}})");
  out.key("CheckpointKey")
      .raw(R"({"type":"object","properties":{"origin":{"type":"string"},"verifier_key":)"
           R"({"type":"string","description":"C2SP: name+hash+key"}}})");
  out.key("InclusionProof")
      .raw(R"({"type":"object","properties":{"chain":{"type":"string"},"checkpoint":{"type":)"
           R"("string","description":"C2SP signed note"},"leaf_hash":{"type":"string"},"path":)"
           R"({"type":"array","items":{"type":"string"}},"position":{"type":"integer",)"
           R"("description":"The leaf is number position - 1"},"sequence":{"type":"integer"},)"
           R"("stream":{"type":"string"}}})");
  out.key("ConsistencyProof")
      .raw(R"({"type":"object","properties":{"from":{"type":"integer"},"path":{"type":"array",)"
           R"("items":{"type":"string"}},"to":{"type":"integer"}}})");
}

} // namespace headwater::http
