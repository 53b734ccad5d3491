//! So that ESP-IDF takes the component for one with sources; component.cmake adds them later.

typedef int memfault_rs_component_is_not_empty;
