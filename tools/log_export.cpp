#include "store/log_export.hpp"

#include "store/export_check.hpp"
#include "store/rocksdb_log.hpp"
#include "tools/log.hpp"
#include "tools/progress.hpp"

#include <fstream>
#include <iostream>

namespace headwater::tools {
namespace {

error cannot_write(const std::filesystem::path& file) {
  return {errc::io_failed, "cannot write " + file.string()};
}

/// Where to write first: beside the file, which is replaced only by a whole export; a pipe or a
/// device itself.
std::filesystem::path first_place(const std::filesystem::path& file) {
  std::error_code failed;
  if (std::filesystem::exists(file, failed) && !std::filesystem::is_regular_file(file, failed))
    return file;
  auto out = file;
  out += ".partial";
  return out;
}

result<store::exported> write_export(const store::event_log& log, const log_options& with,
                                     const std::filesystem::path& file) {
  std::ofstream out{file, std::ios::binary | std::ios::trunc};
  if (!out)
    return cannot_write(file);
  progress bar;
  auto done = store::export_log(
      log, with.all ? std::nullopt : std::optional{wanted_stream(with)},
      [&](std::string_view bytes) -> result<void> {
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return out ? result<void>{} : result<void>{cannot_write(file)};
      },
      [&](std::uint64_t events, std::uint64_t of) { bar.show("exporting", events, of); });
  out.close();
  if (done && !out)
    return cannot_write(file);
  return done;
}

} // namespace

int export_log(const log_options& with) {
  auto log = store::open_for_reading(with.data);
  if (!log)
    return log_failure(log.error());
  const auto file = first_place(with.file);
  auto done = write_export(**log, with, file);
  std::error_code failed;
  if (!done) {
    if (file != with.file)
      std::filesystem::remove(file, failed);
    return log_failure(done.error());
  }
  if (file != with.file)
    std::filesystem::rename(file, with.file, failed);
  if (failed)
    return log_failure({errc::io_failed, "cannot rename " + file.string() + " to " +
                                             with.file.string() + ": " + failed.message()});
  std::cout << "exported " << done->events << " events, proven by the checkpoint of "
            << done->checkpoint << " events";
  if (done->left_out > 0)
    std::cout << "; " << done->left_out << " later ones have no checkpoint yet";
  std::cout << '\n';
  return 0;
}

int verify_export(const log_options& with) {
  auto key = given_key(with.key);
  if (!key)
    return log_failure(key.error());
  if (!*key)
    return log_failure({errc::validation_error, "--key: it is empty"});
  std::ifstream file{with.file, std::ios::binary};
  std::error_code failed;
  const auto size = std::filesystem::file_size(with.file, failed);
  if (!file || failed)
    return log_failure({errc::io_failed, "cannot read " + with.file.string()});
  progress bar;
  auto checked = store::check_export(
      file, **key, [&](std::uint64_t bytes) { bar.show("verifying", bytes, size); });
  bar.clear();
  if (!checked)
    return log_failure({checked.error().code, with.file.string() + ": " + checked.error().message});
  std::cout << "verified " << checked->events << " events in " << checked->streams << " streams";
  if (checked->erased > 0)
    std::cout << ", " << checked->erased << " of them without payload";
  std::cout << ", proven by the checkpoint of " << checked->within.size << " events of "
            << checked->within.origin << '\n';
  return 0;
}

} // namespace headwater::tools
