#include "domain/core/text_rules.hpp"
#include "domain/json/json_number.hpp"
#include "domain/json/key_set.hpp"
#include "domain/referrals/connection.hpp"
#include "domain/referrals/json_pass.hpp"

#include <algorithm>

namespace headwater::referrals {
namespace {

/// One of the two fields as it was found.
struct text_field {
  std::string_view name;
  std::size_t most; ///< code points
  bool seen = false;
  std::optional<std::string_view> text; ///< nothing if it was no string
};

/// The handler of RapidJSON's SAX parser for {"website","provider"}.
class registration_handler
    : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, registration_handler> {
public:
  explicit registration_handler(json_source from) : from_(std::move(from)) {}

  bool Null() { return true; }
  bool Bool(bool) { return true; }

  bool RawNumber(const char* text, rapidjson::SizeType length, bool) {
    if (exceeds_double(from_.number(text, length)))
      fault(field_name_, "Input should be a finite number", "finite_number");
    return true;
  }

  bool String(const char* text, rapidjson::SizeType length, bool) {
    std::string_view value{text, length};
    if (halved(value))
      return fail(half_a_surrogate_pair());
    if (depth_ == 1 && field_ != nullptr)
      field_->text = value;
    return true;
  }

  bool Key(const char* text, rapidjson::SizeType length, bool) {
    std::string_view key{text, length};
    if (halved(key))
      return fail(half_a_surrogate_pair());
    if (depth_ == 1) {
      constexpr std::size_t max_named_key = 128;
      field_name_ = first_code_points(key, max_named_key);
      field_ = key == website_.name ? &website_ : key == provider_.name ? &provider_ : nullptr;
      if (field_ != nullptr)
        field_->seen = true;
    }
    if (scopes_.repeats(key))
      fault(field_name_, "Duplicate key", "duplicate_key");
    return true;
  }

  bool StartObject() {
    is_object_ = is_object_ || depth_ == 0;
    scopes_.open();
    return enter();
  }

  bool EndObject(rapidjson::SizeType) {
    scopes_.close();
    --depth_;
    return true;
  }

  bool StartArray() { return enter(); }

  bool EndArray(rapidjson::SizeType) {
    --depth_;
    return true;
  }

  [[nodiscard]] const std::optional<error>& failure() const { return failure_; }

  /// The request, or everything that is wrong with it.
  [[nodiscard]] result<connection_request> finish() {
    if (!is_object_)
      return error{errc::validation_error,
                   "Request validation failed",
                   {{{"body"}, "Input should be an object", "model_attributes_type"}}};
    check(website_);
    check(provider_);
    if (faults_.empty())
      check_website();
    if (!faults_.empty())
      return error{errc::validation_error, "Request validation failed", std::move(faults_)};
    auto known = parse_provider(*provider_.text);
    if (!known)
      return error{errc::bad_request, "Unsupported provider: " + std::string{*provider_.text}};
    return connection_request{std::string{*website_.text}, *known};
  }

private:
  bool enter() { return ++depth_ <= row_limits::max_depth || fail(nested_too_deep()); }

  bool fail(error why) {
    failure_ = std::move(why);
    return false;
  }

  [[nodiscard]] bool halved(std::string_view text) const {
    return from_.may_hold_lone_surrogates && has_lone_surrogate(text);
  }

  void fault(std::string_view field, std::string_view msg, std::string_view type) {
    if (faults_.size() < row_limits::max_faults)
      faults_.push_back({{"body", std::string{field}}, std::string{msg}, std::string{type}});
  }

  void check(const text_field& field) {
    if (!field.seen)
      fault(field.name, "Field required", "missing");
    else if (!field.text)
      fault(field.name, "Input should be a valid string", "string_type");
    else if (field.text->empty())
      fault(field.name, "String should have at least 1 character", "string_too_short");
    else if (longer_than(*field.text, field.most))
      fault(field.name, "String should have at most " + std::to_string(field.most) + " characters",
            "string_too_long");
  }

  void check_website() {
    auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; };
    if (std::any_of(website_.text->begin(), website_.text->end(), control))
      fault(website_.name, "String should not contain control characters", "string_control");
    else if (comparison_form(*website_.text).empty())
      fault(website_.name, "Input should name a website", "value_error");
  }

  json_source from_;
  std::size_t depth_ = 0;
  bool is_object_ = false;
  text_field website_{"website", connection_limits::max_website, false, {}};
  text_field provider_{"provider", connection_limits::max_provider, false, {}};
  text_field* field_ = nullptr; ///< whose value comes next
  std::string_view field_name_;
  key_set scopes_;
  std::vector<headwater::fault> faults_;
  std::optional<error> failure_;
};

} // namespace

result<connection_request> read_connection_request(std::string_view body) {
  if (blank(body))
    return error{errc::bad_request, "Request body is empty"};
  for (bool blank_huge : {false, true}) {
    auto source = make_source(body, blank_huge);
    auto* text = source.buffer.get();
    registration_handler handler{std::move(source)};
    rapidjson::Reader reader;
    auto end = parse_text(reader, handler, text, body.size(), 0);
    if (end.failed)
      return *end.failed;
    if (!end.number_too_big)
      return handler.finish();
  }
  return error{errc::bad_request, "Request body has a number that cannot be read"};
}

} // namespace headwater::referrals
