#pragma once

// Visits with such long texts that others of the io thread would wait for them: every parameter of
// a landing page's query is read, and a body may be one address.

#include "domain/json/json_writer.hpp"
#include "domain/resolve/attribution.hpp"
#include "http/gate/request_body.hpp"
#include "http/resolve/resolution.hpp"

#include <concepts>
#include <cstddef>
#include <string>
#include <utility>

namespace headwater::http {

/// What a line of NDJSON may hold. It is read in less than a turn, whatever it says.
inline constexpr std::size_t longest_resolved_at_once = 64 * 1024;

[[nodiscard]] bool is_long(const attribution::visit& of);
/// An error is not.
[[nodiscard]] bool is_long(const result<attribution::visit>& of);

/// What `resolve` makes of a long visit, in the background. It must own all that it uses.
template <std::invocable<const attribution::visit&> Resolve>
[[nodiscard]] awaitable<result_of<Resolve, const attribution::visit&>>
resolved_in_background(exchange& x, attribution::visit of, Resolve resolve) {
  auto work = [of = std::move(of), resolve = std::move(resolve)] { return resolve(of); };
  co_return co_await made_in_background(x, std::move(work));
}

/// One result of a batch.
[[nodiscard]] awaitable<result<std::string>> resolved_long(exchange& x, const resolution& with,
                                                           attribution::visit of);

/// It, or its error in its place.
void add_result(json_writer& to, const result<std::string>& made);

} // namespace headwater::http
