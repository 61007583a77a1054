#include "http/exchange.hpp"

#include "domain/core/text.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace headwater::http {

std::optional<std::string_view> exchange::credentials() const {
  if (const auto given = head.find("authorization")) {
    const auto space = given->find(' ');
    if (space != given->npos && space == 6 && starts_with_nocase(*given, "bearer")) {
      auto secret = given->substr(space);
      secret.remove_prefix(std::min(secret.find_first_not_of(' '), secret.size()));
      return secret;
    }
  }
  return head.find("x-api-key");
}

const digest& exchange::hash_of(std::string_view secret) {
  // Constant time: the previous secret of a connection may be somebody else's, behind a proxy.
  if (secret.empty() || secret.size() != last_secret_.size() ||
      CRYPTO_memcmp(secret.data(), last_secret_.data(), secret.size()) != 0) {
    last_secret_ = secret;
    last_hash_ = sha256({secret});
  }
  return last_hash_;
}

std::string exchange::media_type() const {
  const auto given = head.value("content-type");
  return ascii_lower(trimmed(given.substr(0, given.find(';'))));
}

void exchange::success(std::string_view data, std::string_view meta, unsigned short status) {
  out.status = status;
  out.body.append(R"({"success":true,"data":)").append(data);
  if (!meta.empty())
    out.body.append(R"(,"meta":)").append(meta);
  out.body.push_back('}');
}

void exchange::plain(unsigned short status, std::string_view content_type) {
  out.status = status;
  out.content_type = content_type;
}

} // namespace headwater::http
