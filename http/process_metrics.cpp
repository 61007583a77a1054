#include "http/process_metrics.hpp"

#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <unistd.h>

namespace headwater::http {

namespace {

using prometheus::MetricFamily;

MetricFamily make_gauge(std::string name, std::string help, double value) {
  MetricFamily out;
  out.name = std::move(name);
  out.help = std::move(help);
  out.type = prometheus::MetricType::Gauge;
  out.metric.emplace_back().gauge.value = value;
  return out;
}

std::string text_of(const char* file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The n-th word from 0 on as a number.
std::optional<double> number_at(const std::string& text, std::size_t n) {
  std::istringstream words(text);
  std::string word;
  for (std::size_t i = 0; i <= n; ++i)
    if (!(words >> word))
      return std::nullopt;
  std::istringstream digits(word);
  double out = 0;
  return digits >> out ? std::optional(out) : std::nullopt;
}

std::optional<double> resident_bytes() {
  const auto pages = number_at(text_of("/proc/self/statm"), 1);
  return pages ? std::optional(*pages * static_cast<double>(::sysconf(_SC_PAGESIZE)))
               : std::nullopt;
}

/// Seconds since 1970 at which the machine was started.
std::optional<double> boot_time() {
  std::istringstream lines(text_of("/proc/stat"));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("btime "))
      return number_at(line, 1);
  return std::nullopt;
}

/// Seconds since 1970: the kernel counts from the start of the machine on.
std::optional<double> start_time() {
  constexpr std::size_t start_ticks = 19; // proc(5): the 22nd field; the third follows the name
  const auto all = text_of("/proc/self/stat");
  const auto name_end = all.rfind(')'); // a name may have blanks
  if (name_end == all.npos)
    return std::nullopt;
  const auto ticks = number_at(all.substr(name_end + 1), start_ticks);
  const auto booted = boot_time();
  if (!ticks || !booted)
    return std::nullopt;
  return *booted + *ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

} // namespace

std::vector<MetricFamily> process_metrics() {
  std::vector<MetricFamily> out;
  if (const auto bytes = resident_bytes())
    out.push_back(make_gauge("process_resident_memory_bytes", "Memory in use", *bytes));
  if (const auto started = start_time())
    out.push_back(make_gauge("process_start_time_seconds",
                             "When the process was started, Unix time", *started));
  return out;
}

MetricFamily build_info(std::string_view version) {
  auto out = make_gauge("headwater_build_info", "Which program this is; always 1", 1);
  out.metric.back().label.push_back({"version", std::string(version)});
  return out;
}

} // namespace headwater::http
