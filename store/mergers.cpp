#include "store/rollup_merger.hpp"

#include "domain/referrals/rollup.hpp"

#include <string_view>
#include <vector>

namespace headwater::store {
namespace {

/// Sums do not depend on order, so values that are merged early, in parts, come to the same.
class merger final : public rocksdb::MergeOperator {
public:
  bool FullMergeV2(const MergeOperationInput& in, MergeOperationOutput* out) const override {
    std::vector<std::string_view> blocks;
    blocks.reserve(in.operand_list.size() + 1);
    if (in.existing_value != nullptr)
      blocks.push_back(in.existing_value->ToStringView());
    for (const auto& operand : in.operand_list)
      blocks.push_back(operand.ToStringView());
    return merge(blocks, out->new_value);
  }

  bool PartialMergeMulti(const rocksdb::Slice&, const std::deque<rocksdb::Slice>& operands,
                         std::string* out, rocksdb::Logger*) const override {
    std::vector<std::string_view> blocks;
    blocks.reserve(operands.size());
    for (const auto& operand : operands)
      blocks.push_back(operand.ToStringView());
    return merge(blocks, *out);
  }

  const char* Name() const override { return "headwater.rollup.1"; }

private:
  static bool merge(const std::vector<std::string_view>& blocks, std::string& out) {
    auto merged = referrals::merge_rollups(blocks);
    if (!merged)
      return false; // RocksDB reports corruption to whoever reads the key
    out = std::move(*merged);
    return true;
  }
};

} // namespace

std::shared_ptr<rocksdb::MergeOperator> rollup_merger() {
  return std::make_shared<merger>();
}

} // namespace headwater::store
