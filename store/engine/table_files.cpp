#include "store/engine/table_files.hpp"

#include "domain/core/try.hpp"
#include "domain/core/varint.hpp"
#include "store/disk/files.hpp"
#include "store/engine/little_endian.hpp"
#include "store/engine/table_damage.hpp"

#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>
#include <xxhash.h>

namespace headwater::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t footer_size = 53;
constexpr std::size_t handles_size = 40; // of the footer, after the checksum's type
constexpr std::uint64_t table_magic = 0x88e241b785f4cff7;
constexpr std::uint32_t format_version = 5;
constexpr char xxh3_checksums = 4;
constexpr std::size_t trailer_size = 5; // of a block: compression, checksum
constexpr char not_compressed = 0;
constexpr std::uint64_t largest_block = std::uint64_t{16} << 20;
constexpr std::string_view properties_name = "rocksdb.properties";

struct block_handle {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// Nothing if the bytes are not a handle.
std::optional<block_handle> read_handle(std::string_view bytes) {
  varint_reader in{bytes};
  const auto offset = in.varint();
  const auto size = in.varint();
  return in.good() ? std::optional{block_handle{offset, size}} : std::nullopt;
}

/// Covers a block and its compression byte.
std::uint32_t checksum_of(std::string_view block, char compression) {
  constexpr std::uint32_t factor = 0x6b9083d9;
  return static_cast<std::uint32_t>(XXH3_64bits(block.data(), block.size())) ^
         static_cast<unsigned char>(compression) * factor;
}

error damaged(const fs::path& file, std::string_view what) {
  return {errc::corrupt_log, file.string() + ": damaged in its " + std::string{what} + "; " +
                                 std::string{cure_of_database}};
}

/// Returns fewer bytes than asked for only at the end of the file.
result<std::string> read_part(const file_descriptor& file, const fs::path& path,
                              std::uint64_t offset, std::size_t size) {
  std::string out(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const auto got =
        ::pread(file.get(), out.data() + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return errno_error("cannot read", path);
    if (got == 0)
      break;
    done += static_cast<std::size_t>(got);
  }
  out.resize(done);
  return out;
}

result<std::string> read_block(const file_descriptor& file, const fs::path& path,
                               const block_handle& where, std::string_view what) {
  if (where.size > largest_block)
    return damaged(path, what);
  auto bytes = read_part(file, path, where.offset, where.size + trailer_size);
  if (!bytes)
    return bytes;
  if (bytes->size() != where.size + trailer_size)
    return damaged(path, what);
  const char compression = (*bytes)[where.size];
  const auto checksum =
      little_endian<std::uint32_t>(std::string_view{*bytes}.substr(where.size + 1));
  bytes->resize(where.size);
  if (compression != not_compressed || checksum_of(*bytes, compression) != checksum)
    return damaged(path, what);
  return bytes;
}

/// Where the properties are according to the metaindex; nothing if it does not say.
std::optional<block_handle> find_properties(std::string_view metaindex) {
  if (metaindex.size() < sizeof(std::uint32_t))
    return std::nullopt;
  const auto count = metaindex.substr(metaindex.size() - sizeof(std::uint32_t));
  const auto restarts =
      (std::uint64_t{little_endian<std::uint32_t>(count)} + 1) * sizeof(std::uint32_t);
  if (restarts > metaindex.size())
    return std::nullopt;
  varint_reader rest{metaindex.substr(0, metaindex.size() - restarts)};
  std::string key;
  while (rest.good() && !rest.at_end()) {
    const auto shared = rest.varint(key.size());
    const auto added = rest.varint();
    const auto value_size = rest.varint();
    key.resize(shared);
    key.append(rest.bytes(added));
    const auto value = rest.bytes(value_size);
    if (rest.good() && key == properties_name)
      return read_handle(value);
  }
  return std::nullopt;
}

result<void> check_table_file(const fs::path& path) {
  TRY(auto file, open_file(path, O_RDONLY));
  const auto size = ::lseek(file.get(), 0, SEEK_END);
  if (size < static_cast<off_t>(footer_size))
    return {};
  auto footer = read_part(file, path, static_cast<std::uint64_t>(size) - footer_size, footer_size);
  if (!footer)
    return footer.error();
  const std::string_view bytes{*footer};
  if (bytes.size() != footer_size ||
      little_endian<std::uint64_t>(bytes.substr(footer_size - 8)) != table_magic)
    return {};
  const auto version = little_endian<std::uint32_t>(bytes.substr(1 + handles_size, 4));
  const auto metaindex = read_handle(bytes.substr(1, handles_size));
  if (bytes[0] != xxh3_checksums || version != format_version || !metaindex)
    return damaged(path, "footer");
  TRY(const auto index, read_block(file, path, *metaindex, "footer or metaindex"));
  const auto properties = find_properties(index);
  if (!properties)
    return damaged(path, "metaindex");
  const auto read = read_block(file, path, *properties, "properties");
  return read ? result<void>{} : read.error();
}

} // namespace

result<void> check_table_files(const fs::path& directory) {
  std::error_code failed;
  for (fs::directory_iterator at{directory, failed}, end; !failed && at != end;
       at.increment(failed)) {
    if (at->path().extension() != ".sst")
      continue;
    auto checked = check_table_file(at->path());
    std::error_code gone; // removed by a live server's compaction since it was listed
    if (!checked && (checked.error().code == errc::corrupt_log || fs::exists(at->path(), gone)))
      return checked;
  }
  if (failed && failed != std::errc::no_such_file_or_directory)
    return error{errc::io_failed, "cannot list " + directory.string() + ": " + failed.message()};
  return {};
}

} // namespace headwater::store
