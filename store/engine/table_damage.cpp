#include "store/engine/table_damage.hpp"

#include "store/engine/rocksdb_settings.hpp"
#include "store/engine/rocksdb_status.hpp"

#include <algorithm>
#include <optional>

namespace headwater::store {
namespace {

namespace fs = std::filesystem;

/// Whether `headwater log rebuild` makes all of it: checkpoints, in the proofs, it cannot make.
bool is_rebuilt(family where) {
  return where != family::proofs &&
         std::ranges::find(dispensable_families, where) != std::end(dispensable_families);
}

/// The table file that RocksDB's words are about: it may have the name that such files had long
/// ago.
std::optional<fs::path> table_named_in(const fs::path& database, const std::string& words) {
  for (const auto* ending : {".sst", ".ldb"}) {
    const auto end = words.find(ending);
    if (end == words.npos)
      continue;
    const auto before = words.find_last_not_of("0123456789", end - 1);
    const auto number = before == words.npos ? 0 : before + 1;
    if (number < end)
      return database / (words.substr(number, end - number) + ".sst");
  }
  return std::nullopt;
}

} // namespace

error cannot_open(const fs::path& database, const rocksdb::Status& status) {
  auto out = from_status(status, "cannot open " + database.string());
  if (out.code != errc::corrupt_log)
    return out;
  if (const auto table = table_named_in(database, out.message)) {
    std::error_code failed;
    const auto bytes = fs::file_size(*table, failed);
    out.message = "cannot open " + database.string() + ": its table " + table->string() +
                  (failed ? " is missing: No such file or directory"
                          : " is damaged or not whole; it has " + std::to_string(bytes) + " bytes");
  }
  out.message.append("; ").append(cure_of_database);
  return out;
}

std::string cure_of(std::string_view family) {
  const auto where = family_named(family);
  return where && is_rebuilt(*where)
             ? "it is made of the log, and `headwater log rebuild` makes it anew in a data "
               "directory whose server is stopped"
             : std::string{cure_of_database};
}

error with_cure(const rocksdb_database& database, error why) {
  if (why.code != errc::corrupt_log)
    return why;
  const auto files = database.live_files();
  const auto damaged = std::ranges::find_if(files, [&](const live_table& file) {
    return why.message.find(file.path.filename().string()) != std::string::npos;
  });
  if (damaged != files.end())
    why.message += "; this is table " + damaged->family + ": " + cure_of(damaged->family);
  return why;
}

} // namespace headwater::store
