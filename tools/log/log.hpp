#pragma once

// `headwater log ...`: the event log of an installation, whether or not a server is running on it.
// One file for each command. The exit status is 0 (done), 1 (the log or the export is faulty; one
// line on stderr names stream, sequence or line) or 2 (it could not be read).

#include "domain/core/error.hpp"
#include "store/log/event.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace headwater::tools {

struct log_options {
  std::filesystem::path data;
  bool allow_readable = false; ///< others may look into `data`
  std::string stream;          ///< of `show`, by its name
  std::string account;         ///< of `show`, `replay`, `diff`, `export`, `verify-export`
  std::string connection;      ///< of `show` and `export`
  bool system = false;         ///< of `show`
  bool all = false;            ///< of `export`
  std::string type;            ///< of `show`: events of this type only
  std::string from, to;        ///< of `show` times, of `diff` points; empty: open
  std::uint64_t after = 0;     ///< of `show`: a sequence or a position
  std::uint64_t limit = 0;     ///< of `show`; 0: not given
  std::string as_of;           ///< of `replay`: a version or a time; empty: now
  bool state = false;          ///< of `replay`: prints the whole state
  bool json = false;           ///< of `show`, `replay`, `diff`
  bool human = false;          ///< of `show`
  std::string key;             ///< of `verify` and `verify-export`: see given_key
  std::string checkpoint;      ///< of `verify`, `verify-export`: a file with a signed note
  std::filesystem::path file;  ///< of `export` and `verify-export`
};

/// Adds the subcommands; `into` will hold their options.
void add_log_commands(CLI::App& root, log_options& into);
[[nodiscard]] bool is_log_command(const CLI::App& root);
[[nodiscard]] int run_log_command(const CLI::App& root, const log_options& with);

/// Checks every event, the Merkle tree, every checkpoint, and the kept states against a replay;
/// also that the log still has the past that a checkpoint kept elsewhere proves, if one is given.
[[nodiscard]] int verify_log(const log_options& with);

/// Prints events in order: for people on a terminal, otherwise, or with --json, one line of JSON
/// each: {"chain","header","part","salt"}, where header and part are exactly the bytes that are
/// hashed, and part and salt are null once erased.
[[nodiscard]] int show_log(const log_options& with);

/// Replays an account up to a point and prints version, time, counts and the hash of its state; or
/// replays all streams and prints a hash over all of them.
[[nodiscard]] int replay_log(const log_options& with);

/// Prints what changed in an account's rules between two points, by whom and when.
[[nodiscard]] int diff_log(const log_options& with);

/// Drops every table that is derived from the log, and the Merkle tree, and rebuilds them; an
/// interrupted rebuild is repeated by the next start.
[[nodiscard]] int rebuild_log(const log_options& with);

/// Writes events, and what proves them, to a file (store/audit/log_export.hpp).
[[nodiscard]] int export_log(const log_options& with);

/// Checks such a file with nothing but a verifier key, and what else was kept elsewhere, and says
/// whose events it holds.
[[nodiscard]] int verify_export(const log_options& with);

/// Prints the reason on stderr; returns the exit status.
[[nodiscard]] int log_failure(const error& why);

/// The stream asked for; an empty name for all.
[[nodiscard]] store::stream_name wanted_stream(const log_options& with);

} // namespace headwater::tools
