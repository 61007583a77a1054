// GET /sources: what is known of a host, an app or a utm_source, and by which list.

#include "domain/core/text.hpp"
#include "domain/json/json_writer.hpp"
#include "domain/lists/source_lists.hpp"
#include "domain/referrals/platforms/allow_list.hpp"
#include "http/ai_assistants_list.hpp"
#include "http/application.hpp"
#include "http/gate/route.hpp"
#include "http/operators/source_list_json.hpp"

namespace headwater::http {

namespace {

constexpr std::size_t longest_text = 2'048;

std::string read_asked(const exchange&, request_check& check) {
  auto given = check.text("host");
  if (!given)
    check.add({{"query", "host"}, "Field required", "missing"});
  else if (given->size() > longest_text)
    check.add({{"query", "host"},
               "String should have at most " + std::to_string(longest_text) + " characters",
               "string_too_long"});
  return std::move(given).value_or(std::string{});
}

std::string_view to_string(attribution::host_kind kind) {
  switch (kind) {
  case attribution::host_kind::domain:
    return "domain";
  case attribution::host_kind::ip_address:
    return "ip_address";
  case attribution::host_kind::android_app:
    return "android_app";
  case attribution::host_kind::ios_app:
    return "ios_app";
  }
  return {};
}

void write_list_of(json_writer& out, const attribution::source_lists& lists,
                   std::string_view name) {
  if (const auto* info = lists.info(name))
    write_list(out, *info);
  else
    out.null();
}

void write_source(json_writer& out, const attribution::source_lists& lists,
                  const attribution::known_source* found) {
  if (!found) {
    out.null();
    return;
  }
  out.begin_object().member("entry", found->entry).member("kind", to_string(found->kind));
  out.key("list");
  write_list_of(out, lists, found->list);
  out.member("name", found->name).member("source", found->source).end_object();
}

/// The same text may be a referrer and a utm_source; both are told.
std::string as_json(const attribution::source_lists& lists,
                    const attribution::ai_platforms& platforms, const std::string& asked) {
  const auto referrer = attribution::host_of_referrer(asked);
  const auto facts = referrer ? lists.facts_of(referrer->name, referrer->kind)
                              : attribution::source_lists::facts{};
  const auto platform = platforms.platform_of(asked);
  json_writer out;
  out.begin_object();
  out.key("ai_platform");
  if (platform)
    out.string(*platform);
  else
    out.null();
  out.key("ai_platform_list");
  if (platform)
    write_list(out, ai_assistants_list());
  else
    out.null();
  out.key("as_referrer");
  write_source(out, lists, facts.source);
  out.key("as_utm_source");
  write_source(out, lists, lists.of_source(asked));
  out.member("asked", to_valid_utf8(asked));
  out.key("host").string_or_null(referrer ? std::optional(referrer->name) : std::nullopt);
  out.key("host_kind");
  if (referrer)
    out.string(to_string(referrer->kind));
  else
    out.null();
  const auto site =
      referrer ? attribution::registrable_domain(*referrer, lists.suffixes()) : std::nullopt;
  out.key("registrable_domain").string_or_null(site);
  out.key("spam");
  if (facts.spam.empty()) {
    out.null();
  } else {
    out.begin_object().member("entry", facts.spam).key("list");
    write_list_of(out, lists, "spam");
    out.end_object();
  }
  out.end_object();
  return std::move(out).str();
}

awaitable<result<answer>> tell_source(exchange& x, const entered_token&, const std::string& asked) {
  const auto lists = x.app().lists.load();
  co_return success(as_json(*lists, referrals::allow_list(), asked));
}

constexpr route sources_route{.verb = method::get,
                              .path = "/sources",
                              .gate = token(access::read),
                              .input = read_asked,
                              .name = "tellSource",
                              .summary =
                                  "Tell what is known of a host or a utm_source, and by which list",
                              .parameters = {"host"},
                              .answers = "Source",
                              .run = tell_source};

} // namespace

void add_source_routes(std::vector<endpoint>& to) {
  to.push_back(row(sources_route));
}

} // namespace headwater::http
