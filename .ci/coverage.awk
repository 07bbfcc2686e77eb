# Prints the lines of an lcov report that no test reaches, and the share that is reached. Fails if the share is below
# `least` percent. A line counts once, even if it is compiled for several types of elements. Tests, and `check.rs`,
# which tests call after each operation, do not count.
/^SF:/ {
    file = substr($0, 4)
    sub(/.*\/src\//, "src/", file)
    count = file ~ /^src\/((raw|vec|list|string\/repr|persistent)\/|string\/utf8\.rs)/ && file !~ /\/(tests|check)\.rs$/
    end = 0
    for (n = 1; count && (getline line <file) > 0; n++) {
        if (line ~ /^#\[cfg\(all\(test/) at = n
        if (line ~ /^mod tests \{/) end = at
    }
    close(file)
}
/^DA:/ && count {
    split(substr($0, 4), part, ",")
    if (end && part[1] >= end) next
    place = file ":" part[1]
    if (!(place in hits)) { lines[file]++; hits[place] = 0; order[++places] = place }
    hits[place] += part[2]
}
END {
    for (i = 1; i <= places; i++) {
        place = order[i]
        split(place, part, ":")
        if (hits[place]) reached[part[1]]++
        else print "not reached: " place
    }
    for (file in lines) {
        all += lines[file]
        good += reached[file]
        print file ": " reached[file] " of " lines[file] | "sort"
    }
    close("sort")
    if (all == 0) { print "no line was counted"; exit 1 }
    printf "%d of %d lines, %.2f %%\n", good, all, 100 * good / all
    exit good * 100 < all * least
}
