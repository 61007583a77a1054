#pragma once

// A value that copies share until one of them changes it (copy on write). Copying costs one atomic
// increment. Each copy has one owner at a time; the value behind it may be read from any thread.

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <utility>

namespace headwater {

template <class T>
class copy_on_write {
public:
  copy_on_write() = default;
  explicit copy_on_write(T value) : node_(new node(std::move(value))) {}

  [[nodiscard]] explicit operator bool() const { return node_ != nullptr; }
  [[nodiscard]] const T& operator*() const { return node_->value; }
  [[nodiscard]] const T* operator->() const { return &node_->value; }

  /// The value to change: in place if no other copy shares it, otherwise a fresh copy. Creates one
  /// if empty.
  [[nodiscard]] T& edit() {
    if (!node_)
      node_.reset(new node(T{}));
    // use_count() loads with acquire, so what other owners read happened before we write.
    else if (node_->use_count() > 1)
      node_.reset(new node(node_->value));
    return node_->value;
  }

private:
  struct node : boost::intrusive_ref_counter<node, boost::thread_safe_counter> {
    explicit node(T v) : value(std::move(v)) {}
    T value;
  };

  boost::intrusive_ptr<node> node_;
};

} // namespace headwater
