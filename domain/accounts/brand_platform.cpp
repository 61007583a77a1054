#include "domain/accounts/brand_platform.hpp"

#include "domain/core/preconditions.hpp"
#include "domain/core/text.hpp"
#include "domain/core/try.hpp"
#include "domain/json/json_writer.hpp"

#include <array>

namespace headwater {

template <>
field_table<accounts::brand_platform> fields_of<accounts::brand_platform>() {
  using accounts::brand_platform;
  static constexpr std::array table{
      bind<&brand_platform::brand_id>({.name = "brand_id",
                                       .kind = field_kind::integer,
                                       .description = "Brand whose pushes the entry counts for",
                                       .example = "42",
                                       .read_only = true}),
      bind<&brand_platform::host>({.name = "host",
                                   .description = "Host that stands for the platform, with all "
                                                  "hosts below it; lowercase, IDNA as ASCII",
                                   .example = "\"assistant.example.com\"",
                                   .read_only = true}),
      bind<&brand_platform::platform>({.name = "platform",
                                       .description =
                                           "Name of the platform in reports; no comma, no space "
                                           "at either end",
                                       .example = "\"House Assistant\"",
                                       .min = 1,
                                       .max = 64,
                                       .required = true}),
      bind_time<&brand_platform::created_at>({.name = "created_at",
                                              .description = "When the entry was added",
                                              .example = "\"2025-01-05T10:00:00Z\"",
                                              .read_only = true}),
      bind_time<&brand_platform::updated_at>({.name = "updated_at",
                                              .description = "When the entry last changed",
                                              .example = "\"2025-01-05T10:00:00Z\"",
                                              .read_only = true}),
  };
  return table;
}

namespace accounts {
namespace {

/// Reports take platform names separated by commas, and strip the spaces around each.
bool can_be_asked_for(std::string_view name) {
  return name.find(',') == name.npos && trimmed(name).size() == name.size();
}

} // namespace

std::string etag_of(const brand_platform& of) {
  json_writer out;
  write_resource(out, of, {});
  return etag_of_text(out.view());
}

result<std::string> read_platform_name(const draft& body) {
  brand_platform value;
  auto report = read_draft(body, read_mode::create, false, value);
  check_limits(value, report);
  if (!report.has_fault("platform") && trimmed(value.platform).empty())
    report.faults.push_back(
        {body_path("platform"), "String should not be blank", "string_too_short"});
  else if (!report.has_fault("platform") && !can_be_asked_for(value.platform))
    report.faults.push_back({body_path("platform"),
                             "String should have no comma, and no space at either end",
                             "value_error"});
  CHECK(verdict<brand_platform>(report));
  return std::move(value.platform);
}

} // namespace accounts
} // namespace headwater
