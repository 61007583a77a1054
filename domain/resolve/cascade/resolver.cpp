#include "domain/resolve/cascade/resolver.hpp"

#include "domain/hosts/host.hpp"
#include "domain/hosts/public_suffixes.hpp"
#include "domain/json/fields.hpp"
#include "domain/resolve/explanation/explanation.hpp"
#include "domain/resolve/landing.hpp"

namespace headwater::attribution {
namespace {

/// One visit on its way through the steps, and its result, in place. Each step returns whether it
/// applied.
class walk {
public:
  walk(const rule_set& rules, const ai_platforms& platforms, const visit& of, host page,
       attribution_result& out)
      : rules_(rules), platforms_(platforms), visit_(of), page_(std::move(page)),
        landing_(read_landing(of.url)), out_(out) {
    if (of.referrer)
      referrer_ = host_of_referrer(*of.referrer);
  }

  void run() {
    if (referrer_)
      out_.referrer_host = referrer_->name;
    // The order is the contract.
    static_cast<void>(internal() || passthrough_session() || explicit_utm() || paid_click() ||
                      passthrough_fallback() || mapping() || facebook_click() || ai_platform() ||
                      referral() || continued() || direct());
    out_.continues_session = visit_.session && (out_.outcome == outcome::internal ||
                                                out_.outcome == outcome::passthrough ||
                                                out_.outcome == outcome::continued);
  }

  [[nodiscard]] walked_visit walked(const draft_marks* draft) const {
    return {rules_,   platforms_, visit_,   page_, referrer_,
            landing_, covering_,  mapping_, out_,  draft};
  }

private:
  bool internal() {
    if (!referrer_ || !same_site(*referrer_, page_, *public_suffixes::shipped()))
      return false;
    out_.utm = visit_.session.value_or(direct_utm());
    return end(outcome::internal);
  }

  bool passthrough_session() {
    covering_ = referrer_ ? rules_.passthrough(referrer_->name) : nullptr;
    if (!covering_ || !visit_.session)
      return false;
    out_.utm = *visit_.session;
    out_.rule = rule_reference{rule_kind<passthrough_referrer>::name, covering_->id};
    return end(outcome::passthrough);
  }

  bool explicit_utm() {
    if (landing_.utm.empty())
      return false;
    out_.utm = landing_.utm;
    if (const auto platform = platforms_.platform_of_source(landing_.utm.source))
      out_.ai_platform = *platform;
    return end(outcome::explicit_utm);
  }

  bool paid_click() { return landing_.paid && end_with(*landing_.paid); }

  bool passthrough_fallback() {
    // If there were a session, step 2 would have applied.
    if (!covering_)
      return false;
    out_.utm = covering_->utm;
    out_.rule = rule_reference{rule_kind<passthrough_referrer>::name, covering_->id};
    return end(outcome::passthrough);
  }

  bool mapping() {
    if (!referrer_)
      return false;
    auto found = rules_.match(referrer_->name);
    for (const auto* rule : found.limit_hits) {
      rule->compiled.regex->count_limit_hit();
      out_.regex_limit_hits.push_back(rule->id);
    }
    mapping_ = found.rule;
    if (!mapping_)
      return false;
    out_.utm = mapping_->utm;
    out_.rule = rule_reference{rule_kind<referrer_mapping>::name, mapping_->id};
    return end(outcome::mapping);
  }

  bool facebook_click() { return landing_.has_facebook && end_with(facebook_click_id()); }

  bool ai_platform() {
    if (!referrer_)
      return false;
    const auto platform = platforms_.platform_of(*visit_.referrer);
    if (!platform)
      return false;
    out_.ai_platform = *platform;
    out_.utm.source = *platform;
    out_.utm.medium = "ai";
    return end(outcome::ai_platform);
  }

  bool referral() {
    if (!referrer_)
      return false;
    out_.utm.source = referrer_->name;
    out_.utm.medium = "referral";
    return end(outcome::referral);
  }

  bool continued() {
    if (!visit_.session)
      return false;
    out_.utm = *visit_.session;
    return end(outcome::continued);
  }

  bool direct() {
    out_.utm = direct_utm();
    return end(outcome::direct);
  }

  bool end_with(const click_id& id) {
    out_.utm.source = id.source;
    out_.utm.medium = id.medium;
    return end(outcome::click_id);
  }

  bool end(outcome what) {
    out_.outcome = what;
    return true;
  }

  [[nodiscard]] static utm_values direct_utm() {
    return {.source = "(direct)", .medium = "(none)", .campaign = {}, .term = {}, .content = {}};
  }

  const rule_set& rules_;
  const ai_platforms& platforms_;
  const visit& visit_;
  host page_;
  std::optional<host> referrer_;
  landing landing_;
  const passthrough_referrer* covering_ = nullptr; // of the referrer
  const referrer_mapping* mapping_ = nullptr;      // the one that decided
  attribution_result& out_;
};

} // namespace

result<attribution_result> resolve(const rule_set& rules, const ai_platforms& platforms,
                                   const visit& of, bool explained, const draft_marks* draft) {
  result<attribution_result> found(boost::system::in_place_value);
  auto page = host_of_url(of.url, *public_suffixes::shipped());
  if (!page) {
    found = validation_failure(
        {{body_path("url"), "Input should be an absolute http(s) URL with a host", "value_error"}});
    return found;
  }
  walk way(rules, platforms, of, std::move(*page), *found);
  way.run();
  if (explained)
    found->explanation = explain(way.walked(draft));
  if (draft && found->rule)
    found->rule = draft->reference(found->rule->kind, found->rule->id);
  return found;
}

} // namespace headwater::attribution
