# Prints each line of code in the documentation that a page cuts in a window of 1,280 pixels, where rustdoc shows 94
# columns. Prints the end of each recipe of more than 40 lines.
function bad(why) { print FILENAME ": " FNR ": " why; failed = 1 }
FNR == 1 { code = 0 }
FILENAME ~ /\.rs$/ && !/^ *\/\/[\/!]/ { code = 0; next }
FILENAME ~ /\.rs$/ { sub(/^ *\/\/[\/!] ?/, "") }
/^ *```/ {
    if (code && lines > 40 && FILENAME ~ /recipes/) bad("a recipe of " lines " lines, more than 40")
    code = !code; lines = 0; next
}
# Rustdoc hides lines that begin with #.
!code || /^ *# / { next }
# Leaves one byte of each character.
{ lines++; gsub(/[\200-\277]/, "") }
length > 94 { bad(length " columns of code, more than 94: " $0) }
END { exit failed }
