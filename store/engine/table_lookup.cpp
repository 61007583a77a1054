// Implements rocksdb_database::get_from_tables: the value in the tables, whatever was replayed
// since.

#include "store/engine/rocksdb_database.hpp"
#include "store/engine/rocksdb_status.hpp"

#include <rocksdb/iterator.h>
#include <rocksdb/sst_file_reader.h>

#include <algorithm>
#include <tuple>

namespace headwater::store {
namespace {

using table_file = rocksdb::LiveFileMetaData;

/// The tables of the family that may hold the key, newest first: level 0 by age, then the other
/// levels, each of which has at most one.
std::vector<table_file> tables_with(rocksdb::DB& database, const std::string& family_name,
                                    std::string_view key) {
  std::vector<table_file> files;
  database.GetLiveFilesMetaData(&files);
  std::erase_if(files, [&](const table_file& file) {
    return file.column_family_name != family_name || key < file.smallestkey ||
           key > file.largestkey;
  });
  std::ranges::sort(files, [](const table_file& one, const table_file& other) {
    return std::tuple{one.level, other.largest_seqno} < std::tuple{other.level, one.largest_seqno};
  });
  return files;
}

result<std::optional<std::string>> get_from_table(const rocksdb::Options& options,
                                                  const table_file& file, std::string_view key) {
  const auto path = file.directory + "/" + file.relative_filename;
  rocksdb::SstFileReader reader{options};
  if (auto status = reader.Open(path); !status.ok())
    return from_status(status, "cannot open " + path);
  const std::string next = std::string{key} + '\0';
  const rocksdb::Slice end{next};
  rocksdb::ReadOptions until;
  until.iterate_upper_bound = &end;
  const std::unique_ptr<rocksdb::Iterator> rows{reader.NewIterator(until)};
  rows->Seek(key);
  if (!rows->status().ok())
    return from_status(rows->status(), "cannot read " + path);
  if (!rows->Valid() || rows->key() != key)
    return std::optional<std::string>{};
  return std::optional{rows->value().ToString()};
}

} // namespace

result<std::optional<std::string>> rocksdb_database::get_from_tables(family where,
                                                                     std::string_view key) const {
  auto* const rows = handle(where);
  if (rows == nullptr)
    return std::optional<std::string>{};
  const auto options = database_->GetOptions(rows);
  for (const auto& file : tables_with(*database_, rows->GetName(), key)) {
    auto value = get_from_table(options, file, key);
    if (!value || *value)
      return value;
  }
  return std::optional<std::string>{};
}

} // namespace headwater::store
