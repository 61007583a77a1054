#include "http/server/router.hpp"

#include "http/server/query.hpp"

#include <algorithm>
#include <stdexcept>

namespace headwater::http {

namespace {

bool is_parameter(std::string_view segment) {
  return segment.starts_with('{');
}

bool takes_the_rest(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with("...}");
}

/// Splits "/a/b/" into {"a","b"}; one trailing slash is ignored. If there are more than fit: size()
/// + 1.
std::size_t split(std::string_view path, std::span<std::string_view> out) {
  if (!path.starts_with('/'))
    return out.size() + 1;
  path.remove_prefix(1);
  if (path.ends_with('/'))
    path.remove_suffix(1);
  if (path.empty())
    return 0;
  std::size_t count = 0;
  for (;;) {
    if (count == out.size())
      return out.size() + 1;
    const auto slash = path.find('/');
    out[count++] = path.substr(0, slash);
    if (slash == path.npos)
      return count;
    path.remove_prefix(slash + 1);
  }
}

/// The end of a path that begins with these segments, which point into it.
std::string_view rest_of(std::string_view path, std::span<const std::string_view> segments) {
  if (segments.empty())
    return {};
  return path.substr(static_cast<std::size_t>(segments.front().data() - path.data()));
}

bool matches(std::span<const std::string_view> pattern,
             std::span<const std::string_view> segments) {
  for (std::size_t i = 0; i < pattern.size(); ++i)
    if (pattern[i].empty() ? segments[i].empty() : pattern[i] != segments[i])
      return false;
  return true;
}

/// Whether a family is where the path begins. Without a base path, all of them are.
bool is_below(family kin, bool rules, bool referrals) {
  switch (kin) {
  case family::referrals:
    return referrals;
  case family::pages:
    return rules && referrals;
  case family::rules:
  case family::operations:
    break;
  }
  return rules;
}

bool takes_parameters(std::span<const std::string_view> pattern,
                      std::span<const std::string_view> segments, route_match& out) {
  out.decoded.clear();
  std::size_t room = 0, next = 0;
  for (const auto segment : segments)
    room += segment.size();
  out.decoded.reserve(room);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!pattern[i].empty())
      continue;
    auto value = segments[i];
    if (value.find('%') != value.npos) {
      const auto start = out.decoded.size();
      if (!percent_decode(value, false, out.decoded))
        return false;
      value = std::string_view(out.decoded).substr(start);
    }
    out.params[next++] = value;
  }
  return true;
}

} // namespace

std::string_view canonical_path(std::string_view path) {
  for (const std::string_view base : {"/api/v1", "/v1"})
    if (path == base || (path.starts_with(base) && path[base.size()] == '/')) {
      path.remove_prefix(base.size());
      break;
    }
  path.remove_suffix(path.ends_with('/') ? 1 : 0);
  return path;
}

std::string_view to_string(access needed) noexcept {
  switch (needed) {
  case access::anyone:
    return "none";
  case access::authenticated:
    return "any";
  case access::resolve:
    return "resolve";
  case access::read:
    return "read";
  case access::write:
    return "write";
  case access::admin:
    return "admin";
  }
  return "none";
}

std::string_view to_string(media type) noexcept {
  switch (type) {
  case media::csv:
    return "text/csv";
  case media::ndjson:
    return "application/x-ndjson";
  case media::server_sent_events:
    return "text/event-stream";
  case media::plain_text:
    break;
  }
  return "text/plain";
}

void router::add(const endpoint& one) {
  std::array<std::string_view, max_segments> segments;
  auto count = split(one.path, segments);
  if (count > max_segments)
    throw std::invalid_argument("a route with too many segments: " + std::string(one.path));
  const bool is_open_ended = count > 0 && takes_the_rest(segments[count - 1]);
  count -= is_open_ended ? 1 : 0;
  const std::span<std::string_view> used(segments.data(), count);
  if (is_open_ended && std::ranges::any_of(used, is_parameter))
    throw std::invalid_argument("a parameter before the rest of a path: " + std::string(one.path));
  std::ranges::replace_if(used, is_parameter, std::string_view{});
  const std::vector<std::string_view> pattern(used.begin(), used.end());
  auto& list = is_open_ended ? open_ended_ : entries_[count];
  auto at = std::ranges::find(list, pattern, &entry::segments);
  if (at == list.end())
    at = list.insert(at, entry{pattern, one.kin, one.on, {}, {}});
  if (at->on != one.on)
    throw std::invalid_argument("routes of one path on different listeners: " +
                                std::string(one.path));
  at->methods.push_back(&one);
  at->allow += (at->allow.empty() ? "" : ", ") + std::string(to_string(one.verb));
  if (one.verb == method::get)
    at->allow += ", HEAD";
}

router::router(std::vector<endpoint> routes) : routes_(std::move(routes)) {
  for (const auto& one : routes_)
    add(one);
  for (auto& one : open_ended_)
    one.allow += ", OPTIONS";
  for (auto& list : entries_) {
    for (auto& one : list)
      one.allow += ", OPTIONS";
    // Literal before parameter, from the left: an empty view marks a parameter.
    std::stable_sort(list.begin(), list.end(), [](const entry& a, const entry& b) {
      return std::lexicographical_compare(
          a.segments.begin(), a.segments.end(), b.segments.begin(), b.segments.end(),
          [](std::string_view x, std::string_view y) { return !x.empty() && y.empty(); });
    });
  }
}

const router::entry* router::find(std::span<const std::string_view> segments, bool rules,
                                  bool referrals) const {
  for (const auto& one : entries_[segments.size()]) {
    if (is_below(one.kin, rules, referrals) && matches(one.segments, segments))
      return &one;
  }
  return nullptr;
}

const router::entry* router::find_open_ended(std::span<const std::string_view> segments, bool rules,
                                             bool referrals) const {
  for (const auto& one : open_ended_)
    if (is_below(one.kin, rules, referrals) && segments.size() >= one.segments.size() &&
        std::equal(one.segments.begin(), one.segments.end(), segments.begin()))
      return &one;
  return nullptr;
}

void router::match(method verb, std::string_view path, route_match& out, listener_role by) const {
  std::array<std::string_view, max_segments + 2> storage;
  const auto count = split(path, storage);
  out.what = route_match::outcome::no_path;
  out.kin = family::rules;
  out.found = nullptr;
  out.head_of_get = false;
  out.allow = {};
  if (count > storage.size())
    return;
  std::span<const std::string_view> segments(storage.data(), count);
  bool rules = true, referrals = true;
  if (count >= 2 && segments[0] == "api" && segments[1] == "v1") {
    segments = segments.subspan(2);
    referrals = false;
  } else if (count >= 1 && segments[0] == "v1") {
    segments = segments.subspan(1);
    rules = false;
  }
  if (referrals && segments.size() >= 2 && segments[1] == "ai-referrals")
    out.kin = family::referrals;
  const auto* at = segments.size() <= max_segments ? find(segments, rules, referrals) : nullptr;
  const bool is_open_ended = !at;
  if (is_open_ended)
    at = find_open_ended(segments, rules, referrals);
  if (!at || !is_served(at->on, by))
    return;
  out.kin = at->kin;
  out.allow = at->allow;
  out.what = route_match::outcome::no_method;
  const auto wanted = verb == method::head ? method::get : verb;
  for (const auto* one : at->methods) {
    if (one->verb != wanted)
      continue;
    out.head_of_get = verb == method::head;
    out.found = one;
    const auto known = segments.subspan(0, at->segments.size());
    out.what = takes_parameters(at->segments, known, out) ? route_match::outcome::found
                                                          : route_match::outcome::bad_escape;
    if (is_open_ended)
      out.params[0] = rest_of(path, segments.subspan(at->segments.size()));
  }
}

} // namespace headwater::http
