#include "domain/resolve/cascade/resolver.hpp"

#include "domain/hosts/host.hpp"
#include "domain/json/fields.hpp"
#include "domain/resolve/cascade/source_naming.hpp"
#include "domain/resolve/explanation/explanation.hpp"
#include "domain/resolve/landing.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace headwater::attribution {
namespace {

/// Whether fbclid may come from here. Links that are copied from Meta's sites carry it on, so
/// elsewhere it says nothing.
bool is_of_meta(const known_source* known, const host& of) {
  constexpr std::array<std::string_view, 5> sources{"facebook", "instagram", "messenger", "threads",
                                                    "whatsapp"};
  // Parts of these sites that are no social network: "business.facebook.com".
  constexpr std::array<std::string_view, 2> sites{".facebook.com", ".instagram.com"};
  if (known)
    return std::ranges::find(sources, known->source) != sources.end();
  return !is_app(of.kind) &&
         std::ranges::any_of(sites, [&](auto site) { return of.name.ends_with(site); });
}

/// One visit on its way through the steps, and its result, in place. Each step returns whether it
/// applied.
class walk {
public:
  walk(const rule_set& rules, const ai_platforms& platforms, const source_lists& lists,
       const visit& of, host page, landing tags, attribution_result& out)
      : rules_(rules), settings_(rules.settings()), platforms_(platforms), lists_(lists),
        visit_(of), page_(std::move(page)), landing_(std::move(tags)), out_(out) {
    if (of.referrer)
      referrer_ = host_of_referrer(*of.referrer);
  }

  void run() {
    // The order is the contract.
    if (!internal()) {
      look_up_referrer();
      static_cast<void>(passthrough_session() || explicit_utm() || paid_click() ||
                        passthrough_fallback() || mapping() || facebook_click() || ai_platform() ||
                        search() || email() || social() || referral() || continued() || direct());
    }
    finish();
  }

  /// As if no step before this one applied; whether it does. Nothing is counted.
  bool run_alone(int number) {
    using step = bool (walk::*)();
    static constexpr std::array<step, step_count> steps{&walk::internal,
                                                        &walk::passthrough_session,
                                                        &walk::explicit_utm,
                                                        &walk::paid_click,
                                                        &walk::passthrough_fallback,
                                                        &walk::mapping,
                                                        &walk::facebook_click,
                                                        &walk::ai_platform,
                                                        &walk::search,
                                                        &walk::email,
                                                        &walk::social,
                                                        &walk::referral,
                                                        &walk::continued,
                                                        &walk::direct};
    is_alone_ = true;
    look_up_referrer();
    find_covering();
    const bool applies = (this->*steps[static_cast<std::size_t>(number) - 1])();
    finish();
    return applies;
  }

  [[nodiscard]] walked_visit walked(const draft_marks* draft) const {
    return {.rules = rules_,
            .platforms = platforms_,
            .lists = lists_,
            .of = visit_,
            .page = page_,
            .referrer = referrer_,
            .spam = spam_,
            .tags = landing_,
            .covering = covering_,
            .return_path = return_path_,
            .mapping = mapping_,
            .known = facts_.source,
            .result = out_,
            .draft = draft,
            .step = step_,
            .is_alone = is_alone_};
  }

private:
  /// What does not depend on the step that decided, or follows from its result.
  void finish() {
    if (referrer_)
      out_.referrer_host = referrer_->name;
    if (landing_.click)
      out_.click_id = landing_.click->parameter;
    else if (landing_.has_facebook)
      out_.click_id = lists_.facebook().parameter;
    out_.continues_session = visit_.session && (out_.outcome == outcome::internal ||
                                                out_.outcome == outcome::passthrough ||
                                                out_.outcome == outcome::continued);
    name_source({settings_, platforms_, lists_}, known_, out_);
  }

  bool internal() {
    if (!referrer_ || !(same_site(*referrer_, page_, lists_.suffixes()) ||
                        (!is_app(referrer_->kind) && is_own(settings_, referrer_->name))))
      return false;
    take_session();
    return end(1, outcome::internal);
  }

  /// What the lists say of the referrer; a spammer's counts as none.
  void look_up_referrer() {
    if (!referrer_)
      return;
    facts_ = lists_.facts_of(referrer_->name, referrer_->kind);
    if (facts_.spam.empty() || !settings_.drop_spam)
      return;
    spam_ = std::move(referrer_);
    referrer_.reset();
    facts_.source = nullptr;
    out_.has_dropped_spam = true;
  }

  void find_covering() { covering_ = referrer_ ? rules_.passthrough(referrer_->name) : nullptr; }

  bool passthrough_session() {
    find_covering();
    if (!referrer_ || !visit_.session)
      return false;
    if (covering_)
      out_.rule = rule_reference{rule_kind<passthrough_referrer>::name, covering_->id};
    else if (is_return())
      out_.rule = rule_reference{.kind = return_path_kind, .path = *return_path_};
    else
      return false;
    take_session();
    return end(2, outcome::passthrough);
  }

  bool is_return() {
    return_path_ = return_path_at(settings_, visit_.url);
    return return_path_ != nullptr;
  }

  bool explicit_utm() {
    if (landing_.utm.empty())
      return false;
    out_.utm = landing_.utm;
    if (out_.utm.source.empty())
      take_source_of_referrer();
    if (!out_.ai_platform && !known_ && !out_.utm.source.empty())
      if (const auto platform = platforms_.platform_of_source(out_.utm.source))
        out_.ai_platform = *platform;
    return end(3, outcome::explicit_utm);
  }

  /// Tags that name no source get that of steps 6 to 12. A passthrough referrer is no source: it
  /// says so itself.
  void take_source_of_referrer() {
    if (is_basic() || !referrer_ || covering_)
      return;
    auto tagged = std::move(out_.utm);
    out_.utm = {};
    static_cast<void>(mapping() || facebook_click() || ai_platform() || search() || email() ||
                      social() || referral());
    tagged.source = std::move(out_.utm.source);
    out_.utm = std::move(tagged);
    out_.rule.reset();
  }

  bool paid_click() { return landing_.click && end_with(4, *landing_.click); }

  bool passthrough_fallback() {
    // If there were a session, step 2 would have applied, unless it was left out.
    if (!covering_)
      return false;
    out_.utm = covering_->utm;
    out_.rule = rule_reference{rule_kind<passthrough_referrer>::name, covering_->id};
    return end(5, outcome::passthrough);
  }

  bool mapping() {
    if (!referrer_)
      return false;
    auto found = rules_.match(referrer_->name);
    for (const auto* rule : found.limit_hits) {
      if (!is_alone_)
        rule->compiled.regex->count_limit_hit();
      out_.regex_limit_hits.push_back(rule->id);
    }
    mapping_ = found.rule;
    if (!mapping_)
      return false;
    out_.utm = mapping_->utm;
    out_.rule = rule_reference{rule_kind<referrer_mapping>::name, mapping_->id};
    return end(6, outcome::mapping);
  }

  bool facebook_click() {
    if (!landing_.has_facebook ||
        !(is_basic() || !referrer_ || is_of_meta(facts_.source, *referrer_)))
      return false;
    end_with(7, lists_.facebook());
    if (!is_basic() && facts_.source && facts_.source->source == "instagram") {
      known_ = facts_.source;
      out_.utm.source = known_->source;
    }
    return true;
  }

  bool ai_platform() {
    if (!referrer_)
      return false;
    const auto platform = is_basic() ? platforms_.platform_of(*visit_.referrer)
                                     : platforms_.platform_at(*referrer_, *visit_.referrer);
    if (!platform)
      return false;
    out_.ai_platform = *platform;
    out_.utm.source = *platform;
    out_.utm.medium = is_basic() ? std::string_view("ai") : std::string_view(settings_.ai_medium);
    return end(8, outcome::ai_platform);
  }

  bool search() {
    return is_known(source_kind::search) && end_with_known(9, outcome::search, "organic");
  }

  bool email() {
    return is_known(source_kind::email) && end_with_known(10, outcome::email, "email");
  }

  bool social() {
    return (is_known(source_kind::social) || is_known(source_kind::messenger)) &&
           end_with_known(11, outcome::social, "social");
  }

  bool referral() {
    if (!referrer_)
      return false;
    known_ = facts_.source;
    out_.utm.source = is_basic() ? std::string_view(referrer_->name) : without_www(referrer_->name);
    out_.utm.medium = "referral";
    return end(12, outcome::referral);
  }

  bool continued() {
    if (!visit_.session)
      return false;
    take_session();
    return end(13, outcome::continued);
  }

  bool direct() {
    out_.utm = direct_utm();
    return end(14, outcome::direct);
  }

  [[nodiscard]] bool is_basic() const { return settings_.classification == classification::basic; }

  /// Of the referrer. Basic classification knows nothing of the kind.
  [[nodiscard]] bool is_known(source_kind kind) const {
    return !is_basic() && facts_.source && facts_.source->kind == kind;
  }

  bool end_with_known(int step, outcome what, std::string_view medium) {
    known_ = facts_.source;
    out_.utm.source = known_->source;
    out_.utm.medium = medium;
    return end(step, what);
  }

  void take_session() {
    if (visit_.session && (is_basic() || !visit_.session->empty()))
      out_.utm = *visit_.session;
    else
      out_.utm = direct_utm();
  }

  bool end_with(int step, const click_id& id) {
    out_.utm.source = id.source;
    out_.utm.medium = id.medium;
    return end(step, outcome::click_id);
  }

  bool end(int step, outcome what) {
    step_ = step;
    out_.outcome = what;
    return true;
  }

  [[nodiscard]] static utm_values direct_utm() {
    return {.source = "(direct)", .medium = "(none)", .campaign = {}, .term = {}, .content = {}};
  }

  const rule_set& rules_;
  const attribution_settings& settings_;
  const ai_platforms& platforms_;
  const source_lists& lists_;
  const visit& visit_;
  host page_;
  std::optional<host> referrer_;
  std::optional<host> spam_;  // the referrer that counts as none because of its host
  source_lists::facts facts_; // of the referrer
  landing landing_;
  const passthrough_referrer* covering_ = nullptr; // of the referrer
  const std::string* return_path_ = nullptr;       // the one that decided
  const referrer_mapping* mapping_ = nullptr;      // the one that decided
  const known_source* known_ = nullptr;            // of the source, where the step says so
  int step_ = 0;                                   // the one that decided
  bool is_alone_ = false;
  attribution_result& out_;
};

/// The result names rules as they are in the log; an answer about a draft, by their places in it.
void name_rule_of(attribution_result& out, const draft_marks* draft) {
  if (draft && out.rule && out.rule->kind != return_path_kind)
    out.rule = draft->reference(out.rule->kind, out.rule->id);
}

error unusable_url() {
  return validation_failure(
      {{body_path("url"), "Input should be an absolute http(s) URL with a host", "value_error"}});
}

} // namespace

result<void> check_url(std::string_view url, const source_lists& lists) {
  if (!host_of_url(url, lists.suffixes()))
    return unusable_url();
  return {};
}

result<attribution_result> resolve(const rule_set& rules, const ai_platforms& platforms,
                                   const source_lists& lists, const visit& of, bool explained,
                                   const draft_marks* draft) {
  result<attribution_result> found(boost::system::in_place_value);
  auto page = host_of_url(of.url, lists.suffixes());
  if (!page) {
    found = unusable_url();
    return found;
  }
  walk way(rules, platforms, lists, of, std::move(*page),
           read_landing(of.url, lists, rules.settings()), *found);
  way.run();
  if (explained)
    found->explanation = explain(way.walked(draft));
  name_rule_of(*found, draft);
  return found;
}

result<attribution_result> resolve_all_steps(const rule_set& rules, const ai_platforms& platforms,
                                             const source_lists& lists, const visit& of,
                                             const draft_marks* draft) {
  auto found = resolve(rules, platforms, lists, of, true, draft);
  if (!found)
    return found;
  auto steps = std::exchange(found->explanation, {});
  for (auto& each : steps)
    each.reached = true;
  steps.back().would_have = std::make_shared<const attribution_result>(*found);
  const auto page = host_of_url(of.url, lists.suffixes());
  const auto tags = read_landing(of.url, lists, rules.settings());
  for (auto number = steps.back().step + 1; number <= step_count; ++number) {
    auto other = std::make_shared<attribution_result>();
    walk way(rules, platforms, lists, of, *page, tags, *other);
    const bool applies = way.run_alone(number);
    auto& made = steps.emplace_back(explain_alone(way.walked(draft), number, applies));
    if (!applies)
      continue;
    name_rule_of(*other, draft);
    made.would_have = std::move(other);
  }
  found->explanation = std::move(steps);
  return found;
}

} // namespace headwater::attribution
