#include "domain/attribution/resolver.hpp"

#include "domain/attribution/host.hpp"
#include "domain/attribution/landing.hpp"
#include "domain/core/fields.hpp"

namespace headwater::attribution {
namespace {

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

std::string no_longer_than(std::string_view text, std::size_t limit) {
  if (text.size() <= limit)
    return std::string(text);
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80U)
    --limit; // never within a character
  return std::string(text.substr(0, limit)) + "...";
}

/// One visit on its way through the steps. Each step returns whether it applied.
class walk {
public:
  walk(const rule_set& rules, const ai_platforms& platforms, const visit& of, host page,
       bool explain)
      : rules_(rules), platforms_(platforms), visit_(of), page_(std::move(page)),
        landing_(read_landing(of.url)), explain_(explain) {
    if (of.referrer)
      referrer_ = host_of_referrer(*of.referrer);
  }

  attribution_result run() && {
    if (referrer_)
      out_.referrer_host = referrer_->name;
    // The order is the contract.
    static_cast<void>(internal() || passthrough_session() || explicit_utm() || paid_click() ||
                      passthrough_fallback() || mapping() || facebook_click() || ai_platform() ||
                      referral() || continued() || direct());
    out_.continues_session = visit_.session && (out_.outcome == outcome::internal ||
                                                out_.outcome == outcome::passthrough ||
                                                out_.outcome == outcome::continued);
    return std::move(out_);
  }

private:
  bool internal() {
    if (!referrer_)
      return skip(1, "internal", [&] { return no_referrer(); });
    if (!same_site(*referrer_, page_))
      return skip(1, "internal", [&] {
        return "The referrer " + referrer_->name + " is another site than the page on " +
               page_.name + ".";
      });
    out_.utm = visit_.session.value_or(direct_utm());
    return take(1, "internal", outcome::internal, [&] {
      return "The referrer " + referrer_->name + " is the same site as the page on " + page_.name +
             (visit_.session ? ", so the visit continues its session."
                             : ", and there is no session, so one starts as direct.");
    });
  }

  bool passthrough_session() {
    constexpr auto name = "passthrough_session";
    rule_ = referrer_ ? rules_.passthrough(referrer_->name) : nullptr;
    if (!referrer_)
      return skip(2, name, [&] { return no_referrer(); });
    if (!rule_)
      return skip(2, name, [&] { return no_passthrough(); });
    if (!visit_.session)
      return skip(2, name, [&] {
        return "Passthrough referrer " + rule_text() + " covers " + referrer_->name +
               ", but the visit has no session to keep.";
      });
    out_.utm = *visit_.session;
    out_.rule = rule_reference{"passthrough_referrer", rule_->id};
    return take(2, name, outcome::passthrough, [&] {
      return "Passthrough referrer " + rule_text() + " covers " + referrer_->name +
             ", so the visit keeps the UTM values of its session.";
    });
  }

  bool explicit_utm() {
    constexpr auto name = "explicit_utm";
    if (landing_.utm.empty())
      return skip(3, name, [] { return "The landing URL has no utm_ parameter with a value."; });
    out_.utm = landing_.utm;
    if (const auto platform = platforms_.platform_of_source(landing_.utm.source))
      out_.ai_platform = *platform;
    return take(3, name, outcome::explicit_utm, [] {
      return "The landing URL is tagged with UTM parameters, and they win over every rule.";
    });
  }

  bool paid_click() {
    constexpr auto name = "click_id";
    if (!landing_.paid)
      return skip(4, name, [] { return "The landing URL has no click id of a paid ad."; });
    return take_click(4, name, *landing_.paid);
  }

  bool passthrough_fallback() {
    constexpr auto name = "passthrough_fallback";
    if (!referrer_)
      return skip(5, name, [&] { return no_referrer(); });
    if (!rule_)
      return skip(5, name, [&] { return no_passthrough(); });
    // With a session step 2 has applied.
    out_.utm = rule_->utm;
    out_.rule = rule_reference{"passthrough_referrer", rule_->id};
    return take(5, name, outcome::passthrough, [&] {
      return "Passthrough referrer " + rule_text() + " covers " + referrer_->name +
             " and there is no session, so the rule's own UTM values are used.";
    });
  }

  bool mapping() {
    constexpr auto name = "mapping";
    if (!referrer_)
      return skip(6, name, [&] { return no_referrer(); });
    auto found = rules_.match(referrer_->name);
    out_.regex_limit_hits = std::move(found.limit_hits);
    if (!found.rule)
      return skip(6, name, [&] {
        return "No active referrer mapping matches " + referrer_->name + "." + limit_note();
      });
    out_.utm = found.rule->utm;
    out_.rule = rule_reference{"referrer_mapping", found.rule->id};
    return take(6, name, outcome::mapping, [&] {
      return "Referrer mapping " + std::to_string(found.rule->id) + " (" +
             std::string(to_string(found.rule->match_type)) + " " +
             quoted(found.rule->referrer_pattern) + ", priority " +
             std::to_string(found.rule->priority) + ") matches " + referrer_->name +
             " and is the first to do so." + limit_note();
    });
  }

  bool facebook_click() {
    constexpr auto name = "facebook_click_id";
    if (!landing_.has_facebook)
      return skip(7, name, [] { return "The landing URL has no fbclid."; });
    return take_click(7, name, facebook_click_id());
  }

  bool ai_platform() {
    constexpr auto name = "ai_platform";
    if (!referrer_)
      return skip(8, name, [&] { return no_referrer(); });
    const auto platform = platforms_.platform_of(*visit_.referrer);
    if (!platform)
      return skip(8, name,
                  [&] { return referrer_->name + " is not on the list of AI platforms."; });
    out_.ai_platform = *platform;
    out_.utm.source = *platform;
    out_.utm.medium = "ai";
    return take(8, name, outcome::ai_platform, [&] {
      return "The referrer " + referrer_->name + " belongs to the AI platform " +
             std::string(*platform) + ".";
    });
  }

  bool referral() {
    constexpr auto name = "referral";
    if (!referrer_)
      return skip(9, name, [&] { return no_referrer(); });
    out_.utm.source = referrer_->name;
    out_.utm.medium = "referral";
    return take(9, name, outcome::referral, [&] {
      return "The referrer " + referrer_->name + " is another site that no rule speaks of.";
    });
  }

  bool continued() {
    constexpr auto name = "continued";
    if (!visit_.session)
      return skip(10, name, [] { return "The visit has no session to continue."; });
    out_.utm = *visit_.session;
    return take(10, name, outcome::continued,
                [&] { return no_referrer() + " The visit continues its session."; });
  }

  bool direct() {
    out_.utm = direct_utm();
    return take(11, "direct", outcome::direct, [&] {
      return "Nothing tells where the visitor came from, so the visit counts as direct.";
    });
  }

  bool take_click(int step, std::string_view name, const click_id& id) {
    out_.utm.source = id.source;
    out_.utm.medium = id.medium;
    return take(step, name, outcome::click_id, [&] {
      return "The landing URL carries " + std::string(id.parameter) + ", the click id of " +
             std::string(id.source) + ".";
    });
  }

  template <class Reason>
  bool take(int step, std::string_view name, outcome what, Reason&& reason) {
    out_.outcome = what;
    if (explain_)
      out_.explanation.push_back({step, name, true, reason()});
    return true;
  }

  template <class Reason>
  bool skip(int step, std::string_view name, Reason&& reason) {
    if (explain_)
      out_.explanation.push_back({step, name, false, reason()});
    return false;
  }

  [[nodiscard]] static utm_values direct_utm() {
    return {.source = "(direct)", .medium = "(none)", .campaign = {}, .term = {}, .content = {}};
  }

  [[nodiscard]] std::string no_referrer() const {
    if (!visit_.referrer || visit_.referrer->empty())
      return "The visit has no referrer.";
    return "The referrer " + quoted(no_longer_than(*visit_.referrer, 100)) +
           " names no site, so it counts as none.";
  }

  [[nodiscard]] std::string no_passthrough() const {
    return "No active passthrough referrer covers " + referrer_->name + ".";
  }

  [[nodiscard]] std::string rule_text() const {
    return std::to_string(rule_->id) + " (" + rule_->domain + ")";
  }

  [[nodiscard]] std::string limit_note() const {
    std::string note;
    for (auto id : out_.regex_limit_hits)
      note += " The regular expression of mapping " + std::to_string(id) +
              " was too costly for this host and counted as no match.";
    return note;
  }

  const rule_set& rules_;
  const ai_platforms& platforms_;
  const visit& visit_;
  host page_;
  std::optional<host> referrer_;
  landing landing_;
  const passthrough_referrer* rule_ = nullptr; // that covers the referrer
  bool explain_;
  attribution_result out_;
};

} // namespace

result<attribution_result> resolve(const rule_set& rules, const ai_platforms& platforms,
                                   const visit& of, bool explain) {
  auto page = host_of_url(of.url);
  if (!page)
    return validation_failure(
        {{body_path("url"), "Input should be an absolute http(s) URL with a host", "value_error"}});
  return walk(rules, platforms, of, std::move(*page), explain).run();
}

} // namespace headwater::attribution
