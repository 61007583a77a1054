#pragma once

// A route as its family declares it: method, path, gate, what it reads from the query, what it may
// answer, and its handler. Members are named; a route without a gate, or whose handler needs more
// than its gate provides, does not compile.
//
//   constexpr route lint{.verb = method::get, .path = "/rules/lint", .gate = account(access::read),
//                        .input = read_lint, .name = "lintRules", .summary = "Find rules that ...",
//                        .parameters = {"site*", "limit"}, .answers = "RuleLint",
//                        .run = lint_rules};
//
// A handler is `awaitable<result<answer>> lint_rules(exchange&, const entered_account&, const
// lint_query&)`, without the last parameter if the route has no `.input`.

#include "domain/core/try.hpp"
#include "http/gate/gate.hpp"
#include "http/server/answer.hpp"
#include "http/server/router.hpp"

#include <algorithm>
#include <initializer_list>

namespace headwater::http {

/// For routes that read nothing from the query beyond what their gate does.
struct no_input {};

/// Reads path, query and header parameters. Faults go to `check`, which reports them all at once.
template <class Input>
using input_reader = Input (*)(const exchange&, request_check& check);

template <class Entered, class Input>
struct handler_of {
  using type = awaitable<result<answer>> (*)(exchange&, const Entered&, const Input&);
};
template <class Entered>
struct handler_of<Entered, no_input> {
  using type = awaitable<result<answer>> (*)(exchange&, const Entered&);
};

/// A short list with inline storage, so that routes can be constants.
template <class T, std::size_t Most>
class few {
public:
  constexpr few() = default;
  constexpr few(std::initializer_list<T> of) : size_(of.size()) {
    std::copy(of.begin(), of.end(), items_);
  }
  [[nodiscard]] constexpr const T* begin() const { return items_; }
  [[nodiscard]] constexpr const T* end() const { return items_ + size_; }
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }

private:
  T items_[Most] = {};
  std::size_t size_ = 0;
};

using parameter_names = few<std::string_view, 12>;
using status_list = few<unsigned short, 6>;
using media_list = few<media, 3>;
using header_names = few<std::string_view, 3>;

template <class Gate, class Input = no_input>
struct route { // NOLINT(clang-analyzer-optin.performance.Padding): in the order of reading
  method verb;
  std::string_view path; ///< "/accounts/{account_id}"
  Gate gate;
  input_reader<Input> input = nullptr;
  std::string_view name; ///< OpenAPI's operationId and the metrics' label
  std::string_view summary;
  family kin = family::rules;
  served_on on = served_on::clients; ///< only matters where operators have a listener of their own
  /// Names in query and header, without those of the gate; as in http/openapi/parameters.json: '!'
  /// is required, '*' may come several times.
  parameter_names parameters = {};
  std::string_view body = {};    ///< OpenAPI schema of the request body, "" for none
  media_list body_also = {};     ///< other media types of the body, besides JSON
  std::string_view answers = {}; ///< OpenAPI schema of a success, "" for no JSON
  media_list answers_also = {};  ///< other media types of a success, besides JSON
  bool is_bare = false;          ///< a success has no {"success","data"} around it
  std::string_view meta = {};    ///< OpenAPI schema of what is beside the data, "" for the usual
  header_names headers = {};     ///< of a success, in http/openapi/headers.json
  status_list successes = {200};
  status_list refusals = {};   ///< statuses that do not follow from gate, input and body
  bool tagged = false;         ///< the resource has an ETag; changes are decided on x.condition
  bool looks_at_token = false; ///< if there is one, though none is needed
  typename handler_of<typename Gate::entered, Input>::type run;
};

/// What the statuses of a route follow from.
struct status_sources {
  method verb = method::other;
  access needed = access::admin;
  bool names_account = false;
  bool loads_account = false;
  bool names_brand = false;
  bool names_stream = false;
  bool has_input = false; ///< reads something that may be wrong, be it the gate or the handler
  bool has_body = false;
  bool tagged = false;
  status_list successes = {};
  status_list refusals = {};
};

/// Every status that a client may get, ascending.
[[nodiscard]] std::vector<unsigned short> statuses_of(const status_sources& from);

namespace detail {

template <class Gate>
inline constexpr bool names_account =
    std::is_same_v<Gate, account_gate> || std::is_same_v<Gate, known_account_gate>;
template <class Gate>
inline constexpr bool names_brand =
    std::is_same_v<Gate, brand_gate> || std::is_same_v<Gate, connection_gate>;

/// Whether the route needs no token, at least on some listener.
template <class Gate>
inline constexpr bool is_open =
    std::is_same_v<Gate, open_gate> || std::is_same_v<Gate, monitoring_gate>;

/// The names of the query parameters that a gate reads.
[[nodiscard]] parameter_names parameters_of(const auto&) {
  return {};
}
[[nodiscard]] parameter_names parameters_of(const account_gate& gate);
[[nodiscard]] parameter_names parameters_of(const stream_gate& gate);

/// The only way to a handler: token, scope, readable preconditions, path and query, account, brand
/// or stream, then the account's turn, then the handler.
template <class Gate, class Input>
awaitable<result<answer>> serve(exchange& x, const void* declared) {
  const auto& of = *static_cast<const route<Gate, Input>*>(declared);
  typename Gate::entered in{};
  request_check check(x);
  actors::token_ptr who;
  if constexpr (!is_open<Gate>) {
    if (auto at_once = authorise_at_once(x, of.gate.needed)) {
      CO_TRY(who, std::move(*at_once));
    } else {
      CO_TRY(who, co_await authorise(x, of.gate.needed));
    }
  }
  if constexpr (std::is_same_v<Gate, operators_gate>)
    CO_CHECK(check_operator(who));
  if constexpr (std::is_same_v<Gate, monitoring_gate>)
    CO_CHECK(co_await enter_monitoring(x));
  auto named = read_gate(of.gate, check);
  Input input{};
  if constexpr (!std::is_same_v<Input, no_input>)
    input = of.input(x, check);
  if constexpr (!is_open<Gate>)
    check.look_at_names({parameters_of(of.gate), of.parameters});
  if (const auto scope = check.further_scope(); scope && who)
    CO_CHECK(accounts::check_scope(who->token, *scope));
  if (check.wants_operator() && who)
    CO_CHECK(check_operator(who));
  CO_TRY(x.condition, read_preconditions(x.head));
  CO_CHECK(check.verdict());
  if constexpr (!is_open<Gate>) {
    if (auto at_once = enter_at_once(x, of.gate, who, named)) {
      in = *std::move(at_once);
    } else {
      CO_TRY(in, co_await enter(x, of.gate, std::move(who), std::move(named)));
    }
  }
  // A resource without a tag exists, and that is all that a precondition can test. If there is a
  // body, it is read before the preconditions are checked (request_body.hpp).
  x.is_untagged_change = !of.tagged && !is_read(of.verb);
  if (x.is_untagged_change && of.body.empty())
    CO_CHECK(x.condition.check(std::string_view{}));
  if (x.must_wait())
    co_await x.await_turn();
  x.begin_work();
  if constexpr (std::is_same_v<Input, no_input>)
    co_return co_await of.run(x, in);
  else
    co_return co_await of.run(x, in, input);
}

} // namespace detail

/// The table row for a declared route, which must be a constant with static storage.
template <class Gate, class Input>
[[nodiscard]] endpoint row(const route<Gate, Input>& of) {
  endpoint out;
  out.verb = of.verb;
  out.path = of.path;
  out.kin = of.kin;
  out.on = of.on;
  out.needs = of.gate.needed;
  out.name = of.name;
  out.summary = of.summary;
  status_sources from;
  from.verb = of.verb;
  from.needed = of.gate.needed;
  from.names_account = detail::names_account<Gate>;
  from.loads_account = std::is_same_v<Gate, account_gate>;
  from.names_brand = detail::names_brand<Gate>;
  from.names_stream = std::is_same_v<Gate, stream_gate>;
  const auto of_gate = detail::parameters_of(of.gate);
  from.has_input = of.input != nullptr || !of_gate.empty();
  from.has_body = !of.body.empty();
  from.tagged = of.tagged;
  from.successes = of.successes;
  from.refusals = of.refusals;
  out.statuses = statuses_of(from);
  out.parameters.assign(of_gate.begin(), of_gate.end());
  out.parameters.insert(out.parameters.end(), of.parameters.begin(), of.parameters.end());
  if (of.tagged) {
    out.parameters.emplace_back("If-Match");
    out.parameters.emplace_back("If-None-Match");
  }
  out.body = of.body;
  out.answers = of.answers;
  out.body_also.assign(of.body_also.begin(), of.body_also.end());
  out.answers_also.assign(of.answers_also.begin(), of.answers_also.end());
  out.is_bare = of.is_bare || of.kin == family::referrals;
  out.meta = of.meta;
  out.tagged = of.tagged;
  out.counts = of.looks_at_token || std::ranges::count(out.statuses, 429) > 0;
  out.headers.assign(of.headers.begin(), of.headers.end());
  out.serve = &detail::serve<Gate, Input>;
  out.declared = &of;
  return out;
}

} // namespace headwater::http
