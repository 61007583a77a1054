#include "domain/matching/regex.hpp"

#include "domain/core/text.hpp"
#include "domain/matching/regex_literals.hpp"

#include <pcre2.h>

#include <algorithm>
#include <ctime>
#include <new>
#include <optional>

namespace headwater::attribution {
namespace {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

constexpr std::uint32_t compile_options = PCRE2_CASELESS | PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C;

/// What one thread needs for matching; PCRE2 allows a compiled pattern to be shared, but not this.
class match_block {
public:
  explicit match_block(std::uint32_t jit_stack_kib)
      : data_(pcre2_match_data_create(1, nullptr)), context_(pcre2_match_context_create(nullptr)),
        stack_(pcre2_jit_stack_create(std::size_t{32} * 1024, std::size_t{jit_stack_kib} * 1024,
                                      nullptr)),
        jit_stack_kib_(jit_stack_kib) {
    if (!data_ || !context_)
      throw std::bad_alloc();
    // Without JIT support there is no stack, and none is needed.
    pcre2_jit_stack_assign(context_.get(), nullptr, stack_.get());
  }

  void limit(const regex_limits& limits) {
    pcre2_set_match_limit(context_.get(), limits.match);
    pcre2_set_depth_limit(context_.get(), limits.depth);
    pcre2_set_heap_limit(context_.get(), limits.heap_kib);
  }

  [[nodiscard]] std::uint32_t jit_stack_kib() const { return jit_stack_kib_; }
  [[nodiscard]] pcre2_match_data* data() const { return data_.get(); }
  [[nodiscard]] pcre2_match_context* context() const { return context_.get(); }

private:
  std::unique_ptr<pcre2_match_data, freed_by<pcre2_match_data_free>> data_;
  std::unique_ptr<pcre2_match_context, freed_by<pcre2_match_context_free>> context_;
  std::unique_ptr<pcre2_jit_stack, freed_by<pcre2_jit_stack_free>> stack_;
  std::uint32_t jit_stack_kib_;
};

match_block& block_of_this_thread(const regex_limits& limits) {
  thread_local std::unique_ptr<match_block> block;
  if (!block || block->jit_stack_kib() != limits.jit_stack_kib)
    block = std::make_unique<match_block>(limits.jit_stack_kib);
  block->limit(limits);
  return *block;
}

error refused(std::string why, std::size_t offset) {
  return {errc::validation_error,
          "Invalid regular expression: " + std::move(why) + " at offset " + std::to_string(offset)};
}

/// PCRE2 reads verbs such as (*LIMIT_MATCH=1) and (*NO_JIT) at the very start only; in lower case
/// the same brackets are assertions, which are fine.
bool starts_with_verb(std::string_view pattern) {
  return pattern.size() > 2 && pattern.starts_with("(*") &&
         !(pattern[2] >= 'a' && pattern[2] <= 'z');
}

/// Whether the pattern may call itself or one of its groups: (?R), (?1), (?-1), (?&name),
/// (?P>name), \g<1>. Also true of a few patterns that merely look so.
bool may_recurse(std::string_view pattern) {
  for (auto at = pattern.find("(?"); at != pattern.npos; at = pattern.find("(?", at + 1)) {
    auto rest = pattern.substr(at + 2);
    if (rest.starts_with("R") || rest.starts_with("&") || rest.starts_with("P>"))
      return true;
    if (rest.starts_with("+") || rest.starts_with("-"))
      rest.remove_prefix(1);
    if (!rest.empty() && rest.front() >= '0' && rest.front() <= '9')
      return true;
  }
  return pattern.find("\\g") != pattern.npos;
}

/// The offset of the first callout in a compiled pattern.
std::optional<std::size_t> find_callout(const pcre2_code* code) {
  std::optional<std::size_t> found;
  pcre2_callout_enumerate(
      code,
      [](pcre2_callout_enumerate_block* callout, void* to) {
        *static_cast<std::optional<std::size_t>*>(to) = callout->pattern_position;
        return 1;
      },
      &found);
  return found;
}

} // namespace

void regex::code_deleter::operator()(void* code) const {
  pcre2_code_free(static_cast<pcre2_code*>(code));
}

result<regex> regex::compile(std::string_view pattern) {
  if (starts_with_verb(pattern))
    return refused("verbs at the start of a pattern are not allowed", 0);
  int status = 0;
  PCRE2_SIZE offset = 0;
  auto* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                             compile_options, &status, &offset, nullptr);
  if (!code) {
    PCRE2_UCHAR message[256];
    pcre2_get_error_message(status, message, sizeof message);
    return refused(reinterpret_cast<const char*>(message), offset);
  }
  regex compiled(code);
  if (const auto callout = find_callout(code))
    return refused("callouts are not allowed", *callout);
  // If JIT is unavailable or refuses a pattern, the interpreter runs it, within its limits. It also
  // runs those that call themselves: JIT does not count such calls, and one that may match nothing
  // at each level took 8 s within a limit of 50,000 where the interpreter takes 50 us.
  if (!may_recurse(pattern))
    static_cast<void>(pcre2_jit_compile(code, PCRE2_JIT_COMPLETE));
  return compiled;
}

match_result regex::search(std::string_view subject, const regex_limits& limits) const {
  auto& block = block_of_this_thread(limits);
  const int found = pcre2_match(static_cast<pcre2_code*>(code_.get()),
                                reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), 0, 0,
                                block.data(), block.context());
  if (found >= 0)
    return match_result::match;
  switch (found) {
  case PCRE2_ERROR_MATCHLIMIT:
  case PCRE2_ERROR_DEPTHLIMIT:
  case PCRE2_ERROR_HEAPLIMIT:
  case PCRE2_ERROR_JIT_STACKLIMIT:
  case PCRE2_ERROR_NOMEMORY:
  case PCRE2_ERROR_RECURSELOOP:
    return match_result::limit_hit;
  }
  return match_result::no_match;
}

namespace {

std::int64_t nanoseconds_of(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

} // namespace

bool match_budget::is_late() {
  constexpr std::int64_t soon = 1'000'000;          // ns
  constexpr std::int64_t most_time = 3'000'000;     // ns of the processor
  const auto now = nanoseconds_of(CLOCK_MONOTONIC); // some 20 ns; the thread's own time costs 300
  if (began_ == 0)
    began_ = now;
  if (now - began_ < soon)
    return false;
  const auto cpu = nanoseconds_of(CLOCK_THREAD_CPUTIME_ID);
  if (cpu_began_ == 0)
    cpu_began_ = cpu;
  return cpu - cpu_began_ > most_time;
}

match_result regex::search(std::string_view subject, match_budget& budget) const {
  struct step {
    std::uint32_t limit;
    std::uint32_t charge;
  };
  // An ordinary pattern over a host ends well within the first.
  constexpr auto most = regex_limits{}.match;
  // Each is four times the one before, so that the time of one that overruns is bounded, too.
  // Why a ladder: PCRE2 tells that a limit was hit, but not how many calls a search took, so a
  // search starts with a low limit and is repeated with four times as much. The tries before the
  // last one cost less than that one does, all together. The charges add up to the limit of the
  // step that ended the search (half of it for the first), so a visit pays for what its regexes
  // need and not for 50,000 calls each.
  constexpr step steps[] = {{128, 64},      {512, 448},       {2'048, 1'536},
                            {8'192, 6'144}, {32'768, 24'576}, {most, most - 32'768}};
  for (const auto& each : steps) {
    if (!budget.take(each.charge))
      return match_result::limit_hit;
    const auto found = search(subject, regex_limits{.match = each.limit});
    if (found != match_result::limit_hit || !budget.is_left())
      return found;
  }
  return match_result::limit_hit;
}

namespace {

std::size_t size_of(const void* code, std::uint32_t what) {
  std::size_t size = 0;
  if (pcre2_pattern_info(static_cast<const pcre2_code*>(code), what, &size) != 0)
    return 0;
  return size;
}

} // namespace

std::size_t regex::bytes() const {
  return size_of(code_.get(), PCRE2_INFO_SIZE) + size_of(code_.get(), PCRE2_INFO_JITSIZE);
}

bool regex::has_back_references() const {
  std::uint32_t highest = 0;
  return pcre2_pattern_info(static_cast<const pcre2_code*>(code_.get()), PCRE2_INFO_BACKREFMAX,
                            &highest) != 0 ||
         highest > 0;
}

bool regex::is_jit_compiled() const {
  return size_of(code_.get(), PCRE2_INFO_JITSIZE) > 0;
}

bool regex_memory::take(std::size_t bytes) {
  auto taken = taken_.load(std::memory_order_relaxed);
  do {
    if (taken + bytes > most)
      return false;
  } while (!taken_.compare_exchange_weak(taken, taken + bytes, std::memory_order_relaxed));
  return true;
}

lazy_regex::~lazy_regex() {
  memory_->give_back(bytes());
  delete kept_.load(std::memory_order_relaxed);
}

usable_regex lazy_regex::get() const {
  if (const auto* kept = kept_.load(std::memory_order_acquire))
    return usable_regex(kept);
  if (is_broken_.load(std::memory_order_relaxed))
    return {};
  auto compiled = regex::compile(pattern_);
  if (!compiled) {
    is_broken_.store(true, std::memory_order_relaxed);
    return {};
  }
  auto own = std::make_unique<const regex>(std::move(*compiled));
  const auto size = own->bytes();
  if (!memory_->take(size))
    return usable_regex(std::move(own));
  const regex* kept = nullptr;
  if (kept_.compare_exchange_strong(kept, own.get(), std::memory_order_acq_rel))
    return usable_regex(own.release());
  memory_->give_back(size); // another thread was first
  return usable_regex(kept);
}

const std::vector<std::string>& lazy_regex::literals() const {
  std::call_once(literals_once_, [this] { literals_ = literals_of(pattern_); });
  return literals_;
}

bool lazy_regex::is_plausible(std::string_view host) const {
  const auto& demanded = literals();
  return demanded.empty() || !is_ascii(host) ||
         std::ranges::any_of(demanded,
                             [&](const auto& each) { return host.find(each) != host.npos; });
}

std::size_t lazy_regex::bytes() const {
  const auto* kept = kept_.load(std::memory_order_acquire);
  return kept ? kept->bytes() : 0;
}

} // namespace headwater::attribution
