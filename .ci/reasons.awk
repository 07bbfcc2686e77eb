# Prints why a control was caught: the report of loom, a sanitizer, Miri or an assertion of a loom model. Prints
# nothing if the run failed for another reason. An assertion about the number of executions does not count, because
# it is about loom's search.
function is(word) { if (why == "") why = word }
function found(pattern) { if (match($0, pattern)) is(substr($0, RSTART, 60)) }
/Causality violation/ { is("causality") }
/(Allocation|Arc) leaked/ { is("leak") }
/pointer not tracked/ { is("freed twice") }
/deadlock; threads/ { is("deadlock") }
after && !/executions/ { is("assertion") }
{ after = /panicked at tests\/loom\// }
/(ERROR|WARNING): / { found("(Address|Leak|Memory|Thread)Sanitizer: ") }
/error: / { found("(Undefined Behavior|unsupported operation): "); found("memory leaked") }
/COW_WEAKEN names no known control|^error(\[E|: could not compile)/ { other = 1 }
END { if (!other) print why }
