# Prints each place in a source file that breaks a rule which neither the compiler nor clippy checks. The input is the
# file without comments, `file` its name. A record is a statement, so that a `use` tree is in one record.
function bad(why) { gsub(/[ \n]+/, " "); print file ": " why ": " substr($0, 1, 120); failed = 1 }
BEGIN {
    RS = ";"
    layer = file; sub(/^src\//, "", layer); sub(/[\/.].*/, "", layer)
    # The names that a layer must not import: the layers above and beside it, and the names that lib.rs exports.
    list = "list|CopyOnWrite[A-Z][a-z]*"
    persistent = "persistent|PersistentVector|persistent_vector"
    string = "string|CowString|ToCowString|cow_format"
    vec = "vec|CowVec|UniqueVec|cow_vec"
    upper["persistent"] = "features|" string "|" list
    upper["list"] = "features|" string "|" persistent
    upper["string"] = "features|" persistent "|" list
    upper["vec"] = upper["string"] "|" string
    upper["raw"] = upper["vec"] "|" vec
    upper["sync"] = upper["range"] = upper["panics"] = upper["raw"] "|raw"
    upper["features"] = upper["lib"] = "nothing"
    in_core = file ~ /^src\/(raw|vec\/unique|string\/repr|persistent\/node|list\/cell)\/|^src\/string\/utf8\.rs$/
}
file ~ /^src\// && !(layer in upper) { bad("belongs to no layer"); exit }
file ~ /^src\// && $0 ~ "(crate|super)::([^;]*[{, \n])?(" upper[layer] ")($|[^a-z_A-Z(!])" { bad("imports from a layer above") }
file ~ /^src\// && file != "src/sync.rs" && /(^|[^a-z_])((core|std)::(sync|\{(.*[{, \n])?sync)|(arc_swap|crossbeam_utils|loom|parking_lot)::)/ {
    bad("only src/sync.rs names synchronisation primitives")
}
file ~ /^src\// && match($0, /(^|[^a-z_:$])(arbitrary|borsh|bytes|futures_core|quickcheck|rayon|rkyv|rusqlite|schemars|serde_core|zeroize)::/) {
    crate = substr($0, RSTART, RLENGTH - 2); gsub(/[^a-z]|core$/, "", crate)
    if (file !~ "^src/features/" crate) bad("only its feature names a foreign crate")
}
file ~ /^src\// && !in_core && /#!?\[(allow|expect)\(unsafe_code/ && !/unsafe_code[^]]*\][ \n]*(#\[[^]]*\][ \n]*)*pub (const )?unsafe fn/ {
    bad("unsafe code outside the cores")
}
/#\[ignore/ { bad("an ignored test") }
{ lines += gsub(/\n/, "&") }
END {
    if (file ~ /^src\// && lines > 900) { $0 = ""; bad(lines " lines, more than 900") }
    exit failed
}
