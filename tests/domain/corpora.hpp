#pragma once

// Where the shared corpora are: HEADWATER_CORPORA, else shared/corpora beside the clone, as
// tests/e2e/headwater_e2e/corpora.py has it.

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>

namespace headwater::testing {

/// The folder of one corpus; nothing, and a line that says what is skipped, if it is not there.
inline std::optional<std::filesystem::path> corpus_folder(const std::string& name) {
  const char* setting = std::getenv("HEADWATER_CORPORA");
  const std::filesystem::path all =
      setting != nullptr && *setting != '\0'
          ? std::filesystem::path{setting}
          : std::filesystem::path{HEADWATER_SOURCE_DIR}.parent_path() / "shared" / "corpora";
  if (std::filesystem::is_directory(all / name))
    return all / name;
  std::cerr << "skipped: no corpus " << name << " at " << (all / name).string()
            << "; set HEADWATER_CORPORA\n";
  return std::nullopt;
}

} // namespace headwater::testing
