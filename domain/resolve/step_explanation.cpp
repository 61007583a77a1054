#include "domain/resolve/step_explanation.hpp"

#include "domain/resolve/attribution.hpp"

namespace headwater::attribution {
namespace {

struct input_writer {
  json_writer& out;

  void operator()(std::monostate) const { out.null(); }
  void operator()(bool value) const { out.boolean(value); }
  void operator()(const std::string& value) const { out.string(value); }
  void operator()(const std::vector<std::string>& values) const {
    out.begin_array();
    for (const auto& each : values)
      out.string(each);
    out.end_array();
  }
};

void write_rules(json_writer& out, const std::vector<tried_rule>& rules) {
  out.key("rules").begin_array();
  for (const auto& each : rules) {
    out.begin_object();
    write_members(out, each.rule);
    out.member("outcome", to_string(each.outcome)).end_object();
  }
  out.end_array();
}

void write_outlook(json_writer& out, const step_explanation& of) {
  out.member("reached", *of.reached).key("would_have");
  if (of.would_have)
    render(out, *of.would_have, false);
  else
    out.null();
}

} // namespace

std::string_view to_string(trial what) {
  switch (what) {
  case trial::decided:
    return "decided";
  case trial::needs_session:
    return "needs_session";
  case trial::same_priority_later:
    return "same_priority_later";
  case trial::lower_priority:
    return "lower_priority";
  case trial::less_specific:
    return "less_specific";
  case trial::gave_up:
    return "gave_up";
  case trial::not_run:
    return "not_run";
  case trial::no_match:
    return "no_match";
  }
  return {};
}

void write(json_writer& out, const std::vector<step_explanation>& steps) {
  out.begin_array();
  for (const auto& each : steps) {
    out.begin_object();
    out.key("step").integer(each.step);
    out.member("name", each.name).member("applied", each.applied).member("reason", each.reason);
    out.key("inputs").begin_object();
    for (const auto& input : each.inputs) {
      out.key(input.name);
      std::visit(input_writer{out}, input.value);
    }
    out.end_object();
    write_rules(out, each.rules);
    out.member("rules_omitted", each.rules_omitted);
    if (each.reached)
      write_outlook(out, each);
    out.end_object();
  }
  out.end_array();
}

} // namespace headwater::attribution
