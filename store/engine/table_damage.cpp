#include "store/engine/table_damage.hpp"

#include "store/engine/rocksdb_settings.hpp"

#include <algorithm>

namespace headwater::store {
namespace {

/// Whether `headwater log rebuild` makes all of it: checkpoints, in the proofs, it cannot make.
bool is_rebuilt(family where) {
  return where != family::proofs &&
         std::ranges::find(dispensable_families, where) != std::end(dispensable_families);
}

} // namespace

std::string cure_of(std::string_view family) {
  const auto where = family_named(family);
  return where && is_rebuilt(*where)
             ? "it is made of the log, and `headwater log rebuild` makes it anew in a data "
               "directory whose server is stopped"
             : "restore a snapshot into an empty directory";
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
