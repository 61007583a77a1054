#include "http/resolve/what_if.hpp"

#include "domain/core/try.hpp"
#include "domain/json/fields.hpp"
#include "domain/resolve/comparison.hpp"
#include "domain/resolve/rule_set.hpp"
#include "domain/rules/commands/what_if.hpp"
#include "http/application.hpp"
#include "http/gate/request_body.hpp"
#include "http/gate/request_check.hpp"
#include "http/resolve/result_list.hpp"
#include "http/rules/time_zones.hpp"

namespace headwater::http {

namespace {

using attribution::attribution_result;
using attribution::drafting;
using attribution::resolve_request;
using set_ptr = std::shared_ptr<const attribution::rule_set>;

/// The same account, as it is and as it would be.
struct both_rules {
  resolution current;
  resolution drafted;
};

/// Applies the whole draft; how many changes it has. errc::validation_error if it, or the rest of
/// the request, has faults.
awaitable<result<std::size_t>> apply_draft(exchange& x, drafting& draft,
                                           std::vector<fault> faults) {
  turn mine;
  std::size_t changes = 0;
  for (; draft.step(); ++changes)
    if (mine.is_over()) {
      co_await x.stream().yield();
      if (x.stream().is_gone())
        co_return error{errc::service_unavailable, "The client has gone"};
      mine.begin();
    }
  faults.insert(faults.end(), draft.faults().begin(), draft.faults().end());
  if (faults.empty())
    co_return changes;
  faults.resize(std::min(faults.size(), max_told_faults));
  co_return validation_failure(std::move(faults));
}

/// More changes take longer to compile than others should wait.
constexpr std::size_t most_compiled_at_once = 200;

struct compiling {
  std::shared_ptr<const attribution::compiled_rules> base;
  attribution::account_rules rules;
  set_ptr done;
};

/// The drafted rules, as so many changes over those that are compiled already.
awaitable<result<set_ptr>> compile(exchange& x,
                                   const std::shared_ptr<const attribution::compiled_rules>& base,
                                   const attribution::account_rules& drafted, std::size_t changes) {
  if (changes <= most_compiled_at_once)
    co_return std::make_shared<const attribution::rule_set>(base, drafted);
  const auto job = std::make_shared<compiling>(compiling{base, drafted, nullptr});
  std::function<void()> work = [job] {
    job->done = std::make_shared<const attribution::rule_set>(job->base, job->rules);
  };
  CO_CHECK(co_await in_background(x, std::move(work)));
  co_return std::move(job->done);
}

/// The faults of the request, including that of a single visit's URL.
std::vector<fault> faults_of(const resolve_request& request, const resolution& with) {
  auto faults = request.all_faults();
  if (request.is_batch || request.visits.front().has_error())
    return faults;
  if (const auto found = with(*request.visits.front()); found.has_error()) {
    const auto why = found.error();
    faults.insert(faults.begin(), why.faults.begin(), why.faults.end());
  }
  return faults;
}

/// Appends the result of one visit, or an error in its place.
void resolve_drafted(json_writer& out, const both_rules& with, bool compare,
                     attribution::comparison& summary, const result<attribution::visit>& of) {
  if (!compare) {
    resolve_into(out, with.drafted, of);
    return;
  }
  const auto fail = [&](const error& why) {
    summary.add_error();
    render_error(out, why);
  };
  if (of.has_error())
    return fail(of.error());
  const auto current = with.current(*of);
  if (current.has_error())
    return fail(current.error());
  // Only a visit's URL can make it fail, whatever the rules are.
  const auto drafted = with.drafted(*of).value();
  summary.add(*current, drafted);
  attribution::render(out, *current, drafted, with.current.explain);
}

/// The visit must be one that can be resolved.
answer answer_one(const both_rules& with, const resolve_request& request, const std::string& meta) {
  const auto& visit = *request.visits.front();
  const auto drafted = with.drafted(visit).value();
  json_writer out;
  if (request.compare)
    attribution::render(out, with.current(visit).value(), drafted, with.current.explain);
  else
    attribution::render(out, drafted, with.drafted.explain);
  return success(out.view(), meta);
}

awaitable<answer> answer_all(exchange& x, const both_rules& with, const resolve_request& request,
                             const std::string& meta) {
  attribution::comparison summary;
  result_list results(x);
  for (const auto& each : request.visits) {
    json_writer out;
    resolve_drafted(out, with, request.compare, summary, each);
    results.add(out.view());
    if (!results.is_due())
      continue;
    const bool is_there = co_await results.go_on();
    if (!is_there)
      co_return sent();
  }
  json_writer counted;
  if (request.compare)
    summary.write(counted);
  const std::string_view counts = counted.view();
  co_return co_await results.finish(counts, meta);
}

} // namespace

awaitable<result<answer>> resolve_what_if(exchange& x, const resolution& with,
                                          actors::loaded_account_ptr loaded,
                                          resolve_request request) {
  const auto rules = loaded->rules();
  const attribution::rule_limits limits{x.app().service.parts().limits.max_rules};
  auto faults = faults_of(request, with);
  auto ignored = std::move(request.ignored_fields);
  ignored.insert(ignored.end(), request.draft->ignored_fields.begin(),
                 request.draft->ignored_fields.end());
  if (auto& settings = request.draft->attribution)
    check_time_zone(*settings);
  drafting draft(*rules, std::move(*request.draft), with.strict, limits);
  CO_TRY(const auto changes, co_await apply_draft(x, draft, std::move(faults)));
  const auto made = std::move(draft).take();
  both_rules both{with, with};
  // There may have been a change in between; both sides must be based on the same state.
  if (both.current.rules->version() != rules->version())
    both.current.rules = std::make_shared<const attribution::rule_set>(with.rules->base(), *rules);
  CO_TRY(both.drafted.rules, co_await compile(x, with.rules->base(), made.rules, changes));
  both.drafted.draft = &made.marks;
  ignored.insert(ignored.end(), made.ignored_fields.begin(), made.ignored_fields.end());
  ignored.resize(std::min(ignored.size(), max_told_faults));
  const auto meta = ignored_meta(ignored);
  if (request.is_batch)
    co_return co_await answer_all(x, both, request, meta);
  co_return answer_one(both, request, meta);
}

} // namespace headwater::http
