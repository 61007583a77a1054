#pragma once

// What is on the disk after a power cut. A disk may keep less than what was written: of a file only
// what was there when it was last synced, and of a directory only the names that it had then. What
// came later may be there, or a part of it.

#include "tests/store/faults/disk_trace.hpp"

#include <filesystem>
#include <map>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace headwater::store::testing {

/// What becomes of that which was not synced.
enum class unsynced : std::uint8_t {
  lost,   ///< all of it
  kept,   ///< none is lost, as when the process alone is killed
  mixed,  ///< of each file and of the names a part, the earlier changes before the later ones
  zeroed, ///< as mixed, but files have their full length, with zeros for lost bytes
};
inline constexpr unsynced all_fates[] = {unsynced::lost, unsynced::kept, unsynced::mixed,
                                         unsynced::zeroed};

[[nodiscard]] std::string_view name_of(unsynced fate);

class disk_image {
public:
  /// The disk after a power cut that follows these entries.
  disk_image(std::span<const trace_entry> entries, unsynced fate, std::mt19937_64& random);

  /// Writes it below a directory, which is made.
  void write_to(const std::filesystem::path& directory) const;

private:
  struct change {
    bool is_cut;
    std::uint64_t offset;
    std::string_view bytes;
    bool sync_failed = false;
  };
  struct file {
    std::string durable;
    std::vector<change> pending;
  };
  /// A change of names. Numbers are of files and directories.
  struct renaming {
    std::uint64_t number;
    std::uint64_t from_directory;
    std::string from; ///< empty: a new name
    std::uint64_t to_directory;
    std::string to; ///< empty: a name removed
    bool is_synced = false;
  };
  struct place {
    std::uint64_t directory;
    std::string name;
  };
  using names = std::map<std::uint64_t, std::map<std::string, std::uint64_t>>;

  void follow(const trace_entry& entry, unsynced fate, std::mt19937_64& random);
  void change_names(renaming made);
  void sync(file& of, unsynced fate, std::mt19937_64& random) const;
  void cut_power(unsynced fate, std::mt19937_64& random);
  static void apply(std::string& bytes, const change& made);
  static void apply(names& to, const renaming& made);
  [[nodiscard]] place find(const std::string& path) const;
  [[nodiscard]] std::uint64_t number_of(const std::string& path) const;
  void write(const std::filesystem::path& directory, std::uint64_t number,
             std::map<std::uint64_t, std::filesystem::path>& written) const;

  std::map<std::uint64_t, file> files_;
  names current_{{0, {}}}; ///< as the process saw them; by directory
  names durable_{{0, {}}};
  std::vector<renaming> renamings_;
};

} // namespace headwater::store::testing
