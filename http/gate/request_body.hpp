#pragma once

// The body of a request as handlers need it: of the right type and length, read completely, with
// the token still valid afterwards, and JSON of a bounded depth.

#include "domain/core/try.hpp"
#include "domain/json/json_value.hpp"
#include "http/gate/request_check.hpp"
#include "http/server/exchange.hpp"

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace headwater::http {

/// "application/json", "application/*+json" or nothing at all.
[[nodiscard]] bool is_json(std::string_view media_type);

/// errc::bad_request if the text is nested deeper than the setting allows.
[[nodiscard]] result<void> check_depth(std::string_view json, const settings& limits);

/// Whether the preconditions of a change hold although the resource has no tag. The functions below
/// call it themselves; code that reads a body in another way must.
[[nodiscard]] result<void> check_untagged(const exchange& x);

/// The body, if its media type is JSON and it is at most `limit` bytes long.
[[nodiscard]] awaitable<result<std::string_view>> json_text(exchange& x, std::size_t limit);

/// Parsing a longer body takes longer than others should wait.
inline constexpr std::size_t longest_parsed_at_once = 256 * 1024;

/// Runs what takes long and waits for nothing, such as parsing a large body, on a thread that is
/// there for that, where accounts take turns. It owns all that it uses, because it may run on after
/// this has given up. errc::service_unavailable if its turn does not come in time; and what became
/// of the token meanwhile.
[[nodiscard]] awaitable<result<void>> in_background(exchange& x, std::function<void()> work);

namespace detail {

template <class Made>
struct result_with {
  using type = result<Made>;
};
template <class Made>
struct result_with<result<Made>> {
  using type = result<Made>;
};

} // namespace detail

/// What a function returns, or why it could not be called, or its own error.
template <class Work, class... Given>
using result_of = typename detail::result_with<std::invoke_result_t<Work&, Given...>>::type;

/// The same for work that makes something. What it has used is freed there, too.
template <std::invocable Work>
[[nodiscard]] awaitable<result_of<Work>> made_in_background(exchange& x, Work work) {
  struct making {
    std::optional<Work> work;
    std::optional<std::invoke_result_t<Work&>> made;
  };
  const auto job = std::make_shared<making>(std::move(work), std::nullopt);
  std::function<void()> run = [job] {
    job->made.emplace((*job->work)());
    job->work.reset();
  };
  CO_CHECK(co_await in_background(x, std::move(run)));
  co_return *std::move(job->made);
}

/// What was made of a JSON text.
template <class Made>
struct parsed_body {
  std::string_view text;
  Made made;
  std::shared_ptr<const std::string> kept; ///< the text, if the stream no longer has it
};

/// What a function that needs nothing else makes of a JSON body: in the background if that is long,
/// so that nobody else on this thread waits for it.
template <class Made>
[[nodiscard]] awaitable<result<parsed_body<Made>>>
parsed_json(exchange& x, std::size_t limit, result<Made> (*parse)(std::string_view)) {
  CO_TRY(const auto text, co_await json_text(x, limit));
  if (text.size() <= longest_parsed_at_once) {
    CO_TRY(auto made, parse(text));
    co_return parsed_body<Made>{text, std::move(made), nullptr};
  }
  CO_TRY(auto taken, co_await x.stream().take_all(limit));
  const auto kept = std::make_shared<const std::string>(std::move(taken));
  auto work = [kept, parse] { return parse(*kept); };
  CO_TRY(auto made, co_await made_in_background(x, std::move(work)));
  co_return parsed_body<Made>{*kept, std::move(made), kept};
}

/// The same as an object's members, which count as memory for bodies until the answer is sent: they
/// may wait for their turn, and take many times what the text does.
struct json_body {
  std::string_view text;
  draft members;
  std::shared_ptr<const std::string> kept; ///< the text, if the stream no longer has it
};
[[nodiscard]] awaitable<result<json_body>> json_object(exchange& x, std::size_t limit);

/// Moves out the whole body, provided that its token is still valid once it is there.
[[nodiscard]] awaitable<result<std::string>> taken_body(exchange& x, std::size_t limit);

/// The Idempotency-Key of a POST that reads no other parameters.
struct idempotency_input {
  std::optional<std::string> key;
};
[[nodiscard]] idempotency_input read_idempotency_key(const exchange& x, request_check& check);

} // namespace headwater::http
