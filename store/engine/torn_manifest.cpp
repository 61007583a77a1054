#include "store/engine/torn_manifest.hpp"

#include "store/engine/little_endian.hpp"

#include <boost/crc.hpp>
#include <rocksdb/file_system.h>

#include <algorithm>
#include <bit>
#include <memory>
#include <string>
#include <utility>

namespace headwater::store {
namespace {

/// CRC-32C, "masked" as RocksDB stores it, because a checksum of checksums is weak.
std::uint32_t masked_crc32c(std::string_view bytes) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  constexpr std::uint32_t mask_delta = 0xa282ead8;
  return std::rotr(static_cast<std::uint32_t>(crc.checksum()), 15) + mask_delta;
}

/// A file that ends earlier than it does.
class shortened_file final : public rocksdb::FSSequentialFileOwnerWrapper {
public:
  shortened_file(std::unique_ptr<rocksdb::FSSequentialFile> file, std::uint64_t readable)
      : FSSequentialFileOwnerWrapper(std::move(file)), left_(readable) {}

  rocksdb::IOStatus Read(std::size_t size, const rocksdb::IOOptions& options, rocksdb::Slice* found,
                         char* buffer, rocksdb::IODebugContext* context) override {
    auto status = FSSequentialFileOwnerWrapper::Read(
        static_cast<std::size_t>(std::min<std::uint64_t>(size, left_)), options, found, buffer,
        context);
    if (status.ok())
      left_ -= found->size();
    return status;
  }

  rocksdb::IOStatus Skip(std::uint64_t size) override {
    const auto skipped = std::min(size, left_);
    left_ -= skipped;
    return FSSequentialFileOwnerWrapper::Skip(skipped);
  }

private:
  std::uint64_t left_;
};

class file_system_for_torn_manifests final : public rocksdb::FileSystemWrapper {
public:
  file_system_for_torn_manifests() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  [[nodiscard]] const char* Name() const override { return "headwater.torn_manifests"; }

  rocksdb::IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* out,
                                      rocksdb::IODebugContext* context) override {
    const auto name = std::string_view{path}.substr(path.rfind('/') + 1);
    if (!name.starts_with("MANIFEST-"))
      return FileSystemWrapper::NewSequentialFile(path, options, out, context);
    std::uint64_t readable = 0;
    if (auto status = measure(path, options, context, readable); !status.ok())
      return status;
    auto status = FileSystemWrapper::NewSequentialFile(path, options, out, context);
    if (status.ok())
      *out = std::make_unique<shortened_file>(std::move(*out), readable);
    return status;
  }

private:
  rocksdb::IOStatus measure(const std::string& path, const rocksdb::FileOptions& options,
                            rocksdb::IODebugContext* context, std::uint64_t& readable) {
    std::unique_ptr<rocksdb::FSSequentialFile> file;
    if (auto status = FileSystemWrapper::NewSequentialFile(path, options, &file, context);
        !status.ok())
      return status;
    torn_tail tail;
    std::string buffer(log_block_size, '\0');
    for (;;) {
      rocksdb::Slice block;
      if (auto status = file->Read(buffer.size(), {}, &block, buffer.data(), context); !status.ok())
        return status;
      tail.take(block.ToStringView());
      if (block.size() < buffer.size())
        break;
    }
    readable = tail.readable();
    return rocksdb::IOStatus::OK();
  }
};

} // namespace

std::pair<std::size_t, bool> log_record_in(std::string_view bytes) {
  if (bytes.size() < log_header_size)
    return {bytes.size(), false};
  const auto size = log_header_size + little_endian<std::uint16_t>(bytes.substr(4, 2));
  if (size > bytes.size())
    return {bytes.size(), false};
  const auto covered =
      bytes.substr(log_header_size - 1, size - log_header_size + 1); // type and contents
  return {size, masked_crc32c(covered) == little_endian<std::uint32_t>(bytes)};
}

rocksdb::Env* env_for_torn_manifests() {
  static const auto env =
      rocksdb::NewCompositeEnv(std::make_shared<file_system_for_torn_manifests>());
  return env.get();
}

void torn_tail::take(std::string_view block) {
  const auto last = block.find_last_not_of('\0');
  if (last != std::string_view::npos)
    content_end_ = size_ + last + 1;
  // The last bytes of a block, too few for a header, are zeros.
  for (std::size_t at = 0;
       !torn_ && at + (block.size() == log_block_size ? log_header_size : 1) <= block.size();) {
    const auto [size, is_whole] = log_record_in(block.substr(at));
    if (!is_whole)
      torn_ = extent{size_ + at, size_ + at + std::max(size, log_header_size)};
    at += size;
  }
  size_ += block.size();
}

std::uint64_t torn_tail::readable() const {
  const bool is_torn = torn_ && content_end_ < size_ && content_end_ < torn_->end;
  return is_torn ? torn_->begin : size_;
}

} // namespace headwater::store
