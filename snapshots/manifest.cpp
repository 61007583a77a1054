#include "snapshots/manifest.hpp"

#include "domain/core/try.hpp"
#include "domain/json/json_writer.hpp"
#include "store/disk/files.hpp"

#include <rapidjson/document.h>

#include <algorithm>

namespace headwater::snapshots {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t longest = std::uint64_t{64} << 20;

void number(json_writer& out, std::string_view name, std::uint64_t value) {
  out.member(name, static_cast<std::int64_t>(value));
}

error damaged(const std::string& why) {
  return {errc::corrupt_log, std::string{manifest_name} + " " + why};
}

/// Reads members leniently: a missing one, or one of another type, stays empty, and then
/// write_manifest produces another text than was read.
class members {
public:
  explicit members(const rapidjson::Value& of) : of_(of) {}

  [[nodiscard]] const rapidjson::Value* find(const char* name) const {
    if (!of_.IsObject())
      return nullptr;
    const auto found = of_.FindMember(name);
    return found == of_.MemberEnd() ? nullptr : &found->value;
  }
  [[nodiscard]] std::string text(const char* name) const {
    const auto* value = find(name);
    return value && value->IsString() ? std::string{value->GetString(), value->GetStringLength()}
                                      : std::string{};
  }
  [[nodiscard]] std::uint64_t number(const char* name) const {
    const auto* value = find(name);
    return value && value->IsUint64() ? value->GetUint64() : 0;
  }
  [[nodiscard]] micros time(const char* name) const {
    return parse_rfc3339(text(name)).value_or(0);
  }
  [[nodiscard]] digest hash(const char* name) const {
    digest out{};
    if (const auto bytes = from_hex(text(name)); bytes && bytes->size() == out.size())
      std::ranges::copy(*bytes, out.begin());
    return out;
  }

private:
  const rapidjson::Value& of_;
};

contents read_contents(const members& in) {
  contents out;
  out.position = in.number("position");
  out.chain = in.hash("chain");
  out.time = in.time("time");
  out.events = in.number("events");
  out.streams = in.number("streams");
  out.accounts = in.number("accounts");
  out.connections = in.number("connections");
  out.heads = in.hash("heads");
  out.merkle_root = in.hash("merkle_root");
  return out;
}

std::vector<file_entry> read_files(const rapidjson::Value* list) {
  std::vector<file_entry> out;
  if (list == nullptr || !list->IsArray())
    return out;
  for (const auto& each : list->GetArray()) {
    const members in{each};
    out.push_back({in.text("name"), in.number("size"), in.hash("sha256")});
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
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(
      text.data(), text.size());
  if (document.HasParseError() || !document.IsObject())
    return damaged("is no JSON object");
  const members in{document};
  manifest out;
  out.version = in.number("version");
  if (out.version > manifest_version)
    return error{errc::incompatible_data,
                 std::string{manifest_name} + " has version " + std::to_string(out.version) +
                     ", and this program knows versions up to " + std::to_string(manifest_version)};
  if (out.version == 0)
    return damaged("names no version");
  out.created_at = in.time("created_at");
  out.program = in.text("program");
  out.holds = read_contents(in);
  out.files = read_files(in.find("files"));
  if (write_manifest(out) != text)
    return damaged("is damaged: it has other bytes than Headwater writes");
  return out;
}

result<manifest> read_manifest(const fs::path& snapshot) {
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
  if (size > longest)
    return damaged("is damaged: it is too long");
  TRY(auto text, store::read_small_file(path, size));
  return parse_manifest(text);
}

} // namespace headwater::snapshots
