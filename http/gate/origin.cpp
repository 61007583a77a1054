#include "http/gate/origin.hpp"

namespace headwater::http {

std::string request_line(const exchange& x) {
  std::string out(to_string(x.head.verb));
  out += '\0';
  out += canonical_path(x.head.path);
  if (!x.head.query.empty())
    out.append("?").append(x.head.query);
  out += '\0';
  return out;
}

actors::origin origin_of(const exchange& x, const actors::token_ptr& who,
                         const std::optional<std::string>& key, std::string_view body) {
  actors::origin out;
  out.from.principal = std::to_string(who->token.id);
  out.from.request_id = x.request_id;
  out.is_operator = who->token.accounts.all;
  if (key) {
    const std::string_view zero("\0", 1);
    out.key.emplace(store::idempotency{*key, sha256({request_line(x), body, zero})});
  }
  return out;
}

} // namespace headwater::http
