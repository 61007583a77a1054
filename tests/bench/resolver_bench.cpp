// Times the resolver: from a normalised host to its rule, a whole visit, and for comparison a loop
// over the same rules as PCRE2 patterns with JIT. Prints a table for mixes of 10 to 50,000 rules,
// or of those sizes that are given as arguments, and another of the worst visits that an account's
// rules can make.

#include "domain/referrals/platforms/allow_list.hpp"
#include "domain/resolve/cascade/resolver.hpp"
#include "domain/resolve/pattern_match.hpp"
#include "domain/resolve/rule_set.hpp"
#include "resolver_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <map>

namespace {

using namespace headwater;
using namespace headwater::attribution;

const std::vector<std::size_t> usual_sizes{10, 100, 1'000, 10'000, 50'000};
constexpr double shares[] = {0, 0.01};
constexpr std::size_t host_count = 16'384;

std::string escaped(std::string_view text) {
  std::string out;
  for (char each : text) {
    if (each == '.' || each == '-')
      out.push_back('\\');
    out.push_back(each);
  }
  return out;
}

/// The pattern that a regex-only engine would be given for a rule.
std::string as_regex(const referrer_mapping& rule) {
  const auto text = escaped(rule.referrer_pattern);
  switch (rule.match_type) {
  case match_type::exact:
    return "^(?:www\\.)?" + text + "$";
  case match_type::contains:
    return text;
  case match_type::starts_with:
    return "^(?:www\\.)?" + text;
  case match_type::ends_with:
    return text + "$";
  case match_type::regex:
    return rule.referrer_pattern;
  }
  return {};
}

struct subject {
  account_rules rules;
  std::vector<std::string> hosts;
  std::vector<visit> visits;
  std::shared_ptr<const rule_set> set;
  double build_milliseconds = 0;
  std::vector<regex> loop;
};

double milliseconds_to_compile(const account_rules& rules) {
  const auto began = std::chrono::steady_clock::now();
  const compiled_rules compiled(rules);
  benchmark::DoNotOptimize(&compiled);
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began)
      .count();
}

subject make_subject(const bench::rule_mix& mix) {
  bench::rule_maker maker(7);
  subject out;
  out.rules = maker.rules(mix);
  out.hosts = maker.hosts(host_count);
  for (const auto& host : out.hosts)
    out.visits.push_back(
        {"https://www.our-shop.example/landing?color=red", "https://" + host + "/", {}});
  out.build_milliseconds = milliseconds_to_compile(out.rules);
  out.set = std::make_shared<const rule_set>(out.rules);
  for (const auto& rule : out.rules.mappings_in_order())
    out.loop.push_back(std::move(regex::compile(as_regex(*rule)).value()));
  return out;
}

void host_to_rule(benchmark::State& state, const subject& with) {
  std::size_t at = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(with.set->match(with.hosts[at++ % host_count]));
}

void whole_visit(benchmark::State& state, const subject& with,
                 const referrals::allow_list& platforms) {
  std::size_t at = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(resolve(*with.set, platforms, *source_lists::shipped(),
                                     with.visits[at++ % host_count], false));
}

void pcre2_loop(benchmark::State& state, const subject& with) {
  std::size_t at = 0;
  for (auto _ : state) {
    const auto& host = with.hosts[at++ % host_count];
    std::size_t found = 0;
    while (found < with.loop.size() && with.loop[found].search(host) != match_result::match)
      ++found;
    benchmark::DoNotOptimize(found);
  }
}

/// Keeps the nanoseconds of each run by its name, and prints nothing.
class run_times : public benchmark::BenchmarkReporter {
public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const auto& each : runs)
      if (each.run_type == Run::RT_Aggregate ? each.aggregate_name == "median"
                                             : each.repetitions <= 1)
        seen_[each.run_name.str()] = each.GetAdjustedCPUTime();
  }
  [[nodiscard]] double at(const std::string& name) const {
    for (const auto& [full, time] : seen_)
      if (full.starts_with(name + "/") || full == name)
        return time;
    return 0;
  }

private:
  std::map<std::string, double> seen_;
};

std::string name_of(std::string_view what, std::size_t rules) {
  return fmt::format("{}_{}", what, rules);
}

void print_table(double share, const std::vector<std::size_t>& sizes,
                 const referrals::allow_list& platforms) {
  fmt::print(
      "\n{}\n\n| rules | host to rule | to that of 10 | whole visit | PCRE2-JIT loop | loop / "
      "host to rule | compiling | memory |\n|---:|---:|---:|---:|---:|---:|---:|---:|\n",
      share == 0 ? "Each regex demands a literal of at least 4 bytes:"
                 : "1 % of the rules are regexes without any literal:");
  double of_ten = 0;
  for (const auto rules : sizes) {
    const auto with = make_subject({rules, share});
    benchmark::ClearRegisteredBenchmarks();
    const auto add = [](benchmark::internal::Benchmark* one) {
      one->Repetitions(5)->ReportAggregatesOnly(true)->MinTime(0.1);
    };
    add(benchmark::RegisterBenchmark(name_of("match", rules).c_str(), host_to_rule,
                                     std::cref(with)));
    add(benchmark::RegisterBenchmark(name_of("visit", rules).c_str(), whole_visit, std::cref(with),
                                     std::cref(platforms)));
    add(benchmark::RegisterBenchmark(name_of("loop", rules).c_str(), pcre2_loop, std::cref(with)));
    run_times kept;
    benchmark::RunSpecifiedBenchmarks(&kept);
    const auto match = kept.at(name_of("match", rules));
    const auto loop = kept.at(name_of("loop", rules));
    of_ten = rules == 10 ? match : of_ten;
    fmt::print(
        "| {} | {:.0f} ns | {:.2f} | {:.0f} ns | {:.0f} ns | {:.0f} | {:.2f} ms | {:.2f} MiB |\n",
        rules, match, match / of_ten, kept.at(name_of("visit", rules)), loop, loop / match,
        with.build_milliseconds, static_cast<double>(with.set->base()->bytes()) / (1 << 20));
    std::fflush(stdout);
  }
}

/// What an editor can do to the visits of an account.
struct worst_case {
  std::string_view name;
  std::string host;
  std::function<std::string(std::size_t)> pattern; ///< of the n-th regex
  bool is_compiled = true;                         ///< false: all rules have just changed
};

account_rules regexes(const worst_case& of, std::size_t count) {
  account_rules out;
  for (std::size_t i = 1; i <= count; ++i) {
    referrer_mapping_created event;
    event.rule.id = static_cast<std::int64_t>(i);
    event.rule.match_type = match_type::regex;
    event.rule.referrer_pattern = of.pattern(i);
    event.rule.utm.source = "bench";
    if (auto applied = out.apply(event, {i, 0}); !applied)
      throw std::runtime_error(applied.error().message);
  }
  return out;
}

double processor_milliseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

void print_worst(const worst_case& of, std::size_t count, const referrals::allow_list& platforms) {
  constexpr std::size_t visits = 200;
  const auto rules = regexes(of, count);
  const auto base =
      of.is_compiled ? std::make_shared<const compiled_rules>(rules) : compiled_rules::none();
  base->prepare_common_regexes();
  const rule_set set(base, rules);
  const visit sent{"https://www.our-shop.example/", "https://" + of.host + "/", {}};
  std::vector<double> took;
  for (std::size_t i = 0; i < visits; ++i) {
    const auto began = processor_milliseconds();
    benchmark::DoNotOptimize(resolve(set, platforms, *source_lists::shipped(), sent, false));
    took.push_back(processor_milliseconds() - began);
  }
  const auto first = took.front();
  std::ranges::sort(took);
  fmt::print("| {} | {} | {:.2f} ms | {:.2f} ms | {:.2f} ms |\n", of.name, count, first,
             took[visits / 2], took.back());
  std::fflush(stdout);
}

void print_worst_visits(std::size_t count, const referrals::allow_list& platforms) {
  // The comments make the patterns differ, and demand nothing.
  const auto comment = [](std::size_t i) { return "(?#" + std::to_string(i) + ")"; };
  const auto unlike = [&](std::size_t i) { return "^[a-w.-]{5}[^q]+[0-9]$" + comment(i); };
  const std::string partner = "www.some-partner.example", label(60, 'a');
  const auto long_host = label + "." + label + "." + label + "." + label;
  const worst_case cases[] = {
      {"without a literal", partner, unlike},
      {"without a literal, all just changed", partner, unlike, false},
      {"one literal that the host has", partner,
       [&](std::size_t i) { return "[0-9]partner" + comment(i); }},
      {"many tries each", long_host,
       [&](std::size_t i) { return "^(a+)+[^b][0-9]$" + comment(i); }},
      {"costly steps", long_host,
       [&](std::size_t i) {
         return "(?:.|(?=[^\\p{N}\\p{Greek}]*+[^a-z.]))*[^a-z.]" + comment(i);
       }},
  };
  fmt::print("\nProcessor time of a visit whose referrer meets the worst regexes, of {} visits:\n\n"
             "| regexes | number | first | median | longest |\n|---|---:|---:|---:|---:|\n",
             200);
  for (const auto& each : cases)
    print_worst(each, count, platforms);
}

} // namespace

int main(int count, char** arguments) {
  benchmark::Initialize(&count, arguments);
  const referrals::allow_list platforms(referrals::platform_list::shipped());
  std::vector<std::size_t> sizes;
  for (int i = 1; i < count; ++i)
    sizes.push_back(std::stoul(arguments[i]));
  for (const auto share : shares)
    print_table(share, sizes.empty() ? usual_sizes : sizes, platforms);
  print_worst_visits(sizes.empty() ? usual_sizes.back() : sizes.back(), platforms);
  return EXIT_SUCCESS;
}
