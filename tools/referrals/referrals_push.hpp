#pragma once

// One run of `headwater referrals push`: asks the server for its list of AI platforms, reads the
// whole file, and only then sends. Blocks; one thread.

#include "tools/referrals/push_client.hpp"
#include "tools/referrals/push_report.hpp"
#include "tools/referrals/referrals.hpp"
#include "tools/referrals/row_store.hpp"
#include "tools/terminal/progress.hpp"

#include <optional>

namespace headwater::tools {

class referrals_push {
public:
  explicit referrals_push(const push_options& with);

  /// Returns the exit status, after printing everything on stdout and stderr.
  [[nodiscard]] int run();

private:
  // Each step returns the exit status if it ends the run, after printing why.
  using step = std::optional<int>;

  [[nodiscard]] step prepare();
  [[nodiscard]] step find_server();
  [[nodiscard]] step ask_for_list();
  [[nodiscard]] step ask_for_connection();
  [[nodiscard]] step read_file();
  [[nodiscard]] step judge_faults();
  [[nodiscard]] step send_rows();
  [[nodiscard]] step send(const analytics_files::push_batch& batch);
  [[nodiscard]] step count(const analytics_files::push_batch& batch, const api_answer& answer);

  [[nodiscard]] analytics_files::export_listener listener(std::uint64_t size);
  [[nodiscard]] int refused(const api_answer& answer, const std::string& what,
                            const analytics_files::push_batch* batch = nullptr);
  int say(int status, const std::string& why);
  void tell_what_was_taken();
  void report(bool was_sound);

  const push_options& with_;
  progress bar_;
  push_summary summary_;
  analytics_files::export_settings settings_;
  analytics_files::owned_list list_;
  std::optional<push_client> client_;
  row_store store_;
};

} // namespace headwater::tools
