#pragma once

// Origins of web pages, as browsers name them in the Origin header (RFC 6454, 6.2; "serialized
// origin" in html.spec.whatwg.org). Pure.

#include <optional>
#include <string>
#include <string_view>

namespace headwater::accounts {

/// The origin as a browser sends it: "https://shop.example", "http://localhost:3000". Scheme and
/// host become lower case, and a port that http or https has anyway goes. Nothing for what is no
/// scheme://host[:port], such as "null", an address with a path, or a host in other letters than
/// those of domain names (browsers send xn--... for them).
[[nodiscard]] std::optional<std::string> normal_origin(std::string_view text);

} // namespace headwater::accounts
