#pragma once

// The paths, operations and summaries of a kind's endpoints. All of them follow from the names of
// the kind (domain/rules/rule_kind.hpp), so that both kinds are alike.

#include "domain/core/constant_text.hpp"
#include "domain/rules/rule_kind.hpp"

namespace headwater::http {

template <class Rule>
struct rule_names {
  using kind = attribution::rule_kind<Rule>;
  using text = constant_text<>;

  struct path {
    static constexpr text all{"/", kind::path};
    static constexpr text exports{"/", kind::path, "/export"};
    static constexpr text imports{"/", kind::path, "/import"};
  };
  struct operation {
    static constexpr text list{"list", kind::schema, "s"};
    static constexpr text create{"create", kind::schema};
    static constexpr text get{"get", kind::schema};
    static constexpr text update{"update", kind::schema};
    static constexpr text update_many{"update", kind::schema, "s"};
    static constexpr text remove{"delete", kind::schema};
    static constexpr text remove_many{"delete", kind::schema, "s"};
    static constexpr text exports{"export", kind::schema, "s"};
    static constexpr text imports{"import", kind::schema, "s"};
  };
  struct summary {
    static constexpr text create{"Create a ", kind::words};
    static constexpr text get{"Get a ", kind::words};
    static constexpr text update{"Update a ", kind::words};
    static constexpr text update_many{"Update chosen ", kind::words, "s, all or nothing"};
    static constexpr text remove{"Delete a ", kind::words};
    static constexpr text remove_many{"Delete chosen ", kind::words, "s, all or nothing"};
    static constexpr text exports{"Export all ", kind::words, "s"};
    static constexpr text imports{"Import ", kind::words, "s, all or nothing"};
  };
};

} // namespace headwater::http
