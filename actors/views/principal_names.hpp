#pragma once

// The names of the tokens that made changes, for whoever reads what was changed. Blocks on the
// disk. Used for one answer and then thrown away, so names are those of now.

#include "domain/core/error.hpp"
#include "domain/core/keyed_hash.hpp"
#include "store/tables/table_store.hpp"

#include <optional>
#include <string>

namespace headwater::actors {

class principal_names {
public:
  /// `sees_operators`: the reader may see the tokens for all accounts.
  principal_names(const store::table_store& tables, bool sees_operators)
      : tables_(tables), sees_operators_(sees_operators) {}

  /// By the decimal id of a token, revoked ones too. Nothing for a token that went with an erased
  /// account.
  [[nodiscard]] result<std::optional<std::string>> of(const std::string& principal);

private:
  [[nodiscard]] result<std::optional<std::string>> read(const std::string& principal) const;

  const store::table_store& tables_;
  bool sees_operators_;
  text_map<std::optional<std::string>> known_; ///< bounded
};

} // namespace headwater::actors
