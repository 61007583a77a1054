#include "store/engine/rocksdb_status.hpp"

namespace headwater::store {
namespace {

errc code_of(rocksdb::Status::Code code) {
  using status = rocksdb::Status;
  switch (code) {
  case status::kCorruption:
    return errc::corrupt_log;
  case status::kOk:
  case status::kNotFound:
  case status::kNotSupported:
  case status::kInvalidArgument:
  case status::kIOError:
  case status::kMergeInProgress:
  case status::kIncomplete:
  case status::kShutdownInProgress:
  case status::kTimedOut:
  case status::kAborted:
  case status::kBusy:
  case status::kExpired:
  case status::kTryAgain:
  case status::kCompactionTooLarge:
  case status::kColumnFamilyDropped:
  case status::kMaxCode:
    return errc::io_failed;
  }
  return errc::io_failed;
}

} // namespace

error from_status(const rocksdb::Status& status, std::string_view doing) {
  return {code_of(status.code()), std::string{doing} + ": " + status.ToString()};
}

} // namespace headwater::store
