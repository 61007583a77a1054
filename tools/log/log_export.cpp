// Implements `headwater log export` and `verify-export` of log.hpp.

#include "store/audit/log_export.hpp"

#include "store/audit/export_check.hpp"
#include "store/open_log.hpp"
#include "tools/log/log.hpp"
#include "tools/terminal/progress.hpp"

#include <fstream>
#include <iostream>
#include <sys/stat.h>
#include <unistd.h>

namespace headwater::tools {
namespace {

error cannot_write(const std::filesystem::path& file) {
  return {errc::io_failed, "cannot write " + file.string()};
}

/// Whether the path is standard output's: /dev/stdout, even if that is a file, because others may
/// be writing to it, too, and it is not ours to replace.
bool is_standard_output(const std::filesystem::path& file) {
  struct stat named {};
  struct stat output {};
  return ::stat(file.c_str(), &named) == 0 && ::fstat(STDOUT_FILENO, &output) == 0 &&
         named.st_dev == output.st_dev && named.st_ino == output.st_ino;
}

/// The destination of an export.
struct target {
  std::filesystem::path written; ///< at first: beside the file; or a pipe or a device itself
  std::filesystem::path file;    ///< replaced only by a complete export
  bool is_standard_output = false;

  /// Its reader gets the bytes as they come, so nothing else may be written to it.
  [[nodiscard]] bool is_stream() const { return written == file; }
};

target target_of(const std::filesystem::path& file) {
  if (is_standard_output(file))
    return {file, file, true};
  std::error_code failed;
  if (std::filesystem::exists(file, failed) && !std::filesystem::is_regular_file(file, failed))
    return {file, file};
  // For a link, the file that it leads to.
  auto real = std::filesystem::canonical(file, failed);
  target out{{}, failed ? file : std::move(real)};
  out.written = out.file;
  out.written += ".partial";
  return out;
}

result<store::exported> write_export(const store::event_log& log, const store::table_store& tables,
                                     const log_options& with, const target& to) {
  const auto& file = to.written;
  std::ofstream opened;
  if (!to.is_standard_output)
    opened.open(file, std::ios::binary | std::ios::trunc);
  std::ostream& out = to.is_standard_output ? std::cout : opened;
  if (!out)
    return cannot_write(file);
  progress bar;
  auto done = store::export_log(
      log, tables, with.all ? std::nullopt : std::optional{wanted_stream(with)},
      [&](std::string_view bytes) -> result<void> {
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return out ? result<void>{} : result<void>{cannot_write(file)};
      },
      [&](std::uint64_t events, std::uint64_t of) { bar.show("exporting", events, of); });
  out.flush();
  if (!to.is_standard_output)
    opened.close();
  if (done && !out)
    return cannot_write(file);
  return done;
}

void say(std::ostream& to, const store::exported& done) {
  to << "exported " << done.events << " events, proven by the checkpoint of " << done.checkpoint
     << " events";
  if (done.left_out > 0)
    to << "; " << done.left_out << " later ones have no checkpoint yet";
  to << '\n';
}

/// For the progress bar; 0 if it is unknown, as for a pipe or a device.
std::uint64_t size_of(const std::filesystem::path& file) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed))
    return 0;
  const auto size = std::filesystem::file_size(file, failed);
  return failed ? 0 : size;
}

} // namespace

int export_log(const log_options& with) {
  const auto log = store::open_log_to_read(with.data);
  if (!log)
    return log_failure(log.error());
  const auto to = target_of(with.file);
  auto done = write_export((*log)->events(), (*log)->tables(), with, to);
  std::error_code failed;
  if (!done) {
    if (!to.is_stream())
      std::filesystem::remove(to.written, failed);
    return log_failure(done.error());
  }
  if (!to.is_stream())
    std::filesystem::rename(to.written, to.file, failed);
  if (failed)
    return log_failure({errc::io_failed, "cannot rename " + to.written.string() + " to " +
                                             to.file.string() + ": " + failed.message()});
  say(to.is_stream() ? std::cerr : std::cout, *done);
  return 0;
}

int verify_export(const log_options& with) {
  auto key = given_key(with.key);
  if (!key)
    return log_failure(key.error());
  if (!*key)
    return log_failure({errc::validation_error, "--key: it is empty"});
  std::ifstream file{with.file, std::ios::binary};
  if (!file)
    return log_failure({errc::io_failed, "cannot read " + with.file.string()});
  const auto size = size_of(with.file);
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
