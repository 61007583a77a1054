#include "store/tables/mergers.hpp"

#include "domain/referrals/hashed_block.hpp"
#include "domain/referrals/rollup.hpp"
#include "store/tables/usage.hpp"

#include <vector>

namespace headwater::store {
namespace {

// Why merge operators: a push changes a few cells of large blocks; rows of a single day touch up to
// 16 blocks of rows and 33 rollups. Without them it would have to read all of these, change them
// and write them back whole. With them it never reads a rollup, a commit writes only what has
// changed, and RocksDB puts it together when the key is read or compacted:
//
//   stored        block  <-  change  <-  change          full merge: all of them, oldest first
//   compaction    block  <-  (change + change)           partial merge: neighbours only
//
// Both need merge functions that give the same result however neighbours are grouped; the order is
// kept. A value that cannot be read makes a full merge fail, so that reading the key fails: leaving
// it out would turn damage into a wrong sum that goes unnoticed. A partial merge that fails merely
// leaves its values apart.
class merge_operator final : public rocksdb::MergeOperator {
public:
  merge_operator(const char* name, merge_function merge) : name_(name), merge_(merge) {}

  bool FullMergeV2(const MergeOperationInput& in, MergeOperationOutput* out) const override {
    std::vector<std::string_view> values;
    values.reserve(in.operand_list.size() + 1);
    if (in.existing_value != nullptr)
      values.push_back(in.existing_value->ToStringView());
    for (const auto& operand : in.operand_list)
      values.push_back(operand.ToStringView());
    return merge(values, out->new_value);
  }

  bool PartialMergeMulti(const rocksdb::Slice&, const std::deque<rocksdb::Slice>& operands,
                         std::string* out, rocksdb::Logger*) const override {
    std::vector<std::string_view> values;
    values.reserve(operands.size());
    for (const auto& operand : operands)
      values.push_back(operand.ToStringView());
    return merge(values, *out);
  }

  const char* Name() const override { return name_; }

private:
  bool merge(const std::vector<std::string_view>& values, std::string& out) const {
    auto merged = merge_(values);
    if (!merged)
      return false; // RocksDB reports corruption when the key is read
    out = std::move(*merged);
    return true;
  }

  const char* name_;
  merge_function merge_;
};

} // namespace

merge_function merge_function_of(table where) {
  switch (where) {
  case table::rollups:
    return referrals::merge_rollups;
  case table::rows:
    return referrals::merge_blocks;
  case table::usage:
    return merge_usage;
  case table::directory:
  case table::referrals:
  case table::side_facts:
  case table::proofs:
  case table::states:
    break;
  }
  return nullptr;
}

std::shared_ptr<rocksdb::MergeOperator> merger(const char* name, merge_function merge) {
  return std::make_shared<merge_operator>(name, merge);
}

} // namespace headwater::store
