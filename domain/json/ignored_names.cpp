#include "domain/json/ignored_names.hpp"

#include "domain/json/fields.hpp"

#include <utility>

namespace headwater {

void ignored_names::add(std::string name) {
  if (names_.size() < max_told_faults && known_.insert(name).second)
    names_.push_back(std::move(name));
}

void refuse_unknown(const std::vector<std::string>& names, std::vector<fault>& faults) {
  for (const auto& name : names)
    if (faults.size() < max_told_faults)
      faults.push_back({body_path(name), "Extra inputs are not permitted", "extra_forbidden"});
}

} // namespace headwater
