# Prints each line of code in the documentation that a page cuts in a window of 1,280 pixels: rustdoc shows 94 columns.
FNR == 1 { code = 0 }
FILENAME ~ /\.rs$/ && !/^ *\/\/[\/!]/ { code = 0; next }
FILENAME ~ /\.rs$/ { sub(/^ *\/\/[\/!] ?/, "") }
/^ *```/ { code = !code; next }
# Rustdoc hides lines that begin with #.
!code || /^ *# / { next }
# Leaves one byte of each character.
{ gsub(/[\200-\277]/, "") }
length > 94 { print FILENAME ": " FNR ": " length " columns of code, more than 94: " $0; failed = 1 }
END { exit failed }
