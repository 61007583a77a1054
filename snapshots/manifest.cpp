#include "snapshots/manifest.hpp"

#include "domain/core/try.hpp"
#include "domain/json/json_writer.hpp"
#include "domain/json/stored_json.hpp"
#include "store/disk/files.hpp"

#include <algorithm>

namespace headwater::snapshots {
namespace {

namespace fs = std::filesystem;

// What one of its files takes, at least: an empty name, a hash, a size of one digit.
constexpr std::size_t bytes_of_a_file = 90;
// A value takes more than that of a manifest's text on average, and memory for itself when read.
constexpr std::size_t bytes_of_a_value = 8;
constexpr std::size_t values_of_the_rest = 100;

void number(json_writer& out, std::string_view name, std::uint64_t value) {
  out.member(name, static_cast<std::int64_t>(value));
}

error damaged(const std::string& why) {
  return {errc::corrupt_log, std::string{manifest_name} + " " + why};
}

error not_ours() {
  return damaged("is damaged: it has other bytes than Headwater writes");
}

// A member that is missing or of another type reads as empty, and then write_manifest produces
// another text than was read.

std::uint64_t number(stored_members& from, std::string_view name) {
  return static_cast<std::uint64_t>(from.integer(name, 0));
}

digest hash(stored_members& from, std::string_view name) {
  digest out{};
  if (const auto bytes = from_hex(from.text(name)); bytes && bytes->size() == out.size())
    std::ranges::copy(*bytes, out.begin());
  return out;
}

micros time(stored_members& from, std::string_view name) {
  return parse_rfc3339(from.text(name)).value_or(0);
}

contents read_contents(stored_members& in) {
  contents out;
  out.position = number(in, "position");
  out.chain = hash(in, "chain");
  out.time = time(in, "time");
  out.events = number(in, "events");
  out.streams = number(in, "streams");
  out.accounts = number(in, "accounts");
  out.connections = number(in, "connections");
  out.heads = hash(in, "heads");
  out.merkle_root = hash(in, "merkle_root");
  return out;
}

/// Whether reading the text would make more values of it than a manifest has: a text of nothing but
/// `[0,0,` takes thirty times its length.
bool is_too_dense(std::string_view text) {
  const auto values = std::ranges::count_if(
      text, [](char c) { return c == ',' || c == ':' || c == '[' || c == '{'; });
  return static_cast<std::size_t>(values) > values_of_the_rest + text.size() / bytes_of_a_value;
}

std::vector<file_entry> read_files(stored_members& in, std::size_t most) {
  std::vector<file_entry> out;
  if (in.elements("files").Size() > most)
    return out; // such a text is not canonical
  for (const auto& each : in.elements("files")) {
    auto file = in.element(each);
    out.push_back({std::string{file.text("name")}, number(file, "size"), hash(file, "sha256")});
  }
  return out;
}

void write_files(json_writer& out, const std::vector<file_entry>& files) {
  out.key("files").begin_array();
  for (const auto& file : files) {
    out.begin_object().member("name", file.name).member("sha256", to_hex(file.sha256));
    number(out, "size", file.size);
    out.end_object();
  }
  out.end_array();
}

/// The whole text, with or without a checksum.
std::string write_text(const manifest& of, const std::optional<digest>& checksum) {
  const auto root = of.merkle_root();
  json_writer out;
  out.begin_object();
  number(out, "accounts", of.holds.accounts);
  out.member("chain", to_hex(of.holds.chain));
  if (checksum)
    out.member("checksum", to_hex(*checksum));
  number(out, "connections", of.holds.connections);
  out.member("created_at", to_rfc3339_micros(of.created_at));
  number(out, "events", of.holds.events);
  write_files(out, of.files);
  out.member("heads", to_hex(of.holds.heads));
  out.key("merkle_root").string_or_null(root ? std::optional{to_hex(*root)} : std::nullopt);
  number(out, "position", of.holds.position);
  out.member("program", of.program);
  number(out, "streams", of.holds.streams);
  out.member("time", to_rfc3339_micros(of.holds.time));
  number(out, "version", of.version);
  out.end_object();
  return std::move(out).str() + "\n";
}

} // namespace

std::uint64_t manifest::bytes() const {
  std::uint64_t out = 0;
  for (const auto& file : files)
    out += file.size;
  return out;
}

std::string write_manifest(const manifest& of) {
  if (of.version == 1)
    return write_text(of, std::nullopt);
  return write_text(of, sha256({write_text(of, std::nullopt)}));
}

result<manifest> parse_manifest(std::string_view text) {
  if (text.size() > longest_manifest)
    return damaged("is damaged: it is too long");
  if (is_too_dense(text))
    return not_ours();
  const stored_json document{text};
  if (document.fault())
    return damaged("is no JSON object");
  std::string first_fault; // the comparison below says more
  stored_members in{document.root(), first_fault};
  manifest out;
  out.version = number(in, "version");
  if (out.version > manifest_version)
    return error{errc::incompatible_data,
                 std::string{manifest_name} + " has version " + std::to_string(out.version) +
                     ", and this program knows versions up to " + std::to_string(manifest_version)};
  if (out.version == 0)
    return damaged("names no version");
  out.created_at = time(in, "created_at");
  out.program = in.text("program");
  out.holds = read_contents(in);
  out.files = read_files(in, text.size() / bytes_of_a_file);
  if (write_manifest(out) != text)
    return not_ours();
  return out;
}

result<manifest> read_manifest(const fs::path& snapshot, const std::optional<digest>& sha256) {
  const auto path = snapshot / manifest_name;
  std::error_code failed;
  const auto size = fs::file_size(path, failed);
  if (failed)
    return error{errc::incompatible_data,
                 snapshot.string() + " is not a snapshot: its MANIFEST.json cannot be read (" +
                     failed.message() + ")"};
  if (size == 0)
    return error{errc::incompatible_data,
                 snapshot.string() + " is not a snapshot: its making did not end"};
  if (size > longest_manifest)
    return damaged("is damaged: it is too long");
  TRY(auto text, store::read_small_file(path, size));
  if (const auto found = headwater::sha256({text}); sha256 && found != *sha256)
    return damaged("has the SHA-256 " + to_hex(found) + ", not " + to_hex(*sha256));
  return parse_manifest(text);
}

} // namespace headwater::snapshots
