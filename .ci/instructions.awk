# Compares the counts `NAME BEFORE NOW` of the second file. The first file holds the commit messages since BEFORE.
# `base` names the version that BEFORE belongs to. Fails if a count rises by over 2 % and no message explains that.
# With `control` as base, fails if no count does.
NR == FNR {
    if ($1 == "Cost:" && $3 ~ /^\+[0-9.]+$/ && $4 == "%:" && NF > 4) reason[$2] = $3 + 0
    next
}
NF < 3 { print $1 ": does not build, or nothing was counted"; broken = 1; next }
$2 == "-" { print $1 ": skipped: does not build with " base; skipped++; next }
{
    rise = ($3 / $2 - 1) * 100
    word = rise <= 2 ? "" : $1 in reason && reason[$1] >= rise ? ", explained" : ": MORE"
    if (word == ": MORE") more++
    printf "%s: %d before, %d now, %+.2f %%%s\n", $1, $2, $3, rise, word
}
END {
    print FNR " paths against " base ": " more + 0 " with over 2 % more, " skipped + 0 " skipped"
    if (FNR == skipped) { print "skipped: no path builds with " base; exit 77 }
    exit broken || (base == "control" ? !more : more > 0)
}
