#include "domain/rules/normalisation.hpp"

#include "domain/core/text.hpp"
#include "domain/hosts/domain_name.hpp"
#include "domain/rules/passthrough_referrer.hpp"
#include "domain/rules/referrer_mapping.hpp"
#include "domain/rules/rule_kind.hpp"

#include <algorithm>

namespace headwater::attribution {
namespace {

/// What a text has besides a host. Views into it; empty where there is no such part.
struct extra_parts {
  std::string_view scheme; ///< "https://"
  std::string_view port;   ///< ":8080"
  std::string_view path;   ///< "/@partner", "?a=b" or "#x"
};

extra_parts extra_parts_of(std::string_view text) {
  extra_parts out;
  auto rest = without_scheme(text);
  if (rest.size() == text.size() && rest.starts_with("//"))
    rest.remove_prefix(2);
  out.scheme = text.substr(0, text.size() - rest.size());
  const auto end = std::min(rest.find_first_of("/?#"), rest.size());
  out.path = rest.substr(end);
  rest = rest.substr(0, end);
  const auto colon = rest.rfind(':');
  const bool has_port = colon != rest.npos && colon + 1 < rest.size() &&
                        rest.find_first_not_of("0123456789", colon + 1) == rest.npos &&
                        !(rest.starts_with('[') && rest[colon - 1] != ']');
  if (has_port)
    out.port = rest.substr(colon);
  return out;
}

/// "the scheme https:// and the path /x were cut off"; empty if there is nothing of the kind.
std::string loss_of(const extra_parts& parts) {
  std::vector<std::string> names;
  const auto name = [&](const char* what, std::string_view text) {
    if (!text.empty())
      names.push_back(std::string(what) + quoted_key(text));
  };
  name("the scheme ", parts.scheme);
  name("the port ", parts.port);
  if (parts.path == "/")
    names.emplace_back("the slash at its end");
  else
    name(parts.path.starts_with('?')   ? "the query "
         : parts.path.starts_with('#') ? "the fragment "
                                       : "the path ",
         parts.path);
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i)
    out += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  if (!out.empty())
    out += names.size() == 1 ? " was cut off" : " were cut off";
  return out;
}

std::string reach_of(const referrer_mapping& rule) {
  const auto& text = rule.referrer_pattern;
  switch (rule.match_type) {
  case match_type::exact:
    return "every visit from " + text;
  case match_type::contains:
    return "every visit from a host that contains \"" + text + "\"";
  case match_type::starts_with:
    return "every visit from a host that starts with \"" + text + "\"";
  case match_type::ends_with:
    return "every visit from a host that ends with \"" + text + "\"";
  case match_type::regex:
    return "every visit from a host in which it finds a match";
  }
  return {};
}

std::string reach_of(const passthrough_referrer& rule) {
  return "every visit from " + rule.domain + " and the hosts below it";
}

template <class Rule>
std::string message_for(std::string_view sent, const extra_parts& parts, const Rule& stored) {
  const auto loss = loss_of(parts);
  if (loss.empty())
    return is_ascii(sent) ? "a dot at the end was cut off, as it is from hosts"
                          : "the name is stored in its ASCII form, in which browsers send it";
  const char* why = parts.path.size() > 1 ? ": browsers send hosts only, and this rule takes "
                                          : ": rules are compared with the host alone, and this "
                                            "one takes ";
  return loss + why + reach_of(stored);
}

template <class Rule>
normalised_text told(std::string_view sent, std::string_view stored, std::string message) {
  constexpr std::size_t most = 255;
  std::string shown(sent);
  if (shown.size() > most) {
    auto cut = most;
    while (cut > 0 && (static_cast<unsigned char>(shown[cut]) & 0xC0U) == 0x80U)
      --cut; // never within a character
    shown.resize(cut);
    shown += "...";
  }
  return {rule_kind<Rule>::unique_field, std::move(shown), std::string(stored), std::move(message)};
}

template <class Rule>
std::optional<normalised_text> compared(std::string_view sent, std::string_view text,
                                        const Rule& stored) {
  const auto bare = trimmed(sent);
  if (ascii_lower(bare) == text)
    return std::nullopt;
  return told<Rule>(sent, text, message_for(bare, extra_parts_of(bare), stored));
}

} // namespace

std::optional<normalised_text> normalisation_of(std::string_view sent,
                                                const passthrough_referrer& stored) {
  return compared(sent, stored.domain, stored);
}

std::optional<normalised_text> normalisation_of(std::string_view sent,
                                                const referrer_mapping& stored) {
  const auto& pattern = stored.referrer_pattern;
  if (stored.match_type != match_type::regex)
    return compared(sent, pattern, stored);
  const auto bare = trimmed(sent);
  if (bare == trimmed(pattern))
    return std::nullopt;
  // Nothing but schemes is taken off a regular expression.
  const extra_parts parts{bare.substr(0, bare.size() - without_scheme(bare).size()), {}, {}};
  return told<referrer_mapping>(sent, pattern, message_for(bare, parts, stored));
}

void write_members(json_writer& out, const normalised_text& one) {
  out.member("field", one.field).member("sent", one.sent).member("stored", one.stored);
  out.member("message", one.message);
}

} // namespace headwater::attribution
