#include "domain/resolve/explanation/explanation.hpp"

#include "domain/hosts/public_suffixes.hpp"
#include "domain/resolve/explanation/explanation_text.hpp"
#include "domain/resolve/explanation/tried_rules.hpp"

#include <array>

namespace headwater::attribution {
namespace {

using inputs = std::vector<step_input>;

class explainer {
public:
  explicit explainer(const walked_visit& walked)
      : walked_(walked), last_(walked.step), words_(walked) {}

  std::vector<step_explanation> run() && {
    std::vector<step_explanation> out;
    for (int number = 1; number <= last_; ++number)
      out.push_back(one(number, number == last_));
    return out;
  }

  [[nodiscard]] step_explanation one(int number, bool applied) const {
    using step = void (explainer::*)(step_explanation&) const;
    static constexpr std::array<std::pair<std::string_view, step>, step_count> steps{{
        {"internal", &explainer::internal},
        {"passthrough_session", &explainer::passthrough_session},
        {"explicit_utm", &explainer::explicit_utm},
        {"click_id", &explainer::paid_click},
        {"passthrough_fallback", &explainer::passthrough_fallback},
        {"mapping", &explainer::mapping},
        {"facebook_click_id", &explainer::facebook_click},
        {"ai_platform", &explainer::ai_platform},
        {"search", &explainer::search},
        {"email", &explainer::email},
        {"social", &explainer::social},
        {"referral", &explainer::referral},
        {"continued", &explainer::continued},
        {"direct", &explainer::direct},
    }};
    const auto& [name, tell] = steps[static_cast<std::size_t>(number) - 1];
    step_explanation out;
    out.step = number;
    out.name = name;
    out.applied = applied;
    (this->*tell)(out);
    return out;
  }

private:
  void internal(step_explanation& out) const {
    out.inputs = {{"landing_host", walked_.page.name},
                  {"landing_domain", domain_of(walked_.page)},
                  referrer_input(),
                  {"referrer_domain", walked_.referrer ? domain_of(*walked_.referrer)
                                                       : input_value(std::monostate{})}};
    out.reason = words_.same_site(out.applied);
  }

  void passthrough_session(step_explanation& out) const {
    out.inputs = passthrough_inputs();
    if (!walked_.rules.settings().return_paths.empty()) {
      out.inputs.push_back({"landing_path", shortened(shown_path(walked_.of.url))});
      out.inputs.push_back(
          {"return_path", walked_.return_path ? value(*walked_.return_path) : std::monostate{}});
    }
    list_covering(out, trial::needs_session);
    out.reason = words_.passthrough_session();
  }

  void explicit_utm(step_explanation& out) const {
    const auto& utm = walked_.tags.utm;
    out.inputs = {{"utm_source", shortened(utm.source)},
                  {"utm_medium", shortened(utm.medium)},
                  {"utm_campaign", shortened(utm.campaign)},
                  {"utm_term", shortened(utm.term)},
                  {"utm_content", shortened(utm.content)}};
    out.reason = words_.explicit_utm(out.applied);
  }

  void paid_click(step_explanation& out) const {
    const auto* id = walked_.tags.click;
    out.inputs = {{"click_id_parameter", id ? value(id->parameter) : std::monostate{}}};
    out.reason = words_.click_id();
  }

  void passthrough_fallback(step_explanation& out) const {
    out.inputs = passthrough_inputs();
    list_covering(out, trial::decided);
    out.reason = words_.passthrough_fallback();
  }

  void mapping(step_explanation& out) const {
    out.inputs = {referrer_input(), {"compared_as", compared_hosts()}};
    if (!walked_.referrer) {
      out.reason = words_.no_referrer();
      return;
    }
    const auto tried = tried_mappings(walked_.rules, walked_.referrer->name, walked_.mapping,
                                      walked_.result.regex_limit_hits, walked_.draft);
    out.reason = words_.mapping(tried);
    list_rules(out, tried);
  }

  void facebook_click(step_explanation& out) const {
    out.inputs = {{"click_id_parameter", walked_.tags.has_facebook
                                             ? value(walked_.lists.facebook().parameter)
                                             : std::monostate{}},
                  referrer_input()};
    out.reason = words_.facebook_click(out.applied);
  }

  void ai_platform(step_explanation& out) const {
    std::optional<std::string_view> entry;
    if (walked_.referrer)
      entry = walked_.platforms.entry_of(*walked_.of.referrer);
    std::optional<std::int64_t> brand;
    if (entry)
      brand = walked_.platforms.brand_of(*walked_.of.referrer);
    out.inputs = {referrer_input(), {"list_entry", entry ? value(*entry) : std::monostate{}}};
    if (brand)
      out.inputs.push_back({"list_brand", value(std::to_string(*brand))});
    out.reason = words_.ai_platform(out.applied, brand);
  }

  void search(step_explanation& out) const { known_source_step(out, source_kind::search); }
  void email(step_explanation& out) const { known_source_step(out, source_kind::email); }
  void social(step_explanation& out) const { known_source_step(out, source_kind::social); }

  void known_source_step(step_explanation& out, source_kind kind) const {
    out.inputs = known_source_inputs();
    out.reason = words_.known_source(kind, out.applied);
  }

  void referral(step_explanation& out) const {
    out.inputs = known_source_inputs();
    out.reason = out.applied ? words_.referral() : words_.no_referrer();
  }

  void continued(step_explanation& out) const {
    out.inputs = {referrer_input(), session_input()};
    out.reason = out.applied ? words_.continued() : "The visit has no session to continue.";
  }

  void direct(step_explanation& out) const {
    out.inputs = {referrer_input(), session_input()};
    out.reason = words_.direct();
  }

  using input_value = decltype(step_input::value);

  static input_value value(std::string_view text) { return std::string(text); }
  static input_value or_none(std::optional<std::string> text) {
    return text ? input_value(std::move(*text)) : std::monostate{};
  }
  [[nodiscard]] input_value domain_of(const host& name) const {
    return or_none(registrable_domain(name, walked_.lists.suffixes()));
  }
  [[nodiscard]] inputs known_source_inputs() const {
    const auto* known = walked_.known;
    const auto* list = known ? walked_.lists.info(known->list) : nullptr;
    return {referrer_input(),
            {"list", known ? value(known->list) : std::monostate{}},
            {"list_date", list ? value(list->date) : std::monostate{}},
            {"list_entry", known ? value(known->entry) : std::monostate{}}};
  }
  [[nodiscard]] step_input referrer_input() const {
    return {"referrer_host", or_none(walked_.result.referrer_host)};
  }
  [[nodiscard]] step_input session_input() const {
    return {"has_session", walked_.of.session.has_value()};
  }

  /// The host and its parent domains, up to the one that a passthrough referrer covers.
  [[nodiscard]] inputs passthrough_inputs() const {
    std::vector<std::string> tried;
    std::string_view rest = walked_.referrer ? walked_.referrer->name : std::string_view{};
    while (!rest.empty() && tried.size() < max_tried_rules) {
      tried.emplace_back(rest);
      const auto dot = rest.find('.');
      if (dot == rest.npos || (walked_.covering && rest == walked_.covering->domain))
        break;
      rest.remove_prefix(dot + 1);
    }
    return {
        referrer_input(),
        {"domains_tried", std::move(tried)},
        {"covering_domain", walked_.covering ? value(walked_.covering->domain) : std::monostate{}},
        session_input()};
  }

  void list_covering(step_explanation& out, trial without_session) const {
    if (walked_.covering)
      list_rules(out,
                 covering_rules(walked_.rules, walked_.referrer->name,
                                out.applied ? trial::decided : without_session, walked_.draft));
  }

  [[nodiscard]] std::vector<std::string> compared_hosts() const {
    if (!walked_.referrer)
      return {};
    const auto& whole = walked_.referrer->name;
    const auto bare = without_www(whole);
    return bare.size() == whole.size() ? std::vector{whole} : std::vector{whole, std::string(bare)};
  }

  const walked_visit& walked_;
  int last_;
  explanation_text words_;
};

} // namespace

std::vector<step_explanation> explain(const walked_visit& walked) {
  return explainer(walked).run();
}

step_explanation explain_alone(const walked_visit& walked, int number, bool applies) {
  auto out = explainer(walked).one(number, applies);
  out.applied = false;
  out.reached = false;
  return out;
}

} // namespace headwater::attribution
