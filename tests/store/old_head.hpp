#pragma once

// HEAD as versions before checkpoints were named in it wrote it (store/FORMAT.md).

#include "domain/core/digest.hpp"
#include "store/disk/head_file.hpp"
#include "store/tables/keys.hpp"

#include <filesystem>
#include <fstream>
#include <string>

namespace headwater::store::testing {

/// Makes a HEAD of layout 1 of what HEAD names.
inline void make_old_head(const std::filesystem::path& path) {
  const auto mark = read_head(path).value();
  std::string slot = "HWHD";
  append_be32(slot, 1);
  append_be64(slot, mark.position);
  slot.append(as_bytes(mark.chain));
  slot.append(as_bytes(sha256({slot})));
  slot.resize(4096, '\0');
  std::ofstream{path, std::ios::binary} << slot << slot;
}

} // namespace headwater::store::testing
