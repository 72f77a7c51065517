package dev.belay.drill;

/// Which columns of a dataset people have worked on.
///
/// @param titled    has got a title
/// @param described has got a description
/// @param typed     is text whatever the file says
public record Curated(String titled, String described, String typed) {}
