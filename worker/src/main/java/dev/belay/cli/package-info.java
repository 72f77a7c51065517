/// One class per command: parses, calls one service, prints. stdout carries results, stderr everything else.
@NullMarked
package dev.belay.cli;

import org.jspecify.annotations.NullMarked;
