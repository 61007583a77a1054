#pragma once

// `headwater snapshot create|list|verify|restore|prune`: copies of the whole log, through the API
// of a running server or directly on a directory.

#include <CLI/App.hpp>

#include <cstddef>
#include <filesystem>
#include <string>

namespace headwater::tools {

struct snapshot_options {
  std::string url; ///< of a running server; empty: work on a directory
  std::string token_file;
  std::filesystem::path data;     ///< an installation; of `restore`: the new one
  bool allow_readable = false;    ///< others may look into `data`
  std::filesystem::path catalog;  ///< where snapshots lie; empty: "snapshots" in `data`
  std::filesystem::path snapshot; ///< the one to verify or to restore
  std::string manifest_sha256;    ///< required of MANIFEST.json; empty: any
  std::string key;                ///< of `verify` and `restore`: see given_key
  bool accept_clock = false;      ///< of `restore`: whatever the clock says
  std::size_t keep = 0;
};

/// The exit status of each is 0 done, 1 refused by the server or something in the snapshot or the
/// log is wrong (one line on stderr names it), 2 it could not be tried or completed.
void add_snapshot_commands(CLI::App& root, snapshot_options& into);
[[nodiscard]] bool is_snapshot_command(const CLI::App& root);
[[nodiscard]] int run_snapshot_command(const CLI::App& root, const snapshot_options& with);

// One function for each subcommand on a directory.
[[nodiscard]] int create_snapshot(const snapshot_options& with);
[[nodiscard]] int list_snapshots(const snapshot_options& with);
[[nodiscard]] int verify_snapshot(const snapshot_options& with);
[[nodiscard]] int restore_snapshot(const snapshot_options& with);
[[nodiscard]] int prune_snapshots(const snapshot_options& with);

// Through the API (snapshot_client.cpp).
[[nodiscard]] int request_snapshot(const snapshot_options& with);
[[nodiscard]] int request_snapshot_list(const snapshot_options& with);

} // namespace headwater::tools
