// Implements read_connection_request() of connection.hpp.

#include "domain/core/text.hpp"
#include "domain/core/text_rules.hpp"
#include "domain/core/try.hpp"
#include "domain/json/json_pass.hpp"
#include "domain/json/key_set.hpp"
#include "domain/referrals/connection.hpp"
#include "domain/referrals/referral_row.hpp"
#include "domain/referrals/request_text.hpp"

#include <algorithm>

namespace headwater::referrals {
namespace {

constexpr std::size_t max_named_key = 128; ///< code points of a client's key in a fault

/// One of the two fields as it was found.
struct text_field {
  std::string_view name;
  std::size_t most; ///< code points
  bool seen = false;
  std::optional<std::string_view> text; ///< nothing if it was no string
};

/// Whether an address begins with a scheme that is neither http nor https. A colon may also stand
/// before a port, but only behind what is a host and no scheme: `javascript:1` is a script.
bool has_other_scheme(std::string_view website) {
  const auto text = trim(website);
  const auto end = std::min(text.find_first_of(":/?#"), text.size());
  if (end == text.size() || text[end] != ':' || text.starts_with('['))
    return false;
  const auto name = text.substr(0, end);
  if (equals_nocase(name, "http") || equals_nocase(name, "https"))
    return false;
  const auto behind = text.substr(end + 1);
  const auto port = behind.substr(0, behind.find_first_of("/?#"));
  const bool is_port = !port.empty() && port.find_first_not_of("0123456789") == port.npos;
  const bool is_host = name.find('.') != name.npos || equals_nocase(name, "localhost");
  return !is_port || !is_host;
}

/// Takes {"website","provider"} from the tokens of a body: a sink of json_buffer.
class registration_sink {
public:
  void null() {}
  void boolean(bool) {}
  void number(std::string_view, bool in_range) {
    if (!in_range)
      add_fault(field_name_, "Input should be a finite number", "finite_number");
  }
  void string(std::string_view value) {
    if (depth_ == 1 && field_ != nullptr)
      field_->text = value;
  }
  void key(std::string_view name) {
    if (depth_ == 1) {
      field_name_ = first_code_points(name, max_named_key);
      field_ = name == website_.name ? &website_ : name == provider_.name ? &provider_ : nullptr;
      if (field_ != nullptr)
        field_->seen = true;
    }
    if (scopes_.repeats(name))
      add_fault(field_name_, "Duplicate key", "duplicate_key");
  }
  void begin_object() {
    is_object_ = is_object_ || depth_ == 0;
    scopes_.open();
    ++depth_;
  }
  void end_object() {
    scopes_.close();
    --depth_;
  }
  void begin_array() { ++depth_; }
  void end_array() { --depth_; }

  /// The request, or everything that is wrong with it.
  [[nodiscard]] result<connection_request> take() && {
    if (!is_object_)
      faults_ = {{{"body"}, "Input should be an object", "model_attributes_type"}};
    else
      check_fields();
    if (!faults_.empty())
      return error{errc::validation_error, "Request validation failed", std::move(faults_)};
    auto known = parse_provider(*provider_.text);
    if (!known)
      return error{errc::bad_request, "Unsupported provider: " + std::string{*provider_.text}};
    return connection_request{std::string{*website_.text}, *known};
  }

private:
  void add_fault(std::string_view field, std::string_view msg, std::string_view type) {
    if (faults_.size() < row_limits::max_faults)
      faults_.push_back({{"body", std::string{field}}, std::string{msg}, std::string{type}});
  }

  void check_fields() {
    check(website_);
    check(provider_);
    if (faults_.empty())
      check_website();
  }

  void check(const text_field& field) {
    if (!field.seen)
      add_fault(field.name, "Field required", "missing");
    else if (!field.text)
      add_fault(field.name, "Input should be a valid string", "string_type");
    else if (field.text->empty())
      add_fault(field.name, "String should have at least 1 character", "string_too_short");
    else if (longer_than(*field.text, field.most))
      add_fault(field.name,
                "String should have at most " + std::to_string(field.most) + " characters",
                "string_too_long");
  }

  void check_website() {
    auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; };
    if (std::ranges::any_of(*website_.text, control))
      add_fault(website_.name, "String should not contain control characters", "string_control");
    else if (has_other_scheme(*website_.text))
      add_fault(website_.name, "URL scheme should be 'http' or 'https'", "url_scheme");
    else if (comparison_form(*website_.text).empty())
      add_fault(website_.name, "Input should name a website", "value_error");
  }

  std::size_t depth_ = 0;
  bool is_object_ = false;
  text_field website_{"website", connection_limits::max_website, false, {}};
  text_field provider_{"provider", connection_limits::max_provider, false, {}};
  text_field* field_ = nullptr; ///< whose value comes next
  std::string_view field_name_;
  key_set scopes_;
  std::vector<fault> faults_;
};

} // namespace

result<connection_request> read_connection_request(std::string_view body) {
  CHECK(not_blank(body));
  json_buffer buffer{body};
  registration_sink sink;
  const auto fault = buffer.read([&] {
    sink = registration_sink{};
    return buffer.parse(sink, 0, body.size());
  });
  if (fault)
    return not_json(*fault);
  return std::move(sink).take();
}

} // namespace headwater::referrals
