# Adds up by kind the points that tests print as `points: 12 Clone, 3 Drop`. Fails if a kind is missing.
match($0, /points: .*/) {
    print substr($0, RSTART)
    for (n = split(substr($0, RSTART + 8), part, /[:,] */); n; n--) if (split(part[n], word, " ") == 2) sum[word[2]] += word[1]
}
END {
    for (n = split("Clone Drop Closure Eq Cmp Hash refusals", kind, " "); n; n--) {
        line = sum[kind[n]] + 0 " " kind[n] (line ? ", " line : "")
        if (!sum[kind[n]]) { print "no point of the kind " kind[n]; bad = 1 }
    }
    print "all points: " line
    exit bad
}
