#include "http/resolve/what_if.hpp"

#include "domain/core/try.hpp"
#include "domain/json/fields.hpp"
#include "domain/resolve/comparison.hpp"
#include "domain/resolve/rule_set.hpp"
#include "domain/rules/commands/what_if.hpp"
#include "http/application.hpp"
#include "http/gate/request_body.hpp"
#include "http/gate/request_check.hpp"
#include "http/resolve/long_visits.hpp"
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

/// The drafted rules, as so many changes over those that are compiled already.
awaitable<result<set_ptr>> compile(exchange& x,
                                   const std::shared_ptr<const attribution::compiled_rules>& base,
                                   const attribution::account_rules& drafted, std::size_t changes) {
  if (changes <= most_compiled_at_once)
    co_return std::make_shared<const attribution::rule_set>(base, drafted);
  auto work = [base, drafted]() -> set_ptr {
    return std::make_shared<const attribution::rule_set>(base, drafted);
  };
  co_return co_await made_in_background(x, std::move(work));
}

/// The faults of the request, including that of a single visit's URL.
std::vector<fault> faults_of(const resolve_request& request, const resolution& with) {
  auto faults = request.all_faults();
  if (request.is_batch || request.visits.front().has_error())
    return faults;
  const auto usable = attribution::check_url(request.visits.front()->url, *with.lists);
  if (usable.has_error()) {
    const auto why = usable.error();
    faults.insert(faults.begin(), why.faults.begin(), why.faults.end());
  }
  return faults;
}

/// What one visit is attributed to, and how that is written.
struct tried_visit {
  std::string json;
  std::optional<attribution_result> current; ///< only if the two are compared
  std::optional<attribution_result> drafted;
};

/// Resolves visits with the draft and, if the two are compared, without it. A copy of it owns all
/// that it uses.
struct trial_of_draft {
  both_rules with;
  bool compare;

  result<tried_visit> operator()(const attribution::visit& of) const {
    TRY(auto drafted, with.drafted(of));
    json_writer out;
    if (!compare) {
      attribution::render(out, drafted, with.drafted.explain);
      return tried_visit{std::move(out).str(), std::nullopt, std::nullopt};
    }
    TRY(auto current, with.current(of));
    attribution::render(out, current, drafted, with.current.explain);
    return tried_visit{std::move(out).str(), std::move(current), std::move(drafted)};
  }
};

awaitable<result<tried_visit>> tried(exchange& x, const trial_of_draft& with,
                                     result<attribution::visit> of) {
  if (of.has_error())
    co_return of.error();
  if (!is_long(of))
    co_return with(*of);
  co_return co_await resolved_in_background(x, *std::move(of), with);
}

awaitable<result<answer>> answer_one(exchange& x, const trial_of_draft& with,
                                     resolve_request request, const std::string& meta) {
  CO_TRY(const auto made, co_await tried(x, with, std::move(request.visits.front())));
  co_return large_success(x, made.json, meta);
}

awaitable<answer> answer_all(exchange& x, const trial_of_draft& with, resolve_request request,
                             const std::string& meta) {
  attribution::comparison summary;
  result_list results(x);
  for (auto& each : request.visits) {
    const auto made = co_await tried(x, with, std::move(each));
    json_writer out;
    if (made.has_error()) {
      summary.add_error();
      render_error(out, made.error());
    } else {
      if (made->current)
        summary.add(*made->current, *made->drafted);
      out.raw(made->json);
    }
    results.add(out.view());
    if (!results.is_due())
      continue;
    const bool is_there = co_await results.go_on();
    if (!is_there)
      co_return sent();
  }
  json_writer counted;
  if (with.compare)
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
  const auto made = std::make_shared<const attribution::drafted_rules>(std::move(draft).take());
  both_rules both{with, with};
  // There may have been a change in between; both sides must be based on the same state.
  if (both.current.rules->version() != rules->version())
    both.current.rules = std::make_shared<const attribution::rule_set>(with.rules->base(), *rules);
  CO_TRY(both.drafted.rules, co_await compile(x, with.rules->base(), made->rules, changes));
  both.drafted.draft = {made, &made->marks};
  ignored.insert(ignored.end(), made->ignored_fields.begin(), made->ignored_fields.end());
  ignored.resize(std::min(ignored.size(), max_told_faults));
  const auto meta = ignored_meta(ignored);
  const trial_of_draft trial{both, request.compare};
  if (request.is_batch)
    co_return co_await answer_all(x, trial, std::move(request), meta);
  co_return co_await answer_one(x, trial, std::move(request), meta);
}

} // namespace headwater::http
